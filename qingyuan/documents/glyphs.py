"""Which characters of a document no face can print, and where they stand, so that a person finds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qingyuan.documents.fonts import BUNDLED, FontChoice, missing_glyphs
from qingyuan.documents.model import (
    Block,
    Heading,
    KeyValue,
    OfficialDocument,
    PageBreak,
    Paragraph,
    SignatureBlock,
    Table,
)


@dataclass(frozen=True, slots=True)
class Unprintable:
    """One character and the place where it stands first, in words."""

    character: str
    place: str

    @property
    def words(self) -> str:
        return f"“{self.character}”（U+{ord(self.character):04X}）在{self.place}"


def places(document: OfficialDocument) -> Iterator[tuple[str, str]]:
    """Every text of a document with its place: (where, text)."""
    yield from (
        ("发文机关标志", document.red_head),
        ("紧急程度", document.urgency),
        ("文号", document.doc_number),
        ("签发人", document.approver),
        ("标题", document.title),
        ("主送", document.addressee),
    )
    yield from _blocks("正文", document.body)
    for number, one in enumerate(document.attachments, start=1):
        yield f"附件{number}的名称", one.title
        yield from _blocks(f"附件{number}", one.body)
    yield from (
        ("署名", document.signer),
        ("附注", document.remark),
        ("抄送", document.copies_to),
        ("印发机关", document.printed_by),
        ("页眉提示", document.notice),
    )


def unprintable(document: OfficialDocument, fonts: FontChoice = BUNDLED) -> tuple[Unprintable, ...]:
    """Each character that no face holds, once, where it stands first.

    Raises FontsMissing.
    """
    found: dict[str, Unprintable] = {}
    for place, text in places(document):
        for character in missing_glyphs(text, fonts):
            found.setdefault(character, Unprintable(character, place))
    return tuple(found.values())


def _blocks(where: str, blocks: Iterable[Block]) -> Iterator[tuple[str, str]]:
    paragraph = table = 0
    for block in blocks:
        match block:
            case Paragraph():
                paragraph += 1
                yield f"{where}第 {paragraph} 段“{_start(block.text)}”", block.text
            case Heading():
                paragraph += 1
                text = block.text + "".join(run.text for run in block.follows)
                yield f"{where}第 {paragraph} 段“{_start(text)}”", text
            case Table():
                table += 1
                yield from _table(f"{where}第 {table} 个表", block)
            case KeyValue():
                for label, value in block.pairs:
                    yield f"{where}“{label}”一栏", label + value
            case SignatureBlock():
                yield f"{where}签署栏", block.lead + "".join(party.role + party.unit for party in block.parties)
                yield (
                    f"{where}签署栏",
                    "".join(line.post + line.name for party in block.parties for line in party.lines),
                )
            case PageBreak():
                pass


def _table(where: str, table: Table) -> Iterator[tuple[str, str]]:
    yield f"{where}的表名", table.caption
    yield f"{where}的表头", "".join(table.headers)
    for number, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row, start=1):
            yield f"{where}第 {number} 行第 {column} 列", cell
    yield f"{where}的注", table.note


def _start(text: str) -> str:
    return text if len(text) <= 8 else f"{text[:8]}…"
