"""What every method would give every town, as the clerk sees it before choosing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from qingyuan.foundation.words import said
from qingyuan.governance.queries.target_methods import Column, Comparison
from qingyuan.governance.queries.targets import number_text
from qingyuan.governance.targets_rules import METHOD_WORDS
from qingyuan.indicators.disclosure import Shown, suppress
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.organisation.scope import in_own_scope
from qingyuan.web.targets.forms import ProposeForm

FEW, CLOSED = "<5", "—"


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
    usable: bool


def page_of(found: Comparison, form: ProposeForm, reader: Actor, on: date, *, people: bool) -> ComparePage:
    last = closed(found.last, reader, on) if people else {place: number_text(amount) for place, amount in found.last.items()}
    lines = tuple(_line(found, town, last.get(town.pk, CLOSED), form) for town in found.towns)
    return ComparePage(
        total=number_text(found.total),
        year_before=found.year - 1,
        heads=tuple(MethodHead(one.method.value, said(METHOD_WORDS[one.method]), one.refused) for one in found.columns),
        lines=lines,
        usable=any(not one.refused for one in found.columns),
    )


def closed(amounts: Mapping[int, Decimal], reader: Actor, on: date) -> dict[int, str]:
    """Counts of people by place, few ones and what would tell them closed, except at home."""
    counts = {place: int(amount) for place, amount in amounts.items()}
    own = {place for place in counts if in_own_scope(reader, place, on)}
    shown = suppress(counts, sum(counts.values()), own=own).cells
    texts = {Shown.FEW: FEW, Shown.HIDDEN: CLOSED}
    return {place: texts.get(shown[place], number_text(amount)) for place, amount in amounts.items()}


def _line(found: Comparison, town: Division, last: str, form: ProposeForm) -> TownLine:
    floor, cap = form.bounds_of(town)
    given = tuple(_given(found, column, town.pk, last) for column in found.columns)
    return TownLine(town.name, last, floor, cap, given)


def _given(found: Comparison, column: Column, place: int, last: str) -> Given | None:
    if column.refused:
        return None
    amount = column.amounts[place]
    change = amount - found.last.get(place, Decimal(0))
    return Given(
        number_text(amount),
        "" if last in (FEW, CLOSED) else f"{'+' if change > 0 else ''}{number_text(change)}",
        _per(amount * 10_000, found.people.get(place)),
        _per(amount, found.staff.get(place)),
    )


def _per(amount: Decimal, among: Decimal | None) -> str:
    return number_text(round(amount / among, 1)) if among else ""
