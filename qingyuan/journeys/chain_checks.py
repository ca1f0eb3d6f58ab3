"""The chains of the audit are checked every night, and what was found is an entry of the audit itself: it is in the chain of
the next night. Whoever checks by hand leaves the same entry, so that the page says when a chain was last found whole.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from django.db import transaction

from qingyuan.foundation import audit, clock
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.organisation.actor import Actor

logger = logging.getLogger(__name__)
ACT: Final = "audit.verify"
SUBJECT: Final = "audit"
NIGHT: Final = range(1, 5)
AGAIN_AFTER: Final = timedelta(hours=12)
WORKER: Final = Actor(account_id=None, username="worker", name="后台", unit_id=None)
LOOKED_BACK: Final = 50


@dataclass(frozen=True)
class Outcome:
    """What a check of one chain found. ``first``: the place and kind of the first tampering, "" when whole."""

    database: str
    at: datetime
    by: str
    sealed: int
    waiting: int
    seconds: float
    found: int
    first: str = ""

    @property
    def ok(self) -> bool:
        return self.found == 0


def check(database: str, *, by: Actor) -> tuple[audit.VerifyReport, float]:
    """Read the whole chain of ``database`` now and keep what was found. Returns the report and the seconds it took."""
    began = monotonic()
    report = audit.verify(database)
    seconds = monotonic() - began
    first = f"#{report.findings[0].seq or '-'}:{report.findings[0].kind.value}" if report.findings else ""
    words = f"{database} {len(report.findings)} {report.sealed} {report.unsealed} {seconds:.1f} {first}".strip()
    with transaction.atomic():
        audit.record_write(by=by, act=ACT, ledger=SUBJECT, rows=[], summary=words)
    return report, seconds


def last(database: str) -> Outcome | None:
    """What the newest check of ``database`` found; None when nobody has checked it within the last entries about the audit."""
    entries = WriteEntry.objects.filter(ledger=SUBJECT, act=ACT).order_by("-at", "-id")[:LOOKED_BACK]
    return next((found for found in map(_read, entries) if found is not None and found.database == database), None)


def _read(entry: WriteEntry) -> Outcome | None:
    database, *numbers = entry.summary.split(" ")
    if len(numbers) < 4:
        return None
    found, sealed, waiting, seconds, *first = numbers
    return Outcome(database, entry.at, entry.actor_name, int(sealed), int(waiting), float(seconds), int(found), "".join(first))


def nightly() -> int:
    """Check each chain that was not checked within the last twelve hours, at night; one never checked at once. Returns how many.

    A chain is read in steps of 500 entries without holding anything: writers go on.
    """
    now, done = clock.now(), 0
    for database in ("default", "audit"):
        before = last(database)
        at_night = now.astimezone(clock.ZONE).hour in NIGHT
        if before is not None and (not at_night or now - before.at < AGAIN_AFTER):
            continue
        report, _seconds = check(database, by=WORKER)
        done += 1
        if not report.ok:
            logger.error("audit chain %s: %s findings", database, len(report.findings))
    return done
