"""Stretches of days, half-open: the start day belongs, the end day does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


class BackwardInterval(ValueError):
    """An interval whose end lies before its start."""

    def __init__(self, start: date, end: date) -> None:
        super().__init__(f"结束日期 {end} 早于开始日期 {start}：请检查两个日期是否填反")


@dataclass(frozen=True, order=False)
class Interval:
    """Days in [start, end). ``end`` None: still running. ``end == start``: no day at all.

    Raises BackwardInterval when the end lies before the start.
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise BackwardInterval(self.start, self.end)

    def __contains__(self, day: date) -> bool:
        return self.contains(day)

    @property
    def is_open(self) -> bool:
        return self.end is None

    def contains(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: Interval) -> bool:
        """Whether at least one day belongs to both."""
        return self.clamp(other) is not None

    def clamp(self, other: Interval) -> Interval | None:
        """The days that belong to both, or None when there is none."""
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends) if ends else None
        if end is not None and end <= start:
            return None
        return Interval(start, end)

    def days(self, until: date | None = None) -> int:
        """Number of days; an open interval is counted up to ``until`` (exclusive) and needs it.

        Raises ValueError for an open interval without ``until``.
        """
        end = self.end
        if until is not None:
            end = until if end is None else min(end, until)
        if end is None:
            raise ValueError("尚未结束的区间没有天数：请给出计算截止日")
        return max(0, (end - self.start).days)
