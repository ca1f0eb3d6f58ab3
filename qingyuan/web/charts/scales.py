"""Axes that people can read: round steps, and numbers without trailing zeros."""

from __future__ import annotations

import math
from collections.abc import Iterable

_ROUND_STEPS = (1, 2, 2.5, 5, 10)
_DIGITS = 6  # finer differences than any figure is told in would only break the steps


def axis(values: Iterable[float], *, ticks: int = 5, from_zero: bool = False, whole: bool = False) -> list[float]:
    """Round tick positions that span ``values``, lowest first; at least two, also for equal or no values."""
    known = [round(value, _DIGITS) for value in values]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if from_zero:
        low = min(low, 0.0)
    if high == low:
        low, high = (0.0, 1.0) if low == 0 else (low - abs(low) / 2, high + abs(high) / 2)
    step = _round_step((high - low) / max(ticks - 1, 1), whole=whole)
    first = math.floor(round(low / step, 9))
    last = math.ceil(round(high / step, 9))
    return [round(number * step, 9) for number in range(first, last + 1)]


def _round_step(rough: float, *, whole: bool) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in _ROUND_STEPS if factor * power >= rough * 0.999)
    return max(float(math.ceil(step)), 1.0) if whole else step


def short(value: float) -> str:
    """``12``, ``12.5``, ``0.25``: as few digits as say the number."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−") if value % 1 else f"{value:.0f}".replace("-", "−")


def at(number: float) -> str:
    """A coordinate for an SVG attribute, in the notation of no locale."""
    return f"{number:.1f}".rstrip("0").rstrip(".")


def points(pairs: Iterable[tuple[float, float]]) -> str:
    """The ``points`` attribute of a polyline."""
    return " ".join(f"{at(x)},{at(y)}" for x, y in pairs)
