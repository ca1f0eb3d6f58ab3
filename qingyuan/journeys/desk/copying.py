"""The answer and the copy for the person: a letter in Word and PDF, and the same values as a file a machine reads, in one archive.

It is made from the rows once the decision stands, holds the person's own values in full, and is Chinese whoever makes it. Nothing of it is
kept here after it was handed over.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qingyuan.casework.actions import data_requests as actions
from qingyuan.casework.actions.data_requests import DeskRefused
from qingyuan.casework.desk import table
from qingyuan.casework.enums import Asked, Asker, DeskState, Verdict
from qingyuan.casework.models import DataRequest, DataRequestItem
from qingyuan.casework.papers.document import FICTION
from qingyuan.documents.model import (
    Align,
    BadDocument,
    Block,
    DocumentKind,
    Heading,
    OfficialDocument,
    Paragraph,
    Table,
)
from qingyuan.documents.pdf import render_pdf
from qingyuan.documents.word import render_docx
from qingyuan.foundation import clock
from qingyuan.foundation.words import in_chinese
from qingyuan.journeys.desk import answering, collecting
from qingyuan.journeys.desk.collecting import Holding
from qingyuan.ledgers.presenting import plain_text
from qingyuan.organisation.actor import Actor
from qingyuan.reference import statutes
from qingyuan.rehabilitation.models import TextConsent

FORMAT: Final = "qingyuan-data-request/1"
NAMES: Final = ("答复书.docx", "答复书.pdf", "副本.json")
#: Told to everybody alike, so that nobody can be told to be among the sealed by its being there.
SEALED: Final = gettext_noop("依法封存的记录不列入本副本；需要查阅的，按法律规定的程序另行提出。")


def make(*, request: DataRequest, by: Actor) -> DataRequest:
    """Make the archive and keep it, encrypted, until it is handed over. Raises DeskRefused."""
    if request.state != DeskState.DECIDED:
        raise DeskRefused(_("先作出决定,再生成答复和副本。"))
    on = clock.today()
    paper = answering.number(request, by)
    given = {item.ledger for item in actions.items_of(request) if item.verdict == Verdict.GIVEN}
    held = [one for one in collecting.holdings(request, by, on) if one.code in given]
    try:
        data = archive(request, actions.items_of(request), held, request.unit.name, on, paper.number if paper is not None else "")
    except BadDocument as wrong:
        raise DeskRefused(str(wrong)) from wrong
    return actions.keep_copy(request=request, data=data, by=by)


@in_chinese
def archive(
    request: DataRequest, items: Sequence[DataRequestItem], held: Sequence[Holding], unit: str, on: date, number: str = ""
) -> bytes:
    """The three files of an answer, zipped. Raises BadDocument."""
    paper = letter(request, items, held, unit, on, number)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(NAMES[0], render_docx(paper))
        packed.writestr(NAMES[1], render_pdf(paper))
        packed.writestr(NAMES[2], json.dumps(machine(request, items, held, unit, on), ensure_ascii=False, indent=1))
    return made.getvalue()


def machine(
    request: DataRequest, items: Sequence[DataRequestItem], held: Sequence[Holding], unit: str, on: date
) -> dict[str, Any]:
    """The same as a machine reads it: records by ledger, their columns by name and header."""
    return {
        "format": FORMAT,
        "unit": unit,
        "made_on": on.isoformat(),
        "request": {"kind": request.kind, "received_on": request.received_on.isoformat(), "reference": str(request.reference)},
        "person": {"name": request.values["name"], "id_number": request.values["id_number"]},
        "decisions": [
            {
                "what": item.values["title"],
                "records": len(item.rows),
                "decision": item.verdict,
                "articles": table.basis_of(request.kind, item.ground).split(";"),
            }
            for item in items
        ],
        "holdings": [
            {
                "code": one.code,
                "title": one.title,
                "purpose": one.ledger.purpose if one.ledger else "",
                "records": [dict(pairs) for pairs in records(one)],
            }
            for one in held
            if _is_copied(request)
        ],
    }


def _is_copied(request: DataRequest) -> bool:
    return request.kind in (Asked.COPY, Asked.DECEASED)


def records(one: Holding) -> Iterator[list[tuple[str, str]]]:
    """Each row as pairs of header and text, the person's own values in full, empty ones left out."""
    for row in one.rows:
        pairs = _of_ledger(one, row) if one.ledger is not None else _beside(one.code, row)
        yield [(header, text) for header, text in pairs if text]


def _of_ledger(one: Holding, row: Any) -> list[tuple[str, str]]:
    assert one.ledger is not None  # rows of a ledger only
    return [(column.header, plain_text(column, column.value_of(row))) for column in one.ledger.columns]


def _beside(code: str, row: Any) -> list[tuple[str, str]]:
    if code == collecting.OWN:
        asked = [("提出日期", _iso(row.asked_at)), ("申请", str(row.get_asked_for_display())), ("说明", row.words)]
        return [*asked, ("状态", str(row.get_state_display())), ("答复", row.answer)]
    if code == collecting.PASSED:
        basis = statutes.describe(row.articles)
        return [("日期", _iso(row.signed_at)), ("送给", row.to_unit.name), ("依据", basis), ("状态", str(row.get_state_display()))]
    if code == collecting.TEXTS:
        if isinstance(row, TextConsent):
            ended = _iso(row.withdrawn_at) if row.withdrawn_at else ""
            return [("日期", _iso(row.agreed_at)), ("事项", "同意短信提示"), ("停止日期", ended)]
        return [("日期", _iso(row.sent_at or row.created_at)), ("事项", "预约短信"), ("状态", str(row.get_state_display()))]
    return [("日期", _iso(row.at)), ("查阅人", row.actor_name)]


def _iso(moment: datetime) -> str:
    return clock.day_of(moment).isoformat()


def letter(
    request: DataRequest, items: Sequence[DataRequestItem], held: Sequence[Holding], unit: str, on: date, number: str = ""
) -> OfficialDocument:
    """The answer on paper: what was asked, what was decided item by item with its article, what is on file, where one may turn."""
    return OfficialDocument(
        kind=DocumentKind.SERVED,
        title="个人信息权利请求答复书",
        body=tuple(_body(request, items, held, unit, on)),
        doc_number=number,
        addressee=_addressee(request),
        notice=FICTION if settings.QINGYUAN_DEMO else "",
    )


def _addressee(request: DataRequest) -> str:
    values = request.values
    return values["name"] if request.asker == Asker.SELF else values["asker_name"]


def _body(request: DataRequest, items: Sequence[DataRequestItem], held: Sequence[Holding], unit: str, on: date) -> Iterator[Block]:
    asked, basis = request.get_kind_display(), statutes.describe(table.ARTICLES[Asked(request.kind)])
    yield Paragraph.of(f"{_chinese(request.received_on)}收到关于{request.values['name']}的{asked}请求（{basis}）。经核对身份和查找，答复如下。")
    yield Heading(1, "决定")
    if not items:
        yield Paragraph.of("在本单位的台账里没有查到与请求人有关的记录。")
    else:
        yield Table(("内容", "条数", "决定", "依据"), tuple(_decision(request, item) for item in items))
    for item in items:
        if remark := item.values["remark"]:
            yield Paragraph.of(f"{item.values['title']}：{remark}")
    yield from _held(request, held)
    yield Heading(1, "说明")
    yield Paragraph.of(_(SEALED))
    yield Paragraph.of(answering.REMEDY)
    yield Paragraph.of(" ", indent=False)
    yield Paragraph.of(unit, align=Align.RIGHT, indent=False)
    yield Paragraph.of(_chinese(on), align=Align.RIGHT, indent=False)


def _decision(request: DataRequest, item: DataRequestItem) -> tuple[str, str, str, str]:
    why = f"：{table.GROUND[item.ground].label}" if item.ground else ""
    return (
        item.values["title"],
        str(len(item.rows)),
        f"{item.get_verdict_display()}{why}",
        statutes.describe(table.basis_of(request.kind, item.ground)),
    )


def _held(request: DataRequest, held: Sequence[Holding]) -> Iterator[Block]:
    if held:
        yield Heading(1, "为什么保存、保存到什么时候")
    for one in held:
        if one.ledger is not None:
            yield Paragraph.of(f"{one.title}：{one.ledger.purpose}（{statutes.describe(one.ledger.legal_basis)}）。保存期限：{one.ledger.retention.text}。")
    if not _is_copied(request) or not held:
        return
    yield Heading(1, "副本")
    for one in held:
        yield Heading(2, one.title)
        for pairs in records(one):
            yield Table(("栏目", "内容"), tuple(pairs), widths=(1.0, 2.4))


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
