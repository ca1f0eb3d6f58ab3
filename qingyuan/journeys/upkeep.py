"""What has to happen every few moments, whoever is looking: facts follow rows, the audit chain is sealed.

Every duty is safe to repeat and to break off: facts come from the outbox, seals from what is unsealed.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections

from qingyuan.casework.actions import clocks, reminders
from qingyuan.foundation import audit
from qingyuan.foundation.planning import refresh_statistics
from qingyuan.indicators.refresh import refresh
from qingyuan.journeys import chain_checks, questioning, reminding, score_keeping
from qingyuan.prevention.actions import plans
from qingyuan.rehabilitation.actions import texting

logger = logging.getLogger(__name__)


@dataclass
class Duty:
    """Something done every ``every`` seconds."""

    name: str
    every: float
    do: Callable[[], object]
    due: float = 0.0


def seal_both() -> None:
    for database in ("default", "audit"):
        audit.seal(database)


def clocks_in_line() -> None:
    clocks.catch_up()
    clocks.replay()


def duties() -> list[Duty]:
    """Facts within half a second of a change, so that a score moves within five; seals every few seconds; once a minute a
    slice of the morning's reminders and the texts of people who agreed to them, every few seconds those that wait to leave (a
    code somebody waits for); once an hour a look whether a new year, season or school year has begun for what is listed, and
    at how much stands in each index; once a day whether a row runs no clock yet, or one under another rule pack than the
    city's; at night whether the chains of the audit are whole, and each letter's score of the day before is kept; once a month
    what units should be asked to explain."""
    return [
        Duty("facts", 0.5, refresh),
        Duty("seal", 3.0, seal_both),
        Duty("reminders", 60.0, reminding.make_due),
        Duty("outbox", 5.0, reminders.deliver),
        Duty("texts", 60.0, texting.make_due),
        Duty("texts out", 5.0, texting.deliver),
        Duty("plans", 3600.0, plans.roll),
        Duty("clocks", 86400.0, clocks_in_line),
        Duty("statistics", 3600.0, refresh_statistics),
        Duty("chains", 1800.0, chain_checks.nightly),
        Duty("scores", 1800.0, score_keeping.nightly),
        Duty("questions", 3600.0, questioning.nightly),
    ]


def keep(stop: threading.Event, wanted: list[Duty] | None = None) -> None:
    """Do the duties until ``stop`` is set. A failing duty is logged and tried again; the others go on."""
    standing = duties() if wanted is None else wanted
    while not stop.is_set():
        for duty in standing:
            now = time.monotonic()
            if now < duty.due:
                continue
            duty.due = now + duty.every
            try:
                close_old_connections()
                duty.do()
            except Exception:
                logger.exception("duty %s failed; trying again in %s s", duty.name, duty.every)
                duty.due = time.monotonic() + max(duty.every, 2.0)
        stop.wait(0.2)
