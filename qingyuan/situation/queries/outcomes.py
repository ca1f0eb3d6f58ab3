"""What community measures came to in one place, as it may be shown: curves by group, definitions side by side, places in a funnel.

Only closed curves leave this module (``indicators.outcomes.closed``); no row, no day and no exact small number does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from qingyuan.indicators import cohorts
from qingyuan.indicators.disclosure import SMALLEST
from qingyuan.indicators.outcomes.closed import HORIZONS, ShownCurve, shown, to_five
from qingyuan.indicators.outcomes.comparing import Apart, LogRank, compare, log_rank
from qingyuan.indicators.outcomes.definitions import DEFINITIONS, Outcome, Stay, follow, followed
from qingyuan.indicators.outcomes.people import Followed
from qingyuan.organisation.models import Division, DivisionPath

BY_KIND: Final = "kind"
BY_YEAR: Final = "year"


@dataclass(frozen=True)
class Asked:
    """``outcome`` under which definition; ``by`` kind, year or nothing; ``kind`` and ``year`` narrow the stays."""

    outcome: Outcome
    by: str = ""
    kind: str = ""
    year: str = ""


@dataclass(frozen=True)
class Beside:
    """A place in the funnel. ``events`` None: one to four, or not to be said; ``ratio`` to what its own mix would lead to expect, only
    where it tells of nobody; ``apart`` None where the number is too small to say even that."""

    division: Division
    people: int
    events: int | None
    ratio: float | None
    apart: Apart | None


@dataclass(frozen=True)
class Outcomes:
    """``by_definition``: each reading of relapse on the same stays, month → per cent; ``closed``: groups too small for a curve.
    ``test`` only between groups that are large enough."""

    asked: Asked
    whole: ShownCurve | None
    groups: tuple[ShownCurve, ...]
    closed: int
    test: LogRank | None
    by_definition: dict[Outcome, dict[int, int | None]]
    places: tuple[Beside, ...]
    kinds: tuple[str, ...]
    years: tuple[str, ...]

    def apart(self, month: int) -> int | None:
        """By how many points the readings of relapse differ at a month, of those that say something there."""
        told = [value for points in self.by_definition.values() if (value := points.get(month)) is not None]
        return max(told) - min(told) if len(told) > 1 else None


def outcomes(*, division: Division, asked: Asked, on: date) -> Outcomes:
    """Everything the page shows of the stays that began under ``division`` until ``on``."""
    below = DivisionPath.objects.on(on).filter(ancestor_id=division.pk, depth=1)
    children = Division.objects.in_bulk(list(below.values_list("descendant_id", flat=True)))
    known = cohorts.stays(division_id=division.pk, children=sorted(children))
    chosen = [one for one in known if asked.kind in ("", one.kind) and asked.year in ("", one.year)]
    people = follow(chosen, asked.outcome, on)
    parts = _parts(chosen, asked, on)
    curves = [curve for name, those in sorted(parts.items()) if (curve := shown(those, name)) is not None]
    return Outcomes(
        asked=asked,
        whole=shown(people),
        groups=tuple(curves),
        closed=len(parts) - len(curves),
        test=_test(parts),
        by_definition=_by_definition(chosen, on),
        places=tuple(_places(chosen, asked.outcome, on, children)),
        kinds=tuple(sorted({one.kind for one in known})),
        years=tuple(sorted({one.year for one in known})),
    )


def _parts(stays: Sequence[Stay], asked: Asked, on: date) -> dict[str, list[Followed]]:
    found: dict[str, list[Followed]] = defaultdict(list)
    if asked.by in (BY_KIND, BY_YEAR):
        for stay in stays:
            name = stay.kind if asked.by == BY_KIND else stay.year
            if (one := followed(stay, asked.outcome, on, name)) is not None:
                found[name].append(one)
    return found


def _test(parts: dict[str, list[Followed]]) -> LogRank | None:
    """Whether groups differ by more than chance; strata would hold the grouping itself, so none are made."""
    large = [replace(one, stratum=()) for those in parts.values() if len(those) >= 4 * SMALLEST for one in those]
    return log_rank(large)


def _by_definition(stays: Sequence[Stay], on: date) -> dict[Outcome, dict[int, int | None]]:
    """Per cent of those to whom it had not happened, at each horizon, by every reading of relapse."""
    found: dict[Outcome, dict[int, int | None]] = {}
    for definition in DEFINITIONS:
        if not definition.relapse:
            continue
        curve = shown(follow(stays, definition.code, on))
        found[definition.code] = {month: point.share if curve and (point := curve.at(month)) else None for month in HORIZONS}
    return found


def _places(stays: Sequence[Stay], outcome: Outcome, on: date, children: dict[int, Division]) -> list[Beside]:
    """Places with enough people, in the order of their codes: no list of best and worst."""
    people = [
        one for stay in stays if stay.place is not None and (one := followed(stay, outcome, on, str(stay.place))) is not None
    ]
    found = []
    for line in compare(people):
        if line.people < SMALLEST:
            continue
        few = line.observed < SMALLEST
        open_ratio = None if few or line.ratio is None else round(line.ratio, 1)
        events = None if 0 < line.observed < SMALLEST else to_five(line.observed)
        apart = Apart.FEW if line.apart is Apart.FEW else None if few else line.apart
        found.append(Beside(children[int(line.group)], to_five(line.people), events, open_ratio, apart))
    return sorted(found, key=lambda one: one.division.code)
