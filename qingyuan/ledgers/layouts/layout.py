"""A layout: columns in order, each from a column of the ledger or a fixed text, and how days, codes and masses are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.importing.recipe import IGNORED, Recipe, never_collected, slots_of
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.presenting import cell, number_text
from qingyuan.ledgers.reading.numbers import GRAMS
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.scope import reads_clear
from qingyuan.reference import catalogue

HIDDEN: Final = frozenset({Kind.ID_NUMBER, Kind.PHONE})
"""Kinds that are masked on every other way out, even for those who read names in clear."""

DAYS: Final = {
    "iso": "%Y-%m-%d",
    "slash": "%Y/%m/%d",
    "compact": "%Y%m%d",
    "chinese": "%Y年%m月%d日",
}
DAY_WORDS: Final = {"iso": "2022-10-08", "slash": "2022/10/08", "compact": "20221008", "chinese": gettext_lazy("2022年10月08日")}
UNITS: Final = ("g", "kg", "mg")


class BadLayout(ValueError):
    """A layout that cannot be written by; the message names the place and what to change."""


@dataclass(frozen=True)
class LayoutColumn:
    """``source`` names the ledger's column, else ``text`` stands in every row (empty: the column stays empty).

    ``day`` is a key of ``DAYS``; ``code`` is "name" or "code"; ``codes`` the other system's own words by code; ``unit``
    the unit masses are written in.
    """

    header: str
    source: str = ""
    text: str = ""
    day: str = "iso"
    code: str = "name"
    codes: Mapping[str, str] = field(default_factory=dict)
    unit: str = "g"

    def as_json(self) -> dict[str, Any]:
        return {
            "header": self.header, "from": self.source, "text": self.text, "day": self.day, "code": self.code,
            "codes": dict(self.codes), "unit": self.unit,
        }  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """``key`` names it in addresses: the file's code, or the id of a unit's own. ``note`` says how far the column list is
    known to be right; ``basis`` the article by which the system is filled; ``titles`` stand above the header."""

    key: str
    ledger: str
    title: str
    system: str
    columns: tuple[LayoutColumn, ...]
    note: str = ""
    title_en: str = ""
    basis: str = ""
    sheet: str = ""
    titles: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    own: bool = False

    def hides(self, ledger: Ledger) -> bool:
        """Whether it has a column that is masked everywhere else."""
        return any(ledger.column(one.source).kind in HIDDEN for one in self.columns if one.source)

    def valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


def bindable(ledger: Ledger) -> list[Column]:
    """The columns of a ledger that a layout may write: all but free text about people, which stays here."""
    return [column for column in ledger.columns if not (column.personal and column.kind == Kind.LONG_TEXT)]


def layout_from(data: Mapping[str, Any], ledger: Ledger, where: str) -> Layout:
    """A layout from parsed data. Raises BadLayout naming ``where`` and the header."""
    return checked(built(data, where), ledger, where)


def built(data: Mapping[str, Any], where: str) -> Layout:
    """As ``layout_from``, not yet held against the ledger's columns of today."""
    try:
        columns = tuple(_column(each) for each in data["columns"])
        return Layout(
            key=str(data["code"]),
            ledger=data["ledger"],
            title=data["title"],
            title_en=data.get("title_en", ""),
            system=data.get("system", ""),
            note=" ".join(data.get("note", "").split()),
            basis=data.get("basis", ""),
            sheet=data.get("sheet", ""),
            titles=tuple(data.get("titles", ())),
            columns=columns,
            valid_from=data.get("valid_from"),
            valid_to=data.get("valid_to"),
            own=bool(data.get("own", False)),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise BadLayout(_("%(where)s:缺少或多出 %(what)s") % {"where": where, "what": error}) from error


def _column(data: Mapping[str, Any]) -> LayoutColumn:
    known = {"header", "from", "text", "day", "code", "codes", "unit"}
    if unknown := set(data) - known:
        raise KeyError("、".join(sorted(unknown)))
    given = {name: data[name] for name in known & set(data) if name not in ("from", "codes")}
    codes = {str(code): str(word) for code, word in (data.get("codes") or {}).items()}
    return LayoutColumn(source=data.get("from", ""), codes=codes, **given)


def checked(layout: Layout, ledger: Ledger, where: str) -> Layout:
    """The layout, if rows of ``ledger`` can be written by it. Raises BadLayout."""

    def fail(header: str, reason: str) -> BadLayout:
        return BadLayout(_("%(where)s 的“%(header)s”:%(reason)s") % {"where": where, "header": header, "reason": reason})

    known = {column.name: column for column in bindable(ledger)}
    if not any(one.source for one in layout.columns):
        raise BadLayout(_("%(where)s:至少要有一栏来自台账。") % {"where": where})
    for one in layout.columns:
        if not one.source:
            continue
        if one.source not in known:
            raise fail(one.header, _("不能取自“%(name)s”") % {"name": one.source})
        if never_collected(one.header):
            raise fail(one.header, _("按规定不收集,留空"))
        if one.day not in DAYS or one.code not in ("name", "code") or one.unit not in UNITS:
            raise fail(one.header, _("日期、代码或单位的写法不认识"))
        if one.codes and not all(one_code in catalogue.get_list(known[one.source].code_list) for one_code in one.codes):
            raise fail(one.header, _("代码表里没有列出的代码"))
        if len(set(one.codes.values())) < len(one.codes):
            raise fail(one.header, _("两个代码写成了同一个词,导回时分不清"))
    return layout


def fits(layout: Layout, ledger: Ledger) -> bool:
    """Whether rows can be written by it today; a unit's own may name a column that the ledger no longer has."""
    try:
        checked(layout, ledger, layout.title)
    except BadLayout:
        return False
    return True


def lines(layout: Layout, ledger: Ledger, rows: Iterable[Any], *, reader: Actor, in_full: bool) -> Iterator[list[Any]]:
    """The rows as the layout writes them, masked as ``reader`` sees them in a list.

    ``in_full``: ID numbers and telephones unmasked, for a reader who sees names in clear; anyone else gets the mask.
    """
    clear = reads_clear(reader, compartment=ledger.compartment, ledger=ledger.code)
    columns = [(one, ledger.column(one.source) if one.source else None) for one in layout.columns]
    for row in rows:
        yield [
            one.text if column is None else written(one, column, column.value_of(row), clear=clear, in_full=in_full)
            for one, column in columns
        ]


def written(one: LayoutColumn, column: Column, value: Any, *, clear: bool, in_full: bool) -> str | Decimal | int:
    """One value as the layout wants it; days and codes as text, so that no spreadsheet rewrites them."""
    shown = cell(column, value, clear=clear)
    if shown.masked:
        return str(value) if in_full and clear and column.kind in HIDDEN else shown.text
    if shown.text == "":
        return ""
    if column.kind == Kind.DATE and isinstance(value, date):
        return value.strftime(DAYS[one.day])
    if column.kind == Kind.CODE:
        return one.codes.get(str(value)) or (str(value) if one.code == "code" else shown.text)
    if column.kind == Kind.QUANTITY:
        return Decimal(number_text(Decimal(str(value)) / GRAMS[one.unit]))
    if column.kind == Kind.DIVISION and one.code == "code":
        return str(value.code)
    return int(value) if column.kind == Kind.INTEGER else shown.text


def recipe_of(layout: Layout, ledger: Ledger) -> Recipe:
    """How a file written by ``layout`` is read back: its columns, its unit, its own words for codes."""
    slots = slots_of([one.header for one in layout.columns])
    columns: dict[str, str] = {}
    units: dict[str, str] = {}
    words: dict[str, dict[str, str]] = {}
    for slot, one in zip(slots, layout.columns, strict=True):
        if not slot:
            continue
        taken = one.source if one.source not in columns.values() else IGNORED
        columns[slot] = taken
        column = ledger.column(taken) if taken else None
        if column is None:
            continue
        if column.kind == Kind.QUANTITY:
            units[taken] = one.unit
        if column.code_list:
            words.setdefault(column.code_list, {}).update({word: code for code, word in one.codes.items()})
    return Recipe(sheet=layout.sheet, columns=columns, units=units, words=words)


def bound(headers: Sequence[str], found: Mapping[int, str], ledger: Ledger) -> tuple[LayoutColumn, ...]:
    """A first binding of a blank workbook: each header with the column that its text says, else nothing."""
    names = {column.name for column in bindable(ledger)}
    return tuple(
        LayoutColumn(header, found[index] if found.get(index) in names and not never_collected(header) else "")
        for index, header in enumerate(headers)
        if header
    )
