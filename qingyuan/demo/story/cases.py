"""Cases and seizures: about 75 cases and 5 kg a year, shifting from heroin to synthetic cannabinoids (a class listed since 2021-07-01)."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from qingyuan.demo.city import TOWNS, villages

YEARS = {2020: (81, "5.6"), 2021: (76, "5.1"), 2022: (62, "4.3")}
LAST_ENTERED = date(2022, 10, 31)
OFFENCES = ("CL347",) * 11 + ("CL348",) * 4 + ("CL354",) * 4 + ("CL353a",)
DRUGS = ("OP01", "ST01", "ST02", "KE01", "CA01", "SC01")
DRUG_WEIGHTS = {2020: (34, 38, 14, 8, 6, 0), 2021: (30, 42, 14, 8, 6, 0), 2022: (22, 40, 11, 6, 6, 15)}
ORIGINS = ("yunnan",) * 10 + ("province",) * 4 + ("local",) * 3 + ("guangxi", "online", "unknown")
PLACES = ("rental", "home", "road", "road", "vehicle", "hotel", "venue", "parcel", "station")
TITLES = ("贩卖毒品案", "零包贩毒案", "非法持有毒品案", "容留他人吸毒案", "运输毒品案")


@dataclass(frozen=True)
class Case:
    number: str
    title: str
    offence: str
    drug: str
    town: str
    village: str
    filed: date
    cracked: date | None


@dataclass(frozen=True)
class Seizure:
    case: str
    item: int
    drug: str
    grams: Decimal
    seized: date
    place: str
    origin: str


class Cases:
    def __init__(self, seed: int, surnames: str) -> None:
        self.random = random.Random(seed)
        self.surnames = surnames

    def cases(self) -> list[Case]:
        return [case for year, (count, _kilos) in YEARS.items() for case in self._year(year, count)]

    def seizures(self, cases: list[Case]) -> list[Seizure]:
        """Weights that follow a long tail within a year and sum to about the year's kilograms."""
        made: list[Seizure] = []
        for year, (_count, kilos) in YEARS.items():
            of_year = [case for case in cases if case.cracked and case.cracked.year == year]
            picked = [(case, item + 1) for case in of_year for item in range(self.random.choice((0, 1, 1, 1, 2)))]
            raw = [self.random.lognormvariate(0, 1.7) for _ in picked]
            scale = Decimal(kilos) * 1000 / Decimal(str(sum(raw)))
            for (case, item), weight in zip(picked, raw, strict=True):
                grams = max(Decimal("0.05"), (Decimal(str(weight)) * scale).quantize(Decimal("0.01")))
                made.append(self._seizure(case, item, grams))
        return made

    def _year(self, year: int, count: int) -> list[Case]:
        last = min(date(year, 12, 31), LAST_ENTERED)
        days = sorted(self.random.randint(0, (last - date(year, 1, 1)).days) for _ in range(count))
        weights = [town.current_weight for town in TOWNS]
        made = []
        for serial, offset in enumerate(days, start=1):
            cracked = date(year, 1, 1) + timedelta(days=offset)
            town = self.random.choices(TOWNS, weights)[0]
            filed = max(cracked - timedelta(days=self.random.choice((0, 0, 1, 2, 5, 11))), date(year, 1, 1))
            made.append(
                Case(
                    number=f"A999981{year}{serial:04d}",
                    title=f"{self.random.choice(self.surnames)}某{self.random.choice(TITLES)}",
                    offence=self.random.choice(OFFENCES),
                    drug=self.random.choices(DRUGS, DRUG_WEIGHTS[year])[0],
                    town=town.name,
                    village=self.random.choice(villages()[town.name]).name,
                    filed=filed,
                    cracked=None if cracked > date(2022, 10, 10) and self.random.random() < 0.3 else cracked,
                )
            )
        return made

    def _seizure(self, case: Case, item: int, grams: Decimal) -> Seizure:
        assert case.cracked is not None
        return Seizure(
            case=case.number,
            item=item,
            drug=case.drug if item == 1 else self.random.choice(DRUGS[:4]),
            grams=grams,
            seized=case.cracked,
            place=self.random.choice(PLACES),
            origin=self.random.choice(ORIGINS),
        )
