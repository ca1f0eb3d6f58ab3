"""Tail areas of the chi-squared and the Poisson distribution, from the incomplete gamma function (Abramowitz and Stegun 6.5)."""

from __future__ import annotations

from math import exp, lgamma, log, sqrt
from typing import Final

_ENOUGH: Final = 1e-15
_TURNS: Final = 10_000


def chi_squared_above(value: float, freedom: int) -> float:
    """P(χ² > value) with ``freedom`` degrees of freedom."""
    return 1.0 if value <= 0 else 1.0 - gamma_below(freedom / 2, value / 2)


def poisson_at_most(count: int, mean: float) -> float:
    """P(X ≤ count) for a Poisson count with this mean."""
    return 0.0 if count < 0 else 1.0 - gamma_below(count + 1, mean)


def poisson_two_sided(count: int, mean: float) -> float:
    """The mid-p of a count as far from its mean on either side; 1 when nothing was expected and nothing came."""
    if mean <= 0:
        return 1.0 if count == 0 else 0.0
    exactly = exp(count * log(mean) - mean - lgamma(count + 1))
    below = poisson_at_most(count - 1, mean) + exactly / 2
    return min(1.0, 2 * min(below, 1.0 - below))


def poisson_interval(count: int, doubt: float = 0.05) -> tuple[float, float]:
    """The exact interval of the mean behind a count (Garwood 1936); ``doubt`` is divided between both sides."""
    low = 0.0 if count == 0 else _mean_where(count - 1, 1 - doubt / 2)
    return low, _mean_where(count, doubt / 2)


def _mean_where(count: int, chance: float) -> float:
    """The mean at which P(X ≤ count) falls to ``chance``: halved until doubles differ no more."""
    low, high = 0.0, count + 10 * sqrt(count + 2) + 20
    while high - low > 1e-11 * max(1.0, high):
        middle = (low + high) / 2
        if poisson_at_most(count, middle) > chance:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def gamma_below(shape: float, value: float) -> float:
    """The regularised lower incomplete gamma function P(shape, value); ``shape`` > 0, ``value`` ≥ 0."""
    if value <= 0:
        return 0.0
    front = exp(shape * log(value) - value - lgamma(shape))
    if value < shape + 1:
        return front * _series(shape, value)
    return 1.0 - front * _fraction(shape, value)


def _series(shape: float, value: float) -> float:
    term = total = 1.0 / shape
    for turn in range(1, _TURNS):
        term *= value / (shape + turn)
        total += term
        if term < total * _ENOUGH:
            break
    return total


def _fraction(shape: float, value: float) -> float:
    """The continued fraction, evaluated forwards (Lentz)."""
    tiny = 1e-300
    base = value + 1 - shape
    ahead = 1 / tiny
    behind = 1 / base
    found = behind
    for turn in range(1, _TURNS):
        numerator = -turn * (turn - shape)
        base += 2
        behind = 1 / (numerator * behind + base or tiny)
        ahead = base + numerator / ahead or tiny
        change = behind * ahead
        found *= change
        if abs(change - 1) < _ENOUGH:
            break
    return found
