"""Periods and days of one client on one line of time (measures, pauses, tests)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qingyuan.web.charts.scales import at

WIDTH = 1150
LEFT, RIGHT, TOP = 150, 24, 26
LANE, HEIGHT_OF_SPAN, FOOT = 42, 24, 34
_CHARACTER = 14  # width of a Chinese character in the labels, for what fits into a span
_TODAY_ROOM = 40


@dataclass(frozen=True)
class Span:
    """[start, end) with its words. ``style``: span, gap, plan (expected), pause. ``end`` None: still running."""

    start: date
    end: date | None
    label: str = ""
    style: str = "span"
    href: str = ""


@dataclass(frozen=True)
class Mark:
    """A day. ``style``: done, missed, waiting, excused; shape and the key say it, not colour alone."""

    day: date
    style: str
    title: str = ""
    href: str = ""


@dataclass(frozen=True)
class Lane:
    name: str
    spans: Sequence[Span] = ()
    marks: Sequence[Mark] = ()


@dataclass(frozen=True)
class DrawnSpan:
    x: str
    y: str
    width: str
    text: str
    text_x: str
    text_y: str
    title: str
    style: str
    href: str


@dataclass(frozen=True)
class DrawnMark:
    x: str
    y: str
    style: str
    title: str
    href: str


@dataclass(frozen=True)
class DrawnLane:
    name: str
    text_y: str
    spans: list[DrawnSpan]
    marks: list[DrawnMark]


@dataclass(frozen=True)
class Timeline:
    title: str
    lanes: list[DrawnLane]
    ticks: list[tuple[str, str]]
    today_x: str
    today_end: bool
    table: list[tuple[str, str, str, str]]
    mark_styles: list[str]
    height: int
    width: int = WIDTH
    height_of_span: int = HEIGHT_OF_SPAN

    @property
    def floor(self) -> int:
        return self.height - FOOT


def timeline(lanes: Sequence[Lane], *, start: date, end: date, today: date, title: str) -> Timeline:
    """Geometry of ``lanes`` between two days; what lies outside is cut at the rim. Errors: ValueError if end <= start."""
    if end <= start:
        raise ValueError("时间线的终点要晚于起点")

    def x(day: date) -> float:
        share = (min(max(day, start), end) - start).days / (end - start).days
        return LEFT + (WIDTH - LEFT - RIGHT) * share

    drawn = []
    for place, lane in enumerate(lanes):
        top = TOP + place * LANE
        spans = [_span(span, x(span.start), x(span.end or today), top) for span in lane.spans]
        marks = [
            DrawnMark(at(x(mark.day)), at(top + HEIGHT_OF_SPAN / 2), mark.style, mark.title or str(mark.day), mark.href)
            for mark in lane.marks
            if start <= mark.day <= end
        ]
        drawn.append(DrawnLane(lane.name, at(top + HEIGHT_OF_SPAN / 2 + 5), spans, marks))
    styles = sorted({mark.style for lane in lanes for mark in lane.marks}, key=("done missed waiting excused").find)
    return Timeline(
        title=title,
        lanes=drawn,
        ticks=[(at(x(day)), f"{day.year}.{day.month}") for day in _half_years(start, end)],
        today_x=at(x(today)) if start <= today <= end else "",
        today_end=x(today) > WIDTH - RIGHT - _TODAY_ROOM,
        table=_table(lanes),
        mark_styles=styles,
        height=TOP + len(lanes) * LANE + FOOT,
    )


def _span(span: Span, left: float, right: float, top: float) -> DrawnSpan:
    width = max(right - left, 3.0)
    fits = width >= len(span.label) * _CHARACTER * 0.8 + 16
    days = f"{span.start} — {span.end or ''}"
    return DrawnSpan(
        x=at(left),
        y=at(top),
        width=at(width),
        text=span.label if fits else "",
        text_x=at(left + 11),
        text_y=at(top + HEIGHT_OF_SPAN / 2 + 5),
        title=f"{span.label} {days}".strip(),
        style=span.style,
        href=span.href,
    )


def _half_years(start: date, end: date) -> list[date]:
    days = [date(year, month, 1) for year in range(start.year, end.year + 1) for month in (1, 7)]
    return [day for day in days if start <= day <= end]


def _table(lanes: Sequence[Lane]) -> list[tuple[str, str, str, str]]:
    """Lane, from, to, words: the same as the picture, in order."""
    rows = [(lane.name, str(s.start), str(s.end or ""), s.label) for lane in lanes for s in lane.spans]
    rows += [(lane.name, str(mark.day), "", mark.title) for lane in lanes for mark in lane.marks]
    return rows
