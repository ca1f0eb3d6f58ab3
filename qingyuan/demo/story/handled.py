"""How many users of drugs the police dealt with in a month: the return they file and the decisions they wrote agree."""

from __future__ import annotations

import random

from qingyuan.reference.periods import Period

HANDLED = {2020: 34, 2021: 30, 2022: 26}


def handled_in(month: Period, chance: random.Random) -> int:
    """The first draw of the month's chance, about as many as the year's mean."""
    return HANDLED[month.start.year] + chance.randint(-6, 6)


def detained_of(handled: int) -> int:
    return round(handled * 0.46)


def chance_of(month: Period, seed: int) -> random.Random:
    """The month's own chance, which the returns are drawn from."""
    return random.Random(f"{seed} returns {month}")
