"""The people in the cases, where what was seized went, decisions and tests, and crimes linked with drugs.

Told after the cases, from a seed of its own, so that nothing told before changes with it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from qingyuan.demo.city import TOWNS, villages
from qingyuan.demo.people import Crowd, Person
from qingyuan.demo.story.cases import POSSESSION, TRAFFICKING, Case, Seizure
from qingyuan.demo.story.handled import chance_of, detained_of, handled_in
from qingyuan.demo.story.telling import SEED, Story
from qingyuan.reference.periods import month as month_of

OWN_SEED = SEED + 21
LAST_ENTERED = date(2022, 10, 31)
YEARS = (2020, 2021, 2022)
# Seized drugs are burnt together each June, before the day against drugs.
BURNT = {2020: date(2021, 6, 22), 2021: date(2022, 6, 21)}
# The fifth planted problem: of one exhibit less reached the store than was seized, and nobody wrote where the rest is.
LOST_CASE, LOST_ITEM, LOST_GRAMS = "A99998120210011", 2, Decimal("38.50")
# The seventh planted problem: since May 2022 三岔镇 has thefts whose files speak of drugs, while the city has fewer.
THEFT_TOWN, THEFT_FROM, THEFTS_A_MONTH = "三岔镇", date(2022, 5, 1), 3
LINKED_BY_YEAR = {2020: 66, 2021: 54, 2022: 30}
LINKED_KINDS = ("theft",) * 12 + ("fraud",) * 3 + ("snatching",) * 2 + ("robbery", "extortion", "driving")
LINK_BASES = ("confession",) * 6 + ("test",) * 3 + ("exchange",) * 2 + ("judgment", "scene")
LABORATORY, SECOND_LABORATORY = "演示州公安局物证鉴定所", "演示省公安厅物证鉴定中心"


@dataclass(frozen=True)
class Party:
    case: str
    person: Person
    role: str
    gang_role: str
    caught: date | None
    outcome: str
    outcome_on: date | None


@dataclass(frozen=True)
class Penalty:
    document: str
    person: Person
    act: str
    kind: str
    town: str
    village: str
    decided: date
    days: int | None
    fine: int | None


@dataclass(frozen=True)
class Movement:
    case: str
    exhibit: str
    kind: str
    drug: str
    stage: str
    on: date
    quantity: Decimal
    measure: str
    place: str
    handlers: tuple[str, str]
    document: str


@dataclass(frozen=True)
class Operation:
    number: str
    title: str
    level: str
    organiser: str
    document: str
    days: tuple[date, date, date, date]


@dataclass(frozen=True)
class LinkedCrime:
    number: str
    kind: str
    town: str
    village: str
    happened: date
    basis: str
    solved: date | None


@dataclass(frozen=True)
class Test:
    person: Person
    tested: date
    method: str
    sample: str
    compliance: str
    result: str
    approval: str
    institution: str
    village: str
    testers: tuple[str, str]


OPERATIONS = (
    Operation("JB2020", "“净边2020”专项行动", "nation", "国家禁毒办", "禁毒办通〔2020〕11号",
              (date(2020, 4, 1), date(2020, 4, 30), date(2020, 8, 31), date(2020, 9, 30))),
    Operation("QYDL2021", "“清源断流”专项行动", "province", "演示省公安厅", "演公禁〔2021〕16号",
              (date(2021, 5, 1), date(2021, 5, 31), date(2021, 9, 30), date(2021, 10, 31))),
    Operation("LJ2022", "“利剑2022”专项行动", "city", "市禁毒委员会", "云禁毒〔2022〕3号",
              (date(2022, 3, 1), date(2022, 3, 31), date(2022, 8, 31), date(2022, 10, 31))),
)  # fmt: skip


class Police:
    """Tells everything from the story's cases and seizures; the same seed tells the same."""

    def __init__(self, story: Story, seed: int = OWN_SEED) -> None:
        self.story = story
        self.seed = seed
        self.crowd = Crowd(seed)
        squad = Crowd(seed + 1)
        self.officers = tuple(squad.name(male=position % 4 != 3) for position in range(8))

    def parties(self) -> list[Party]:
        """One to three people a case, sometimes a gang of four to six; the first bears the surname of the case's title."""
        chance = random.Random(f"{self.seed} parties")
        return [party for case in self.story.cases for party in self._of_case(case, chance)]

    def movements(self) -> list[Movement]:
        """Each seizure weighed, sampled, stored and, after a year, burnt; here and there a telephone."""
        chance = random.Random(f"{self.seed} movements")
        return [step for seizure in self.story.seizures for step in self._of_seizure(seizure, chance)]

    def penalties(self) -> list[Penalty]:
        """As many detentions a month as the return of that month says, and some decisions without one."""
        chance = random.Random(f"{self.seed} penalties")
        made: list[Penalty] = []
        for year in YEARS:
            serial = 0
            for number in range(1, 13 if year < LAST_ENTERED.year else LAST_ENTERED.month + 1):
                month = month_of(date(year, number, 1))
                handled = handled_in(month, chance_of(month, SEED))
                detained = detained_of(handled)
                days = sorted(chance.randint(0, (month.last_day - month.start).days) for _ in range(detained + handled // 6))
                kinds = [self._detention(chance) for _ in range(detained)]
                kinds += [chance.choice(("fine", "warning", "exempt", "fine")) for _ in range(handled // 6)]
                chance.shuffle(kinds)
                for day, kind in zip(days, kinds, strict=True):
                    serial += 1
                    made.append(self._penalty(month.start + timedelta(days=day), kind, serial, chance))
        return made

    def tests(self, penalties: list[Penalty]) -> list[Test]:
        """The tests of 2022: one before each decision, as many that found nothing, and a few in a laboratory."""
        chance = random.Random(f"{self.seed} tests")
        made: list[Test] = []
        for penalty in penalties:
            if penalty.decided.year == LAST_ENTERED.year:
                made += self._tested(penalty, chance)
        return made

    def linked_crimes(self) -> list[LinkedCrime]:
        chance = random.Random(f"{self.seed} linked")
        weights = [town.current_weight for town in TOWNS]
        found: list[tuple[date, str, str]] = []
        for year in YEARS:
            last = min(date(year, 12, 31), LAST_ENTERED)
            for _ in range(LINKED_BY_YEAR[year]):
                day = date(year, 1, 1) + timedelta(days=chance.randint(0, (last - date(year, 1, 1)).days))
                found.append((day, chance.choices(TOWNS, weights)[0].name, chance.choice(LINKED_KINDS)))
        for number in range(THEFT_FROM.month, LAST_ENTERED.month + 1):
            found += [
                (date(THEFT_FROM.year, number, chance.randint(1, 28)), THEFT_TOWN, "theft") for _ in range(THEFTS_A_MONTH)
            ]
        return [self._linked(serial, *one, chance) for serial, one in enumerate(sorted(found), start=1)]

    def _of_case(self, case: Case, chance: random.Random) -> Iterator[Party]:
        count = chance.choice((1,) * 14 + (2,) * 4 + (3,))
        if case.offence == TRAFFICKING and chance.random() < 0.09:
            count = chance.randint(4, 6)
        gang = count > 3
        for position in range(count):
            young = chance.random() < 0.03 and case.filed.year == LAST_ENTERED.year
            person = self.crowd.person(youngest=16, oldest=17) if young else self.crowd.person(oldest=55)
            if position == 0:
                person = Person(case.title[0] + person.name[1:], person.id_number, person.male)
            role = ("organiser", "core", "member")[min(position, 2)] if gang else "none"
            if case.cracked is None or (gang and position == count - 1 and chance.random() < 0.4):
                yield Party(case.number, person, "suspect", role, None, "at_large", None)
                continue
            caught = case.cracked + timedelta(days=0 if position == 0 else chance.choice((0, 0, 1, 6)))
            yield Party(case.number, person, "suspect", role, caught, *self._outcome(case, caught, chance))

    def _outcome(self, case: Case, caught: date, chance: random.Random) -> tuple[str, date]:
        """What had become of a suspect when the tables were written: the older the case, the further."""
        ways = (("sentenced", 230), ("sent", 95), ("arrested", 30), ("detained", 1))
        for outcome, days in ways:
            if caught + timedelta(days=days) <= LAST_ENTERED and chance.random() < 0.86:
                return outcome, caught + timedelta(days=days)
        mild = case.offence not in (TRAFFICKING, POSSESSION)
        return ("bail" if mild else "detained"), caught

    def _of_seizure(self, seizure: Seizure, chance: random.Random) -> Iterator[Movement]:
        year, exhibit = seizure.seized.year, f"W{seizure.item}"
        taken = min(Decimal("0.50"), (seizure.grams / 10).quantize(Decimal("0.01"))) or seizure.grams
        rest = seizure.grams - taken
        if seizure.case == LOST_CASE and seizure.item == LOST_ITEM:
            rest -= LOST_GRAMS
        handlers = self._two(chance)

        def step(stage: str, days: int, quantity: Decimal, place: str, kind: str = "drug", number: str = exhibit) -> Movement:
            drug, measure = (seizure.drug, "g") if kind == "drug" else ("", "piece")
            on = min(seizure.seized + timedelta(days=days), LAST_ENTERED)
            document = f"云公(禁)扣字〔{year}〕{seizure.case[-4:]}号"
            return Movement(seizure.case, number, kind, drug, stage, on, quantity, measure, place, handlers, document)

        yield step("seized", 0, seizure.grams, "办案区")
        yield step("sampled", 1, taken, LABORATORY)
        if rest > 0:
            yield step("stored", 2, rest, "市公安局毒品专库")
            if year in BURNT:
                burnt = step("destroyed", 0, rest, "演示州无害化处置中心")
                yield Movement(**{**burnt.__dict__, "on": BURNT[year], "handlers": self._two(chance), "document": f"销毁清册〔{year + 1}〕1号"})
        if seizure.item == 1 and chance.random() < 0.25:
            yield step("seized", 0, Decimal(1), "办案区", "phone", "S1")
            yield step("stored", 1, Decimal(1), "市公安局涉案财物室", "phone", "S1")
            yield step("transferred", 70, Decimal(1), "市人民检察院", "phone", "S1")

    def _detention(self, chance: random.Random) -> str:
        return chance.choice(("detention",) * 7 + ("detention_fine",) * 2 + ("not_executed",))

    def _penalty(self, day: date, kind: str, serial: int, chance: random.Random) -> Penalty:
        town = chance.choices(TOWNS, [town.current_weight for town in TOWNS])[0].name
        return Penalty(
            document=f"云公(禁)行罚决字〔{day.year}〕{serial}号",
            person=self.crowd.person(),
            act="AD-PS84c",
            kind=kind,
            town=town,
            village=chance.choice(villages()[town]).name,
            decided=day,
            days=chance.choice((5, 10, 10, 12, 15)) if kind in ("detention", "detention_fine", "not_executed") else None,
            fine=chance.choice((200, 300, 500, 1000)) if kind in ("detention_fine", "fine") else None,
        )

    def _tested(self, penalty: Penalty, chance: random.Random) -> Iterator[Test]:
        forced = chance.random() < 0.05
        approval = f"云公(禁)强检字〔2022〕{penalty.document.rpartition('〕')[2]}" if forced else ""
        compliance = "forced" if forced else "willing"

        def test(person: Person, day: date, method: str, sample: str, result: str, by: str, institution: str = "") -> Test:
            return Test(
                person, day, method, sample, by, result, approval if by == "forced" else "", institution, penalty.village, self._two(chance)
            )

        yield test(penalty.person, penalty.decided, "onsite", "urine", "positive", compliance)
        if chance.random() < 0.9:
            yield test(self.crowd.person(), penalty.decided, "onsite", "urine", "negative", "willing")
        if chance.random() < 0.12:
            later = min(penalty.decided + timedelta(days=3), LAST_ENTERED)
            yield test(penalty.person, later, "lab", "hair", "positive", "willing", LABORATORY)
            if chance.random() < 0.3:
                last = min(later + timedelta(days=7), LAST_ENTERED)
                yield test(penalty.person, last, "lab_retest", "hair", "positive", "willing", SECOND_LABORATORY)

    def _linked(self, serial: int, day: date, town: str, kind: str, chance: random.Random) -> LinkedCrime:
        solved = day + timedelta(days=chance.randint(0, 45))
        return LinkedCrime(
            number=f"A999981G{day.year}{serial:04d}",
            kind=kind,
            town=town,
            village=chance.choice(villages()[town]).name,
            happened=day,
            basis=chance.choice(LINK_BASES),
            solved=solved if solved <= LAST_ENTERED and chance.random() < 0.8 else None,
        )

    def _two(self, chance: random.Random) -> tuple[str, str]:
        one, two = chance.sample(self.officers, 2)
        return one, two
