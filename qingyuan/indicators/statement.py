"""The one statement behind a matrix: every term, every place and every period in a single pass over each fact file.

Pieces, each a CTE: ``p`` the periods asked for; ``p_days`` each of their days that has come, so that facts find their
periods by an equal day; ``member`` which division counts towards which place; ``g0, g1 …`` one aggregate per group of terms that read
the same fact in the same way; at the end places × periods, so that nothing recorded is a row and not a gap.

Only names from definitions and trees checked by ``formula`` become SQL text; every value of a question is a parameter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from qingyuan.indicators.definition import Indicator, Term
from qingyuan.indicators.enums import Select
from qingyuan.indicators.generation import TwoSteps, in_two_steps, narrowed, row_condition, to_sql
from qingyuan.indicators.query import IndicatorQuery
from qingyuan.reference.periods import Period

_P_DAYS: Final = (
    "p_days as (select p.*, unnest(generate_series(period_start, read_day, interval 1 day))::date as day from p)"
)
_PERIOD_COLUMNS: Final = ("no", "period_start", "period_last", "period_end", "read_day", "as_of")
_KEPT: Final = 1024
_DIVISION: Final = "division_id"
_UNIT: Final = "unit_id"
_PLACE_AND_PERIOD: Final = ", ".join(("m.place_id", *(f"p.{column}" for column in _PERIOD_COLUMNS)))


@dataclass(frozen=True)
class Statement:
    sql: str
    params: dict[str, object]


@dataclass(frozen=True)
class _Group:
    """Terms that read one fact in one way, so that one scan answers them all."""

    fact: str
    select: Select
    dated_by: str
    terms: tuple[Term, ...]


def matrix_statement(indicator: Indicator, query: IndicatorQuery) -> Statement:
    """Rows ``(place_id, name, is_whole, period no, slice, term, term, …)`` in the order of ``indicator.terms``.

    ``slice`` is NULL without a breakdown; with one, the main fact's groups are split and the others repeat.
    """
    groups = _groups(indicator.terms)
    main = indicator.numerator.fact
    params = _Params()
    known, owner = _known(query, params), owner_of(query)
    parts = [_periods(query.periods, query, params), _P_DAYS, *_whose(query, params)]
    for number, group in enumerate(groups):
        slice_by = query.breakdown if group.fact == main else None
        parts.append(f"g{number} as ({_aggregate(group, known, slice_by, owner)})")
    return Statement("with " + ",\n".join(parts) + "\n" + _grid(indicator, groups), params.values)


def owner_of(query: IndicatorQuery) -> str:
    """The column of a fact by which it counts towards an asked place, or towards an asked unit."""
    return _UNIT if query.unit_ids else _DIVISION


def _whose(query: IndicatorQuery, params: _Params) -> list[str]:
    """``places``, and ``member``: what counts towards which of them. Of a unit only itself: no unit stands under another here."""
    if query.unit_ids:
        named = params.add("units", list(query.unit_ids))
        return [
            f"places as (select distinct unnest({named}::bigint[]) as place_id, false as is_whole, null::varchar as name, null::varchar as code)",
            f"member as (select place_id, place_id as {_UNIT} from places)",
        ]
    return [
        _paths(query, params),
        _places(query, params),
        f"member as (select s.place_id, t.descendant_id as {_DIVISION} from places s join paths t on t.ancestor_id = s.place_id)",
    ]


def _members(query: IndicatorQuery, params: _Params, place_ids: Sequence[int]) -> list[str]:
    """``member`` for places, or units, that are named."""
    named = f"select unnest({params.add('places', list(place_ids))}::bigint[])"
    if query.unit_ids:
        return [f"member as (select place_id, place_id as {_UNIT} from ({named} as place_id))"]
    return [
        _paths(query, params),
        f"member as (select ancestor_id as place_id, descendant_id as {_DIVISION} from paths where ancestor_id in ({named}))",
    ]


def rows_statement(terms: Sequence[Term], query: IndicatorQuery, place_id: int, slice_: str | None) -> Statement:
    """``(fact, row_id)`` of the facts that move any of ``terms`` in the asked period and place."""
    select = "select distinct '{fact}' as fact, row_id from ({rows})"
    return _about_rows(terms, query, place_id, slice_, select, " union ")


def holders_statement(
    term: Term, query: IndicatorQuery, place_id: int, slice_: str | None, *, with_people: bool
) -> Statement:
    """``(division_id, unit_id, rows, people)``: whose they are, without the rows."""
    people = 'count(distinct "person")' if with_people else "null::bigint"
    select = (
        f"select division_id, unit_id, count(distinct row_id), {people} from ({{rows}})"
        " group by all order by 3 desc, 1, 2"
    )
    return _about_rows([term], query, place_id, slice_, select, " union all ")


def contents_statement(
    fact: str, terms: Sequence[Term], query: IndicatorQuery, place_ids: Sequence[int], columns: Sequence[str]
) -> Statement:
    """``(place_id, *columns)``: the facts of one table that move any of ``terms``, for several places at once."""
    params = _Params()
    known = _known(query, params)
    parts = [_periods([query.period], query, params), _P_DAYS, *_members(query, params, place_ids)]
    listed = ", ".join(f'f."{column}"' for column in columns)
    pieces = [
        f"select m.place_id, {listed} "
        + _source(_Group(fact, term.select, term.dated_by, (term,)), known, owner_of(query)).sql(f"({to_sql(row_condition(term.expression, term.where))})")
        for term in terms
    ]
    return Statement("with " + ",\n".join(parts) + "\n" + " union ".join(pieces), params.values)


def first_day_statement(fact: str) -> Statement:
    """The first day any fact of this table is dated, over the whole city."""
    return Statement(f"select min(happened_on) from fact_{fact}", {})


class _Params:
    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def add(self, name: str, value: object) -> str:
        self.values[name] = value
        return f"${name}"


def _groups(terms: Sequence[Term]) -> list[_Group]:
    found: dict[tuple[str, Select, str], list[Term]] = {}
    for term in terms:
        found.setdefault((term.fact, term.select, term.dated_by), []).append(term)
    return [_Group(*key, tuple(members)) for key, members in found.items()]


def _periods(periods: Sequence[Period], query: IndicatorQuery, params: _Params) -> str:
    as_of = query.as_of
    if as_of is None:
        raise ValueError("the question has no day: call settled() first")
    rows = []
    for number, period in enumerate(periods):
        start = params.add(f"start{number}", period.start)
        last = params.add(f"last{number}", period.last_day)
        end = params.add(f"end{number}", period.end)
        read = params.add(f"read{number}", min(period.last_day, as_of))
        rows.append(f"({number}, {start}::date, {last}::date, {end}::date, {read}::date, $as_of::date)")
    params.add("as_of", as_of)
    return f"p({', '.join(_PERIOD_COLUMNS)}) as (values {', '.join(rows)})"


def _paths(query: IndicatorQuery, params: _Params) -> str:
    """Which division stood under which on the last day of the asked period.

    A division that has been dissolved before that day and that nobody placed under a successor keeps its last place, so that
    what happened in it is not lost to the city's total.
    """
    day = params.add("anchor", query.period.last_day)
    return (
        "paths as (select ancestor_id, descendant_id, depth, ended from ("
        " select *, valid_to is not null and valid_to <= {day} as ended,"
        " bool_or(valid_to is null or valid_to > {day}) over whole as alive,"
        " max(valid_to) over whole as last_to"
        " from divisions where valid_from <= {day} window whole as (partition by descendant_id))"
        " where not ended or (not alive and valid_to = last_to))"
    ).format(day=f"{day}::date")


def _places(query: IndicatorQuery, params: _Params) -> str:
    named = params.add("places", list(query.division_ids))
    sources = [f"select unnest({named}::bigint[]) as place_id, false as is_whole"]
    if query.children_of is not None:
        whole = params.add("whole", query.children_of)
        sources.append(f"select {whole}::bigint, true")
        if query.level:
            level = params.add("level", query.level)
            below = (
                f"t.depth > 0 and n.level = {level} and not exists (select 1 from paths u"
                " join division_names a on a.id = u.ancestor_id"
                f" where u.descendant_id = t.descendant_id and u.depth > 0 and a.level = {level})"
            )
        else:
            below = "t.depth = 1"
        sources.append(
            "select t.descendant_id, false from paths t join division_names n on n.id = t.descendant_id"
            f" where t.ancestor_id = {whole} and {below}"
            " and (n.valid_to is null or n.valid_to > $start0)"
        )
    union = " union all ".join(sources)
    return (
        "places as (select place_id, bool_or(is_whole) as is_whole, any_value(n.name) as name,"
        f" any_value(n.code) as code from ({union}) left join division_names n on n.id = place_id group by place_id)"
    )


def _known(query: IndicatorQuery, params: _Params) -> str:
    until = query.known_until
    if until is None:
        return "f.superseded_at is null"
    moment = params.add("known", until)
    return (
        f"f.recorded_at <= {moment}::timestamp and (f.superseded_at is null or f.superseded_at > {moment}::timestamp)"
    )


@dataclass(frozen=True)
class _Source:
    """Facts ``f`` with the period ``p`` they belong to and, through ``m``, the places they count towards."""

    tables: str
    conditions: tuple[str, ...]
    owner: str

    def sql(self, *more: str) -> str:
        joined = f"{self.tables} join member m on m.{self.owner} = f.{self.owner}"
        return f"from {joined} where {' and '.join((*self.conditions, *more))}"


def _source(group: _Group, known: str, owner: str) -> _Source:
    dated = f'f."{group.dated_by}"'
    table = f"fact_{group.fact} f"
    match group.select:
        case Select.IN_PERIOD:
            return _Source(f"{table} join p_days p on p.day = {dated}", (known,), owner)
        case Select.IN_FORCE:
            open_then = f"{dated} <= p.read_day and (f.until is null or f.until > p.read_day)"
            return _Source(f"{table} join p on {open_then}", (known,), owner)
        case Select.DURING:
            # ``until`` is exclusive: what ended on the period's first day was open on the evening before.
            touched = f"{dated} <= p.read_day and (f.until is null or f.until >= p.period_start)"
            return _Source(f"{table} join p on {touched}", (known,), owner)
        case Select.LATEST_IN_PERIOD:
            return _latest(table, dated, f"{dated} between p.period_start and p.read_day", known)
        case Select.LATEST_KNOWN:
            return _latest(table, dated, f"{dated} <= p.read_day", known)


def _latest(table: str, dated: str, within: str, known: str) -> _Source:
    """Each division's newest cell, unless the division was gone by the day that the newest cells of all speak of: its
    people are then in its successor's cell."""
    ranked = (
        "select f.*, p.no as period_no,"
        f" rank() over (partition by p.no, f.division_id order by {dated} desc) as age,"
        f" max({dated}) over (partition by p.no) as newest"
        f" from {table} join p on {within} where {known}"
    )
    existed = (
        "exists (select 1 from division_names n where n.id = f.division_id"
        " and n.valid_from <= f.newest and (n.valid_to is null or n.valid_to > f.newest))"
    )
    return _Source(f"({ranked}) f join p on p.no = f.period_no", ("f.age = 1", existed), _DIVISION)


@lru_cache(maxsize=_KEPT)
def _aggregate(group: _Group, known: str, slice_by: str | None, owner: str) -> str:
    """Terms of one group by place, period and, with a breakdown, both each slice and all together (slice NULL).

    Its text holds no value of a question, so that it is written once for each definition: trees are slow to print.
    """
    trees = [narrowed(term.expression, term.where) for term in group.terms]
    steps = in_two_steps(trees)
    source = _source(group, known, owner)
    if steps is None:
        facts, column, figures = source.sql(), f'f."{slice_by}"', trees
    else:
        facts, column, figures = _from_divisions(steps, source, slice_by), "i.slice", list(steps.outer)
    terms = ", ".join(f"{to_sql(tree)} as {_name(term)}" for tree, term in zip(figures, group.terms, strict=True))
    sliced, grouping = "null::varchar", _PLACE_AND_PERIOD
    if slice_by:
        sliced = f"case when grouping({column}) = 0 then coalesce(cast({column} as varchar), '') end"
        grouping = f"grouping sets (({_PLACE_AND_PERIOD}), ({_PLACE_AND_PERIOD}, {column}))"
    return f"select m.place_id, p.no, {sliced} as slice, {terms} {facts} group by {grouping}"


def _from_divisions(steps: TwoSteps, source: _Source, slice_by: str | None) -> str:
    """The first of two steps: one row per division, period and slice; the second adds them up by place."""
    columns = ", ".join(f"{to_sql(tree)} as {name}" for name, tree in steps.inner)
    sliced = f'f."{slice_by}"' if slice_by else "null::varchar"
    by_slice = f', f."{slice_by}"' if slice_by else ""
    owner = source.owner
    conditions = " and ".join((*source.conditions, f"f.{owner} in (select {owner} from member)"))
    return (
        f"from (select f.{owner}, p.no, {sliced} as slice, {columns} from {source.tables} where {conditions}"
        f" group by f.{owner}, p.no{by_slice}) i join member m on m.{owner} = i.{owner} join p on p.no = i.no"
    )


def _name(term: Term) -> str:
    return f'"{term.key}"'


def _grid(indicator: Indicator, groups: Sequence[_Group]) -> str:
    """Places × periods, all together (slice NULL) and, with a breakdown, each slice that occurs ('' where the column is
    empty); the terms of another fact repeat for each slice."""
    main = next(number for number, group in enumerate(groups) if indicator.numerator in group.terms)
    home = {term.key: f"g{number}" for number, group in enumerate(groups) for term in group.terms}
    terms = ", ".join(f"{home[term.key]}.{_name(term)}" for term in indicator.terms)
    order = [main, *(number for number in range(len(groups)) if number != main)]
    joins = " ".join(_join(number, main, groups) for number in order)
    return (
        f"select s.place_id, s.name, s.is_whole, p.no, g{main}.slice, {terms}"
        f" from places s cross join p {joins} order by s.is_whole desc, s.code, s.place_id, p.no, g{main}.slice"
    )


def _join(number: int, main: int, groups: Sequence[_Group]) -> str:
    name = f"g{number}"
    same_slice = ""
    if number != main and groups[number].fact == groups[main].fact:
        same_slice = f" and {name}.slice is not distinct from g{main}.slice"
    return f"left join {name} on {name}.place_id = s.place_id and {name}.no = p.no{same_slice}"


def _about_rows(
    terms: Sequence[Term], query: IndicatorQuery, place_id: int, slice_: str | None, select: str, union: str
) -> Statement:
    params = _Params()
    known = _known(query, params)
    parts = [_periods([query.period], query, params), _P_DAYS, *_members(query, params, [place_id])]
    in_slice = ""
    if slice_ is not None and query.breakdown is not None:
        in_slice = f"coalesce(cast(f.\"{query.breakdown}\" as varchar), '') = {params.add('slice', slice_)}"
    pieces = []
    for term in terms:
        conditions = [f"({to_sql(row_condition(term.expression, term.where))})"]
        if in_slice and term.fact == terms[0].fact:
            conditions.append(in_slice)
        source = _source(_Group(term.fact, term.select, term.dated_by, (term,)), known, owner_of(query))
        pieces.append(select.format(fact=term.fact, rows=f"select f.* {source.sql(*conditions)}"))
    return Statement("with " + ",\n".join(parts) + "\n" + union.join(pieces), params.values)
