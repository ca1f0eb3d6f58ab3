"""Where the chain of one person's way back has a gap, from days alone. Pure; it says what is missing, never what it means.

Discovery → detox → rehabilitation → consolidation: every release is met the day it happens (戒毒条例第三十四条, 必接必送), every
conversion has its next link, every move arrives. A gap has the day from which it is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from qingyuan.rehabilitation.rules.case import TEAM_PARTS

PLAN_AHEAD: Final = 30
"""Days before somebody is expected to come out from which it has to be arranged who meets them; the office's own measure."""


class GapKind(StrEnum):
    UNMET = "unmet"  # came out, and nobody has met them
    MET_LATE = "met_late"  # met on a later day
    NOT_ARRANGED = "not_arranged"  # will come out soon, and nobody is to meet them
    OVERDUE = "overdue"  # the expected day has passed and no release is on file
    NO_ISOLATION = "no_isolation"  # converted to isolation, and no isolation dates are on file
    NOT_ARRIVED = "not_arrived"  # moved, and no report at the new place
    NO_NEXT = "no_next"  # came out of isolation, and no measure or control follows
    NO_TEAM = "no_team"  # the group lacks one of the five kinds
    NO_PLAN = "no_plan"  # no plan of help is on file


#: What a gap of the chain itself is; the others are what a running measure still lacks.
OF_THE_CHAIN: Final = frozenset(
    {GapKind.UNMET, GapKind.MET_LATE, GapKind.OVERDUE, GapKind.NO_ISOLATION, GapKind.NOT_ARRIVED, GapKind.NO_NEXT}
)
ALARMS: Final = frozenset({GapKind.UNMET, GapKind.OVERDUE})


@dataclass(frozen=True)
class Gap:
    """``since``: the first day of the gap. ``row``: whose page mends it; ``lacks``: codes of what is missing."""

    kind: GapKind
    since: date
    row: Any = None
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chain:
    """The rows of one person, anything with their columns, each in the order of its days."""

    measures: Sequence[Any] = ()
    isolations: Sequence[Any] = ()
    releases: Sequence[Any] = ()
    moves: Sequence[Any] = ()
    team: Sequence[Any] = ()
    plans: Sequence[Any] = ()
    controls: Sequence[Any] = ()


def gaps(chain: Chain, on: date) -> list[Gap]:
    """The gaps as of a day, the earliest first."""
    found = [*_releases(chain, on), *_links(chain, on), *_lacking(chain, on)]
    return sorted(found, key=lambda gap: (gap.since, gap.kind))


def release_gap(row: Any, on: date) -> Gap | None:
    """What is open about one expected release, or closed too late."""
    if row.met_on:
        return Gap(GapKind.MET_LATE, row.released_on, row) if row.met_on > row.released_on else None
    if row.released_on:
        return Gap(GapKind.UNMET, row.released_on, row) if row.released_on <= on else None
    if row.expected_on < on:
        return Gap(GapKind.OVERDUE, row.expected_on + timedelta(days=1), row)
    if row.expected_on <= on + timedelta(days=PLAN_AHEAD) and not row.meeters:
        return Gap(GapKind.NOT_ARRANGED, on, row)
    return None


def answers(release: Any, isolation: Any) -> bool:
    """Whether ``release`` is the way out of ``isolation``: the first of this origin that is not before its decision."""
    return bool(release.origin == "isolation" and (release.released_on or release.expected_on) >= isolation.decided_on)


def isolation_gap(row: Any, releases: Iterable[Any], on: date) -> Gap | None:
    """An isolation whose end nobody has on their list: nothing arranged for the coming day, or a release nobody met."""
    if any(answers(one, row) for one in releases):
        return None
    if row.released_on:
        return Gap(GapKind.UNMET, row.released_on, row) if row.released_on <= on else None
    if row.ends_on is None or row.ends_on > on + timedelta(days=PLAN_AHEAD):
        return None
    return Gap(GapKind.OVERDUE, row.ends_on + timedelta(days=1), row) if row.ends_on < on else Gap(GapKind.NOT_ARRANGED, on, row)


def _releases(chain: Chain, on: date) -> Iterable[Gap]:
    for row in chain.releases:
        if gap := release_gap(row, on):
            yield gap
    for isolation in chain.isolations:
        later = [one for one in chain.isolations if one.decided_on > isolation.decided_on]
        until = min((one.decided_on for one in later), default=date.max)
        own = [one for one in chain.releases if (one.released_on or one.expected_on) < until]
        if gap := isolation_gap(isolation, own, on):
            yield gap


def _links(chain: Chain, on: date) -> Iterable[Gap]:
    for measure in chain.measures:
        if measure.end_reason == "converted" and measure.ended_on and measure.ended_on <= on:
            if not any(one.decided_on >= measure.decided_on for one in chain.isolations):
                yield Gap(GapKind.NO_ISOLATION, measure.ended_on, measure)
    for move in chain.moves:
        if move.arrived_on is None and move.moved_on <= on:
            yield Gap(GapKind.NOT_ARRIVED, move.moved_on, move)
    for isolation in chain.isolations:
        out = isolation.released_on
        if out is None or out > on:
            continue
        after = [one.reported_on or one.decided_on for one in chain.measures if (one.ended_on or date.max) >= out]
        after += [one.starts_on for one in chain.controls if one.starts_on >= out]
        after += [one.decided_on for one in chain.isolations if one.decided_on > isolation.decided_on]
        if not after:
            yield Gap(GapKind.NO_NEXT, out, isolation)


def _lacking(chain: Chain, on: date) -> Iterable[Gap]:
    for measure in chain.measures:
        if not measure.reported_on or measure.reported_on > on or (measure.ended_on and measure.ended_on <= on):
            continue
        members = [one for one in chain.team if one.measure_id == measure.pk and (one.left_on is None or one.left_on > on)]
        lacks = tuple(part for part in TEAM_PARTS if part not in {one.part for one in members})
        if lacks:
            yield Gap(GapKind.NO_TEAM, measure.reported_on, measure, lacks)
        if not any(one.measure_id == measure.pk for one in chain.plans):
            yield Gap(GapKind.NO_PLAN, measure.reported_on, measure)
