"""Which figures of a matrix may be shown to whom: the pure rule of ``disclosure`` over the terms that count people.

A place is closed as a whole: with its value go its numerator, denominator, parts, change and interval, since one is the
others put together. A closed figure still opens on how many, whose and how to ask (``queries.holders`` gives no rows).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from qingyuan.indicators.definition import DENOMINATOR, NUMERATOR, Indicator, Term
from qingyuan.indicators.disclosure import Line, Shown, suppress, suppress_lines
from qingyuan.indicators.enums import Select
from qingyuan.indicators.matrix import Matrix, Terms
from qingyuan.reference.periods import BadPeriod, Period

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
