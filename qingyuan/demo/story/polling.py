"""Surveys of the public by telephone: what strata answered, so that awareness is what the letters were scored with."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from qingyuan.demo.city import TOWNS, Town

STRATA = (("18—44 岁", Decimal("0.45"), 165), ("45 岁以上", Decimal("0.35"), 125))


@dataclass(frozen=True)
class Stratum:
    """``good``: passed, or satisfied and rather satisfied."""

    wave: str
    town: str
    stratum: str
    began: date
    ended: date
    size: int
    sampled: int
    valid: int
    good: int


def sample(seed: int, letters: str, given: dict[str, str]) -> list[Stratum]:
    """Two waves by telephone, about three hundred people a town; the awareness of 2022 is what the letters were scored with."""
    chance = random.Random(seed)
    made: list[Stratum] = []
    for year in (2021, 2022):
        for town in TOWNS:
            usual = letter_rate(town.name) if letters == "ZX" else f"{chance.uniform(95.4, 98.6):.1f}"
            rate = Decimal(given.get(town.name, usual))
            if year == 2021:
                rate -= Decimal(chance.randint(4, 12)) / 10
            made += _strata(f"{letters}{year}", date(year, 9, 6), town, rate)
    return made


def letter_rate(town: str) -> str:
    """The figure that the office enters by hand in the town's letter (``governing.give_figures``)."""
    return f"{random.Random(f'20221123 figures {town}').uniform(95.2, 98.9):.1f}"


def _strata(wave: str, began: date, town: Town, rate: Decimal) -> list[Stratum]:
    """Valid and good answers in each stratum so that the weighted rate is ``rate`` to a tenth, both strata much alike."""
    sizes = [round(town.population * share) for _name, share, _valid in STRATA]
    wanted = float(rate) / 100 * sum(sizes)
    best = min(_answers(sizes, wanted), key=lambda found: found[0])[1]
    return [
        Stratum(wave, town.name, name, began, began + timedelta(days=13), size, valid + 12, valid, good)
        for (name, _share, _valid), size, (valid, good) in zip(STRATA, sizes, best, strict=True)
    ]


def _answers(sizes: list[int], wanted: float) -> Iterator[tuple[float, tuple[tuple[int, int], tuple[int, int]]]]:
    """Ways to answer, each with how far it is off and how unlike its strata are."""
    share = wanted / sum(sizes)
    for young in range(STRATA[0][2] - 24, STRATA[0][2] + 25, 3):
        for old in range(STRATA[1][2] - 24, STRATA[1][2] + 25, 3):
            for good in range(int(young * (share - 0.03)), young + 1):
                other = min(old, round((wanted - sizes[0] * good / young) * old / sizes[1]))
                off = abs(sizes[0] * good / young + sizes[1] * other / old - wanted) / sum(sizes)
                unlike = abs(good / young - other / old)
                yield round(off, 4) + unlike / 10_000, ((young, good), (old, other))
