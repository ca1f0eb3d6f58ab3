"""Whose rows stand behind a figure, for a reader who may not open them: how many and who keeps them, small counts closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qingyuan.indicators import catalogue, store
from qingyuan.indicators.definition import DENOMINATOR, NUMERATOR, VALUE, Indicator, Term
from qingyuan.indicators.disclosure import Shown, suppress
from qingyuan.indicators.queries import Holder, holders
from qingyuan.organisation.models import DivisionPath
from qingyuan.situation.queries.readings import part_state
from qingyuan.situation.queries.showing import SEVERITY, Asked, headline, judged, own_places, places


@dataclass(frozen=True)
class Whose:
    """What one unit keeps of the rows: ``rows`` and ``people`` None where closed or not known."""

    unit_id: int | None
    fact: str
    rows: int | None
    people: int | None
    state: Shown


def whose(
    code: str, part: str, division_id: int, asked: Asked, *, breakdown: str = "", slice_: str = ""
) -> list[Whose]:
    """By fact and unit, the largest first. Rows of people are closed where the figure of their place is, and where one
    to four people stand behind them; rows that are no people (cases, monthly cells) are only counted.

    Raises UnknownIndicator, UnknownPart, BadQuery.
    """
    indicator = catalogue.get(code, asked.period.last_day)
    about_few = part_state(code, part, division_id, asked)
    if slice_ and indicator.people and not asked.is_own(division_id):
        about_few = max(about_few, Shown.HIDDEN, key=SEVERITY.index)
    found: list[Whose] = []
    for term in _terms(indicator, part):
        query = asked.query(code, of=division_id, breakdown=breakdown)
        held = holders(query, part=term.key, slice_=slice_ or None)
        known_people = store.current().tables[term.fact].column("person") is not None
        if not known_people:
            found += _counted(term.fact, held)
        elif about_few is not Shown.EXACT:
            found += [Whose(unit, term.fact, None, None, about_few) for unit in sorted({h.unit_id or 0 for h in held})]
        else:
            found += _closed_where_few(indicator, part, term, division_id, asked, held)
    return found


def _terms(indicator: Indicator, part: str) -> list[Term]:
    """One term per fact: of a rate over one fact the base, since what is counted is part of it."""
    if part != VALUE:
        return [indicator.term(part)]
    by_fact = {term.fact: term for term in indicator.terms if term.key in (NUMERATOR, DENOMINATOR)}
    return list(by_fact.values())


def _counted(fact: str, held: Iterable[Holder]) -> list[Whose]:
    rows: dict[int | None, int] = defaultdict(int)
    for holder in held:
        rows[holder.unit_id] += holder.rows
    by_size = sorted(rows.items(), key=lambda item: -item[1])
    return [Whose(unit, fact, count, None, Shown.EXACT) for unit, count in by_size]


def _closed_where_few(
    indicator: Indicator, part: str, term: Term, division_id: int, asked: Asked, held: Iterable[Holder]
) -> list[Whose]:
    rows: dict[int, int] = defaultdict(int)
    people: dict[int, int] = defaultdict(int)
    spots: dict[int, set[int]] = defaultdict(set)
    for holder in held:
        unit = holder.unit_id or 0
        rows[unit] += holder.rows
        people[unit] += holder.people or 0
        spots[unit].add(holder.division_id)
    own = {unit for unit, where in spots.items() if all(asked.is_own(spot) for spot in where)}
    states = dict(suppress(people, sum(people.values()), own=own).cells)
    by_place = _states_by_place(indicator, part, term, division_id, asked)
    for unit, where in spots.items():
        above = {by_place.get(spot, Shown.EXACT) for spot in where}
        if unit not in own and Shown.EXACT not in above:
            states[unit] = max((states[unit], *above), key=SEVERITY.index)
    told = [unit for unit in rows if states[unit] is Shown.EXACT]
    shut = [unit for unit in rows if states[unit] is not Shown.EXACT]
    # Among closed numbers the order says nothing about them.
    return [
        *(
            Whose(unit, term.fact, rows[unit], people[unit], Shown.EXACT)
            for unit in sorted(told, key=lambda u: -rows[u])
        ),
        *(Whose(unit, term.fact, None, None, states[unit]) for unit in sorted(shut)),
    ]


def _states_by_place(
    indicator: Indicator, part: str, term: Term, division_id: int, asked: Asked
) -> Mapping[int, Shown]:
    """How the place right below is shown that each division lies in: a unit's rows tell no more than its town's figure."""
    found = places(indicator.code, division_id, asked)
    states = found.states
    if part not in (VALUE, NUMERATOR, DENOMINATOR) and headline(found.matrix) is not found.matrix:
        states = judged(found.matrix, own_places(found.matrix, asked), every_part=True)
    below = DivisionPath.objects.on(asked.on).filter(ancestor_id__in=found.matrix.places)
    return {inner: states[outer] for outer, inner in below.values_list("ancestor_id", "descendant_id")}
