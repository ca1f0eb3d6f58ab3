"""What rooms above ask: figures, the rows behind a figure, and whose they are.

``evaluate`` answers one question with one statement; answers are kept per question and version of the fact files, so a
refresh makes every old answer unreachable and there is nothing to invalidate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.indicators import catalogue, store
from qingyuan.indicators.definition import DENOMINATOR, NUMERATOR, VALUE, Indicator, Term
from qingyuan.indicators.fact_files import FIXED_COLUMNS
from qingyuan.indicators.matrix import Matrix, build
from qingyuan.indicators.query import BadQuery, IndicatorQuery
from qingyuan.indicators.statement import (
    Statement,
    contents_statement,
    first_day_statement,
    holders_statement,
    matrix_statement,
    rows_statement,
)

_KEPT: Final = 512


@dataclass(frozen=True, order=True)
class RowRef:
    """A ledger row behind a figure. ``ledgers.registry.of_fact(fact)`` says which ledger; pages resolve it under
    ``visible_to``, never past it."""

    fact: str
    row_id: str


@dataclass(frozen=True)
class Holder:
    """Whose rows: how many facts (and, where the fact knows people, how many persons) one unit keeps in one division."""

    division_id: int
    unit_id: int | None
    rows: int
    people: int | None


def evaluate(query: IndicatorQuery) -> Matrix:
    """The figures asked for.

    Raises:
        UnknownIndicator: no such indicator here.
        BadQuery: a breakdown or kind of period the indicator does not have.
    """
    settled = query.settled(clock.today())
    return _evaluated(settled, store.current(), store.version())


def rows_behind(
    query: IndicatorQuery, *, part: str = VALUE, division_id: int | None = None, slice_: str | None = None
) -> list[RowRef]:
    """The rows that make a figure of the asked period what it is, without order of merit.

    ``part`` is a term's name; ``value`` means the numerator, of a rate the denominator as well. ``division_id`` defaults
    to the division (of a question about units, the unit) the question is about. Raises as ``evaluate``, and UnknownPart.
    """
    indicator, settled, place = _about(query, division_id)
    terms = _terms_of(indicator, part)
    found = _ask(rows_statement(terms, settled, place, slice_))
    return sorted(RowRef(str(fact), str(row_id)) for fact, row_id in found)


def holders(
    query: IndicatorQuery, *, part: str = NUMERATOR, division_id: int | None = None, slice_: str | None = None
) -> list[Holder]:
    """How many and whose, for a reader who may not see the rows; the largest first. Raises as ``rows_behind``."""
    indicator, settled, place = _about(query, division_id)
    term = _terms_of(indicator, part)[-1]
    with_people = store.current().tables[term.fact].column("person") is not None
    rows = _ask(holders_statement(term, settled, place, slice_, with_people=with_people))
    return [Holder(*row) for row in rows]


@dataclass(frozen=True)
class FactsBehind:
    """The facts of one table behind an indicator's terms in one place: column names and values, in the order of their ids."""

    fact: str
    personal: bool
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def facts_behind(query: IndicatorQuery, place_ids: Sequence[int]) -> dict[int, list[FactsBehind]]:
    """By place: what stands behind every term of the indicator, one statement for each fact table. Raises as ``evaluate``.

    ``personal``: the table tells people apart, so that its rows are about persons.
    """
    settled = query.settled(clock.today())
    indicator = _definition(settled)
    found: dict[int, list[FactsBehind]] = {place: [] for place in place_ids}
    for fact in sorted(indicator.facts):
        table = store.current().tables[fact]
        columns = tuple(name for name in (*FIXED_COLUMNS, *(item.name for item in table.columns)) if name != "superseded_at")
        terms = [term for term in indicator.terms if term.fact == fact]
        lines: dict[int, list[tuple[Any, ...]]] = {}
        for place, *values in _ask(contents_statement(fact, terms, settled, place_ids, columns)):
            lines.setdefault(place, []).append(tuple(values))
        personal = table.column("person") is not None
        for place in place_ids:
            rows = tuple(sorted(lines.get(place, []), key=lambda row: str(row[0])))
            found[place].append(FactsBehind(fact, personal, columns, rows))
    return found


def _about(query: IndicatorQuery, division_id: int | None) -> tuple[Indicator, IndicatorQuery, int]:
    settled = query.settled(clock.today())
    place = division_id or query.children_of or (*query.division_ids, *query.unit_ids)[0]
    return _definition(settled), settled, place


def _terms_of(indicator: Indicator, part: str) -> Sequence[Term]:
    if part != VALUE:
        return [indicator.term(part)]
    return [term for term in indicator.terms if term.key in (NUMERATOR, DENOMINATOR)]


def _definition(query: IndicatorQuery) -> Indicator:
    indicator = catalogue.get(query.indicator, query.period.last_day)
    if query.breakdown is not None and indicator.breakdown(query.breakdown) is None:
        columns = "、".join(item.column for item in indicator.breakdowns) or _("无")
        what = _("%(title)s 不能按“%(column)s”分，可以按：%(columns)s")
        raise BadQuery(what % {"title": indicator.title, "column": query.breakdown, "columns": columns})
    if query.unit_ids and not indicator.by_unit:
        raise BadQuery(_("%(title)s 只按地方有数,没有单位的数") % {"title": indicator.title})
    if query.period.kind not in indicator.period_kinds:
        raise BadQuery(_("%(title)s 没有这种期间的数字") % {"title": indicator.title})
    return indicator


@lru_cache(maxsize=_KEPT)
def _evaluated(query: IndicatorQuery, source: store.Store, version: int) -> Matrix:
    indicator = _definition(query)
    statement = matrix_statement(indicator, query)
    rows = source.query(statement.sql, statement.params)
    data_from = {fact: _data_from(fact, source, version) for fact in sorted(indicator.facts)}
    return build(query, indicator, version, rows, data_from)


@lru_cache(maxsize=_KEPT)
def _data_from(fact: str, source: store.Store, version: int) -> date | None:
    """From when the rows of ``fact`` tell everything; None while there are none."""
    if source.tables[fact].complete:
        return date.min
    first = source.query(first_day_statement(fact).sql)[0][0]
    return first.replace(day=1) if isinstance(first, date) else None


def _ask(statement: Statement) -> Sequence[tuple[Any, ...]]:
    return store.query(statement.sql, statement.params)
