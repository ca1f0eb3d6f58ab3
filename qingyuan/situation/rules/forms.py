"""Pure rules of another office's form: what a cell is bound to, which rows name a place, which period a cell asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.documents.blank import BlankForm, FormCell, FormLine, FormTable
from qingyuan.reference.periods import BadPeriod, Period, PeriodKind, month, quarter, ytd
from qingyuan.situation.enums import Fixed, PeriodRule

PREVIOUS: Final = "previous"
CHANGE: Final = "change"
#: Rows that stand for the whole: the unit's own division.
WHOLE: Final = frozenset({"合计", "总计", "全市", "全县", "全区", "全州", "全市合计", "合计数", "全县合计", "总数", "小计合计"})
#: What an office leaves off a name: 龙洞 for 龙洞镇.
ENDINGS: Final = ("街道", "镇", "乡", "市", "县", "区")
_SPACES: Final = re.compile(r"[\s\u3000]+")
_NUMBERING: Final = re.compile(
    r"^(?:[(\uff08]?\d{1,3}[)\uff09]?[.\uff0e、:\uff1a]?|[一二三四五六七八九十]{1,3}[、.\uff0e]"
    r"|[(\uff08][一二三四五六七八九十]{1,3}[)\uff09])(?=\D)"
)
_PARTS: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_TEXTS: Final = re.compile(r'"[^"]*"')
_NUMBER: Final = re.compile(r"[+-]?[\d,]+(?:\.\d+)?%?")
LONGEST_WORDS: Final = 200
MOST_LEFT: Final = 3
_COLONS: Final = (":", "\uff1a")


class BadBinding(ValueError):
    """The cell cannot be bound so; the message says what to choose instead."""


@dataclass(frozen=True)
class Binding:
    """What one cell is filled with: a figure, or (``fixed`` not empty) words.

    ``place`` is a division's code, "" = the unit's own. ``part``: value, a term of the indicator, ``previous`` (last year's)
    or ``change``. ``period`` only with the rule FIXED. ``label`` says where the cell stands, for people and for carrying the
    binding over to a newer blank.
    """

    address: str
    indicator: str = ""
    part: str = "value"
    rule: str = PeriodRule.MONTH.value
    period: str = ""
    place: str = ""
    fixed: str = ""
    words: str = ""
    label: str = ""

    def to_dict(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items() if value}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Binding:
        known = {name: str(data[name]) for name in cls.__dataclass_fields__ if name in data}
        return cls(**known)


def check_binding(binding: Binding, cell: FormCell | None) -> None:
    """Raises BadBinding."""
    if cell is None:
        raise BadBinding(_("表里没有这一格,请在表上重新点选。"))
    if cell.fixed:
        raise BadBinding(_("%(cell)s:%(why)s,请改绑别的格。") % {"cell": cell.place, "why": cell.fixed})
    if binding.fixed:
        if binding.fixed not in Fixed.values:
            raise BadBinding(_("请选择填哪一种文字。"))
        if binding.fixed == Fixed.WORDS and not binding.words.strip():
            raise BadBinding(_("请写上要填的文字。"))
        if len(binding.words) > LONGEST_WORDS:
            raise BadBinding(_("固定文字最多 %(count)d 个字。") % {"count": LONGEST_WORDS})
        return
    if not binding.indicator:
        raise BadBinding(_("请选择指标。"))
    if binding.rule not in PeriodRule.values:
        raise BadBinding(_("请选择期间。"))
    if binding.rule == PeriodRule.FIXED:
        try:
            Period.parse(binding.period)
        except BadPeriod as error:
            raise BadBinding(str(error)) from None


def period_for(rule: str, filled_for: Period, fixed: str = "") -> Period:
    """The period a cell asks for when the form is filled for the month ``filled_for``.

    The quarter runs up to that month only, so that a later day adds nothing to a form of an earlier month. Raises BadPeriod.
    """
    last = filled_for.last_day
    match PeriodRule(rule):
        case PeriodRule.MONTH:
            return month(last)
        case PeriodRule.QUARTER:
            whole = quarter(last.year, (last.month + 2) // 3)
            if whole.last_day == last:
                return whole
            return month(last) if whole.start.month == last.month else Period(whole.start, filled_for.end, PeriodKind.YTD)
        case PeriodRule.YEAR:
            return ytd(last)
        case PeriodRule.LAST_MONTH:
            return month(last).previous()
        case PeriodRule.MONTH_YEAR_AGO:
            return month(last).same_last_year()
        case PeriodRule.YEAR_YEAR_AGO:
            return ytd(last).same_last_year()
        case PeriodRule.FIXED:
            return Period.parse(fixed)


def month_of(text: str, today: date) -> Period:
    """The month a form is filled for. Raises BadPeriod for another kind of period and for one that has not begun."""
    found = Period.parse(text)
    if found.kind is not PeriodKind.MONTH:
        raise BadPeriod(_("请选一个月份,例如 2022-10。"))
    if found.start > today:
        raise BadPeriod(_("%(month)s还没有开始,没有可填的数字。") % {"month": found.label_zh})
    return found


# --- which row names which place ---------------------------------------------------------------------------------------
def plain_name(text: str) -> str:
    """A label as it is compared: no spaces, no numbering in front, full-width brackets as they are."""
    return _NUMBERING.sub("", _SPACES.sub("", text))


class Places:
    """The places of a unit by the names an office may write: the whole name, or the name without its ending."""

    def __init__(self, own: str, below: Mapping[str, str], endings: Sequence[str] = ENDINGS) -> None:
        """``own``: the code of the unit's own division; ``below``: code → name of it and the places under it."""
        self.own = own
        self._exact: dict[str, set[str]] = {}
        self._short: dict[str, set[str]] = {}
        for code, name in below.items():
            self._exact.setdefault(plain_name(name), set()).add(code)
            for ending in endings:
                if name.endswith(ending) and len(name) - len(ending) >= 2:
                    self._short.setdefault(plain_name(name.removesuffix(ending)), set()).add(code)
                    break

    def find(self, label: str) -> tuple[str, str]:
        """(code, "") or ("", why not); both empty for an empty label."""
        name = plain_name(label)
        if not name:
            return "", ""
        if name in WHOLE:
            return self.own, ""
        stem = name.removesuffix("办事处") if name.endswith("街道办事处") else name
        for names in (self._exact, self._short):
            codes = names.get(stem, set())
            if len(codes) == 1:
                return next(iter(codes)), ""
            if codes:
                return "", _("“%(name)s”不止一个区划叫这个名字") % {"name": name[:20]}
        return "", _("“%(name)s”不是本单位范围内的区划") % {"name": name[:20]}


@dataclass(frozen=True)
class ColumnFound:
    """``bound``: cell → division code; ``left``: labels of rows that stay unbound, each with why."""

    bound: tuple[tuple[FormCell, str], ...]
    left: tuple[tuple[str, str], ...]


def column_of(table: FormTable, chosen: FormCell, places: Places) -> ColumnFound:
    """The cells in the column of ``chosen`` whose row names a place; formulas of the form are left alone.

    ``chosen`` is the column's heading (rows below it count) or any cell of a row that names a place (all rows count).
    Raises BadBinding for a heading over several columns, and where no row names a place.
    """
    if chosen.colspan > 1:
        raise BadBinding(_("这一格横跨几列:请点它下面一列的表头,或那一列里的一格。"))
    column, labels = chosen.column, label_column(table, places)
    if labels is None or labels == column:
        raise BadBinding(_("表里没有写着区划名称的行:请改为只绑这一格,再选区划。"))
    beside = table.at(chosen.row, labels)
    heads = beside is None or not places.find(beside.text)[0]
    bound: list[tuple[FormCell, str]] = []
    left: list[tuple[str, str]] = []
    for row in range(chosen.row + chosen.rowspan if heads else 0, len(table.rows)):
        label, cell = table.at(row, labels), table.at(row, column)
        if label is None or cell is None or label.row != row or cell.row != row or not label.text.strip():
            continue
        code, why = places.find(label.text)
        if not code:
            # Rows over the first place are headings, «填表人:» below the last is a line to sign: no places nobody knows.
            if bound and not label.text.strip().endswith(_COLONS):
                left.append((label.text, why))
        elif cell.fixed or cell.formula:
            left.append((label.text, cell.fixed or _("这一格是表里原有的公式,保留不动")))
        else:
            bound.append((cell, code))
    if not bound:
        raise BadBinding(_("这一列没有可绑的格:行名称都不是本单位范围内的区划,或都是公式。"))
    return ColumnFound(tuple(bound), tuple(left))


def label_column(table: FormTable, places: Places, first: int = 0) -> int | None:
    """The column whose cells name the most places from row ``first`` on; None where no cell names one."""
    best, most = None, 0
    for column in range(table.columns):
        standing = (table.at(row, column) for row in range(first, len(table.rows)))
        cells = {cell.address: cell for cell in standing if cell is not None and cell.column == column}
        count = sum(1 for cell in cells.values() if places.find(cell.text)[0])
        if count > most:
            best, most = column, count
    return best


def spoken_place(address: str) -> str:
    """``C7``, ``第 2 行第 3 列``, ``第 4 段第 1 处空``; the table is named where it is not the first."""
    block, _mark, place = address.partition("!")
    if block.startswith("p"):
        return _("第 %(block)s 段第 %(place)s 处空") % {"block": block[1:], "place": place}
    number = block.removeprefix("t")
    if block.startswith("t"):
        row, _letter, column = place.removeprefix("R").partition("C")
        place = _("第 %(row)s 行第 %(column)s 列") % {"row": row, "column": column}
    return place if number == "1" else _("表 %(number)s %(place)s") % {"number": number, "place": place}


# --- where a cell stands, in words -------------------------------------------------------------------------------------
def label_of(form: BlankForm, cell: FormCell) -> str:
    """「龙洞镇 · 破获案件 · 本月」: the row's label, then the headings above, outermost first."""
    block = form.block_of(cell.address)
    if isinstance(block, FormLine):
        before = ""
        for piece in block.pieces:
            if piece is cell or (isinstance(piece, FormCell) and piece.address == cell.address):
                break
            before = piece if isinstance(piece, str) else ""
        return before.strip().rstrip("".join(_COLONS)).strip()[-40:]
    if block is None:
        return ""
    left = list(_left_of(block, cell))
    if left and left[0].endswith(_COLONS):
        return left[0].rstrip("".join(_COLONS)).strip()[:40]
    words = [*reversed(left[:MOST_LEFT]), *reversed(list(_above(block, cell)))]
    return " · ".join(dict.fromkeys(word.replace("\n", "") for word in words))[:120]


def _left_of(table: FormTable, cell: FormCell) -> Iterable[str]:
    """Words of the row, the nearest first."""
    seen: set[str] = set()
    for column in range(cell.column - 1, -1, -1):
        other = table.at(cell.row, column)
        if other is None or other.address in seen:
            continue
        seen.add(other.address)
        if other.text.strip() and not _NUMBER.fullmatch(other.text.strip()):
            yield other.text.strip()


def _above(table: FormTable, cell: FormCell) -> Iterable[str]:
    """Headings over the cell, the nearest first; a title over most of the table and «所属期间:» are no headings."""
    seen: set[str] = set()
    for row in range(cell.row - 1, -1, -1):
        other = table.at(row, cell.column)
        if other is None or other.address in seen or not other.text.strip():
            continue
        seen.add(other.address)
        words = other.text.strip()
        if other.colspan * 4 > table.columns * 3 or _NUMBER.fullmatch(words) or words.endswith(_COLONS):
            continue
        yield words


# --- a newer blank -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Carried:
    kept: tuple[Binding, ...]
    dropped: tuple[Binding, ...]


def carry(bindings: Iterable[Binding], blank: BlankForm) -> Carried:
    """The bindings that still stand at the same words in a newer blank, wherever the rows have moved to.

    A binding goes where its label is found exactly once, first at its old address; one that is not found is dropped and told.
    """
    cells = blank.cells
    by_label: dict[str, list[FormCell]] = {}
    for cell in cells.values():
        if not cell.fixed:
            by_label.setdefault(label_of(blank, cell), []).append(cell)
    kept: dict[str, Binding] = {}
    dropped: list[Binding] = []
    for binding in bindings:
        here = cells.get(binding.address)
        candidates = by_label.get(binding.label, [])
        if here is not None and not here.fixed and label_of(blank, here) == binding.label:
            kept[here.address] = replace(binding, address=here.address)
        elif binding.label and len(candidates) == 1 and candidates[0].address not in kept:
            kept[candidates[0].address] = replace(binding, address=candidates[0].address)
        else:
            dropped.append(binding)
    return Carried(tuple(kept.values()), tuple(dropped))


# --- sums of the form itself -------------------------------------------------------------------------------------------
def sums_over(form: BlankForm, unknown: Iterable[str]) -> list[tuple[FormCell, tuple[str, ...]]]:
    """Formulas of the form that take in a cell without a number (closed, or left empty), each with those cells.

    A spreadsheet counts such a cell as nought, so the sum would be too small without saying so.
    """
    wanted = set(unknown)
    found = []
    for table in form.tables:
        places = {cell.place: cell.address for cell in table.cells if cell.address in wanted}
        if not places:
            continue
        for cell in table.cells:
            if not cell.formula or cell.address in wanted:
                continue
            inside = tuple(place for place in places if _refers(cell.formula, place))
            if inside:
                found.append((cell, inside))
    return found


def _refers(formula: str, place: str) -> bool:
    column, row = _split(place)
    plain = _TEXTS.sub("", formula)
    for match in _PARTS.finditer(plain):
        # A reference to another sheet is not this table's matter.
        if plain[: match.start()].endswith("!"):
            continue
        left, top = _column(match[1]), int(match[2])
        right, bottom = (_column(match[3]), int(match[4])) if match[3] else (left, top)
        if min(left, right) <= column <= max(left, right) and min(top, bottom) <= row <= max(top, bottom):
            return True
    return False


def _split(place: str) -> tuple[int, int]:
    match = _PARTS.fullmatch(place)
    return (_column(match[1]), int(match[2])) if match else (0, 0)


def _column(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number
