"""A funnel instead of a league table: which differences between places are more than chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qingyuan.web.charts.scales import at, axis, points, short

WIDTH, HEIGHT = 560, 250
LEFT, RIGHT, TOP, BOTTOM = 46, 92, 16, 34
Z = 1.96  # the inner lines hold 19 of 20 places that differ by chance only
Z_FAR = 3.09  # the outer ones 998 of 1000
_CURVE = 48


@dataclass(frozen=True)
class Sample:
    """One place: ``done`` of ``due``; ``small``: too few to be compared, drawn hollow and never called an outlier;
    ``outside``: whether it differs, where a table has judged it (None: by the lines)."""

    name: str
    done: int
    due: int
    href: str = ""
    small: bool = False
    outside: bool | None = None

    @property
    def rate(self) -> float:
        return self.done / self.due


@dataclass(frozen=True)
class FunnelDot:
    name: str
    x: str
    y: str
    outside: bool
    label_x: str
    label_y: str
    anchor: str
    title: str
    href: str
    small: bool = False


@dataclass(frozen=True)
class Funnel:
    """Rates in per cent. ``table`` holds name, done, due, rate, whether the place lies outside the lines, and whether it
    is too small to say."""

    title: str
    centre_y: str
    centre_text: str
    upper: str
    lower: str
    dots: list[FunnelDot]
    up: list[tuple[str, str]]
    across: list[tuple[str, str]]
    table: list[tuple[str, int, int, str, bool, bool]]
    upper_far: str = ""
    lower_far: str = ""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - BOTTOM


def limits(centre: float, due: float, z: float = Z) -> tuple[float, float]:
    """Wilson's interval around ``centre`` for ``due`` cases: never below 0 or above 1, right for small numbers too.

    Source: E. B. Wilson (1927), JASA 22, 209–212.
    """
    spread = 1 + z * z / due
    middle = (centre + z * z / (2 * due)) / spread
    half = z / spread * math.sqrt(centre * (1 - centre) / due + z * z / (4 * due * due))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def funnel(
    samples: Sequence[Sample], *, title: str, whole: float | None = None, z: float = 0.0, spread: float = 1.0
) -> Funnel | None:
    """Geometry around ``whole`` (0–1), or the rate of all places together; None when nothing was due anywhere.

    ``z``: one pair of lines there instead of the usual two; ``spread``: by how much counts scatter more than draws do.
    """
    known = [sample for sample in samples if sample.due > 0]
    if not known:
        return None
    together = sum(sample.done for sample in known) / sum(sample.due for sample in known)
    centre = together if whole is None else whole
    most = axis([0.0, float(max(sample.due for sample in known))], ticks=6, whole=True)
    smallest = max(min(sample.due for sample in known) * 0.7, 1.0)
    curve = [smallest + (most[-1] - smallest) * step / _CURVE for step in range(_CURVE + 1)]
    bounds = [limits(centre, due / spread, z or Z) for due in curve]
    far = [limits(centre, due / spread, z or Z_FAR) for due in curve]
    lowest = min([sample.rate for sample in known] + [low for low, _ in far])
    highest = max([sample.rate for sample in known] + [high for _, high in far])
    up = [tick for tick in axis([lowest * 100, highest * 100], ticks=6) if 0 <= tick <= 100]

    def x(due: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * due / most[-1]

    def y(rate: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (rate * 100 - up[0]) / (up[-1] - up[0])

    return Funnel(
        title=title,
        centre_y=at(y(centre)),
        centre_text=short(round(centre * 100, 1)),
        upper=points((x(due), y(high)) for due, (_, high) in zip(curve, bounds, strict=True)),
        lower=points((x(due), y(low)) for due, (low, _) in zip(curve, bounds, strict=True)),
        dots=[_dot(sample, centre, x(sample.due), y(sample.rate)) for sample in known],
        up=[(at(y(tick / 100)), short(tick)) for tick in up],
        across=[(at(x(tick)), short(tick)) for tick in most],
        table=[
            (s.name, s.done, s.due, short(round(s.rate * 100, 1)), _outside(s, centre), s.small)
            for s in sorted(known, key=lambda s: s.rate)
        ],
        upper_far="" if z else points((x(due), y(high)) for due, (_, high) in zip(curve, far, strict=True)),
        lower_far="" if z else points((x(due), y(low)) for due, (low, _) in zip(curve, far, strict=True)),
    )


def _outside(sample: Sample, centre: float) -> bool:
    if sample.outside is not None:
        return sample.outside
    low, high = limits(centre, sample.due)
    return not sample.small and not low <= sample.rate <= high


def _dot(sample: Sample, centre: float, x: float, y: float) -> FunnelDot:
    at_the_rim = x > WIDTH - RIGHT - 60  # where the words of the whole begin
    title = f"{sample.name} {sample.done}/{sample.due} {short(round(sample.rate * 100, 1))}%"
    return FunnelDot(
        name=sample.name,
        x=at(x),
        y=at(y),
        outside=_outside(sample, centre),
        label_x=at(x - 9 if at_the_rim else x + 9),
        label_y=at(y + 4),
        anchor="end" if at_the_rim else "start",
        title=title,
        href=sample.href,
        small=sample.small,
    )
