"""One thing to do, as a line of the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from qingyuan.web.templatetags.look import TimeLeft, time_left_words

SOON = 3
LAST_OF_ALL = date.max


@dataclass(frozen=True)
class Job:
    """``left`` is the tag in front (None: no deadline); ``act`` and ``href`` the one button; ``whose`` who has it; ``about`` the row it
    shows a name of, for the read audit."""

    title: str
    note: str
    left: TimeLeft | None
    act: str = ""
    href: str = ""
    whose: str = ""
    weight: int = 1
    about: UUID | None = None

    @property
    def day(self) -> date:
        return self.left.day if self.left else LAST_OF_ALL

    def is_pressing(self, on: date) -> bool:
        """Overdue or due today."""
        return self.left is not None and self.left.day <= on


def by_deadline(jobs: list[Job]) -> list[Job]:
    return sorted(jobs, key=lambda job: (job.day, job.title))


def until(day: date, on: date) -> TimeLeft:
    return time_left_words(day, on, SOON)


def link(name: str, *args: object) -> str:
    """The address of a page, or nothing where this installation has no such page."""
    try:
        return reverse(f"web:{name}", args=args)
    except NoReverseMatch:
        return ""
