"""Chances of whole counts, exactly, and an own generator: the same seed gives the same draws on every machine and version.

Beta-binomial: how many of n still to come succeed, after s successes and f failures.
Negative binomial: how many events come in the rest of a year, after k in the part that is over.
Successes, failures and events hold what is thought beforehand (half a count of each is Jeffreys' prior), so they are above 0.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from math import exp, lgamma, log
from typing import Final

_MASK: Final = (1 << 64) - 1
_TAIL: Final = 1e-9
_MOST: Final = 100_000


class Generator:
    """SplitMix64 (Steele, Lea, Flood 2014): numbers in [0, 1) from a whole number as seed."""

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def whole(self) -> int:
        """The next 64 bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return mixed ^ (mixed >> 31)

    def share(self) -> float:
        return (self.whole() >> 11) / float(1 << 53)

    def shuffled(self, count: int) -> list[int]:
        """0 … count − 1 in an order of its own (Fisher and Yates)."""
        order = list(range(count))
        for last in range(count - 1, 0, -1):
            other = self.whole() % (last + 1)
            order[last], order[other] = order[other], order[last]
        return order


def strata(generator: Generator, draws: int) -> Iterator[float]:
    """``draws`` numbers in (0, 1), one in each of as many equal parts, in a random order: few draws cover the whole range."""
    for part in generator.shuffled(draws):
        yield (part + generator.share()) / draws


@lru_cache(maxsize=8192)
def of_successes(trials: int, successes: float, failures: float) -> tuple[float, ...]:
    """Cumulated chances of 0 … ``trials`` successes, after so many of each (counts may be weighed, so not whole)."""
    a, b = successes, failures
    logs = [
        _choose(trials, k) + lgamma(k + a) + lgamma(trials - k + b) - lgamma(trials + a + b) - _beta(a, b)
        for k in range(trials + 1)
    ]
    return _cumulated([exp(one) for one in logs])


@lru_cache(maxsize=8192)
def of_events(events: float, past: float, ahead: float) -> tuple[float, ...]:
    """Cumulated chances of 0, 1, 2 … events in ``ahead`` after ``events`` in ``past``, both in the same unit of time."""
    if ahead <= 0:
        return (1.0,)
    size, stays = events, past / (past + ahead)
    found, total, k = [], 0.0, 0
    while total < 1 - _TAIL and k < _MOST:
        chance = exp(lgamma(k + size) - lgamma(size) - lgamma(k + 1) + size * log(stays) + k * log(1 - stays))
        found.append(chance)
        total += chance
        k += 1
    return _cumulated(found)


def at(cumulated: Sequence[float], share: float) -> int:
    """The count at which the cumulated chance first reaches ``share``."""
    return min(bisect_left(cumulated, share), len(cumulated) - 1)


def _cumulated(chances: Sequence[float]) -> tuple[float, ...]:
    whole = sum(chances)
    return tuple(one / whole for one in accumulate(chances))


def _choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
