"""Test schedules of community detoxification and rehabilitation: windows in which a test is due.

The number of tests is not in national law (禁毒法第三十五条 leaves it to the police); the schedules are data with their
source, and which one a place uses is a rule-pack value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from qingyuan.foundation.words import in_english
from qingyuan.reference.measure_terms import measure_term, report_due
from qingyuan.reference.packs import NATIONAL
from qingyuan.reference.periods import add_months
from qingyuan.reference.tables import optional_day, read_table

_HALF_MONTH = timedelta(days=15)
_YEARS_ZH = "一二三四五"


class UnknownSchedule(LookupError):
    """No schedule has this code; the message names those there are."""


class EmptyTerm(ValueError):
    """The term ends on or before the report day: there is nothing to test."""


@dataclass(frozen=True, order=True)
class Window:
    """One due test. ``[opens, closes)``; ``index`` counts from 1; ``label`` is for people: test ``turn`` of ``year``."""

    index: int
    opens: date
    closes: date
    label: str
    year: int = field(default=0, compare=False)
    turn: int = field(default=0, compare=False)

    @property
    def last_day(self) -> date:
        return self.closes - timedelta(days=1)


@dataclass(frozen=True)
class Phase:
    """From ``from_month`` to ``to_month`` after the report day, ``slots_each`` tests every ``every_months`` months."""

    from_month: int
    to_month: int
    every_months: int
    slots_each: int


@dataclass(frozen=True)
class Schedule:
    code: str
    name_zh: str
    name_en: str
    total: int
    surprise_min: int
    valid_from: date | None
    valid_to: date | None
    source: str
    note: str
    phases: tuple[Phase, ...]

    @property
    def said(self) -> str:
        """The name in the language of the page."""
        return self.name_en if self.name_en and in_english() else self.name_zh


def windows(schedule_code: str, report_day: date, until: date | None = None) -> list[Window]:
    """The windows of a term that began with reporting on ``report_day``.

    Windows are contiguous and half-open; every edge is counted from the report day itself, so that a report on the
    31st returns to the 31st after a short month. ``until`` (exclusive) ends a term shorter than three years: the
    window it falls in is cut there.

    Raises:
        UnknownSchedule: no schedule has this code.
        EmptyTerm: ``until`` is not after the report day.
    """
    schedule = get_schedule(schedule_code)
    if until is not None and until <= report_day:
        raise EmptyTerm(f"措施结束日 {until} 不晚于报到日 {report_day}，请检查日期。")
    edges = _edges(schedule, report_day)
    made: list[Window] = []
    per_year: dict[int, int] = {}
    for index, (opens, closes) in enumerate(zip(edges, edges[1:], strict=False), start=1):
        if until is not None and opens >= until:
            break
        year = _year_of_term(report_day, opens)
        per_year[year] = per_year.get(year, 0) + 1
        label = f"第{_YEARS_ZH[year - 1]}年第 {per_year[year]} 次"
        made.append(Window(index, opens, closes if until is None else min(closes, until), label, year, per_year[year]))
    return made


def report_by(received_on: date, measure: str = "CD", pack: str = NATIONAL) -> date:
    """The last day to report for a person who received the decision on a day (戒毒条例第十四、三十八条).

    ``measure_terms.report_due`` gives the same day with its count, notes and article.

    Raises:
        BadTerm: the measure has no report window.
    """
    return report_due(measure, received_on, pack).day


def term_end(measure: str, start: date, months: int | None = None, pack: str = NATIONAL) -> date | None:
    """The last day of a measure that began on ``start``; None for a CR whose length (set in the decision) is unknown.

    A printed end date is authoritative over this one. ``measure_terms.measure_term`` gives it with note and article.

    Raises:
        BadTerm: the measure has no term that can be computed.
    """
    if measure == "CR" and months is None:
        return None
    return measure_term(measure, start, months, pack).last_day


@cache
def get_schedule(code: str) -> Schedule:
    """The schedule of this code.

    Raises:
        UnknownSchedule: there is none.
    """
    for row in read_table("schedules"):
        if row["code"] == code:
            return Schedule(
                code=code,
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                total=int(row["total"]),
                surprise_min=int(row["surprise_min"]),
                valid_from=optional_day(row["valid_from"]),
                valid_to=optional_day(row["valid_to"]),
                source=row["source"],
                note=row["note"],
                phases=_phases(code),
            )
    raise UnknownSchedule(f"没有代码为 {code} 的检测计划；现有：{'、'.join(schedule_codes())}。")


def schedule_codes() -> tuple[str, ...]:
    return tuple(row["code"] for row in read_table("schedules"))


def _phases(code: str) -> tuple[Phase, ...]:
    return tuple(
        Phase(int(row["from_month"]), int(row["to_month"]), int(row["every_months"]), int(row["slots_each"]))
        for row in read_table("schedule_phases")
        if row["schedule"] == code
    )


def _edges(schedule: Schedule, report_day: date) -> list[date]:
    edges: list[date] = []
    for phase in schedule.phases:
        for offset in range(phase.from_month, phase.to_month, phase.every_months):
            opens = add_months(report_day, offset)
            edges.append(opens)
            edges.extend(opens + _HALF_MONTH * part for part in range(1, phase.slots_each))
    edges.append(add_months(report_day, schedule.phases[-1].to_month))
    return edges


def _year_of_term(report_day: date, opens: date) -> int:
    year = 1
    while add_months(report_day, 12 * year) <= opens:
        year += 1
    return year
