"""To-dos as the lines of a page: the address of each one's page, or no button where this installation has no such page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import NoReverseMatch, reverse

from qingyuan.journeys.todo.job import Job, Page


@dataclass(frozen=True)
class Line:
    """``presses``: overdue or due today; a phone gives these the big button."""

    job: Job
    href: str
    presses: bool


def lines(jobs: Iterable[Job], on: date) -> list[Line]:
    return [Line(job, address(job.page), job.is_pressing(on)) for job in jobs]


def address(page: Page | None) -> str:
    if page is None:
        return ""
    found = link(page.name, *page.args)
    return f"{found}?{page.query}" if found and page.query else found


def link(name: str, *args: object) -> str:
    """The address of a page, or nothing where this installation has no such page."""
    try:
        return reverse(f"web:{name}", args=args)
    except NoReverseMatch:
        return ""
