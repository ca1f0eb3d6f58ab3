"""The arithmetic under every clock: from a day, some terms one after another and the days that do not count, to the last day.

Pure and without law: which days do not count, and why, is the business of ``replay``. A clock by hours is reckoned on
moments, every other on days.
Sources of the ways of counting: 民法典第二百零一至二百零三条；最高人民法院关于适用刑事诉讼法的解释第二百零二条(月末至月末)。
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qingyuan.reference import holidays
from qingyuan.reference.clocks.terms import Term, Unit
from qingyuan.reference.periods import add_months

_ONE_DAY = timedelta(days=1)
# A pause without an end: later than any day a clock is asked about.
OPEN = date.max


@dataclass(frozen=True, order=True)
class Pause:
    """Days ``[first, until)`` that are not counted; ``until`` is ``OPEN`` while nobody has resumed."""

    first: date
    until: date


@dataclass(frozen=True)
class Way:
    """How a clock counts. ``counts_start``: the start day is the first day of the term (a term that ends the day before
    its anniversary). ``sticky``: a month reckoned from a month's last day ends on a month's last day (criminal
    procedure)."""

    counts_start: bool = False
    sticky: bool = False


def merged(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The same uncounted days as disjoint pauses in order."""
    joined: list[Pause] = []
    for pause in sorted(pauses):
        if pause.until <= pause.first:
            continue
        if joined and pause.first <= joined[-1].until:
            joined[-1] = Pause(joined[-1].first, max(joined[-1].until, pause.until))
        else:
            joined.append(pause)
    return tuple(joined)


def paused_days(pauses: Sequence[Pause], after: date, last: date) -> int:
    """How many days of ``(after, last]`` lie in disjoint pauses."""
    total = 0
    for pause in pauses:
        first = max(pause.first, after + _ONE_DAY)
        until = min(pause.until, last + _ONE_DAY) if last < OPEN else pause.until
        total += max(0, (until - first).days)
    return total


def nominal(cursor: date, terms: Sequence[Term], way: Way) -> date:
    """The last day of terms of one kind counted from ``cursor`` (itself not counted), nothing paused.

    Months and years add up before they are counted: two months and one month from 31 July end on 31 October.
    """
    unit = terms[0].unit
    if months := sum(term.months for term in terms):
        end = add_months(cursor, months)
        sticks = way.sticky and (cursor + _ONE_DAY).day == 1
        return _month_end(end) if sticks else end
    amount = sum(term.amount for term in terms)
    if unit is Unit.WORKING_DAY:
        return holidays.add_working_days(cursor, amount)
    return cursor + timedelta(days=amount)


def last_day(
    start: date, terms: Sequence[Term], pauses: Sequence[Pause] = (), *, credit: int = 0, way: Way = Way()
) -> date | None:
    """The last day of the whole, before any roll-over; None while an open pause stands in the way.

    ``credit`` days come off at the end, never before the start.
    """
    cursor = start - _ONE_DAY if way.counts_start else start
    groups = _groups(terms) if len(terms) > 1 else [terms]
    for place, group in enumerate(groups):
        # A term that counts its start day ends the day before the anniversary of that day, not of the day before it.
        if place == 0 and way.counts_start and group[0].months:
            reached = nominal(start, group, way) - _ONE_DAY
        else:
            reached = nominal(cursor, group, way)
        moved = _beyond_pauses(cursor, reached, pauses, working=group[0].unit is Unit.WORKING_DAY)
        if moved is None:
            return None
        cursor = moved
    return max(start, cursor - timedelta(days=credit))


def last_moment(
    start: datetime, terms: Sequence[Term], pauses: Sequence[tuple[datetime, datetime | None]] = ()
) -> datetime | None:
    """The same for terms by the hour: the moment by which the act must have been done; None while a pause is open."""
    reached = start + timedelta(hours=sum(term.amount for term in terms))
    for first, until in sorted(pauses, key=lambda pause: pause[0]):
        if first >= reached:
            break
        if until is None:
            return None
        reached += max(timedelta(0), until - max(first, start))
    return reached


def days_used(start: date, on: date, pauses: Sequence[Pause], *, counts_start: bool) -> int:
    """Counted days from the start up to and including ``on``."""
    after = start - _ONE_DAY if counts_start else start
    return max(0, (on - after).days - paused_days(pauses, after, on)) if on > after else 0


def backwards(anchor: date, term: Term) -> date:
    """The day that lies a term before ``anchor``: ``三日前`` of the 10th is the 7th."""
    if term.unit is Unit.WORKING_DAY:
        return holidays.add_working_days(anchor, -term.amount)
    if term.months:
        return add_months(anchor, -term.months)
    return anchor - timedelta(days=term.amount)


def certain(days: Iterable[date]) -> bool:
    """Whether the holiday arrangement of every one of these days' years is on file."""
    return all(holidays.known(day) for day in days)


def _groups(terms: Sequence[Term]) -> list[list[Term]]:
    groups: list[list[Term]] = []
    for term in terms:
        if groups and _kind(groups[-1][-1]) == _kind(term):
            groups[-1].append(term)
        else:
            groups.append([term])
    return groups


def _kind(term: Term) -> Unit:
    return Unit.MONTH if term.months else term.unit


def _beyond_pauses(cursor: date, reached: date, pauses: Sequence[Pause], *, working: bool) -> date | None:
    if not pauses:
        return reached
    if working:
        return _working_beyond(cursor, reached, pauses)
    needed = (reached - cursor).days
    last = reached
    while True:
        if any(pause.until == OPEN and pause.first <= last for pause in pauses):
            return None
        moved = cursor + timedelta(days=needed + paused_days(pauses, cursor, last))
        if moved == last:
            return last
        last = moved


def _working_beyond(cursor: date, reached: date, pauses: Sequence[Pause]) -> date | None:
    """Working days that lie in no pause, as many as there are between ``cursor`` and ``reached``."""
    left, day = 0, cursor
    while day < reached:
        day += _ONE_DAY
        left += holidays.is_working_day(day)
    day = cursor
    while left:
        day += _ONE_DAY
        for pause in pauses:
            if pause.first <= day < pause.until:
                if pause.until == OPEN:
                    return None
                day = pause.until
        left -= holidays.is_working_day(day)
    return day


def _month_end(day: date) -> date:
    return add_months(day.replace(day=1), 1) - _ONE_DAY
