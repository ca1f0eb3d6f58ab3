"""Places beside each other by one figure: who clearly differs, who does not, who cannot be compared — as one reader may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Final

from qingyuan.indicators.definition import DENOMINATOR, NUMERATOR, Indicator
from qingyuan.indicators.disclosure import SMALLEST, Shown
from qingyuan.indicators.fair import FairTable, Group, Place, compare, possible_groups
from qingyuan.indicators.fair.exact import Counts
from qingyuan.indicators.matrix import Matrix, Terms
from qingyuan.indicators.queries import evaluate
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.reference.periods import Period
from qingyuan.situation.queries.figures import TownFigure
from qingyuan.situation.queries.places import towns
from qingyuan.situation.queries.showing import Asked, places

PEOPLE: Final = "people"


@dataclass(frozen=True)
class PlaceBeside:
    """``groups``: the one group the place is in; of a closed figure every group it could be in, whatever the few people are;
    empty where even that would say too much. ``figure`` holds no number where it is closed. ``difference`` (percentage
    points from what was to be expected) only of an open one."""

    figure: TownFigure
    groups: frozenset[Group]
    size: str
    difference: float | None

    @property
    def group(self) -> Group | None:
        return next(iter(self.groups)) if len(self.groups) == 1 else None


@dataclass(frozen=True)
class Beside:
    """``table`` is for the lines of the picture alone: its standings know what this reader may not."""

    indicator: Indicator
    lines: Sequence[PlaceBeside]
    compared: int
    differ: bool
    z: float
    spread: float
    centre: float | None

    def of(self, division_id: int) -> PlaceBeside | None:
        return next((line for line in self.lines if line.figure.division.pk == division_id), None)


def can_compare(indicator: Indicator) -> bool:
    """Rates of whole counts that may be judged: nothing coercive, nothing that falls when people look away."""
    return indicator.proportion and indicator.denominator is not None and not indicator.coercive and not indicator.monitor_only


def beside(
    *,
    code: str,
    division: Division,
    period: Period,
    reader: Actor,
    on: date,
    known: date | None = None,
    mix: str = "",
    by_size: bool = False,
) -> Beside | None:
    """The places right below ``division``; None where the figure is none to compare by, or nothing lies below.

    ``mix``: a breakdown of the indicator, so that like is set against like; ``by_size``: only beside places of its own size.
    Raises BadQuery, UnknownIndicator.
    """
    asked = Asked(period, reader, on, known)
    found = places(code, division.pk, asked)
    indicator = found.matrix.indicator
    if not can_compare(indicator) or not found.matrix.places:
        return None
    mixed = evaluate(asked.query(code, below=division.pk, breakdown=mix)) if mix and not indicator.sample else None
    laid = [_place(found.matrix, mixed, place) for place in found.matrix.places]
    if by_size:
        laid = [Place(one.key, one.counts, one.people, one.size) for one in laid]
    table = compare(laid)
    figures = {figure.division.pk: figure for figure in towns(code=code, division=division, period=period, reader=reader, on=on, known=known)}
    lines = [
        _line(figures[one.key], one, table, laid, found.states[one.key], mixed is not None) for one in laid if one.key in figures
    ]
    return Beside(indicator, lines, table.compared, table.ranks, table.z, table.spread, table.centre)


def _place(matrix: Matrix, mixed: Matrix | None, place: int) -> Place:
    terms = matrix.terms(place)
    counts = {"": counts_of(matrix.indicator, terms)}
    if mixed is not None:
        counts = {name: counts_of(matrix.indicator, mixed.terms(place, slice_=name)) for name in mixed.slices} or counts
    return Place(place, counts, _people(matrix.indicator, terms))


def counts_of(indicator: Indicator, terms: Terms) -> Counts:
    """(done, due) as cases. Of a weighted rate the answers it rests on: the weights add up to people who were never asked."""
    done, due = terms[NUMERATOR], terms[DENOMINATOR]
    if not due or done is None:
        return 0, 0
    answers = terms[indicator.sample] if indicator.sample else due
    cases = int(answers or 0)
    return min(cases, round(done * cases / due)), cases


def _people(indicator: Indicator, terms: Terms) -> int | None:
    """How many people stand behind what was due; None where it is not about people, or each is a case of its own."""
    if indicator.denominator is None or indicator.denominator.people or indicator.sample:
        return None
    amount = terms.get(PEOPLE) if any(part.key == PEOPLE and part.people for part in indicator.parts) else None
    return int(amount) if amount else None


def _line(
    figure: TownFigure, place: Place, table: FairTable, laid: Sequence[Place], state: Shown, mixed: bool
) -> PlaceBeside:
    standing = table.by_key[place.key]
    if state is Shown.EXACT:
        return PlaceBeside(figure, frozenset({standing.group}), place.size, standing.difference)
    groups: frozenset[Group] = frozenset()
    if state is Shown.FEW and not mixed:
        groups = possible_groups(laid, place.key, _guesses(place))
    return PlaceBeside(figure, groups, "", None)


def _guesses(place: Place) -> list[Counts]:
    """What the counts could be if all that is known is that they turn on one to four people."""
    each = ceil(place.due / place.people) if place.people else 1
    most = min((SMALLEST - 1) * each, place.due)
    missing = [(place.due - amount, place.due) for amount in range(1, most + 1)]
    done = [(amount, place.due) for amount in range(1, most + 1)]
    return missing if place.due - place.done <= place.done else done


