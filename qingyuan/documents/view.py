"""A document as the flat data that the Typst templates set: everything decided, nothing left to compute there.

Texts travel as data and are placed as strings; no character of them is ever read as markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise
from typing import Any

from qingyuan.documents import sheet
from qingyuan.documents.model import (
    Block,
    DocumentKind,
    Heading,
    KeyValue,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Party,
    Run,
    SignatureBlock,
    Table,
)
from qingyuan.documents.numbering import HeadingCounter
from qingyuan.documents.qr import qr_svg
from qingyuan.documents.titles import balance, red_head_size, width
from qingyuan.documents.wording import attachment_labels, chinese_date


class Form(StrEnum):
    """The four sheets of the standard that a kind of document is printed on."""

    FILE = "file"  # 文件式: red head, number, red rule
    LETTER = "letter"  # 信函式: head at 30 mm between double rules
    MINUTES = "minutes"  # 纪要: red head and number, no rule of a file
    PLAIN = "plain"  # no red head


_MANY_COLUMNS = 6
_KEPT_LINES = 12

FORMS: dict[DocumentKind, Form] = {
    DocumentKind.CIRCULAR: Form.FILE,
    DocumentKind.REPORT: Form.FILE,
    DocumentKind.NOTICE: Form.FILE,
    DocumentKind.LETTER: Form.LETTER,
    DocumentKind.MINUTES: Form.MINUTES,
    DocumentKind.PLEDGE: Form.PLAIN,
    DocumentKind.SERVED: Form.PLAIN,
}


def form_of(document: OfficialDocument) -> Form:
    """The sheet it is printed on; without a red head it is a plain one."""
    return FORMS[document.kind] if document.red_head else Form.PLAIN


def bears_urgency(kind: DocumentKind) -> bool:
    """Whether the sheet of this kind has a place for 紧急程度: it stands in the head, and a plain sheet has none."""
    return FORMS[kind] is not Form.PLAIN


def head_size(document: OfficialDocument) -> float:
    """Size of the red head in points."""
    largest = sheet.LETTER_HEAD_MAX_PT if form_of(document) is Form.LETTER else sheet.RED_HEAD_MAX_PT
    return red_head_size(document.red_head, largest)


def as_data(document: OfficialDocument) -> dict[str, Any]:
    """Everything the template prints. Lengths are in points or millimetres as `sheet` names them."""
    mark = document.verification
    return {
        "form": form_of(document).value,
        "head": document.red_head,
        "head_size": head_size(document),
        "number": document.doc_number,
        "urgency": document.urgency,
        "approver": document.approver,
        "title": list(balance(document.title)),
        "addressee": addressee_line(document.addressee),
        "blocks": _blocks(document.body, signed=bool(document.signer or document.date)),
        "attachments": _attachment_lines(document),
        "signer": document.signer,
        "date": chinese_date(document.date) if document.date else "",
        "remark": document.remark,
        "annexes": _annexes(document),
        "copies_to": copies_line(document.copies_to),
        "printed_by": document.printed_by,
        "printed_on": printed_on_line(document),
        "notice": document.notice,
        "code": mark.code,
        "hint": mark.hint,
        "qr": qr_svg(mark.qr) if mark.qr else "",
    }


def addressee_line(addressee: str) -> str:
    """主送机关 with its colon."""
    name = addressee.rstrip("：:")
    return f"{name}：" if name else ""


def printed_on_line(document: OfficialDocument) -> str:
    """印发日期 of the imprint."""
    day = document.printed_on or (document.date if document.printed_by else None)
    return f"{chinese_date(day)}印发" if day else ""


def copies_line(copies_to: str) -> str:
    """抄送机关, closed with one full stop."""
    return f"{copies_to.rstrip('。')}。" if copies_to else ""


def annex_marks(count: int) -> tuple[str, ...]:
    """What stands at the head of each attachment: 附件, or 附件1, 附件2 …"""
    return ("附件",) if count == 1 else tuple(f"附件{number}" for number in range(1, count + 1))


def plain_texts(data: Any) -> Iterable[str]:
    """Every string inside plain data, for the check of glyphs."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from plain_texts(value)
    elif isinstance(data, list):
        for item in data:
            yield from plain_texts(item)


def _attachment_lines(document: OfficialDocument) -> list[dict[str, str]]:
    labels = attachment_labels(len(document.attachments))
    return [
        {"label": label, "title": one.title.replace("\n", "")}
        for label, one in zip(labels, document.attachments, strict=True)
    ]


def _annexes(document: OfficialDocument) -> list[dict[str, Any]]:
    marks = annex_marks(len(document.attachments))
    return [
        {"mark": mark, "title": list(balance(one.title)), "blocks": _blocks(one.body)}
        for mark, one in zip(marks, document.attachments, strict=True)
        if one.body
    ]


def _blocks(blocks: tuple[Block, ...], *, signed: bool = False) -> list[dict[str, Any]]:
    kept = kept_with_next(blocks, signed=signed)
    counter = HeadingCounter()
    return [{**_block(block, counter), "keep": place in kept} for place, block in enumerate(blocks)]


def kept_with_next(blocks: tuple[Block, ...], *, signed: bool) -> frozenset[int]:
    """Places of paragraphs that may not be parted from the signature after them.

    A page that bears only signatures could be put under any text (GB/T 9704 7.3.5.5 forbids it).
    """
    after = {place for place, (_, other) in enumerate(pairwise(blocks)) if isinstance(other, SignatureBlock)}
    if signed and blocks:
        after.add(len(blocks) - 1)
    return frozenset(place for place in after if _short(blocks[place]))


def _short(block: Block) -> bool:
    """Whether a paragraph may be kept whole: a longer one would leave half a page empty before it."""
    return isinstance(block, Paragraph) and width(block.text) <= _KEPT_LINES * sheet.CHARS_PER_LINE


def _block(block: Block, counter: HeadingCounter) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {"is": "paragraph", "runs": _runs(block.runs), "align": block.align.value, "indent": block.indent}
        case Heading():
            return {
                "is": "heading",
                "level": block.level,
                "label": counter.label_of(block),
                "text": block.text,
                "follows": _runs(block.follows),
            }
        case Table():
            return _table(block)
        case KeyValue():
            return {"is": "pairs", "boxed": block.boxed, "pairs": [list(pair) for pair in block.pairs]}
        case SignatureBlock():
            return {"is": "sign", "lead": block.lead, "parties": [_party(party) for party in block.parties]}
        case PageBreak():
            return {"is": "break"}


def _runs(runs: tuple[Run, ...]) -> list[dict[str, str]]:
    return [{"text": run.text, "style": run.style.value} for run in runs]


def table_size(table: Table) -> float:
    """Type size of a table in points: smaller when it has many columns."""
    return sheet.TABLE_PT if len(table.headers) < _MANY_COLUMNS else sheet.TABLE_DENSE_PT


def header_texts(table: Table) -> tuple[str, ...]:
    """Headers broken evenly to the width of their columns: 完成|时限, never 完成时|限."""
    size = table_size(table)
    rooms = (share * sheet.TEXT_WIDTH_PT - 2 * sheet.CELL_INSET_PT for share in table.shares())
    return tuple(
        "\n".join(balance(header, max(1, int(room / size)))) for header, room in zip(table.headers, rooms, strict=True)
    )


def _table(table: Table) -> dict[str, Any]:
    return {
        "is": "table",
        "size": table_size(table),
        "headers": list(header_texts(table)),
        "rows": [list(row) for row in table.rows],
        "shares": list(table.shares()),
        "align": [align.value for align in table.alignments()],
        "caption": table.caption,
        "note": table.note,
    }


def _party(party: Party) -> dict[str, Any]:
    return {
        "role": party.role,
        "unit": party.unit,
        "lines": [{"post": line.post, "name": line.name} for line in party.lines],
        "date": sign_date(party),
    }


def sign_date(party: Party) -> str:
    """The day it was signed, or room to write it."""
    return chinese_date(party.signed_on) if party.signed_on else "　　年　　月　　日"
