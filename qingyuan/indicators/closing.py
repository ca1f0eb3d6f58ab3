"""Which figures of a matrix may be shown to whom: the pure rule of ``disclosure`` over the terms that count people.

A place is closed as a whole: with its value go its numerator, denominator, parts, change and interval, since one is the
others put together. A closed figure still opens on how many, whose and how to ask (``queries.holders`` gives no rows).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from qingyuan.indicators.definition import DENOMINATOR, NUMERATOR, Indicator, Term
from qingyuan.indicators.differencing import Ends, Month, joined, shows
from qingyuan.indicators.disclosure import Line, Shown, suppress, suppress_lines
from qingyuan.indicators.enums import Select
from qingyuan.indicators.matrix import Matrix, Terms
from qingyuan.reference.periods import FIRST_YEAR, BadPeriod, Period

_SEVERITY: Final = (Shown.EXACT, Shown.HIDDEN, Shown.FEW)
_REST: Final = -1


@dataclass(frozen=True)
class _Count:
    """A number of people made from the terms of a cell; ``adds_up`` over places, ``runs_on`` over months too."""

    of: Callable[[Terms], Decimal | None]
    adds_up: bool
    runs_on: bool


def closed(matrix: Matrix, *, own: Collection[int] = (), slice_: str | None = None) -> dict[int, Shown]:
    """How each place (the whole too) of the asked period is shown to a reader whose own divisions are ``own``.

    Last year's figures stand beside them as a change, so a place is closed when either year would close it.
    """
    states = dict.fromkeys(matrix.all_places, Shown.EXACT)
    if matrix.whole is not None and matrix.whole in own:
        return states
    for period in _with_last_year(matrix):
        for count in _counts(matrix.indicator):
            for place, state in _one_list(matrix, count, period, slice_, own).items():
                states[place] = _stricter(states[place], state)
    return states


def closed_series(
    matrix: Matrix, *, own: Collection[int] = (), period: Period | None = None
) -> dict[tuple[int, Period], Shown]:
    """How each month of each place is shown where months stand beside their running total; the total is in it too.

    The question must have asked for ``months``; ``period`` is the asked one or the same one last year.
    """
    period = period or matrix.query.period
    columns = (period, *(month for month in period.months() if month != period))
    states = {(place, column): Shown.EXACT for place in matrix.all_places for column in columns}
    if matrix.whole is not None and matrix.whole in own:
        return states
    for count in _counts(matrix.indicator):
        for key, state in _one_table(matrix, count, columns, own).items():
            if key in states:
                states[key] = _stricter(states[key], state)
    return states


def told_by_difference(
    year: Matrix, period: Period, *, indicator: Indicator, own: Collection[int] = ()
) -> frozenset[int]:
    """Places below whose figure of ``period``, less other sums over months and places, would tell a few people.

    ``year`` answers the same question for a whole year, month by month; of ``period`` only what lies in that year and the
    one before is judged. ``indicator``: the year's, or the same without the parts that are not shown beside.
    """
    now = year.query.period.months()
    found: set[int] = set()
    for number, months in enumerate((now, [month.same_last_year() for month in now if month.start.year > FIRST_YEAR])):
        run = [place for place, month in enumerate(months) if period.start <= month.start < period.end]
        if run:
            ends = _ends(year, number, months, indicator, frozenset(own))
            found |= {place for place, drawing in ends.items() if not shows(drawing, run[0], run[-1])}
    return frozenset(found)


def _ends(
    year: Matrix, number: int, columns: Sequence[Period], indicator: Indicator, own: frozenset[int]
) -> dict[int, Ends]:
    """Kept with the figures, since every run of the year asks for them. ``number`` 0 = the year itself, 1 = the one before."""
    key = ("ends", number, tuple(term.key for term in indicator.terms), own)
    if key not in year.worked_out:
        counts = [count for count in _counts(indicator) if count.runs_on]
        tables: dict[int, list[Month]] = {
            place: [
                tuple(_whole_number(count.of(terms)) or 0 for count in counts)
                for terms in (year.terms(place, column) for column in columns)
            ]
            for place in (year.places if counts else ())
        }
        adds_up = year.whole is not None
        year.worked_out[key] = joined(tables, own=own, adds_up=adds_up, smallest=indicator.smallest_count)
    known: dict[int, Ends] = year.worked_out[key]
    return known


def _one_list(
    matrix: Matrix, count: _Count, period: Period, slice_: str | None, own: Collection[int]
) -> dict[int, Shown]:
    cells = {place: _whole_number(count.of(matrix.terms(place, period, slice_))) for place in matrix.all_places}
    smallest = matrix.indicator.smallest_count
    if matrix.whole is None or not count.adds_up:
        return dict(suppress(cells, None, own=own, smallest=smallest).cells)
    total = cells.pop(matrix.whole)
    rest = (total or 0) - sum(cell or 0 for cell in cells.values())
    result = suppress({**cells, _REST: rest}, total, own={*own, _REST}, smallest=smallest)
    return {matrix.whole: result.total, **{place: result.cells[place] for place in cells}}


def _one_table(
    matrix: Matrix, count: _Count, columns: tuple[Period, ...], own: Collection[int]
) -> dict[tuple[int, Period], Shown]:
    cells = {
        (place, column): _whole_number(count.of(matrix.terms(place, column))) or 0
        for place in matrix.all_places
        for column in columns
    }
    lines: list[Line[tuple[int, Period]]] = []
    mine = {key for key in cells if key[0] in own}
    if matrix.whole is not None and count.adds_up:
        for column in columns:
            parts = tuple((place, column) for place in matrix.places)
            rest = (_REST, column)
            cells[rest] = cells[matrix.whole, column] - sum(cells[part] for part in parts)
            mine.add(rest)
            lines.append(Line((matrix.whole, column), (*parts, rest)))
    if count.runs_on and len(columns) > 1:
        lines += [
            Line((place, columns[0]), tuple((place, month) for month in columns[1:])) for place in matrix.all_places
        ]
    return suppress_lines(cells, lines, own=mine, smallest=matrix.indicator.smallest_count)


def _counts(indicator: Indicator) -> Iterator[_Count]:
    """Every number of people a reader could make of a cell: the terms, and who is missing from a proportion."""
    for term in indicator.terms:
        if term.people:
            yield _count_of(term)
    below = indicator.denominator
    if indicator.proportion and below is not None and below.people:
        yield _Count(
            of=_complement,
            adds_up=indicator.numerator.expression.adds_up and below.expression.adds_up,
            runs_on=_runs_on(indicator.numerator) and _runs_on(below),
        )


def _count_of(term: Term) -> _Count:
    return _Count(of=lambda terms: terms[term.key], adds_up=term.expression.adds_up, runs_on=_runs_on(term))


def _complement(terms: Terms) -> Decimal | None:
    above, below = terms[NUMERATOR], terms[DENOMINATOR]
    return None if above is None or below is None else below - above


def _runs_on(term: Term) -> bool:
    return term.expression.adds_up and term.select is Select.IN_PERIOD


def _with_last_year(matrix: Matrix) -> list[Period]:
    period = matrix.query.period
    try:
        before = period.same_last_year()
    except BadPeriod:
        return [period]
    return [item for item in (period, before) if item in matrix.query.periods]


def _whole_number(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount)


def _stricter(one: Shown, other: Shown) -> Shown:
    return max(one, other, key=_SEVERITY.index)
