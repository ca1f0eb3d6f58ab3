"""Conversions to isolation (转强制隔离戒毒) under which a checklist stays open: a counted breach or a report never made, which nobody
has looked into line by line. Whether the decision was right is the police's and the courts'; here only what the file still lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef

from qingyuan.casework.clocks.queries import all_asked
from qingyuan.casework.enums import ClockEnd
from qingyuan.casework.models import ClockDecision, RunningClock
from qingyuan.casework.models.clock import ClockQuerySet
from qingyuan.reference.clocks import get_clock
from qingyuan.rehabilitation.models import Measure

#: A report never made, refused tests, absences: what 禁毒法第三十八条第一款第一项、第三项 rests on. Whether somebody used again is a test's.
CODES: Final = ("D20", "D50", "D24", "D25")
MOST: Final = 50


@dataclass(frozen=True)
class Unchecked:
    """``left`` of ``of`` lines of the checklist nobody has looked into; the measure was converted on ``since``."""

    running: RunningClock
    since: date
    left: int
    of: int


def unchecked(mine: ClockQuerySet, on: date) -> list[Unchecked]:
    """Of ``mine`` (the clocks the caller may see or change) those of converted measures whose checklist is not complete, the
    earliest conversion first. Three queries, whatever there is."""
    converted = Measure.objects.filter(pk=OuterRef("subject_id"), end_reason="converted", ended_on__lte=on)
    found = mine.filter(Exists(converted), ledger="measures", code__in=CODES, end=ClockEnd.ROW).order_by("ended_on", "pk")
    asked = [one for one in all_asked(found[:MOST], on) if one.left_open_on is not None]
    looked = _looked(one.running for one in asked)
    lines = []
    for one in asked:
        opens, day = get_clock(one.running.code).opens, one.left_open_on
        assert opens is not None and day is not None and one.running.ended_on is not None  # asked for above
        of, seen = looked.get((one.running.pk, day), (len(opens.checklist), 0))
        if seen < of:
            lines.append(Unchecked(one.running, one.running.ended_on, of - seen, of))
    return lines


def _looked(clocks: Iterable[RunningClock]) -> dict[tuple[object, date], tuple[int, int]]:
    """By clock and day of the decision how many lines it has and how many of them somebody has looked into."""
    decisions = ClockDecision.objects.filter(clock__in=[one.pk for one in clocks]).prefetch_related("checks")
    return {
        (one.clock_id, one.ran_out_on): (len(one.checklist), len({check.position for check in one.checks.all()})) for one in decisions
    }
