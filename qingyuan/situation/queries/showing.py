"""How a place is shown to a reader: the same answer for sentence, map, table, chart, document and API.

A place is judged among its sisters, since a reader who may see them all can subtract. What a figure is judged by is the
people it counts; where it counts something else (tests), the people behind it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from qingyuan.indicators.closing import closed, closed_series, told_by_difference
from qingyuan.indicators.disclosure import Shown
from qingyuan.indicators.matrix import Matrix
from qingyuan.indicators.queries import evaluate
from qingyuan.indicators.query import IndicatorQuery
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Level
from qingyuan.organisation.models import DivisionPath
from qingyuan.organisation.scope import in_own_scope
from qingyuan.reference.periods import BadPeriod, Period, ytd

SEVERITY = (Shown.EXACT, Shown.HIDDEN, Shown.FEW)
SMALL_PLACES = frozenset({Level.TOWN, Level.VILLAGE})


@dataclass(frozen=True)
class Asked:
    """Who asks about which period, on which day, knowing what. ``known`` None = everything recorded."""

    period: Period
    reader: Actor
    on: date
    known: date | None = None

    def query(
        self, code: str, *, of: int | None = None, below: int | None = None, breakdown: str = "", months: bool = False
    ) -> IndicatorQuery:
        """The question about the place ``of``, or about ``below`` with the places right under it."""
        return IndicatorQuery(
            indicator=code,
            period=self.period,
            division_ids=() if of is None else (of,),
            children_of=below,
            as_of=self.on if self.known is None else None,
            as_known_on=self.known,
            breakdown=breakdown or None,
            months=months,
        )

    def is_own(self, division_id: int) -> bool:
        return in_own_scope(self.reader, division_id, self.on)


@dataclass(frozen=True)
class Places:
    """A place with those right below it: ``states`` of their figures, ``with_parts`` when every part stands beside."""

    matrix: Matrix
    own: frozenset[int]
    states: Mapping[int, Shown]


def places(code: str, below: int, asked: Asked) -> Places:
    """Raises BadQuery, UnknownIndicator."""
    matrix = evaluate(asked.query(code, below=below))
    own = own_places(matrix, asked)
    states = judged(matrix, own)
    if state_of(code, below, asked) is not Shown.EXACT:
        # Its parts would tell the closed sum; and what is shown of them by month would tell it by difference.
        states = {place: state if place in own else _closed(state) for place, state in states.items()}
    return Places(matrix, own, states)


def state_of(code: str, division_id: int, asked: Asked, *, every_part: bool = False) -> Shown:
    """How the figure of one place is shown; ``every_part`` = with all its parts beside it."""
    if asked.is_own(division_id):
        return Shown.EXACT
    above = _parent(division_id, asked.on)
    matrix = evaluate(asked.query(code, of=division_id) if above is None else asked.query(code, below=above))
    if not matrix.indicator.people:
        return Shown.EXACT
    states = judged(matrix, own_places(matrix, asked), every_part=every_part)
    return states.get(division_id, Shown.HIDDEN)


def month_states(code: str, division_id: int, asked: Asked, months: Collection[Period]) -> Mapping[Period, Shown]:
    """How each month of one place is shown beside its running total and its sisters, in both years."""
    if asked.is_own(division_id):
        return dict.fromkeys(months, Shown.EXACT)
    above = _parent(division_id, asked.on)
    query = asked.query(code, of=division_id if above is None else None, below=above, months=True)
    answered = evaluate(query)
    matrix = headline(answered)
    if not matrix.indicator.people:
        return dict.fromkeys(months, Shown.EXACT)
    own = own_places(matrix, asked)
    found = dict.fromkeys(months, Shown.EXACT)
    for period in (asked.period, asked.period.same_last_year()):
        states = closed_series(matrix, own=own, period=period)
        for month in months:
            state = states.get((division_id, month), Shown.EXACT if month not in period.months() else Shown.HIDDEN)
            found[month] = max(found[month], state, key=SEVERITY.index)
    for month in asked.period.months():
        if division_id in _told(answered, month, own):
            found |= {one: _closed(found[one]) for one in (month, *_last_year(month)) if one in found}
    return found


def headline(matrix: Matrix) -> Matrix:
    """The matrix without parts that its figure is not judged by.

    A count of people is judged by itself: that three of 120 have died closes the three, not the 120. A rate of tests
    counts no people, so it is judged by the people its parts name.
    """
    indicator = matrix.indicator
    below = indicator.denominator
    if indicator.numerator.people or (below is not None and below.people):
        return replace(matrix, indicator=replace(indicator, parts=()))
    return matrix


def judged(matrix: Matrix, own: Collection[int], *, every_part: bool = False) -> dict[int, Shown]:
    """States of all places, with ``every_part`` beside them or only what the figure is judged by.

    Where the whole counts fewer than five and is the reader's own, no place may be told from it. A sum over months is
    closed too where, less another sum that is shown, it would tell a few people of one month; so is its change to last year.
    """
    states = closed(matrix if every_part else headline(matrix), own=own)
    if matrix.whole is not None and states[matrix.whole] is not Shown.EXACT:
        return {place: state if place in own else _closed(state) for place, state in states.items()}
    told = _told(matrix, matrix.query.period, own, every_part=every_part)
    return {place: _closed(state) if place in told else state for place, state in states.items()}


def _told(matrix: Matrix, period: Period, own: Collection[int], *, every_part: bool = False) -> frozenset[int]:
    """Places whose figure of ``period``, or of the same last year, would tell a few people when another sum is taken away."""
    shown = matrix if every_part else headline(matrix)
    if not shown.indicator.people or (matrix.whole is not None and matrix.whole in own):
        return frozenset()
    found: set[int] = set()
    for number in range(period.start.year, period.last_day.year + 1):
        year = evaluate(replace(matrix.query, period=ytd(date(number, 12, 31)), breakdown=None, months=True))
        for asked in (period, *_last_year(period)):
            found |= told_by_difference(year, asked, indicator=shown.indicator, own=own)
    return frozenset(found)


def _last_year(period: Period) -> list[Period]:
    try:
        return [period.same_last_year()]
    except BadPeriod:
        return []


def own_places(matrix: Matrix, asked: Asked) -> frozenset[int]:
    """The places asked about that are «the unit concerned» for the reader; everything below its own town is."""
    if matrix.whole is not None and asked.reader.division_level in SMALL_PLACES and asked.is_own(matrix.whole):
        return frozenset(matrix.all_places)
    return frozenset(place for place in matrix.places if asked.is_own(place))


def _closed(state: Shown) -> Shown:
    return Shown.HIDDEN if state is Shown.EXACT else state


def _parent(division_id: int, on: date) -> int | None:
    paths = DivisionPath.objects.on(on).filter(descendant_id=division_id, depth=1)
    return paths.values_list("ancestor_id", flat=True).first()
