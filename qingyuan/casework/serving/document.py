"""A paper to a person as a document: what its form prints for the row, and the page that is signed when it is handed over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings

from qingyuan.casework.models import ServedPaper
from qingyuan.casework.papers.document import FICTION
from qingyuan.casework.serving.declared import PaperForm, Printed, ReceiptLines
from qingyuan.documents.model import (
    Align,
    Block,
    DocumentKind,
    KeyValue,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Run,
    RunStyle,
)
from qingyuan.reference.service_ways import ways_on

#: Room for handwriting in a cell of the receipt.
_ROOM = "\n\n"
_DAY = "　　　　年　　月　　日"
_WAYS = {
    "direct": "直接", "left": "留置", "entrusted": "委托", "mail": "邮寄", "forwarded": "转交", "electronic": "电子",
    "notice": "公告",
}  # fmt: skip
# Words on a paper are Chinese and hashed, whatever language its maker reads pages in.
RECEIPT_TITLE = "送达回证"


def build(
    form: PaperForm, row: Any, answers: Mapping[str, str], unit_name: str, *, on: date, number: str = ""
) -> OfficialDocument:
    """The paper for this row, without its verification mark; ``on`` is its day. Raises BadDocument."""
    printed = form.printed(row, answers, unit_name) if form.printed is not None else None
    lines = form.receipt(row, answers) if form.receipt is not None else None
    return OfficialDocument(
        kind=DocumentKind.SERVED,
        title=printed.title if printed is not None else RECEIPT_TITLE,
        body=_body(form, row, printed, lines, number, unit_name, on),
        doc_number=number,
        addressee=printed.addressee if printed is not None else "",
        notice=FICTION if settings.QINGYUAN_DEMO else "",
    )


def _body(
    form: PaperForm,
    row: Any,
    printed: Printed | None,
    lines: ReceiptLines | None,
    number: str,
    unit_name: str,
    on: date,
) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if printed is not None:
        blocks += printed.body
    if printed is not None and printed.signed:
        blocks += _foot(unit_name, on)
    if lines is not None:
        if printed is not None:
            blocks += [PageBreak(), Paragraph.of(Run(RECEIPT_TITLE, RunStyle.HEI), align=Align.CENTER, indent=False)]
        blocks += receipt(form, row, lines, number, unit_name, on)
    return tuple(blocks)


def _foot(unit_name: str, on: date) -> list[Block]:
    day = f"{on.year}年{on.month}月{on.day}日"
    return [
        Paragraph.of(" ", indent=False),
        Paragraph.of(unit_name, align=Align.RIGHT, indent=False),
        Paragraph.of(day, align=Align.RIGHT, indent=False),
    ]


def receipt(
    form: PaperForm, row: Any, lines: ReceiptLines, number: str, unit_name: str, on: date
) -> list[Block]:
    """The receipt: printed is what is known and the ways the law knows for it, the rest has room to be written in by hand."""
    ways = " ".join(f"□{_WAYS[one.way]}" for one in ways_on(form.regime, on))
    paper = f"《{lines.paper}》" + (f"\n{lines.number or number}" if lines.number or number else "")
    return [
        KeyValue(
            (
                ("送达文书名称\n及文号", paper),
                ("制作文书的机关", lines.organ or unit_name),
                ("受送达人", form.name(row)),
                ("送达地点", _ROOM),
                ("送达方式", ways),
                ("受送达人\n签名或者捺指印", f"{_ROOM}{_DAY}"),
                ("代收人签名\n及与受送达人关系", f"{_ROOM}{_DAY}"),
                ("拒收事由和日期", f"{_ROOM}{_DAY}"),
                ("见证人签名", _ROOM),
                ("送达人签名\n（两人）", f"{_ROOM}{_DAY}"),
                ("备注", "邮件号、公告地点和期限、同意电子送达的情况等写在这里。\n"),
            )
        )
    ]


def version_line(paper: ServedPaper) -> str:
    """The line beside the square code: which version of which form this is."""
    return f"文书格式 {paper.form} 第{paper.form_version}版。签名后扫描，在平台“送达”中归入本件。"
