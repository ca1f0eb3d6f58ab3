"""The forecast of a letter's year from the facts of its town, kept as long as what it is made of stays the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from qingyuan.foundation import clock
from qingyuan.governance.models import Letter
from qingyuan.governance.queries.inputs import (
    Numbers,
    of_towns,
    of_units,
    own_inputs,
    refs_of,
    scored_period,
    subject_of,
)
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.rules.forecast import Forecast, NoForecast, forecast
from qingyuan.governance.rules.late_entry import NOTHING_KNOWN, Late, late_by_key, looked_at
from qingyuan.governance.rules.outlook import Moves, Path
from qingyuan.governance.scoring.refs import InputRef, parse_ref
from qingyuan.governance.scoring.words_for_few import is_few
from qingyuan.indicators import catalogue, store
from qingyuan.indicators.definition import Indicator
from qingyuan.indicators.enums import IndicatorKind

#: Facts whose rows stand there before their time: what the year still brings is known, but for how it ends.
PLANNED: Final = frozenset({"test_dues", "reach_plan", "lesson_plan", "survey_plan", "unit_tasks"})
#: A numerator that asks for the day counts what can still be made good after its month.
_ASKS_DAY: Final = "as_of"
_KEPT: Final = 512


class _Shelf:
    """Forecasts made last, by everything they are made of."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Forecast | NoForecast] = OrderedDict()

    def get(self, key: Hashable) -> Forecast | NoForecast | None:
        with self._lock:
            return self._kept.get(key)

    def put(self, key: Hashable, made: Forecast | NoForecast) -> None:
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


_shelf = _Shelf()


def forecast_of(letter: Letter, on: date) -> Forecast | NoForecast:
    """Where the letter's score will stand on the last day of its sheet. The caller has checked who may see it."""
    scheme = scheme_of(letter.scheme)
    refs = refs_of(scheme, on)
    own = own_inputs([letter], refs, on)[letter.pk]
    until = scheme.valid_to - timedelta(days=1)
    places = _by_day(letter, refs, on, until)
    paths = _paths(letter, refs, places, until, _late(letter, refs, places, on))
    inputs: Numbers = {**places[on].get(subject_of(letter), {}), **own.numbers}
    key = (letter.pk, letter.scheme_id, on, own.stamp, tuple((code, _told(path)) for code, path in paths.items()))
    made = _shelf.get(key)
    if made is None:
        made = forecast(scheme, inputs, paths, on, unit_kind=letter.unit.kind, seed=str(letter.pk))
        _shelf.put(key, made)
    return made


def turns_on_few(letter: Letter, on: date) -> bool:
    """Whether some number of the forecast turns on fewer than five people, now or by what is known of the year's end."""
    refs = refs_of(scheme_of(letter.scheme), on)
    days = (on, scheme_of(letter.scheme).valid_to - timedelta(days=1))
    places = [_figures(letter, _codes(refs), day).get(subject_of(letter), {}) for day in days]
    return any(is_few(number.people) for numbers in places for number in numbers.values())


def _codes(refs: list[InputRef]) -> list[str]:
    return [ref.code for ref in refs if ref.source == "indicator"]


def _by_day(letter: Letter, refs: list[InputRef], on: date, until: date) -> dict[date, Mapping[int, Numbers]]:
    """The figures of every town at each month's end, today, and at the year's end by the rows of today.

    The month-ends are those the year's line is drawn from, so they are asked once for both.
    """
    ends = [month.last_day for month in scored_period(on).months() if month.last_day < on]
    return {day: _figures(letter, _codes(refs), day) for day in (*ends, on, until)}


def _figures(letter: Letter, codes: Sequence[str], day: date, known: datetime | None = None) -> Mapping[int, Numbers]:
    """Of a town's letter the figures of every town and the city; of a member unit's its own, which are beside nobody's."""
    return of_units(codes, (letter.unit_id,), day, known) if letter.is_of_unit else of_towns(codes, letter.city_id, day, known)


def _late(letter: Letter, refs: list[InputRef], places: Mapping[date, Mapping[int, Numbers]], on: date) -> dict[str, Late]:
    """By key: what the unit entered late this year, with what is usual in the city's towns."""
    codes = tuple(sorted({code for code in _codes(refs) if _moves(catalogue.get(code, on))}))
    unit = letter.unit_id if letter.is_of_unit else None
    looks = {day: _as_seen(codes, letter.city_id, day, on, store.current(), unit) for day in looked_at([*places], on)}
    towns = max(1, len(places[on]) - 1)

    def of(place: int) -> dict[str, Late]:
        keys = {f"indicator:{code}" for code in codes}
        days = [(then.get(place, {}), places[day].get(place, {})) for day, then in looks.items()]
        return late_by_key([(_only(then, keys), _only(now, keys)) for then, now in days])

    city = {} if letter.is_of_unit else of(letter.city_id)
    return {key: late.beside(city.get(key, NOTHING_KNOWN), towns) for key, late in of(subject_of(letter)).items()}


def _only(numbers: Numbers, keys: set[str]) -> Numbers:
    return {key: number for key, number in numbers.items() if key in keys}


@lru_cache(maxsize=_KEPT)
def _as_seen(
    codes: tuple[str, ...], city_id: int, day: date, on: date, source: store.Store, unit_id: int | None
) -> Mapping[int, Numbers]:
    """The figures of ``day`` as they stood on its evening. What was known at a moment that is over is not changed by what is
    recorded later, so it is asked once a day (``on``) and not whenever the fact files change."""
    known = datetime.combine(day, time.max, tzinfo=clock.ZONE)
    return of_towns(codes, city_id, day, known) if unit_id is None else of_units(codes, (unit_id,), day, known)


def _paths(
    letter: Letter,
    refs: list[InputRef],
    places: Mapping[date, Mapping[int, Numbers]],
    until: date,
    late: Mapping[str, Late],
) -> dict[str, Path]:
    days = [day for day in places if day != until]
    towns = max(1, len(places[days[-1]]) - 1)
    found = {}
    for ref in refs:
        if ref.source != "indicator" or not (moves := _moves(catalogue.get(ref.code, days[-1]))):
            continue
        by_day = [places[day].get(subject_of(letter), {}).get(ref.key) for day in days]
        ahead = places[until].get(subject_of(letter), {}).get(ref.key)
        numbers = tuple(number for number in by_day if number is not None)
        if ahead is None or len(numbers) != len(days):
            continue
        found[ref.key] = Path(
            days=tuple(days),
            numbers=numbers,
            ahead=ahead,
            until=until,
            moves=moves,
            planned=catalogue.get(ref.code, days[-1]).facts <= PLANNED,
            reads=frozenset(one.part for one in _refs_of_key(letter, ref.key, days[-1])),
            like=None if letter.is_of_unit else places[days[-1]].get(letter.city_id, {}).get(ref.key),
            towns=towns,
            late=late.get(ref.key, NOTHING_KNOWN),
        )
    return found


def _refs_of_key(letter: Letter, key: str, on: date) -> list[InputRef]:
    """Every part of one input that clauses of the letter's sheet read."""
    clauses = [clause for clause in scheme_of(letter.scheme).clauses() if clause.in_force(on)]
    named = [parse_ref(text, clause=clause.id, name=name) for clause in clauses for name, text in clause.inputs.items()]
    return [ref for ref in named if ref.key == key]


def _moves(indicator: Indicator) -> Moves | None:
    """How a figure goes through the year; None where it is no count and no share of whole counts."""
    if indicator.denominator is not None:
        if not indicator.proportion:
            return None
        return Moves.STANDING if _ASKS_DAY in indicator.numerator.expression.parameters else Moves.WINDOW
    return Moves.EVENTS if indicator.kind is IndicatorKind.FLOW and indicator.counts else None


def _told(path: Path) -> Hashable:
    """All of a path that its forecast depends on."""
    amounts = [(n.value, n.numerator, n.denominator, n.missing, n.not_available, *sorted(n.parts.items())) for n in path.numbers]
    ahead, like = path.ahead, path.like
    return (
        path.days,
        tuple(amounts),
        (ahead.value, ahead.numerator, ahead.denominator),
        path.late,
        None if like is None else (like.value, like.numerator, like.denominator, *sorted(like.parts.items())),
    )
