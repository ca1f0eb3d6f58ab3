"""Period calendars: natural months, office months (26th–25th), the school year, the survey season.

A calendar cuts time into spans, each with the day its figures are to be reported by.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from qingyuan.reference import holidays
from qingyuan.reference.periods import add_months
from qingyuan.reference.tables import Row, read_table


class UnknownCalendar(LookupError):
    """No calendar has this code; the message names those there are."""


@dataclass(frozen=True, order=True)
class Span:
    """``[start, end)`` of one calendar; ``report_by`` is the last day in time."""

    start: date
    end: date
    calendar: str
    label_zh: str
    report_by: date

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    def contains(self, day: date) -> bool:
        return self.start <= day < self.end


@dataclass(frozen=True)
class Calendar:
    """One way of cutting the year. ``span_of`` and ``spans`` are all a caller needs."""

    code: str
    name_zh: str
    name_en: str
    monthly: bool
    opens: tuple[int, int]
    closes: tuple[int, int]
    report_months_after: int
    report_day: int
    report_rolls: bool
    note: str
    source: str

    def span_of(self, day: date) -> Span | None:
        """The span the day lies in; None outside a season."""
        for year in (day.year - 1, day.year, day.year + 1):
            for span in self.spans(year):
                if span.contains(day):
                    return span
        return None

    def spans(self, year: int) -> list[Span]:
        """The spans named after a year: twelve months, or the one season that opens in it."""
        if self.monthly:
            return [self.month_span(year, month) for month in range(1, 13)]
        start = date(year, *self.opens)
        end = date(year + (self.closes <= self.opens), *self.closes)
        label = f"{year} 学年" if end.year > year else f"{year} 年踏查季"
        return [Span(start, end, self.code, label, self._report_by(end))]

    def month_span(self, year: int, month: int) -> Span:
        """The span of a monthly calendar that bears the name of this month.

        Raises:
            UnknownCalendar: the calendar is not monthly.
        """
        if not self.monthly:
            raise UnknownCalendar(f"“{self.name_zh}”不按月划分。")
        first_day = self.opens[1]
        named = date(year, month, 1)
        start = named if first_day == 1 else add_months(named, -1).replace(day=first_day)
        end = add_months(start, 1)
        return Span(start, end, self.code, f"{year} 年 {month} 月", self._report_by(named))

    def _report_by(self, anchor: date) -> date:
        day = add_months(anchor, self.report_months_after).replace(day=self.report_day)
        return holidays.next_working_day(day) if self.report_rolls else day


@cache
def get_calendar(code: str) -> Calendar:
    """The calendar of this code: ``natural``, ``office``, ``school`` or ``survey``.

    Raises:
        UnknownCalendar: there is no such calendar.
    """
    for row in read_table("calendars"):
        if row["code"] == code:
            return _calendar(row)
    raise UnknownCalendar(f"没有名为 {code} 的统计历；现有：{'、'.join(calendar_codes())}。")


def calendar_codes() -> tuple[str, ...]:
    return tuple(row["code"] for row in read_table("calendars"))


def _calendar(row: Row) -> Calendar:
    return Calendar(
        code=row["code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        monthly=row["unit"] == "month",
        opens=(int(row["start_month"] or 1), int(row["start_day"])),
        closes=(int(row["end_month"] or 1), int(row["end_day"] or 1)),
        report_months_after=int(row["report_months_after"]),
        report_day=int(row["report_day"]),
        report_rolls=row["report_rolls"] == "yes",
        note=row["note"],
        source=row["source"],
    )
