"""Conversions to isolation (转强制隔离戒毒) under which a checklist stays open: a counted breach or a report never made, which nobody
has looked into line by line. Whether the decision was right is the police's and the courts'; here only what the file still lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from qingyuan.casework.clocks.queries import all_asked
from qingyuan.casework.enums import ClockEnd
from qingyuan.casework.models import ClockDecision, RunningClock
from qingyuan.casework.models.clock import ClockQuerySet
from qingyuan.reference.clocks import Kind, get_clock
from qingyuan.rehabilitation.models import Measure

#: A report never made, refused tests, absences: what 禁毒法第三十八条第一款第一项、第三项 rests on. Whether somebody used again is a test's.
CODES: Final = ("D20", "D50", "D24", "D25")
MOST: Final = 50
#: What had run out, or was full, by the day on which the row ended: only then was there something to look into.
REACHED: Final = Q(kind=Kind.COUNTER, reached_on__lte=F("ended_on")) | (~Q(kind=Kind.COUNTER) & Q(last_day__lte=F("ended_on")))


@dataclass(frozen=True)
class Unchecked:
    """``left`` of ``of`` lines of the checklist nobody has looked into; the measure was converted on ``since``."""

    running: RunningClock
    since: date
    left: int
    of: int


def unchecked(mine: ClockQuerySet, on: date, *, most: int = MOST) -> list[Unchecked]:
    """Of ``mine`` (the clocks the caller may see or change) those of converted measures whose checklist is not complete, the
    newest conversion first, at most ``most``. Those that are complete or never ran out stand in nobody's way, however many they are."""
    converted = Measure.objects.filter(pk=OuterRef("subject_id"), end_reason="converted", ended_on__lte=on)
    found = mine.filter(REACHED, Exists(converted), ledger="measures", code__in=CODES, end=ClockEnd.ROW)
    days = list(found.order_by("-ended_on", "-pk").values_list("pk", Coalesce("reached_on", "last_day")))
    looked = _looked(found) if days else {}
    left = [pk for pk, day in days if (pk, day) not in looked or looked[pk, day][1] < looked[pk, day][0]]
    lines: list[Unchecked] = []
    for start in range(0, len(left), MOST):
        if len(lines) >= most:
            break
        lines += _lines(found.filter(pk__in=left[start : start + MOST]).order_by("-ended_on", "-pk"), on, looked)
    return lines[:most]


def _lines(found: ClockQuerySet, on: date, looked: dict[tuple[Any, date], tuple[int, int]]) -> list[Unchecked]:
    """Asked of the engine, which has the last word on the day the lists only keep."""
    lines = []
    for one in all_asked(found, on):
        opens, day = get_clock(one.running.code).opens, one.left_open_on
        if opens is None or day is None or one.running.ended_on is None:
            continue
        of, seen = looked.get((one.running.pk, day), (len(opens.checklist), 0))
        if seen < of:
            lines.append(Unchecked(one.running, one.running.ended_on, of - seen, of))
    return lines


def _looked(clocks: ClockQuerySet) -> dict[tuple[Any, date], tuple[int, int]]:
    """By clock and day of the decision how many lines it has and how many of them somebody has looked into."""
    decisions = ClockDecision.objects.filter(clock__in=clocks.order_by().values("pk")).order_by()
    counted = decisions.annotate(seen=Count("checks__position", distinct=True)).values_list("clock_id", "ran_out_on", "checklist", "seen")
    return {(clock_id, day): (len(checklist), seen) for clock_id, day, checklist, seen in counted}
