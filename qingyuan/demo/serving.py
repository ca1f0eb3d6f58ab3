"""Papers to persons in the fictional city: admonitions of one town, notices of detention of one police unit; some served, one refused,
one on its way by post, one withdrawn; one certificate that ended dynamic control and sealed its person. All through the actions people use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from qingyuan.casework.actions import served_papers as actions
from qingyuan.casework.actions.served_papers import Scan
from qingyuan.casework.enums import Receiver, ServiceWay
from qingyuan.casework.models import ServedPaper
from qingyuan.casework.serving.declared import form_called
from qingyuan.casework.serving.rules import PAGE, Told
from qingyuan.demo.loading import keeper
from qingyuan.documents.qr import qr_png
from qingyuan.foundation import clock
from qingyuan.ledgers import queries, registry
from qingyuan.organisation.actor import Actor
from qingyuan.rehabilitation.papers import CERTIFICATE

TOWN, POLICE, CONTROLLING_TOWN = "shiqiao", "police", "dongshan"
DAY: Final = timedelta(days=1)
ADMONISHED: Final = {
    "facts": "上一个检测时段应到站检测，未到站，也没有请假，社工电话联系后次日补检。",
    "asked": "自收到本劝诫书之日起按检测计划到站检测；确有事由的，提前一天书面请假。",
}


def serve_papers() -> list[ServedPaper]:
    """The town's and the police's, numbered over the last three weeks, and the certificate of one person's end of control."""
    return [*_town(), *_police(), *_exited()]


def _exited() -> list[ServedPaper]:
    """Handed over in person: from that day nobody finds the name, and the totals still count the person."""
    by, today = keeper(CONTROLLING_TOWN), clock.today()
    row = next(_rows("controls", by, CERTIFICATE), None)
    if row is None:
        return []
    paper = _made(CERTIFICATE, row, {"organ": "云岭市公安局", "number": "云公(禁)停管〔2022〕3号"}, by, today - 6 * DAY)
    day = _after(paper, 1)
    _served(paper, by, Told(ServiceWay.DIRECT, day, day, Receiver.SELF, {"servers": "两名工作人员"}))
    return [paper]


def _town() -> list[ServedPaper]:
    by, today = keeper(TOWN), clock.today()
    rows = _rows("measures", by, "admonition")
    found = []
    for number in range(5):
        row = next(rows, None)
        if row is None:
            break
        found.append(_made("admonition", row, ADMONISHED, by, today - (20 - 3 * number) * DAY))
    first, refused, posted, wrong, *rest = found
    _served(first, by, Told(ServiceWay.DIRECT, _after(first, 2), _after(first, 2), Receiver.SELF, {"servers": "两名工作人员"}))
    words = {"refusal": "本人称不认可，拒绝签名。", "witness": "社区居委会工作人员一名", "servers": "两名工作人员"}
    _served(refused, by, Told(ServiceWay.LEFT, _after(refused, 2), words=words))
    told = Told(ServiceWay.MAIL, _after(posted, 1), words={"tracking": "虚构邮件 000001"})
    actions.serve(paper=posted, told=told, version=posted.version, by=by)
    actions.withdraw(paper=wrong, reason="事实日期写错，另出一份", version=wrong.version, by=by)
    return [first, refused, posted, wrong, *rest]


def _police() -> list[ServedPaper]:
    by, today = keeper(POLICE), clock.today()
    found = []
    for number, row in enumerate(_rows("parties", by, "detention-notice"), start=1):
        answers = {"number": f"云公(禁)拘通字〔2022〕{900 + number}号", "organ": "云岭市公安局"}
        found.append(_made("detention-notice", row, answers, by, today - (9 - 3 * number) * DAY))
        if number == 2:
            break
    if found:
        day, words = _after(found[0], 1), {"servers": "两名民警", "receiver_name": "虚构家属", "relation": "父亲"}
        _served(found[0], by, Told(ServiceWay.DIRECT, day, day, Receiver.FAMILY, words))
    return found


def _rows(ledger: str, by: Actor, form: str) -> Iterator[Any]:
    """Rows of the unit that take this paper, the newest first; a minor's are left alone."""
    declared, wanted = registry.get(ledger), form_called(form)
    rows = declared.with_related(queries.rows(declared, by, clock.today())).filter(unit_id=by.unit_id)
    for row in rows.order_by(f"-{declared.dated_by}", "pk").iterator(chunk_size=100):
        if wanted.offered(row) and not declared.shields(row):
            yield row


def _made(form: str, row: Any, answers: dict[str, str], by: Actor, on: date) -> ServedPaper:
    paper = actions.draft(form=form_called(form), row=row, answers=answers, by=by)
    return actions.issue(paper=paper, version=paper.version, by=by, on=on)


def _served(paper: ServedPaper, by: Actor, told: Told) -> None:
    """With the receipt: the fictional city's is its square code alone."""
    scan = Scan(qr_png(PAGE.payload(paper.pk, paper.content_hash)))
    actions.serve(paper=paper, told=told, version=paper.version, by=by, scan=scan)


def _after(paper: ServedPaper, days: int) -> date:
    assert paper.issued_on is not None
    return paper.issued_on + days * DAY
