"""How likely a place's count is if all places were alike: exact, given what all did together, stratum by stratum.

Within a stratum the place's ``done`` of ``due`` is then a draw without return from all that was due there (Fisher 1935); over
strata the draws add up (the exact form of Mantel and Haenszel 1959). No rate has to be estimated.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, lgamma

_NEGLIGIBLE = 1e-18
Counts = tuple[int, int]


def chance_of(own: Sequence[Counts], whole: Sequence[Counts]) -> float:
    """Two-sided: twice the smaller tail, at most 1. ``own`` and ``whole``: (done, due) by stratum, the place among the whole."""
    observed = sum(done for done, _due in own)
    start, weights = 0, [1.0]
    for (_done, due), (all_done, all_due) in zip(own, whole, strict=True):
        first, chances = _drawn(due, all_done, all_due)
        start, weights = start + first, _added(weights, chances)
    below = sum(weights[: max(observed - start + 1, 0)])
    above = sum(weights[max(observed - start, 0) :])
    return min(1.0, 2 * min(below, above))


def _drawn(due: int, all_done: int, all_due: int) -> tuple[int, list[float]]:
    """The least count worth a thought, and the chance of it and of each following one, drawing ``due`` of ``all_due``."""
    low, high = max(0, due - (all_due - all_done)), min(due, all_done)
    mode = min(high, max(low, (due + 1) * (all_done + 1) // (all_due + 2)))
    top = _ln_choose(all_done, mode) + _ln_choose(all_due - all_done, due - mode) - _ln_choose(all_due, due)
    middle = exp(top)
    falling, rising = [], []
    here, chance = mode, middle
    while here > low and chance > _NEGLIGIBLE:
        chance *= here * (all_due - all_done - due + here) / ((all_done - here + 1) * (due - here + 1))
        here -= 1
        falling.append(chance)
    first, here, chance = here, mode, middle
    while here < high and chance > _NEGLIGIBLE:
        chance *= (all_done - here) * (due - here) / ((here + 1) * (all_due - all_done - due + here + 1))
        here += 1
        rising.append(chance)
    return first, [*reversed(falling), middle, *rising]


def _added(one: Sequence[float], other: Sequence[float]) -> list[float]:
    """The distribution of the sum of two independent counts."""
    if len(one) == 1:
        return [one[0] * chance for chance in other]
    found = [0.0] * (len(one) + len(other) - 1)
    for place, chance in enumerate(one):
        for further, more in enumerate(other):
            found[place + further] += chance * more
    return found


def _ln_choose(of: int, chosen: int) -> float:
    return lgamma(of + 1) - lgamma(chosen + 1) - lgamma(of - chosen + 1)
