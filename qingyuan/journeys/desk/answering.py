"""The answer of a request as a numbered paper: in the unit's register of papers to persons, served and filed like any other.

A paper there is about a row and as open as that row: at a town about the measure, at a police unit about the party of a case, at a clinic
about the agreement or the maintenance treatment, each under the key of its own compartment. Of somebody who is not on file the register
holds no line: that there was none would be said by the line itself. An office keeps no rows about people, so its answers have no number.
What goes with it, the copy of the records, is in no register and gone once it was handed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qingyuan.casework.actions import data_requests, served_papers
from qingyuan.casework.actions.data_requests import DeskRefused
from qingyuan.casework.desk import table
from qingyuan.casework.enums import Asked, Asker, HandedOver, Receiver, ServedState, ServiceWay
from qingyuan.casework.models import DataRequest, DataRequestItem, ServedPaper
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.papers.rules import PaperRefused
from qingyuan.casework.serving.declared import PaperForm, form_called
from qingyuan.casework.serving.rules import ServiceRefused, Told
from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import in_chinese
from qingyuan.ledgers import queries, registry
from qingyuan.organisation.actor import Actor
from qingyuan.reference import statutes

#: Which papers an answer may be, by the compartment of the request: the first whose ledger has a row of the person is made.
ANSWERS: Final = {
    Compartment.COMMUNITY: ("data-answer",),
    Compartment.ENFORCEMENT: ("answer-party",),
    Compartment.TREATMENT: ("answer-agreement", "answer-maintenance"),
    Compartment.INTERNAL: (),
}
REMEDY: Final = "不同意本答复的，可以向本单位或者上级机关反映，也可以依法向人民法院提起诉讼（《个人信息保护法》第五十条）。"
_MAILED: Final = {HandedOver.IN_PERSON: ServiceWay.DIRECT, HandedOver.MAIL: ServiceWay.MAIL}


def paper_of(request: DataRequest) -> ServedPaper | None:
    """The paper that stands for the answer of a request; None where none was numbered, or it was taken back."""
    forms = _forms(request)
    rows = [pk for item in request.items.all() if item.ledger in {form.ledger for form in forms} for pk in item.rows]
    codes = [form.code for form in forms]
    found = ServedPaper.objects.filter(form__in=codes, unit=request.unit_id, subject_id__in=rows).exclude(state=ServedState.WITHDRAWN)
    return next((one for one in found if one.answers.get("request") == str(request.pk)), None)


def _forms(request: DataRequest) -> list[PaperForm]:
    return [form_called(code) for code in ANSWERS[Compartment(request.compartment)]]


def number(request: DataRequest, by: Actor) -> ServedPaper | None:
    """Number the answer of a decided request, once; the number it has, if it has one. Raises DeskRefused where it cannot be printed."""
    if (standing := paper_of(request)) is not None:
        return standing
    about = _row(request, by)
    if about is None:
        return None
    form, row = about
    try:
        made = served_papers.draft(form=form, row=row, answers=_answers(request), by=by)
        return served_papers.issue(paper=made, version=made.version, by=by)
    except NotAllowed:
        return None  # who answers may read the measure and not change it: the answer goes out without a number
    except (PaperRefused, ServiceRefused) as refusal:
        raise DeskRefused(str(refusal)) from refusal


def served(request: DataRequest, *, way: HandedOver, on: date, words: str, by: Actor) -> None:
    """Say in the register how the answer went out; the signed receipt is filed there. Raises DeskRefused, so that nothing was handed over."""
    paper = paper_of(request)
    if paper is None or request.asker != Asker.SELF:
        return  # into whose hands it came is written down in the register by who sees the receipt
    in_person = way == HandedOver.IN_PERSON
    told = Told(
        way=_MAILED[way],
        sent_on=on,
        received_on=on if in_person else None,
        receiver=Receiver.SELF if in_person else "",
        words={} if in_person else {"tracking": words.strip()[:40]},
    )
    try:
        served_papers.serve(paper=paper, told=told, version=paper.version, by=by)
    except NotAllowed:
        return
    except (PaperRefused, ServiceRefused) as refusal:
        raise DeskRefused(str(refusal)) from refusal


def take_back(request: DataRequest, by: Actor) -> None:
    """The person took the request back before the answer went out: its number stays with the paper, withdrawn."""
    paper = paper_of(request)
    if paper is None or paper.state != ServedState.ISSUED:
        return
    try:
        served_papers.withdraw(paper=paper, reason=gettext_noop("本人撤回请求,没有送达"), version=paper.version, by=by)
    except NotAllowed as refusal:
        raise DeskRefused(_("答复书已经编号:请由编号的人先在“送达”里撤回。")) from refusal


def _row(request: DataRequest, by: Actor) -> tuple[PaperForm, Any] | None:
    """The latest row of the unit among what was found about the person, with the paper it bears."""
    items = data_requests.items_of(request)
    for form in _forms(request):
        found = [pk for item in items if item.ledger == form.ledger for pk in item.rows]
        ledger = registry.get(form.ledger)
        rows = ledger.with_related(queries.rows(ledger, by, clock.today()).filter(pk__in=found, unit_id=by.unit_id))
        row = next((row for row in rows.order_by(f"-{ledger.dated_by}", "-pk") if form.offered(row)), None)
        if row is not None:
            return form, row
    return None


@in_chinese
def _answers(request: DataRequest) -> dict[str, str]:
    values, asked = request.values, request.get_kind_display()
    day = f"{request.received_on.year}年{request.received_on.month}月{request.received_on.day}日"
    basis = statutes.describe(table.ARTICLES[Asked(request.kind)])
    return {
        "request": str(request.pk),
        "addressee": values["name"] if request.asker == Asker.SELF else values["asker_name"],
        "received": f"{day}收到关于{values['name']}的{asked}请求（{basis}）。经核对身份和查找，答复如下。",
        "decided": "\n".join(_decided(request, data_requests.items_of(request))),
        "remedy": REMEDY,
    }


def _decided(request: DataRequest, items: Sequence[DataRequestItem]) -> list[str]:
    lines = []
    for item in items:
        why = f"，{table.GROUND[item.ground].label}" if item.ground else ""
        basis = statutes.describe(table.basis_of(request.kind, item.ground))
        remark = f"{item.values['remark']}。" if item.values["remark"] else ""
        lines.append(f"{item.values['title']}（{len(item.rows)}条）：{item.get_verdict_display()}{why}（{basis}）。{remark}")
    return lines
