"""What a sheet is laid out as, judged by its cells alone: a list, a list lying on its side, or a form.

Knows nothing of ledgers: ``describe`` answers for any workbook. A list has its headings on top and a record a row; one
that lies on its side has its headings in the first column and a record a column; anything else (label and value
side by side, headings without columns of their own) is a form, and is refused with the reason rather than misread.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.ledgers.reading.blocks import Block, side_by_side
from qingyuan.ledgers.reading.levels import MOST_LEVELS, Grid, Path
from qingyuan.ledgers.reading.open import Merge, Sheet
from qingyuan.ledgers.reading.outcomes import Cell
from qingyuan.ledgers.reading.parts import WIDEST_TURNED
from qingyuan.ledgers.reading.text import address, clean, folded, is_blank, key

JUDGED_ROWS: Final = 200
_ALIKE: Final = 0.8
"""From this share on the cells of a row or column count as of one kind."""

_NUMBER = re.compile(r"[-+−]?[¥$]?[\d,，.]*\d[\d,，.]*\s*[%％]?")
_DATE = re.compile(r"\d{4}\s*([-/.年])\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?.*|\d{4}年\d{1,2}月")
_OUTLINE = re.compile(r"([一二三四五六七八九十]+\s*、|\d+\s*[.、．](?!\d)|\(\s*[一二三四五六七八九十\d]+\s*\))")
_TOTAL_WORD = re.compile(r"(合\s*计|总\s*计|共\s*计|小\s*计)")
_REMARKS = re.compile(r"\([^()]*\)|[:*★]|[%％]$")
_REPORTING = re.compile(r"[^::]{2,12}[::].*")

_ATTRIBUTE_STARTS: Final = ("是否", "有无", "本期", "上年", "本年", "上期")
_ATTRIBUTE_ENDS: Final = tuple(
    "名 名称 全称 简称 缩写 姓名 别名 号 号码 编号 代码 编码 电话 手机 传真 邮箱 网址 网站 平台 日 日期 时间 年月 期 期间 "
    "年度 年份 数 数量 量 人次 额 值 价 价格 收入 成本 资产 负债 利润 支出 率 比例 比重 占比 权重 单位 部门 机构 地 地址 "
    "住址 地点 场所 籍贯 方式 形式 方法 类型 类别 种类 型号 规格 参数 情况 状态 状况 结果 结论 原因 理由 性别 年龄 职务 "
    "职称 学历 院校 备注 说明 内容 业务 项目 产品 作品 服务 人 人员 员 者 方 行业 范围 标准 级别 等级 程度 意见 措施 程序 来源 "
    "去向 对象 代表人 负责人 议题 决策 重量 净重 尺寸 功率 电压 电流 转速 精度 频率 介质 压力 速度 行程 厂家 厂商 成就".split()
)
"""What names of attributes end in, in any trade: a thing or a person seldom does."""
_ITEM_WORDS: Final = frozenset("项目 项目名称 名称 指标 指标名称 类别 类型 内容 事项 序号 单位 科目".split())
"""Headings of a first column whose cells are names of attributes or items themselves: 项目 | 金额 is a list."""


class Layout(StrEnum):
    """How a sheet is laid out."""

    LIST = "list"
    TURNED = "turned"
    FORM = "form"
    EMPTY = "empty"


@dataclass(frozen=True)
class Shape:
    """``header`` are the 0-based rows (or columns, of a turned list) of headings, ``paths`` the headings by position,
    ``first`` the first row or column of data. ``refused`` says why the sheet is no list; what is below the refused part
    of a mixed sheet may still have been recognised. ``blocks``: the copies of a list printed several times abreast."""

    layout: Layout
    header: tuple[int, ...] = ()
    paths: tuple[Path, ...] = ()
    refused: str = ""
    blocks: tuple[Block, ...] = ()
    titles: tuple[str, ...] = ()
    below: int | None = None
    """The first row of a form below the list."""

    @property
    def first(self) -> int:
        return self.header[-1] + 1 if self.header else 0


def shape_of(sheet: Sheet) -> Shape:
    """How the first rows of a sheet are laid out."""
    grid = Grid(sheet.head(JUDGED_ROWS), sheet.merged)
    return judge(grid, whole=sheet.row_count <= JUDGED_ROWS)


def judge(grid: Grid, *, whole: bool = True) -> Shape:
    """The layout of a grid; ``whole`` is False when the sheet goes on below it, which a turned list does not."""
    start = _first_header_row(grid)
    if start is None:
        blank = all(grid.blank(row) for row in range(len(grid.rows)))
        reason = _("表是空的") if blank else _("只有一列文字,没有表头:名单至少要有两栏,栏名写在第一行")
        return Shape(Layout.EMPTY if blank else Layout.FORM, refused=reason)
    judged = _Judged(grid, start)
    if whole and judged.is_turned:
        return _turned(grid, start)
    refused = judged.no_list()
    header = tuple(range(start, start + judged.depth))
    paths = tuple(grid.paths(start, judged.depth))
    if refused:
        return Shape(Layout.FORM, refused=refused)
    mixed = judged.mixed()
    titles = tuple(text for row in range(start) if (text := _line(grid, row)))
    below = judged.tail()[0] if mixed else None
    return Shape(Layout.FORM if mixed else Layout.LIST, header, paths, mixed, side_by_side(paths), titles, below)


def kind(cell: Cell) -> str:
    """``""`` for nothing, else ``number``, ``date`` or ``text``; text that reads as a number counts as one."""
    if isinstance(cell, str):
        return _kind_of_text(cell)
    return "date" if isinstance(cell, date | datetime) else "number"


@lru_cache(maxsize=8192)
def _kind_of_text(cell: str) -> str:
    text = folded(cell)
    if not text or text in {"-", "--", "—", "——", "/"}:
        return ""
    if _DATE.fullmatch(text):
        return "date"
    return "number" if _NUMBER.fullmatch(text) else "text"


@lru_cache(maxsize=4096)
def names_an_attribute(text: str) -> bool:
    """Whether a text reads as the name of an attribute (担保金额, 出生日期) rather than of a thing or person."""
    bare = _REMARKS.sub("", "".join(folded(text).split()))
    if not bare or len(bare) > 24 or _kind_of_text(bare) != "text":
        return False
    return bare.endswith(_ATTRIBUTE_ENDS) or bare.startswith(_ATTRIBUTE_STARTS) or key(bare) in {"序号", "项次"}


class _Judged:
    """A grid with its first row of headings: what speaks for and against each layout."""

    def __init__(self, grid: Grid, start: int) -> None:
        self.grid = grid
        self.start = start
        filled = [column for column in range(grid.width) if _column_filled(grid, start, column)]
        self.left, self.right = filled[0], filled[-1] + 1
        self.columns = filled
        self.end = _last_row(grid) + 1
        self.contradicts = False
        self.depth = self._depth()
        self.body = range(start + self.depth, self.end)

    # The header and its levels

    def _depth(self) -> int:
        depth = 1
        while depth < MOST_LEVELS and self.start + depth < self.end:
            row = self.start + depth
            tied = any(
                merge.first_row >= self.start and merge.first_row < row <= merge.last_row and self._near(merge)
                for merge in self.grid.merged
            )
            if not self._is_level(row):
                self.contradicts = tied and not self.grid.continues(row)
                if tied and self.grid.continues(row):
                    depth += 1
                    continue
                break
            depth += 1
        return depth

    def _near(self, merge: Merge) -> bool:
        return merge.last_row - merge.first_row < MOST_LEVELS

    def _is_level(self, row: int) -> bool:
        """Whether a row holds lower headings: only texts, each under a heading over several columns, and nothing below
        the headings of one column."""
        typed = [column for column in self.columns if not is_blank(self.grid.rows[row][column])]
        if not typed or any(not _is_heading(self.grid.rows[row][column]) for column in typed):
            return False
        above = row - 1
        spans = self._spans(above)
        below = {column for span in spans for column in span}
        if not set(typed) <= below:
            return False
        return all(sum(column in typed for column in span) >= 2 or self._wide(above, span[0]) for span in spans if set(span) & set(typed))

    def _spans(self, row: int) -> list[list[int]]:
        """The headings of a row that stand over several columns: merged, or with nothing typed to their right."""
        spans: list[list[int]] = []
        column = self.left
        while column < self.right:
            after = column + 1
            while after < self.right and self._same_heading(row, column, after):
                after += 1
            if after - column > 1 and not is_blank(self.grid.cell(row, column)):
                spans.append(list(range(column, after)))
            column = after
        return spans

    def _same_heading(self, row: int, column: int, after: int) -> bool:
        if self.grid.origin(row, after) == self.grid.origin(row, column):
            return True
        return is_blank(self.grid.cell(row, after)) and self.grid.origin(row, after) == (row, after)

    def _wide(self, row: int, column: int) -> bool:
        """Whether the cell is merged over several columns."""
        return column + 1 < self.grid.width and self.grid.origin(row, column + 1) == self.grid.origin(row, column)

    # A list on its side

    @property
    def is_turned(self) -> bool:
        if self.depth > 1 or self.right - self.left > WIDEST_TURNED or self.end - self.start < 2:
            return False
        top = [self.grid.cell(self.start, column) for column in self.columns[1:]]
        labels = [self.grid.cell(row, self.left) for row in range(self.start, self.end)]
        if not top or not all(_is_heading(cell) or is_blank(cell) for cell in labels):
            return False
        if _is_outline(top):
            return self._rows_are_records()
        attributes = _attributes(labels[1:])
        if attributes < 0.5:
            return False
        named = _attributes(top)
        if any(kind(cell) in {"number", "date"} for cell in top):
            return self._rows_are_records()
        if self._total_runs_across(top, labels):
            return attributes > named and self._rows_are_records()
        if named >= 0.5 or not self._rows_are_records():
            return False
        return self._columns_are_mixed() or self._is_a_card(attributes)

    def _is_a_card(self, attributes: float) -> bool:
        """One record, its attributes one below the other: two columns, and the corner is an attribute like the rest."""
        corner = key(str(self.grid.cell(self.start, self.left)))
        return len(self.columns) == 2 and attributes >= 0.6 and corner not in _ITEM_WORDS and names_an_attribute(corner)

    def _total_runs_across(self, top: Sequence[Cell], labels: Sequence[Cell]) -> bool:
        return _is_total(top[-1]) and len(top) > 1 and not any(_is_total(cell) for cell in labels)

    def _columns_are_mixed(self) -> bool:
        """Whether the columns hold several kinds of values, as they do when each row is an attribute."""
        shares = [_alike([self.grid.cell(row, column) for row in range(self.start, self.end)]) for column in self.columns[1:]]
        return sum(shares) / len(shares) < _ALIKE

    def _rows_are_records(self) -> bool:
        """Whether each row holds one kind of value all along, and no value cell is merged."""
        values = self.columns[1:]
        if any(merge.last_column > self.left and merge.last_row >= self.start for merge in self.grid.merged):
            return False
        rows = [[self.grid.cell(row, column) for column in values] for row in range(self.start, self.end)]
        told = [_alike(row) == 1 for row in rows if sum(kind(cell) != "" for cell in row) > 1]
        return not told or sum(told) / len(told) >= _ALIKE

    # No list at all

    def no_list(self) -> str:
        """Why the sheet is no list, "" when nothing speaks against it."""
        head = [self.grid.cell(self.start, column) for column in self.columns]
        at = address(self.start + 1, self.left)
        if self.contradicts:
            return _("不是名单:%(cell)s 一行的格子向下合并,旁边的行却各有内容,像是一张表格式登记表") % {"cell": at}
        if any(kind(cell) in {"number", "date"} for cell in head):
            text = _("不是名单:第 %(row)s 行应是栏名,却写着数或日期,像是一格栏名、一格内容的登记表,或缺表头")
            return text % {"row": self.start + 1}
        bare = self._without_heading()
        if bare:
            text = _("不是名单:%(cell)s 的栏名占了几列,下面各列内容不同而没有自己的栏名;请给每列写上栏名")
            return text % {"cell": bare}
        if self._is_in_pairs():
            return _("不是名单:%(cell)s 起是一格栏名、一格内容的登记表;请把内容整理成一人(一件)一行") % {"cell": at}
        tail = self.tail()
        crossed = [row for row in self._crossed() if row not in tail]
        if len(crossed) * 2 > len(self.body) - len(tail) and len(crossed) > 1:
            text = _("不是名单:第 %(row)s 行起各行的格子合并得不一样,像是表格式登记表")
            return text % {"row": crossed[0] + 1}
        return ""

    def _is_in_pairs(self) -> bool:
        """Whether names of attributes and their values stand side by side: every other column names attributes."""
        if self.depth > 1 or len(self.columns) < 4 or self.end - self.start < 2:
            return False
        rows = range(self.start, self.end)
        odd, even = (
            _attributes(self.grid.rows[row][column] for row in rows for column in self.columns[first::2]) for first in (1, 0)
        )
        below = _attributes(self.grid.rows[row][column] for row in rows[1:] for column in self.columns[::2])
        return even >= 0.6 and below >= 0.5 and odd < 0.3

    def _without_heading(self) -> str:
        """The address of a heading over several columns that hold different things without headings of their own."""
        last = self.start + self.depth - 1
        for column in self.columns:
            if self.grid.origin(last, column)[1] != column or not self._wide(last, column):
                continue
            span = [other for other in self.columns if self.grid.origin(last, other) == self.grid.origin(last, column)]
            rows = [row for row in self.body if not self.grid.blank(row)]
            own = [row for row in rows if sum(self.grid.origin(row, other)[1] == other and not is_blank(self.grid.cell(row, other)) for other in span) > 1]
            if rows and len(own) * 3 > len(rows):
                return address(self.grid.origin(last, column)[0] + 1, column)
        return ""

    def _crossed(self) -> list[int]:
        """Rows of the body in which cells are merged across columns otherwise than the headings are."""
        spans = {(merge.first_column, merge.last_column) for merge in self.grid.merged if merge.first_row < self.body.start}
        rows = {
            merge.first_row
            for merge in self.grid.merged
            if merge.first_row in self.body
            and merge.last_column > merge.first_column
            and (merge.first_column, merge.last_column) not in spans
        }
        return sorted(row for row in rows if self._labelled_pair(row))

    def _labelled_pair(self, row: int) -> bool:
        """Two or more filled cells, some merged: a note over the whole width has one only, a total begins with its word."""
        origins = {self.grid.origin(row, column) for column in self.columns if not is_blank(self.grid.cell(row, column))}
        return len(origins) > 1 and not _is_total(self.grid.cell(row, self.left))

    def tail(self) -> list[int]:
        """The last rows of the sheet when they are three or more of merged label and value; else none."""
        tail = [row for row in self._crossed() if folded(str(self.grid.cell(row, self.left))).endswith(":")]
        whole = len(tail) >= 3 and tail[-1] - tail[0] + 1 == len(tail) and tail[-1] == self.end - 1
        return tail if whole else []

    def mixed(self) -> str:
        """Why a list that ends in a form of its own is not a pure list."""
        tail = self.tail()
        if not tail:
            return ""
        text = _("第 %(first)s 至 %(last)s 行是另一块填报内容,不属于名单:请移到别的工作表,或导入时核对这几行已跳过")
        return text % {"first": tail[0] + 1, "last": tail[-1] + 1}


def _turned(grid: Grid, start: int) -> Shape:
    """The shape of a list on its side: headings in the first column, one record a column."""
    turned = Grid(*_transposed(grid, start))
    first = next(row for row in range(len(turned.rows)) if not turned.blank(row))
    titles = tuple(text for row in range(start) if (text := _line(grid, row)))
    return Shape(Layout.TURNED, (first,), tuple(turned.paths(first, 1)), titles=titles)


def _transposed(grid: Grid, start: int) -> tuple[list[list[Cell]], list[Merge]]:
    rows = [list(row) for row in zip(*grid.rows, strict=True)] if grid.rows else []
    rows = [[cell if at >= start else "" for at, cell in enumerate(row)] for row in rows]
    merges = [Merge(merge.first_column, merge.first_row, merge.last_column, merge.last_row) for merge in grid.merged]
    return rows, [merge for merge in merges if merge.first_column >= start]


def _first_header_row(grid: Grid) -> int | None:
    """The first row that is neither title nor reporting line; None when no row has two cells."""
    widths = [_texts_seen(grid, row) for row in range(len(grid.rows))]
    usual = Counter(len(columns) for columns in widths if len(columns) > 1)
    if not usual:
        return None
    width = max(usual.items(), key=lambda each: (each[1], each[0]))[0]
    for row, columns in enumerate(widths):
        origins = {grid.origin(row, column) for column in columns}
        own = {origin for origin in origins if origin[0] == row}
        if len(own) < 2 or len(columns) * 2 < width:
            continue
        texts = [grid.rows[row][column] for _row, column in own]
        if all(isinstance(text, str) and _REPORTING.fullmatch(folded(text)) for text in texts) and row + 1 < len(grid.rows):
            if _texts_seen(grid, row + 1):
                continue
        return row
    return None


def _texts_seen(grid: Grid, row: int) -> list[int]:
    return [column for column in range(grid.width) if not is_blank(grid.cell(row, column))]


def _column_filled(grid: Grid, start: int, column: int) -> bool:
    return any(not is_blank(grid.cell(row, column)) for row in range(start, len(grid.rows)))


def _last_row(grid: Grid) -> int:
    return max(row for row in range(len(grid.rows)) if not grid.blank(row))


def _is_heading(cell: Cell) -> bool:
    return isinstance(cell, str) and _kind_of_text(cell) == "text"


def _is_total(cell: Cell) -> bool:
    return isinstance(cell, str) and _TOTAL_WORD.fullmatch(folded(cell).strip(":")) is not None


def _is_outline(cells: Sequence[Cell]) -> bool:
    """一、 1. 2. (1) 二、 … running along: these are items of a statement, not headings."""
    marks = [match.group(1) for cell in cells if isinstance(cell, str) and (match := _OUTLINE.match(folded(cell)))]
    levels = {"一" if "、" in mark and not mark[0].isdigit() else "(" if mark[0] == "(" else "1" for mark in marks}
    return len(cells) >= 4 and len(marks) * 10 >= len(cells) * 8 and len(levels) > 1


def _attributes(cells: Iterable[Cell]) -> float:
    """The share of names of attributes among the filled cells."""
    filled = [cell for cell in cells if not is_blank(cell)]
    return sum(isinstance(cell, str) and names_an_attribute(cell) for cell in filled) / len(filled) if filled else 0.0


def _alike(cells: Sequence[Cell]) -> float:
    """The share of the commonest kind among the filled cells; 1 when there are none."""
    kinds = Counter(found for cell in cells if (found := kind(cell)))
    return max(kinds.values()) / sum(kinds.values()) if kinds else 1.0


def _line(grid: Grid, row: int) -> str:
    return " ".join(" ".join(clean(cell).split()) for cell in grid.rows[row] if isinstance(cell, str) and cell.strip())
