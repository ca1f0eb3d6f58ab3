"""The text of an official document, block by block, for the screen."""

from __future__ import annotations

from dataclasses import dataclass, field

from qingyuan.documents.model import (
    Heading,
    KeyValue,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Party,
    SignatureBlock,
    Table,
)
from qingyuan.documents.numbering import HeadingCounter


@dataclass(frozen=True)
class Part:
    """One block. ``kind``: heading, paragraph, pairs, table, sign; only the fields of that kind are filled."""

    kind: str
    text: str = ""
    level: int = 0
    follows: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    headers: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    caption: str = ""
    note: str = ""
    parties: tuple[Party, ...] = field(default=())


def parts_of(document: OfficialDocument) -> list[Part]:
    counter = HeadingCounter()
    return [part for block in document.body if (part := _part(block, counter)) is not None]


def _part(block: object, counter: HeadingCounter) -> Part | None:
    match block:
        case Heading():
            follows = "".join(run.text for run in block.follows)
            return Part("heading", f"{counter.label_of(block)}{block.text}", block.level, follows)
        case Paragraph():
            return Part("paragraph", block.text)
        case KeyValue():
            return Part("pairs", pairs=block.pairs)
        case Table():
            return Part("table", headers=block.headers, rows=block.rows, caption=block.caption, note=block.note)
        case SignatureBlock():
            return Part("sign", block.lead, parties=block.parties)
        case PageBreak():
            return None
    raise TypeError(type(block).__name__)
