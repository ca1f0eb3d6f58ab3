"""What people see first: their own work by its deadline, then their figures. What waits is collected by ``journeys.todo``."""

from __future__ import annotations

from datetime import date

from qingyuan.journeys.todo.sources import pressing
from qingyuan.organisation.actor import Actor
from qingyuan.web.navigation import Count, register_badge

BADGE = "today"


def badge(actor: Actor, on: date) -> Count | None:
    """How many of one's own things are overdue or due today, beside «今天»."""
    number = pressing(actor, on)
    return Count(number, late=True) if number else None


register_badge(BADGE, badge)
