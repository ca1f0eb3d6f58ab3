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
# The sixth planted problem: in 2022 what used to come from one border comes from another.
OLD_CORRIDOR, NEW_CORRIDOR, SHIFT_YEAR = "yunnan", "guangxi", 2022
SHIFTED = (NEW_CORRIDOR,) * 10 + ("province",) * 4 + ("local",) * 3 + (OLD_CORRIDOR, "online", "unknown")
PLACES = ("rental", "home", "road", "road", "vehicle", "hotel", "venue", "parcel", "station")
# What a case is called follows from what it is about.
TITLES = {
    "CL347": ("贩卖毒品案", "零包贩毒案", "贩卖毒品案", "贩卖、运输毒品案", "运输毒品案"),
    "CL348": ("非法持有毒品案",) * 5,
    "CL354": ("容留他人吸毒案",) * 5,
    "CL353a": ("引诱他人吸毒案",) * 5,
}
TRAFFICKING, POSSESSION = "CL347", "CL348"
# 刑法第三百四十八条: possession of these is a crime from ten grams; of the others from far more than anybody here has.
POSSESSED, POSSESSED_FROM = ("OP01", "ST01", "ST02"), Decimal(10)
LITTLE = Decimal(5)
OPERATIONS = (
    ("JB2020", date(2020, 4, 1), date(2020, 9, 30)),
    ("QYDL2021", date(2021, 5, 1), date(2021, 10, 31)),
    ("LJ2022", date(2022, 3, 1), date(2022, 10, 31)),
)


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

    @property
    def operation(self) -> str:
        """The special operation whose days it was cracked in; trafficking only."""
        if self.cracked is None or self.offence != TRAFFICKING:
            return ""
        return next((code for code, start, end in OPERATIONS if start <= self.cracked <= end), "")


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
            for (case, item), weight in zip(picked, _fitting(picked, raw, scale), strict=True):
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
            surname, wording, offence = self.random.choice(self.surnames), self.random.choice(range(5)), self.random.choice(OFFENCES)
            drug = self.random.choices(DRUGS, DRUG_WEIGHTS[year])[0]
            made.append(
                Case(
                    number=f"A999981{year}{serial:04d}",
                    title=f"{surname}某{TITLES[offence][wording]}",
                    offence=offence,
                    drug="ST01" if offence == POSSESSION and drug not in POSSESSED else drug,
                    town=town.name,
                    village=self.random.choice(villages()[town.name]).name,
                    filed=filed,
                    cracked=None if cracked > date(2022, 10, 10) and self.random.random() < 0.3 else cracked,
                )
            )
        return made

    def _seizure(self, case: Case, item: int, grams: Decimal) -> Seizure:
        assert case.cracked is not None
        late = case.cracked.year >= SHIFT_YEAR
        drug = case.drug if item == 1 else self.random.choice(DRUGS[:4])
        place, origin = self.random.choice(PLACES), self.random.choice(SHIFTED if late else ORIGINS)
        return Seizure(
            case=case.number,
            item=item,
            drug=drug,
            grams=grams,
            seized=case.cracked,
            place=place,
            origin=OLD_CORRIDOR if origin == NEW_CORRIDOR and not late else origin,
        )


def _fitting(picked: list[tuple[Case, int]], raw: list[float], scale: Decimal) -> list[float]:
    """The same weights, dealt so that a room lent for use yields little and possession is of a criminal amount."""
    dealt = list(raw)
    grams = lambda place: Decimal(str(dealt[place])) * scale  # noqa: E731
    trafficked = [place for place, (case, _item) in enumerate(picked) if case.offence == TRAFFICKING]
    for place, (case, item) in enumerate(picked):
        if case.offence == TRAFFICKING:
            continue
        if case.offence == POSSESSION:
            wrong = item == 1 and grams(place) < POSSESSED_FROM
            fitting = [other for other in trafficked if grams(other) >= POSSESSED_FROM]
        else:
            wrong = grams(place) > LITTLE
            fitting = [other for other in trafficked if grams(other) <= LITTLE]
        if wrong and fitting:
            other = min(fitting, key=grams)
            dealt[place], dealt[other] = dealt[other], dealt[place]
    return dealt
