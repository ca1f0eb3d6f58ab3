"""Periods of reporting: a month, a quarter, a half year, a year, or a run of months (cumulative figures).

A period is a value; ``str(period)`` is its form in addresses and ``Period.parse`` reads it back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_RANGE = re.compile(r"(\d{4})-(\d{2})\.\.(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})Q([1-4])", re.IGNORECASE)
_HALF = re.compile(r"(\d{4})H([12])", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}")
FIRST_YEAR, _LAST_YEAR = 1950, 2200
_SERIES_OF_MONTHS = 13
_QUARTERS_ZH = "一二三四"
_QUARTERS_EN = ("Q1", "Q2", "Q3", "Q4")
_MONTHS_EN = "January February March April May June July August September October November December".split()


class PeriodKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    YTD = "ytd"


class BadPeriod(ValueError):
    """The text is not a period; the message says how one is written."""


_LENGTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF: 6, PeriodKind.YEAR: 12}


@dataclass(frozen=True, order=True)
class Period:
    """``[start, end)`` in whole months. Made by ``parse``, ``month``, ``quarter``, ``half``, ``year``, ``ytd``."""

    start: date
    end: date
    kind: PeriodKind

    def __post_init__(self) -> None:
        if self.start.day != 1 or self.end.day != 1 or self.start >= self.end:
            raise BadPeriod(f"期间要由整月组成，起止为 {self.start} 至 {self.end} 不行。")
        if self.start.year < FIRST_YEAR or self.end.year > _LAST_YEAR:
            raise BadPeriod(f"年份要在 {FIRST_YEAR} 至 {_LAST_YEAR - 1} 之间。")
        length = _LENGTHS.get(self.kind)
        if length is not None and (self.length != length or (self.start.month - 1) % length):
            raise BadPeriod(f"{self.start} 至 {self.end} 不是完整的自然月、季度、半年或年。")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Reads ``2022-10``, ``2022Q3``, ``2022H1``, ``2022`` or ``2022-01..2022-10``.

        Raises:
            BadPeriod: with a sentence that shows the accepted forms, or names the month that does not exist.
        """
        written = text.strip()
        if found := _RANGE.fullmatch(written):
            first = _month_start(found[1], found[2])
            last = _month_start(found[3], found[4])
            if last < first:
                raise BadPeriod(f"“{written}”的起始月份晚于结束月份，请对调。")
            return cls(first, add_months(last, 1), PeriodKind.YTD)
        if found := _MONTH.fullmatch(written):
            return month(_month_start(found[1], found[2]))
        if found := _QUARTER.fullmatch(written):
            return quarter(_year_number(found[1]), int(found[2]))
        if found := _HALF.fullmatch(written):
            return half(_year_number(found[1]), int(found[2]))
        if _YEAR.fullmatch(written):
            return year(_year_number(written))
        raise BadPeriod(
            f"“{written}”不是期间。请写成 2022-10（月）、2022Q3（季度）、2022H1（半年）、2022（年）或 2022-01..2022-10（累计）。"
        )

    def __str__(self) -> str:
        first = self.start
        match self.kind:
            case PeriodKind.MONTH:
                return f"{first:%Y-%m}"
            case PeriodKind.QUARTER:
                return f"{first.year:04d}Q{(first.month + 2) // 3}"
            case PeriodKind.HALF:
                return f"{first.year:04d}H{1 if first.month == 1 else 2}"
            case PeriodKind.YEAR:
                return f"{first.year:04d}"
            case PeriodKind.YTD:
                return f"{first:%Y-%m}..{self.last_day:%Y-%m}"

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def length(self) -> int:
        """Number of months."""
        return months_between(self.start, self.end)

    @property
    def label_zh(self) -> str:
        """``2022 年 10 月``, ``2022 年第三季度``, ``2022 年上半年``, ``2022 年``, ``2022 年 1—10 月``."""
        first, last = self.start, self.last_day
        match self.kind:
            case PeriodKind.QUARTER:
                return f"{first.year} 年第{_QUARTERS_ZH[(first.month - 1) // 3]}季度"
            case PeriodKind.HALF:
                return f"{first.year} 年{'上' if first.month == 1 else '下'}半年"
            case PeriodKind.YEAR:
                return f"{first.year} 年"
            case _ if first.year != last.year:
                return f"{first.year} 年 {first.month} 月—{last.year} 年 {last.month} 月"
            case _ if first.month != last.month:
                return f"{first.year} 年 {first.month}—{last.month} 月"
        return f"{first.year} 年 {first.month} 月"

    @property
    def label_en(self) -> str:
        first, last = self.start, self.last_day
        match self.kind:
            case PeriodKind.QUARTER:
                return f"{_QUARTERS_EN[(first.month - 1) // 3]} {first.year}"
            case PeriodKind.HALF:
                return f"{'First' if first.month == 1 else 'Second'} half of {first.year}"
            case PeriodKind.YEAR:
                return f"{first.year}"
            case _ if first.year != last.year:
                return f"{_MONTHS_EN[first.month - 1]} {first.year}–{_MONTHS_EN[last.month - 1]} {last.year}"
            case _ if first.month != last.month:
                return f"{_MONTHS_EN[first.month - 1]}–{_MONTHS_EN[last.month - 1]} {first.year}"
        return f"{_MONTHS_EN[first.month - 1]} {first.year}"

    def contains(self, day: date) -> bool:
        return self.start <= day < self.end

    def months(self) -> list[Period]:
        """The months of the period, oldest first."""
        return [month(add_months(self.start, offset)) for offset in range(self.length)]

    def shift(self, months: int) -> Period:
        """The same kind and length, moved by whole months.

        Raises:
            BadPeriod: the move leaves the calendar grid of the kind (a quarter moved by one month).
        """
        return Period(add_months(self.start, months), add_months(self.end, months), self.kind)

    def same_last_year(self) -> Period:
        return self.shift(-12)

    def previous(self) -> Period:
        """The period of the same length that ends where this one begins: like is compared with like."""
        return self.shift(-self.length)

    def next(self) -> Period:
        return self.shift(self.length)

    def step(self, count: int) -> Period:
        """What the arrows beside a period do: a cumulative period moves its last month (1—10 月 → 1—9 月) and turns
        the year at its ends; every other kind moves to its neighbour."""
        if self.kind is not PeriodKind.YTD or self.start.month != 1 or self.length > 12:
            return self.shift(self.length * count)
        return ytd(add_months(self.end, count - 1))

    def roll(self, count: int | None = None) -> list[Period]:
        """The periods of a series that ends with this one, oldest first.

        Without a count: a month gives the thirteen months up to itself, every longer period its own months. With a
        count: that many neighbours of the same kind.
        """
        if count is not None:
            return [self.shift(-self.length * back) for back in range(count - 1, -1, -1)]
        return self.roll(_SERIES_OF_MONTHS) if self.kind is PeriodKind.MONTH else self.months()

    def is_complete(self, today: date) -> bool:
        """Whether the period is over."""
        return self.end <= today


def month(day: date) -> Period:
    """The month of a day."""
    first = day.replace(day=1)
    return Period(first, add_months(first, 1), PeriodKind.MONTH)


def quarter(year_number: int, number: int) -> Period:
    first = date(year_number, 3 * number - 2, 1)
    return Period(first, add_months(first, 3), PeriodKind.QUARTER)


def half(year_number: int, number: int) -> Period:
    first = date(year_number, 6 * number - 5, 1)
    return Period(first, add_months(first, 6), PeriodKind.HALF)


def year(year_number: int) -> Period:
    return Period(date(year_number, 1, 1), date(year_number + 1, 1, 1), PeriodKind.YEAR)


def ytd(upto: date | Period) -> Period:
    """From January of that year to the month of the day (or to the last month of the period), inclusive."""
    last = upto.last_day if isinstance(upto, Period) else upto
    return Period(date(last.year, 1, 1), add_months(last.replace(day=1), 1), PeriodKind.YTD)


def as_of(period: Period, today: date) -> date:
    """The last day of the period that has come: the day a stock figure is read on.

    Raises:
        BadPeriod: the period has not begun.
    """
    if today < period.start:
        raise BadPeriod(f"{period.label_zh}还没有开始，没有可看的数字。")
    return min(period.last_day, today)


def add_months(day: date, count: int) -> date:
    """The corresponding day ``count`` months away, or the last day of a shorter month (民法典第二百零二条)."""
    total = day.year * 12 + day.month - 1 + count
    first = date(total // 12, total % 12 + 1, 1)
    following = date((total + 1) // 12, (total + 1) % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - first).days))


def months_between(start: date, end: date) -> int:
    """Calendar months from one month to another, whatever the days."""
    return (end.year - start.year) * 12 + end.month - start.month


def _year_number(text: str) -> int:
    number = int(text)
    if not FIRST_YEAR <= number < _LAST_YEAR:
        raise BadPeriod(f"年份要在 {FIRST_YEAR} 至 {_LAST_YEAR - 1} 之间，写的是 {text}。")
    return number


def _month_start(year_text: str, month_text: str) -> date:
    number = int(month_text)
    if not 1 <= number <= 12:
        raise BadPeriod(f"没有 {month_text} 月，月份是 01 至 12。")
    return date(_year_number(year_text), number, 1)
