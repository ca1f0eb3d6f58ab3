"""What every method would give every town, as the clerk sees it before choosing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from qingyuan.foundation.words import said
from qingyuan.governance.queries.target_methods import Column, Comparison
from qingyuan.governance.queries.targets import number_text, split_code
from qingyuan.indicators.definition import VALUE
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.reference import periods
from qingyuan.situation.queries import read
from qingyuan.web.targets.forms import ProposeForm

CLOSED = "—"


@dataclass(frozen=True)
class Given:
    """What one method gives one town; ``change`` to last year, ``each`` per 10 000 residents, ``load`` per full-time worker."""

    amount: str
    change: str
    each: str
    load: str


@dataclass(frozen=True)
class TownLine:
    place: str
    last: str
    floor: Any
    cap: Any
    given: tuple[Given | None, ...]


@dataclass(frozen=True)
class MethodHead:
    method: str
    label: str
    refused: str


@dataclass(frozen=True)
class ComparePage:
    total: str
    year_before: int
    heads: tuple[MethodHead, ...]
    lines: tuple[TownLine, ...]
    rate: bool


def page_of(found: Comparison, form: ProposeForm, reader: Actor, on: date, *, indicator: str) -> ComparePage:
    """Last year's figures stand as this reader may read them, few people closed."""
    lines = tuple(_line(found, town, _last(indicator, town, found.city_id, found.year - 1, reader, on), form) for town in found.towns)
    return ComparePage(
        total=number_text(found.total),
        year_before=found.year - 1,
        heads=tuple(MethodHead(one.method.value, said(one.words), one.refused) for one in found.columns),
        lines=lines,
        rate=not found.people,
    )


def _last(indicator: str, town: Division, city_id: int, year: int, reader: Actor, on: date) -> tuple[str, Decimal | None]:
    code, part = split_code(indicator)
    reading = read(code=code, division=town, period=periods.year(year), reader=reader, on=on, among=city_id)
    if part == VALUE:
        return reading.text, reading.amount
    found = reading.part(part)
    return (found.text, found.amount) if found else (CLOSED, None)


def _line(found: Comparison, town: Division, last: tuple[str, Decimal | None], form: ProposeForm) -> TownLine:
    floor, cap = form.bounds_of(town)
    given = tuple(_given(found, column, town.pk, last[1]) for column in found.columns)
    return TownLine(town.name, last[0], floor, cap, given)


def _given(found: Comparison, column: Column, place: int, last: Decimal | None) -> Given | None:
    if column.refused:
        return None
    amount = column.amounts[place]
    change = None if last is None else amount - last
    return Given(
        number_text(amount),
        "" if change is None else f"{'+' if change > 0 else ''}{number_text(round(change, 1))}",
        _per(amount * 10_000, found.people.get(place)),
        _per(amount, found.staff.get(place)),
    )


def _per(amount: Decimal, among: Decimal | None) -> str:
    return number_text(round(amount / among, 1)) if among else ""
