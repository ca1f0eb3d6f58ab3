"""The body of a paper as people type it, read into blocks. Pure: text in, blocks and problems out.

One line is one paragraph. «一、», «（一）», «1.» and «（1）» at the head of a line make it a heading; lines with tabs (pasted
from a sheet) make a table, whose caption may stand in a line «表：…» before it and its note in a line «注：…» after it;
in minutes the lines «时间：», «地点：», «主持：», «出席：» … make the head of the minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.documents.model import Align, Block, Heading, KeyValue, Paragraph, Run, Table
from qingyuan.documents.numbering import HeadingCounter, chinese_numeral, label

LONGEST_BODY: Final = 20_000
MOST_COLUMNS: Final = 12
MOST_ROWS: Final = 200
_HEADINGS: Final = (
    (1, re.compile(r"([一二三四五六七八九十]{1,3})、\s*(.+)")),
    (2, re.compile(r"[（(]([一二三四五六七八九十]{1,3})[）)]\s*、?\s*(.+)")),
    (3, re.compile(r"([1-9]\d?)[.．](?!\d)\s*(.+)")),
    (4, re.compile(r"[（(]([1-9]\d?)[）)]\s*(.+)")),
)
_SENTENCE: Final = re.compile(r"([^。；;：:]{1,40}[。])(.+)")
_CAPTION: Final = re.compile(r"表\s*\d*\s*[：:]\s*(.{1,60})")
_NOTE: Final = re.compile(r"注\s*[：:]\s*(.+)")
_FIGURE: Final = re.compile(r"[-+−<]?[\d,，.]+%?|—|-|")
_MINUTES: Final = re.compile(r"(时间|地点|主持|主持人|出席|参会|列席|请假|缺席|记录|议题)\s*[：:]\s*(.*)")
_SECRET: Final = re.compile(r"(绝密|机密|秘密)\s*[★☆]|(?:密级|秘密等级)\s*[：:]\s*(绝密|机密|秘密)")


@dataclass(frozen=True)
class Slip:
    """Something in the text to mend; ``line`` counts from 1 as the editor does, 0 where no line is meant."""

    line: int
    message: str


@dataclass(frozen=True)
class Body:
    """Blocks in order; ``lines[i]`` is the line of the text where block ``i`` begins."""

    blocks: tuple[Block, ...]
    lines: tuple[int, ...] = ()
    slips: tuple[Slip, ...] = field(default=())


@dataclass
class _Reader:
    """``lines``: (number, text) of every line that is not empty."""

    lines: Sequence[tuple[int, str]]
    minutes: bool
    blocks: list[Block] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    counter: HeadingCounter = field(default_factory=HeadingCounter)
    place: int = 0

    def read(self) -> None:
        while self.place < len(self.lines):
            number, text = self.lines[self.place]
            caption = _CAPTION.fullmatch(text.strip())
            if "\t" in text or (caption and self._tab_follows()):
                self._table(number, caption[1] if caption and "\t" not in text else "")
            elif self.minutes and not self._has_text() and _MINUTES.fullmatch(text.strip()):
                self._head_of_minutes(number)
            else:
                self.place += 1
                self._line(number, text.strip())

    def _tab_follows(self) -> bool:
        return self.place + 1 < len(self.lines) and "\t" in self.lines[self.place + 1][1]

    def _has_text(self) -> bool:
        return bool(self.blocks)

    def _add(self, number: int, block: Block) -> None:
        self.blocks.append(block)
        self.starts.append(number)

    def _line(self, number: int, text: str) -> None:
        for level, pattern in _HEADINGS:
            found = pattern.fullmatch(text)
            if found:
                self._heading(number, level, found[1], found[2])
                return
        self._add(number, Paragraph.of(text))

    def _heading(self, number: int, level: int, typed: str, rest: str) -> None:
        title, follows = _split(rest)
        heading = Heading(level, title, follows=(Run(follows),) if follows else ())
        expected = self.counter.label_of(heading)
        written = f"{typed}、" if level == 1 else f"（{typed}）" if level in (2, 4) else f"{typed}."
        if expected != written:
            words = _("序号写的是“%(written)s”,按前文应为“%(expected)s”;请改正,或检查前面是否漏了一条。")
            self.slips.append(Slip(number, words % {"written": written, "expected": expected}))
        self._add(number, heading)

    def _head_of_minutes(self, number: int) -> None:
        pairs: list[tuple[str, str]] = []
        while self.place < len(self.lines):
            found = _MINUTES.fullmatch(self.lines[self.place][1].strip())
            if not found:
                break
            pairs.append((found[1], found[2].strip()))
            if not found[2].strip():
                words = _("“%(label)s”还没有填;没有的,请删去这一行。")
                self.slips.append(Slip(self.lines[self.place][0], words % {"label": found[1]}))
            self.place += 1
        self._add(number, KeyValue(tuple(pairs), boxed=False))

    def _table(self, number: int, caption: str) -> None:
        if caption:
            self.place += 1
        first = self.place
        while self.place < len(self.lines) and "\t" in self.lines[self.place][1]:
            self.place += 1
        rows = [
            (at, [cell.strip() for cell in text.strip("\r\n").split("\t")])
            for at, text in self.lines[first : self.place]
        ]
        note = ""
        if self.place < len(self.lines) and (found := _NOTE.fullmatch(self.lines[self.place][1].strip())):
            note = found[1]
            self.place += 1
        table = self._checked(number, rows, caption, note)
        if table is not None:
            self._add(number, table)

    def _checked(self, number: int, rows: list[tuple[int, list[str]]], caption: str, note: str) -> Table | None:
        columns = len(rows[0][1])
        before = len(self.slips)
        if len(rows) < 2:
            self.slips.append(Slip(number, _("只有表头,没有数据行;请把表格整块粘贴进来,或去掉这一行里的制表符。")))
        if columns > MOST_COLUMNS or len(rows) > MOST_ROWS:
            words = _("表格最多 %(columns)d 列、%(rows)d 行;更大的表请作为附件另附。")
            self.slips.append(Slip(number, words % {"columns": MOST_COLUMNS, "rows": MOST_ROWS}))
        for at, cells in rows[1:]:
            if len(cells) != columns:
                words = _("这一行有 %(cells)d 格,表头有 %(columns)d 列;请补齐或删去多余的格。")
                self.slips.append(Slip(at, words % {"cells": len(cells), "columns": columns}))
        if len(self.slips) > before:
            return None
        values = [cells for _at, cells in rows[1:]]
        return Table(
            headers=tuple(rows[0][1]),
            rows=tuple(tuple(cells) for cells in values),
            widths=tuple(_width([rows[0][1][place], *(cells[place] for cells in values)]) for place in range(columns)),
            align=tuple(_align([cells[place] for cells in values]) for place in range(columns)),
            caption=caption,
            note=note,
        )


def read_body(text: str, *, minutes: bool = False) -> Body:
    """The blocks of a typed body, with what has to be mended before it can be issued."""
    numbered = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    reader = _Reader(numbered, minutes)
    if len(text) > LONGEST_BODY:
        words = _("正文超过 %(most)d 字,请把细节移到附件。")
        return Body((), (), (Slip(0, words % {"most": LONGEST_BODY}),))
    reader.read()
    return Body(tuple(reader.blocks), tuple(reader.starts), tuple(reader.slips))


def secret_mark(*texts: str) -> str:
    """The mark of a state secret (秘密★10年 …) in a text; empty when there is none."""
    for text in texts:
        found = _SECRET.search(text)
        if found:
            return found[0]
    return ""


def as_typed(blocks: Iterable[Block]) -> str:
    """Blocks as a person would type them: ``read_body`` finds the same headings, paragraphs and tables in it again.

    A paragraph that would be read as a heading or as the caption of a table stands in quotation marks; a cell keeps its words on one
    line. Blocks that people do not type (pairs, pages) are left out.
    """
    counter, lines = HeadingCounter(), list[str]()
    for block in blocks:
        if isinstance(block, Heading):
            lines.append(counter.label_of(block) + _one_line(block.text + "".join(run.text for run in block.follows)))
        elif isinstance(block, Paragraph):
            lines.append(_unread(_one_line(block.text)))
        elif isinstance(block, Table):
            lines += [f"表：{block.caption}"] if block.caption else []
            lines += ["\t".join(_one_line(cell) or "—" for cell in row) for row in (block.headers, *block.rows)]
            lines += [f"注：{_one_line(block.note)}"] if block.note else []
    return "\n".join(line for line in lines if line)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _unread(text: str) -> str:
    marks = (*(pattern for _level, pattern in _HEADINGS), _CAPTION, _NOTE)
    return f"“{text}”" if any(pattern.fullmatch(text) for pattern in marks) else text


def numbered(level: int, number: int) -> str:
    """The head of a line that is read as a heading of that level: «三、», «（三）», «3.», «（3）»."""
    return label(level, number)


def numeral(number: int) -> str:
    return chinese_numeral(number)


def _split(rest: str) -> tuple[str, str]:
    """A heading that goes on in its line: its first sentence, and what follows."""
    found = _SENTENCE.fullmatch(rest)
    return (found[1], found[2]) if found else (rest, "")


def _width(cells: Iterator[str] | Sequence[str]) -> float:
    """Share of a column by its longest cell with a little air: programs set Latin wider than we reckon."""
    longest = max((sum(1.0 if ord(char) > 0x2E7F else 0.55 for char in cell) for cell in cells), default=1.0)
    return round(min(max(longest + 1.0, 3.0), 18.0), 1)


def _align(cells: Sequence[str]) -> Align:
    """Columns of figures stand right, short words in the middle, sentences left."""
    if any(cells) and all(_FIGURE.fullmatch(cell) for cell in cells):
        return Align.RIGHT
    return Align.CENTER if max((len(cell) for cell in cells), default=0) <= 8 else Align.LEFT
