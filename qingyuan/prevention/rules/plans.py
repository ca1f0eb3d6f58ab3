"""Pure rules of what should be done by when: rounds of a survey season, class hours of a school year, a visit a year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


class BadWindows(ValueError):
    """The rule pack's windows cannot be read; the message says how to write them."""


@dataclass(frozen=True)
class Span:
    """A window, both days inside. ``position`` is unique for its subject; ``needed`` False = nobody has to answer it."""

    position: int
    label: str
    opens: date
    last_day: date
    needed: bool = True


def month_windows(text: str) -> tuple[tuple[int, int], ...]:
    """First and last month of each round: ``2;3;6-7`` gives ``(2, 2), (3, 3), (6, 7)``. Raises BadWindows."""
    found: list[tuple[int, int]] = []
    for piece in text.split(";"):
        first, _dash, last = piece.strip().partition("-")
        if not first.isdecimal() or (last and not last.isdecimal()):
            raise BadWindows(f"踏查各轮写成“2;3;4;5;6-7;8-9”的样子,现为“{text}”。")
        found.append((int(first), int(last or first)))
    begins = [first for first, _last in found]
    if any(not 1 <= first <= last <= 12 for first, last in found) or any(
        last >= following for (_first, last), following in zip(found, begins[1:], strict=False)
    ):
        raise BadWindows(f"踏查各轮的月份要在 1—12 之间,先后不重叠,现为“{text}”。")
    return tuple(found)


def season(year: int, windows: Iterable[tuple[int, int]]) -> list[Span]:
    """The rounds of one season. Positions hold the year: 20221 is the first round of 2022."""
    return [
        Span(
            position=year * 10 + number,
            label=f"{year} 年第 {number} 轮",
            opens=date(year, first, 1),
            last_day=date(year + last // 12, last % 12 + 1, 1) - ONE_DAY,
        )
        for number, (first, last) in enumerate(windows, start=1)
    ]


def calendar_year(year: int) -> Span:
    return Span(position=year, label=f"{year} 年", opens=date(year, 1, 1), last_day=date(year, 12, 31))


def asked_for(spans: Iterable[Span], *, since: date, closed_on: date | None, join_late: bool = False) -> list[Span]:
    """The windows that fall to something listed from ``since`` until ``closed_on`` (exclusive).

    A window it did not see from the beginning is not asked for, unless ``join_late`` lets it begin on ``since``; one it
    did not see to the end need not be answered.
    """
    found = []
    for span in spans:
        if closed_on is not None and max(span.opens, since) >= closed_on:
            continue
        if span.opens < since:
            if not join_late or span.last_day < since:
                continue
            span = replace(span, opens=since)
        found.append(replace(span, needed=closed_on is None or span.last_day < closed_on))
    return found
