"""The state of the two chains: what is sealed, what waits, the day anchors, and the check that reads all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from qingyuan.foundation import audit, clock
from qingyuan.foundation.audit.chains import chain_of
from qingyuan.journeys import chain_checks
from qingyuan.journeys.chain_checks import Outcome
from qingyuan.organisation.actor import Actor
from qingyuan.web.audit.entries import READS, WRITES

DATABASES: Final = {WRITES: "default", READS: "audit"}
TITLES: Final = {WRITES: _("写入链"), READS: _("查阅链")}
SHOWN_ANCHORS = 7
SHOWN_FINDINGS = 20


@dataclass(frozen=True)
class Checked:
    """What one check found, when, and how long it took in seconds."""

    report: audit.VerifyReport
    at: datetime
    seconds: float

    @property
    def findings(self) -> list[audit.Finding]:
        return list(self.report.findings[:SHOWN_FINDINGS])

    @property
    def more(self) -> int:
        return max(len(self.report.findings) - SHOWN_FINDINGS, 0)


@dataclass(frozen=True)
class Chain:
    """``waiting``: entries that nothing holds in their order yet. ``anchors``: the newest first. ``last``: what the night's
    check, or somebody's, found when nobody has just checked."""

    tab: str
    title: str
    waiting: int
    anchors: list[Any]
    checked: Checked | None = None
    last: Outcome | None = None


def chain(tab: str, checked: Checked | None = None) -> Chain:
    database = DATABASES[tab]
    anchors = list(chain_of(database).anchors().order_by("-day")[:SHOWN_ANCHORS])
    last = chain_checks.last(database) if checked is None else None
    return Chain(tab, str(TITLES[tab]), audit.unsealed_count(database), anchors, checked, last)


def check(tab: str, *, by: Actor) -> Checked:
    """Read the whole chain now; what is found is kept in the audit."""
    report, seconds = chain_checks.check(DATABASES[tab], by=by)
    return Checked(report, clock.now(), seconds)
