"""Which rows under a header are data, and why the others are not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.reading.header import RECORD_HEADER, HeaderMatch
from qingyuan.ledgers.reading.open import Merge
from qingyuan.ledgers.reading.outcomes import Cell
from qingyuan.ledgers.reading.spec import ColumnSpec
from qingyuan.ledgers.reading.text import folded, is_blank, key

NUMERIC: Final = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.QUANTITY})
"""A number merged over several rows may be their sum: it is never filled down."""


class Skip(StrEnum):
    """Why a row is not data."""

    BLANK = "blank"
    TOTAL = "total"
    NOTE = "note"
    HEADER = "header"
    TITLE = "title"
    EXAMPLE = "example"
    NUMBERING = "numbering"
    SECTION = "section"
    REPEATED = "repeated"


SKIP_WORDS: Final = {
    Skip.BLANK: gettext_lazy("空行"),
    Skip.TOTAL: gettext_lazy("小计、合计"),
    Skip.NOTE: gettext_lazy("注释、签字栏"),
    Skip.HEADER: gettext_lazy("重复的表头"),
    Skip.TITLE: gettext_lazy("标题行"),
    Skip.EXAMPLE: gettext_lazy("示例行"),
    Skip.NUMBERING: gettext_lazy("栏号行"),
    Skip.SECTION: gettext_lazy("分组标题"),
    Skip.REPEATED: gettext_lazy("别的工作表里已有的同样内容"),
}

EXAMPLE_WORDS: Final = frozenset({"示例", "例", "例子", "样例", "填写示例"})
_TOTAL = re.compile(r".{0,12}?(合\s*计|小\s*计|总\s*计|共\s*计|累\s*计|总\s*数)\s*([::((].*)?")
_NOTE = re.compile(
    r"(备?注\s*\d*\s*[::]|说明\s*[::]|附注|填表(人|单位|日期|时间|说明)|填报(人|单位|日期|时间|说明)|制表|审核|审批|复核|核对人|负责人|"
    r"分管领导|联系(人|电话)\s*[::]|单位\s*[((]?盖章|打印(时间|日期|人)|导出(时间|日期|人)|数据来源|以下空白|以上|本表|此表|(领导|经办人?|统计人?|上报人?)?\s*(签字|签名|盖章)|(经办|统计|上报)人?\s*[::]|抄送\s*[::]|温馨提示|注意(事项)?\s*[::]|第\s*\d+\s*页|共\s*\d+\s*页|\*注|※)"
)
_SECTION = re.compile(r"[^::]{1,40}[::]")
_NUMBERING = re.compile(r"[\d(())甲乙丙丁戊]{1,4}")


class Sieve:
    """Tells data rows from the rest of one table. A row in which every required cell is filled is always data, unless
    it repeats the header."""

    def __init__(self, header: HeaderMatch, columns: Sequence[ColumnSpec], merged: Sequence[Merge] = ()) -> None:
        required = {column.name for column in columns if column.required}
        self._required = [index for index, name in header.columns.items() if name in required]
        self._mapped = list(header.columns)
        self._serial = header.serial_columns
        self._headers = {index: {key(text) for text in path} for index, path in enumerate(header.labels) if path}
        self._first_texts = {text for index in self._mapped for text in header.labels[index]}
        self._titles = {key(title) for title in header.titles}
        self._first_row = header.data_start
        self._banners = _banners(header, merged)
        self._record = header.record

    def skip(self, number: int, row: Sequence[Cell]) -> Skip | None:
        """The reason to leave out the row, None for data. ``number`` is Excel's, ``row`` at least as wide as the header."""
        if self._record is not None and self._is_record(row[self._record]):
            return None
        complete = bool(self._required) and self._filled(row)
        if not complete and all(is_blank(row[index]) for index in self._mapped):
            return self._skip_unmapped(row)
        if self._repeats_header(row):
            return Skip.HEADER
        if self._serial and any(_is_example(row[index]) for index in self._serial):
            return Skip.EXAMPLE
        if number == self._first_row and self._is_numbering(row):
            return Skip.NUMBERING
        return None if complete else self._skip_incomplete(number, row)

    def _is_record(self, cell: Cell) -> bool:
        """Whether the row is one of our own export, whatever else it looks like."""
        return not is_blank(cell) and not (isinstance(cell, str) and key(cell) == RECORD_HEADER)

    def _filled(self, row: Sequence[Cell]) -> bool:
        """Whether every required cell holds something."""
        for index in self._required:
            cell = row[index]
            if isinstance(cell, str) and not cell.strip():
                return False
        return True

    def _skip_unmapped(self, row: Sequence[Cell]) -> Skip:
        lead = self._lead(row)
        if not lead:
            return Skip.BLANK
        if key(lead) in self._titles:
            return Skip.TITLE
        return Skip.TOTAL if _TOTAL.fullmatch(lead) else Skip.NOTE

    def _skip_incomplete(self, number: int, row: Sequence[Cell]) -> Skip | None:
        lead = self._lead(row)
        if not lead:
            return None
        if key(lead) in self._titles:
            return Skip.TITLE
        if _TOTAL.fullmatch(lead):
            return Skip.TOTAL
        if _NOTE.match(lead):
            return Skip.NOTE
        filled = sum(not is_blank(cell) for cell in row)
        if filled == 1 and _SECTION.fullmatch(lead):
            return Skip.SECTION
        return Skip.NOTE if filled == 1 and (len(lead) > 40 or number in self._banners) else None

    def _lead(self, row: Sequence[Cell]) -> str:
        """The first text of the row; numbers before it (序号) do not count."""
        for cell in row:
            if isinstance(cell, str) and not is_blank(cell):
                text = folded(cell)
                if not text.isdigit():
                    return text
        return ""

    def _repeats_header(self, row: Sequence[Cell]) -> bool:
        first = row[self._mapped[0]]
        if first == "":
            first = next((row[index] for index in self._mapped if not is_blank(row[index])), "")
        if not isinstance(first, str) or first.strip() not in self._first_texts:
            return False
        filled = [(index, cell) for index, cell in enumerate(row) if not is_blank(cell)]
        same = sum(isinstance(cell, str) and key(cell) in self._headers.get(index, ()) for index, cell in filled)
        return same >= 2 and same * 10 >= len(filled) * 6

    def _is_numbering(self, row: Sequence[Cell]) -> bool:
        """1, 2, 3 … (or 甲, 乙, 1, 2 …) under the header, as printed forms have."""
        texts = [str(int(cell)) if isinstance(cell, float) and cell == int(cell) else cell for cell in row]
        filled = [text for text in texts if isinstance(text, str) and not is_blank(text)]
        if (
            len(filled) < 3
            or len(filled) < len(self._mapped)
            or not all(_NUMBERING.fullmatch(folded(t)) for t in filled)
        ):
            return False
        numbers = [int(text) for cell in filled if (text := folded(cell).strip("()")).isdigit()]
        return bool(numbers) and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 2


def _banners(header: HeaderMatch, merged: Sequence[Merge]) -> frozenset[int]:
    """Rows under the header in which one cell is merged over most of the columns: a heading or a note, no record."""
    most = max(2, len(header.columns) // 2 + 1)
    return frozenset(
        merge.first_row + 1
        for merge in merged
        if merge.first_row + 1 >= header.data_start and merge.last_column - merge.first_column + 1 >= most
    )


def skip_words(counts: Mapping[Skip, int]) -> str:
    """What was left out, in one line: «2 行标题行,5 行小计、合计»; "" when nothing but blanks was."""
    parts = [
        _("%(count)s 行%(what)s") % {"count": count, "what": SKIP_WORDS[reason]}
        for reason, count in counts.items()
        if count and reason != Skip.BLANK
    ]
    return ",".join(parts)


def _is_example(cell: Cell) -> bool:
    return isinstance(cell, str) and key(cell) in EXAMPLE_WORDS


class FillDown:
    """Values of cells merged over several rows, given to each of them; rows must be shown in order."""

    def __init__(self, merged: Sequence[Merge], header: HeaderMatch, kinds: Mapping[str, Kind]) -> None:
        self._starts: dict[int, list[Merge]] = {}
        self._open: dict[int, tuple[Merge, Cell]] = {}
        self._kinds = {index: kinds[name] for index, name in header.columns.items()}
        for merge in merged:
            tall = merge.last_row > merge.first_row and merge.last_row + 1 >= header.data_start
            if tall and merge.first_column in self._kinds:
                self._starts.setdefault(max(merge.first_row + 1, header.data_start), []).append(merge)
        self.needed = bool(self._starts)

    def apply(self, number: int, row: list[Cell]) -> tuple[list[Cell], dict[int, int]]:
        """The row with merged values filled in, and per numeric column merged over several rows how many they are."""
        for merge in self._starts.get(number, ()):
            self._open[merge.first_column] = (merge, row[merge.first_column])
        filled, shared = list(row), {}
        for index, (merge, value) in list(self._open.items()):
            if number > merge.last_row + 1:
                del self._open[index]
            elif self._kinds[index] in NUMERIC:
                shared[index] = merge.last_row - merge.first_row + 1
            elif is_blank(filled[index]):
                filled[index] = value
        return filled, shared
