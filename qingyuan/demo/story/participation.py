"""Volunteers, associations, the roster, reports received, joint inspections, unit plans, printed figures and water samples.

Two problems are planted here: a town where one full-time worker is left for everyone (R18), and a catchment whose water
says the opposite of the register (G15 beside G09).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import ceil

from qingyuan.demo.city import TOWNS, Town
from qingyuan.demo.people import Crowd
from qingyuan.demo.story.journeys import Measure
from qingyuan.participation.rules import credit_check, month_end

SEED = 20221140
LAST = date(2022, 10, 31)
# The eleventh planted problem: in 永宁镇 one officer left and the social worker went part-time; nobody came instead.
THIN_TOWN, OFFICER_LEFT, PART_TIME_FROM = "永宁镇", date(2022, 6, 30), date(2022, 5, 1)
NORM = 30  # people in community measures for one full-time worker, the usual local standard
USUAL = 24  # what the other towns keep to
# The twelfth: since spring 2022 the water of 双河镇 carries more, while its register falls.
RISING_SITE, RISING_FROM = "双河镇", date(2022, 4, 1)
SITES = (
    ("东山污水处理厂", "东山街道", 61_000, 9_150),
    ("西门污水处理厂", "西门街道", 49_500, 7_400),
    ("永宁镇污水处理站", "永宁镇", 16_800, 2_350),
    ("石桥镇污水处理站", "石桥镇", 15_200, 2_130),
    ("双河镇污水处理站", "双河镇", 11_900, 1_670),
)
MONTHS = tuple(date(year, month, 1) for year in (2021, 2022) for month in range(1, 13))[:22]
OWN_TEAMS = ("东山街道", "西门街道", "石桥镇", "龙洞镇")  # towns that keep their own volunteers; the rest is the league's
LEAGUE = "团市委"
INSPECTED = ("东山街道", "永宁镇", "石桥镇", "清水河镇", "龙洞镇", "大寨乡")
FAILINGS = (
    "协议未及时签订;工作小组缺社区医务人员",
    "定期检测记录缺第二名检测人签字",
    "请假外出没有书面报告和审批",
    "帮扶措施只有计划、没有落实记录",
    "解除通知书送达回证没有归档",
)


@dataclass(frozen=True)
class Helper:
    """A volunteer; ``keeper`` is who registered them: the league, or the town's own team."""

    name: str
    phone: str
    town: str
    keeper: str
    team: str
    joined: date
    left: date | None
    insured: bool


@dataclass(frozen=True)
class Worker:
    name: str
    kind: str
    town: str
    workplace: str
    started: date
    ended: date | None
    phone: str


@dataclass(frozen=True)
class Body:
    title: str
    registration: str
    kind: str
    registered: date
    focus: str


@dataclass(frozen=True)
class Contract:
    registration: str
    document: str
    service: str
    buyer: str
    place: str
    starts: date
    ends: date
    yuan: int
    workers: int | None


@dataclass(frozen=True)
class Reports:
    month: date
    town: str
    channel: str
    category: str
    received: int
    confirmed: int
    unfounded: int
    unclear: int
    answered: int

    @property
    def pending(self) -> int:
        return self.received - self.confirmed - self.unfounded - self.unclear


@dataclass(frozen=True)
class Visit:
    """A joint inspection; ``present`` are police, politics and law, justice, civil affairs in this order."""

    town: str
    day: date
    document: str
    present: tuple[bool, bool, bool, bool]
    files: int
    items: int
    failed: int
    problems: str
    mend_by: date | None
    again: date | None
    passed: bool | None


@dataclass(frozen=True)
class Sample:
    site: str
    town: str
    served: int
    day: date
    target: str
    concentration: float | None
    flow: int


@dataclass(frozen=True)
class Participation:
    volunteers: tuple[Helper, ...]
    staff: tuple[Worker, ...]
    associations: tuple[Body, ...]
    contracts: tuple[Contract, ...]
    reports: tuple[Reports, ...]
    visits: tuple[Visit, ...]
    water: tuple[Sample, ...]


BODIES = (
    ("51", "云岭市禁毒协会", "association", date(2014, 6, 26), "禁毒宣传、志愿者组织、理论研究"),
    ("51", "云岭市青年禁毒志愿者协会", "association", date(2017, 3, 5), "青年志愿服务、进校园宣传"),
    ("52", "云岭市春晖社会工作服务中心", "social_work", date(2016, 9, 1), "社区戒毒社区康复帮扶、家庭关爱"),
    ("52", "云岭市同行社会工作服务中心", "social_work", date(2018, 4, 18), "社区戒毒社区康复帮扶、心理辅导"),
    ("52", "云岭市新程就业服务中心", "social_work", date(2019, 7, 10), "就业扶持、技能培训"),
    ("53", "云岭市平安关爱慈善基金会", "foundation", date(2020, 11, 20), "困境未成年人关爱"),
)
#: Year, which body, service, buyer, place, yuan, workers.
BOUGHT = (
    (2020, 2, "case_help", "市民政局", "云岭市", 960_000, 12),
    (2020, 0, "publicity", "市禁毒办", "云岭市", 180_000, None),
    (2021, 2, "case_help", "市民政局", "云岭市", 1_080_000, 14),
    (2021, 3, "counselling", "市卫健局", "云岭市", 240_000, 3),
    (2021, 0, "publicity", "市禁毒办", "云岭市", 200_000, None),
    (2022, 2, "case_help", "市民政局", "云岭市", 1_140_000, 15),
    (2022, 3, "case_help", "东山街道办事处", "东山街道", 320_000, 4),
    (2022, 3, "counselling", "市卫健局", "云岭市", 260_000, 3),
    (2022, 4, "employment", "市人社局", "云岭市", 300_000, 2),
    (2022, 5, "family", "市民政局", "云岭市", 150_000, None),
    (2022, 0, "survey", "市禁毒办", "云岭市", 98_000, None),
)


@cache
def tell_participation(staff: tuple[tuple[str, tuple[str, ...]], ...], in_force: tuple[tuple[str, int], ...]) -> Participation:
    """The story of this subject. ``staff``: town → names; ``in_force``: town → people in measures on the last day."""
    crowd = Crowd(SEED)
    chance = random.Random(SEED + 1)
    phones = _phones()
    bodies = tuple(_bodies())
    return Participation(
        volunteers=tuple(_volunteers(crowd, chance, phones)),
        staff=tuple(_staff(crowd, chance, phones, dict(staff), dict(in_force))),
        associations=bodies,
        contracts=tuple(_contracts(bodies)),
        reports=tuple(_reports(random.Random(SEED + 2))),
        visits=tuple(_visits(random.Random(SEED + 3))),
        water=tuple(_water(random.Random(SEED + 4))),
    )


def in_force_by_town(measures: Sequence[Measure], on: date = LAST) -> dict[str, int]:
    """People in community measures of each town on a day: reported, and not over."""
    running = [m for m in measures if m.reported and m.reported <= on and (m.ended is None or m.ended > on)]
    return dict(Counter(m.town for m in running))


def _phones() -> Iterator[str]:
    """Telephone numbers of an area code that does not exist (0400)."""
    for number in range(2_000_001, 3_000_000, 7):
        yield f"0400-{number}"


def _volunteers(crowd: Crowd, chance: random.Random, phones: Iterator[str]) -> Iterator[Helper]:
    for town in TOWNS:
        own = town.name in OWN_TEAMS
        for number in range(round(town.population * chance.uniform(8.5, 15.5) / 10_000)):
            joined = date(2019, 3, 1) + timedelta(days=chance.randint(0, 1330))
            gone = chance.random() < 0.07
            left = min(joined + timedelta(days=chance.randint(60, 700)), LAST) if gone else None
            yield Helper(
                name=crowd.name(male=chance.random() < 0.5),
                phone=next(phones),
                town=town.name,
                keeper=town.key if own else LEAGUE,
                team=f"{town.name}禁毒志愿服务队" if own or number % 4 else "市青年禁毒志愿者协会",
                joined=joined,
                left=left if left is None or left >= joined else joined,
                insured=chance.random() < 0.72,
            )


def _staff(
    crowd: Crowd, chance: random.Random, phones: Iterator[str], names: dict[str, tuple[str, ...]], in_force: dict[str, int]
) -> Iterator[Worker]:
    for town in TOWNS:
        officer, social_worker = names[town.name][:2]
        office = f"{town.name}{'办事处' if town.urban else '人民政府'}"
        began = date(2019, 1, 1) + timedelta(days=chance.randint(0, 500))
        yield Worker(officer, "officer", town.name, office, began, None, next(phones))
        second = town.population > 25_000
        if second:
            thin = town.name == THIN_TOWN
            began = date(2020, 1, 1) + timedelta(days=chance.randint(0, 300))
            yield Worker(crowd.name(True), "officer", town.name, office, began, OFFICER_LEFT if thin else None, next(phones))
        yield from _social_workers(crowd, chance, phones, town, social_worker, in_force.get(town.name, 0) - USUAL * (1 + second))


def _social_workers(
    crowd: Crowd, chance: random.Random, phones: Iterator[str], town: Town, first: str, beyond: int
) -> Iterator[Worker]:
    """The town's own social worker, and as many more as its caseload asks for; the thin town's only one goes part-time."""
    agency, began, phone = "云岭市春晖社会工作服务中心", date(2020, 3, 1), next(phones)
    if town.name == THIN_TOWN:
        yield Worker(first, "social_worker", town.name, agency, began, PART_TIME_FROM - timedelta(days=1), phone)
        yield Worker(first, "part_time", town.name, agency, PART_TIME_FROM, None, phone)
        return
    yield Worker(first, "social_worker", town.name, agency, began, None, phone)
    for _more in range(ceil(max(0, beyond - USUAL) / USUAL)):
        began = date(2021, 1, 4) + timedelta(days=chance.randint(0, 240))
        yield Worker(crowd.name(False), "social_worker", town.name, "云岭市同行社会工作服务中心", began, None, next(phones))


def _bodies() -> Iterator[Body]:
    for number, (prefix, title, kind, registered, focus) in enumerate(BODIES, start=1):
        first = f"{prefix}999981MJ{number:03d}7{number}00"[:17].ljust(17, "0")
        yield Body(title, first + credit_check(first), kind, registered, focus)


def _contracts(bodies: Sequence[Body]) -> Iterator[Contract]:
    for number, (year, which, service, buyer, place, yuan, workers) in enumerate(BOUGHT, start=1):
        yield Contract(
            registration=bodies[which].registration,
            document=f"云禁购〔{year}〕{number}号",
            service=service,
            buyer=buyer,
            place=place,
            starts=date(year, 1, 15) if service != "survey" else date(year, 8, 1),
            ends=date(year, 12, 31) if service != "survey" else date(year, 9, 30),
            yuan=yuan,
            workers=workers,
        )


def _reports(chance: random.Random) -> Iterator[Reports]:
    """Ten or so cells a month over the towns; the older the month, the less is still being looked into."""
    weights = [town.current_weight for town in TOWNS]
    for month in MONTHS:
        cells = {
            (
                chance.choices(TOWNS, weights)[0].name,
                chance.choices(("hotline", "police_110", "online", "letter", "visit", "transfer"), (9, 6, 7, 2, 2, 3))[0],
                chance.choices(("dealing", "using", "hosting", "online", "growing", "making"), (8, 9, 5, 3, 1, 1))[0],
            )
            for _cell in range(chance.randint(8, 13))
        }
        recent = month >= date(2022, 9, 1)
        for town, channel, category in sorted(cells):
            received = chance.choices((1, 2, 3, 4), (8, 4, 2, 1))[0]
            pending = min(received, chance.randint(0, 2)) if recent else 0
            settled = received - pending
            confirmed = sum(chance.random() < 0.34 for _one in range(settled))
            unclear = min(settled - confirmed, chance.choice((0, 0, 1)))
            answered = settled if channel in {"hotline", "online", "visit"} else chance.randint(0, settled)
            yield Reports(
                month_end(month), town, channel, category, received, confirmed, settled - confirmed - unclear, unclear, answered
            )


def _visits(chance: random.Random) -> Iterator[Visit]:
    number = 0
    for year, month in ((2021, 4), (2021, 10), (2022, 4), (2022, 9)):
        for town in INSPECTED:
            number += 1
            day = date(year, month, chance.randint(6, 24))
            failed = chance.choice((0, 1, 1, 2, 3)) + (3 if town in {"清水河镇", THIN_TOWN} and year == 2022 else 0)
            mend_by = day + timedelta(days=21) if failed else None
            again = mend_by + timedelta(days=chance.randint(1, 9)) if mend_by and (year, month) != (2022, 9) else None
            yield Visit(
                town=town,
                day=day,
                document=f"云禁检〔{year}〕{number}号",
                present=(True, chance.random() < 0.7, True, chance.random() < 0.8),
                files=chance.randint(6, 12),
                items=18,
                failed=failed,
                problems=";".join(chance.sample(FAILINGS, min(failed, 3))),
                mend_by=mend_by,
                again=again,
                passed=(failed < 4) if again else None,
            )


def _water(chance: random.Random) -> Iterator[Sample]:
    """One day a month of every works: methamphetamine, ketamine and morphine, in ng/L."""
    for month in MONTHS:
        for site, town, served, flow in SITES:
            day = month + timedelta(days=chance.randint(7, 20))
            litres = round(flow * chance.uniform(0.92, 1.1))
            for target in ("METH", "KET", "MOR"):
                load = _load(town, target, month) * chance.uniform(0.9, 1.1)
                found = round(load * served / litres, 1)
                yield Sample(site, town, served, day, target, None if found < 2 else found, litres)


def _load(town: str, target: str, month: date) -> float:
    """mg per 1 000 persons and day: falling slowly in the city, rising in one catchment since spring."""
    gone = (month.year - 2021) * 12 + month.month - 1
    if target == "KET":
        return 1.5 * 0.97**gone
    if target == "MOR":
        return 6.4 * 0.99**gone
    if town == RISING_SITE and month >= RISING_FROM:
        return 15.0 + 2.6 * ((month.year - RISING_FROM.year) * 12 + month.month - RISING_FROM.month + 1)
    return {"东山街道": 21.0, "西门街道": 19.5, "永宁镇": 24.0, "石桥镇": 26.0, "双河镇": 16.0}[town] * 0.985**gone
