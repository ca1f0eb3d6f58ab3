"""One thing to do: why, by when, and on which page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from qingyuan.foundation.time_left import TimeLeft, time_left_words

SOON = 3
WEEK = 7
LAST_OF_ALL = date.max


@dataclass(frozen=True)
class Page:
    """A page by its url name, its arguments and the query behind it; an installation may be without it."""

    name: str
    args: tuple[object, ...] = ()
    query: str = ""


@dataclass(frozen=True)
class Job:
    """``left`` is the tag in front (None: no deadline); ``act`` and ``page`` the one button; ``whose`` who has it; ``about`` the
    row it shows a name of, for the read audit; ``kind`` the source it comes from, ``mark`` whom it was brought before."""

    title: str
    note: str
    left: TimeLeft | None
    act: str = ""
    page: Page | None = None
    whose: str = ""
    weight: int = 1
    about: UUID | None = None
    kind: str = ""
    mark: str = ""

    @property
    def day(self) -> date:
        return self.left.day if self.left else LAST_OF_ALL

    def is_pressing(self, on: date) -> bool:
        """Overdue or due today."""
        return self.left is not None and self.left.day <= on


def by_deadline(jobs: Iterable[Job]) -> list[Job]:
    return sorted(jobs, key=lambda job: (job.day, job.title))


def in_turn(jobs: Iterable[Job], on: date) -> list[Job]:
    """Overdue, today, within a week; then what has no day but waits for nobody else; then what is later."""
    week = on + timedelta(days=WEEK)
    return sorted(jobs, key=lambda job: (1 if job.left is None else 2 if job.day > week else 0, job.day, job.title))


def until(day: date, on: date) -> TimeLeft:
    return time_left_words(day, on, SOON)


def page(name: str, *args: object, query: str = "") -> Page:
    """``query`` without its question mark."""
    return Page(name, args, query)
