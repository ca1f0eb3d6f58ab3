"""Publicity, schools, patches and surveys of the public, from a seed of their own."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from qingyuan.demo.city import TOWNS, Town, Village, villages
from qingyuan.demo.story.polling import Stratum, sample
from qingyuan.prevention.rules import plans

SEED = 2022_0626
LISTED = date(2021, 1, 1)
LAST_ENTERED = date(2022, 11, 20)
# The eighth planted problem: in 2022 落别乡 was busy in its market town and went to none of its villages.
UNVISITED_TOWN, UNVISITED_YEAR = "落别乡", 2022
# The ninth: patches of one village of 青岩乡, where poppies stood in April 2021, were not walked in two rounds of 2022.
UNWALKED_TOWN, UNWALKED_ROUNDS, UNWALKED_PATCHES = "青岩乡", (3, 4), 5
FOUND_BEFORE = {date(2021, 4, 19): 46, date(2021, 4, 20): 31}
# The tenth: in the school year 2021 three schools did not give their four hours.
SHORT_SCHOOLS = {"兴隆镇": Decimal(3), "双河镇": Decimal(2), "平寨镇": Decimal(1)}
SHORT_YEAR = 2021
PATCH_TOWNS = {"青岩乡": ("QY", 12), "岩脚镇": ("YJ", 10), "猫洞乡": ("MD", 6)}
ROUNDS = plans.month_windows("2;3;4;5;6-7;8-9")
SCHOOLS_PER = 9_000
"""Residents to one school."""


@dataclass(frozen=True)
class Place:
    town: str
    name: str
    kind: str
    village: str
    setting: str = ""


@dataclass(frozen=True)
class Activity:
    town: str
    held: date
    title: str
    theme: str
    place: str
    kind: str
    audience: str
    form: str
    reach: int
    basis: str
    handed_out: int | None


@dataclass(frozen=True)
class School:
    town: str
    village: str
    name: str
    stage: str
    pupils: dict[str, int]
    qingjiao: bool
    demonstration: str = ""
    awarded: date | None = None
    expires: date | None = None


@dataclass(frozen=True)
class Lesson:
    school: str
    held: date
    band: str
    hours: Decimal
    pupils: int


@dataclass(frozen=True)
class Patch:
    town: str
    code: str
    village: str
    land: str
    area: Decimal
    responsible: str


@dataclass(frozen=True)
class Walk:
    town: str
    patch: str
    day: date
    method: str
    plants: int


@dataclass(frozen=True)
class Eradicated:
    town: str
    patch: str
    found: date
    day: date
    plants: int
    rechecked: date


@dataclass(frozen=True)
class Slip:
    day: date
    number: str
    material: str
    direction: str
    quantity: int
    counterpart: str


@dataclass(frozen=True)
class Prevention:
    places: list[Place]
    activities: list[Activity]
    schools: list[School]
    lessons: list[Lesson]
    patches: list[Patch]
    walks: list[Walk]
    eradicated: list[Eradicated]
    awareness: list[Stratum]
    content: list[Stratum]
    slips: dict[str, list[Slip]]


@cache
def tell(seed: int = SEED) -> Prevention:
    """What was done for the public and on the land in 2021 and 2022; the same seed tells the same."""
    schools = _Schools(seed + 1)
    made = schools.schools()
    places = _places(seed)
    patches = _patches(seed + 2)
    walks = _walks(seed + 3, patches)
    return Prevention(
        places=places,
        activities=_Activities(seed + 4).activities(places, made),
        schools=made,
        lessons=schools.lessons(made),
        patches=patches,
        walks=walks,
        eradicated=[_eradicated(walk) for walk in walks if walk.plants],
        awareness=sample(seed + 5, "ZX", {"龙洞镇": "96.8", "落别乡": "93.5", "大寨乡": "92.1"}),
        content=sample(seed + 6, "MY", {"龙洞镇": "97.1", "清水河镇": "94.2"}),
        slips=_slips(seed + 7),
    )


def short_name(town: str) -> str:
    return town.removesuffix("街道").removesuffix("镇").removesuffix("乡")


def unwalked(patches: list[Patch]) -> list[Patch]:
    """The patches of the ninth problem: those of one village."""
    return [patch for patch in patches if patch.town == UNWALKED_TOWN][-UNWALKED_PATCHES:]


# --- places and activities ---------------------------------------------------------------------------------------------
VENUES = (
    ("{}大道KTV", "entertainment"),
    ("{}客运站", "transport"),
    ("{}快递服务点", "courier"),
    ("{}安置房工地", "construction"),
    ("{}宾馆", "lodging"),
)
OFFICES = ("{}政府机关", "{}卫生院", "{}供电所")


def _places(seed: int) -> list[Place]:
    chance = random.Random(seed)
    made: list[Place] = []
    for town in TOWNS:
        home = villages()[town.name]
        made += [Place(town.name, v.name, "community" if v.urban else "village", v.name) for v in home]
        made += [Place(town.name, f"{v.name}第一网格", "home", v.name) for v in home[::4]]
        made += [Place(town.name, name.format(town.name), "workplace", home[0].name) for name in OFFICES]
        kinds = chance.sample(VENUES, 4 if town.urban else 2)
        made += [Place(town.name, name.format(short_name(town.name)), "venue", home[0].name, s) for name, s in kinds]
    return made


REACHED = {"village": 0.9, "community": 0.96, "school": 0.82, "workplace": 0.8, "home": 0.55, "venue": 0.68}
BY_KIND: dict[str, tuple[tuple[str, str], ...]] = {
    "village": (("villagers", "leaflets"), ("villagers", "door_to_door"), ("villagers", "broadcast")),
    "community": (("residents", "leaflets"), ("residents", "exhibition"), ("families", "lecture")),
    "school": (("pupils", "lecture"), ("pupils", "film"), ("teachers", "lecture")),
    "workplace": (("workers", "lecture"), ("workers", "contest")),
    "home": (("families", "door_to_door"),),
    "venue": (("venue_staff", "lecture"), ("venue_staff", "leaflets")),
}
TRADES = {"transport": "transport_staff", "courier": "courier_staff", "construction": "construction"}
THEMES = (
    (6, "6_26"),
    (6, "publicity_month"),
    (4, "no_planting"),
    (1, "holiday"),
    (9, "school_opening"),
    (12, "law_month"),
)
THEME_WORDS = {
    "6_26": "“6·26”禁毒宣传", "publicity_month": "宣传月活动", "no_planting": "禁种铲毒宣传", "holiday": "返乡宣传",
    "school_opening": "开学第一课", "law_month": "法制宣传", "daily": "禁毒宣传",
}  # fmt: skip


class _Activities:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.seen: set[tuple[str, date, str]] = set()

    def activities(self, places: list[Place], schools: list[School]) -> list[Activity]:
        """Town by town and year by year: most places once or more, some never, a few things held at no listed place."""
        listed = [*places, *(Place(one.town, one.name, "school", one.village) for one in schools)]
        made: list[Activity] = []
        for town in TOWNS:
            own = [place for place in listed if place.town == town.name]
            for year in (2021, 2022):
                made += [self._at(place, year) for place in own if self._goes_to(place, year)]
                made += [self._somewhere(town, year) for _ in range(9 if self._stays_home(town.name, year) else 3)]
        return sorted((one for one in made if self._new(one)), key=lambda one: (one.town, one.held, one.title))

    def _stays_home(self, town: str, year: int) -> bool:
        return (town, year) == (UNVISITED_TOWN, UNVISITED_YEAR)

    def _goes_to(self, place: Place, year: int) -> bool:
        drawn = self.random.random()
        if self._stays_home(place.town, year) and place.kind in ("village", "home"):
            return False
        return drawn < REACHED[place.kind] - (0.06 if year == 2021 else 0)

    def _new(self, one: Activity) -> bool:
        """A unit does the same thing once a day."""
        key = (one.town, one.held, one.title)
        if key in self.seen:
            return False
        self.seen.add(key)
        return True

    def _at(self, place: Place, year: int) -> Activity:
        audience, form = self.random.choice(BY_KIND[place.kind])
        theme, held = self._when(year)
        return Activity(
            town=place.town,
            held=held,
            title=f"{place.name}{THEME_WORDS[theme]}",
            theme=theme,
            place=place.name,
            kind=place.kind,
            audience=TRADES.get(place.setting, audience),
            form=form,
            reach=self.random.randint(18, 160) if place.kind != "school" else self.random.randint(120, 700),
            basis=self.random.choice(("counted", "counted", "estimated")),
            handed_out=self.random.randint(2, 30) * 10 if form in ("leaflets", "door_to_door") else None,
        )

    def _somewhere(self, town: Town, year: int) -> Activity:
        theme, held = self._when(year)
        if self.random.random() < 0.25:
            views = self.random.randint(800, 26_000)
            return Activity(
                town.name,
                held,
                f"{town.name}公众号推送",
                theme,
                "",
                "community",
                "general",
                "online",
                views,
                "platform",
                None,
            )
        spot = f"{short_name(town.name)}集镇赶集点"
        kind = "community" if town.urban else "village"
        handed = self.random.randint(10, 60) * 10
        title = f"赶集日{THEME_WORDS[theme]}"
        return Activity(
            town.name, held, title, theme, spot, kind, "general", "leaflets", handed // 2, "estimated", handed
        )

    def _when(self, year: int) -> tuple[str, date]:
        """Half of the year's activities fall into its campaigns."""
        if self.random.random() < 0.5:
            month, theme = self.random.choice(THEMES)
            held = date(year, month, self.random.randint(3, 27))
            if held <= LAST_ENTERED:
                return theme, held
        last = min(LAST_ENTERED, date(year, 12, 28))
        return "daily", date(year, 1, 5) + timedelta(days=self.random.randint(0, (last - date(year, 1, 5)).days))


# --- schools -----------------------------------------------------------------------------------------------------------
class _Schools:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def schools(self) -> list[School]:
        """A central primary school in every town, a middle school in most, village schools by size, a few nurseries."""
        made: list[School] = []
        for position, town in enumerate(TOWNS):
            home, short = villages()[town.name], short_name(town.name)
            made.append(self._school(town, home[0], f"{short}中心小学", "primary", 400))
            if town.population > 15_000:
                made.append(self._school(town, home[0], f"{short}中学", "junior", 600))
            for village in home[1 : max(1, town.population // SCHOOLS_PER)]:
                made.append(self._school(town, village, f"{village.name}小学", "primary", 120))
            if position % 8 == 0:
                made.append(self._school(town, home[0], f"{short}幼儿园", "kindergarten", 0))
        made.append(self._school(TOWNS[0], villages()[TOWNS[0].name][1], "云岭市第一中学", "senior", 1500))
        made.append(self._school(TOWNS[1], villages()[TOWNS[1].name][1], "云岭市职业技术学校", "vocational", 1100))
        return made

    def _school(self, town: Town, village: Village, name: str, stage: str, size: int) -> School:
        count = lambda share: round(size * share * self.random.uniform(0.8, 1.2))  # noqa: E731
        bands = {
            "primary": {"p1_3": count(0.5), "p4_6": count(0.5)},
            "junior": {"j7_9": count(1)},
            "senior": {"s10_12": count(1)},
            "vocational": {"v1_3": count(1)},
        }.get(stage, {})
        awarded = date(2019, 6, 26) if name in ("东山中学", "永宁中心小学", "石桥中学") else None
        ends = {"东山中学": date(2024, 6, 25), "永宁中心小学": date(2024, 6, 25), "石桥中学": date(2022, 6, 25)}
        return School(
            town=town.name,
            village=village.name,
            name=name,
            stage=stage,
            pupils=bands,
            qingjiao=stage != "kindergarten" and size > 200,
            demonstration="county" if awarded else "",
            awarded=awarded,
            expires=ends.get(name) if awarded else None,
        )

    def lessons(self, schools: list[School]) -> list[Lesson]:
        """Two whole school years and the autumn of a third; three schools give less in the second."""
        short = {self._first(schools, town).name: hours for town, hours in SHORT_SCHOOLS.items()}
        made: list[Lesson] = []
        for school in schools:
            if school.stage == "kindergarten":
                continue
            for year in (2020, 2021, 2022):
                hours = Decimal(self.random.choice((4, 4, 5, 6)))
                if year == SHORT_YEAR:
                    hours = short.get(school.name, hours)
                if year == 2022:
                    hours = Decimal(self.random.choice((1, 1, 2)))
                made += self._year(school, year, hours)
        return sorted(made, key=lambda one: (one.held, one.school))

    def _first(self, schools: list[School], town: str) -> School:
        return next(school for school in schools if school.town == town)

    def _year(self, school: School, year: int, hours: Decimal) -> list[Lesson]:
        months = (
            ((year, 9), (year, 11))
            if year == 2022
            else ((year, 9), (year, 11), (year + 1, 3), (year + 1, 4), (year + 1, 6), (year + 1, 5))
        )
        bands = list(school.pupils)
        return [
            Lesson(
                school=school.name,
                held=date(*month, 1 + (index * 7 + len(school.name) * 3 + self.random.randint(0, 5)) % 20),
                band=bands[index % len(bands)],
                hours=Decimal(1),
                pupils=round(school.pupils[bands[index % len(bands)]] * self.random.uniform(0.7, 0.98)),
            )
            for index, month in enumerate(months[: int(hours)])
        ]


# --- patches -----------------------------------------------------------------------------------------------------------
LANDS = ("farmland", "farmland", "forest", "wasteland", "courtyard", "orchard")


def _patches(seed: int) -> list[Patch]:
    """The last five of 青岩乡 lie in one village."""
    chance = random.Random(seed)
    made: list[Patch] = []
    for town, (letters, count) in PATCH_TOWNS.items():
        rural = [village.name for village in villages()[town] if not village.urban]
        for number in range(1, count + 1):
            one_village = town == UNWALKED_TOWN and number > count - UNWALKED_PATCHES
            village = rural[-1] if one_village else rural[number % (len(rural) - 1)]
            area = Decimal(chance.randint(80, 900)) / 10
            made.append(
                Patch(town, f"{letters}-{number:02d}", village, chance.choice(LANDS), area, f"{village}包村干部")
            )
    return made


def _walks(seed: int, patches: list[Patch]) -> list[Walk]:
    chance = random.Random(seed)
    left_out = {patch.code for patch in unwalked(patches)}
    found = dict(zip(sorted(left_out)[:2], FOUND_BEFORE.items(), strict=True))
    made: list[Walk] = []
    for patch in patches:
        for year in (2021, 2022):
            for number, span in enumerate(plans.season(year, ROUNDS), start=1):
                missed = chance.random() < 0.012
                day = span.opens + timedelta(days=chance.randint(2, (span.last_day - span.opens).days - 2))
                method = chance.choice(("foot", "foot", "foot", "drone"))
                if patch.code in left_out:
                    if year == 2022 and number in UNWALKED_ROUNDS:
                        continue
                    missed = False
                if year == 2021 and number == 3 and patch.code in found:
                    day, plants = found[patch.code]
                    made.append(Walk(patch.town, patch.code, day, "foot", plants))
                elif year == 2022 and number == 4 and patch.code == "YJ-03":
                    made.append(Walk(patch.town, patch.code, day, "drone", 8))
                elif not missed:
                    made.append(Walk(patch.town, patch.code, day, method, 0))
    return sorted(made, key=lambda walk: (walk.town, walk.day, walk.patch))


def _eradicated(walk: Walk) -> Eradicated:
    return Eradicated(
        walk.town, walk.patch, walk.day, walk.day + timedelta(days=1), walk.plants, walk.day + timedelta(days=22)
    )


# --- the store ---------------------------------------------------------------------------------------------------------
def _slips(seed: int) -> dict[str, list[Slip]]:
    """What the education bureau and 龙洞镇 had in store; nothing goes out that had not come in."""
    return {keeper: _store(random.Random(f"{seed}{keeper}"), keeper) for keeper in ("education", "longdong")}


def _store(chance: random.Random, keeper: str) -> list[Slip]:
    target = "各学校" if keeper == "education" else "各村(社区)"
    made: list[Slip] = []
    for material in ("leaflet", "booklet", "poster"):
        stock = 0
        for month in (3, 5, 6, 9, 11):
            came = chance.randint(4, 20) * 100
            made.append(Slip(date(2022, month, 2), f"RK{len(made) + 1:03d}", material, "in", came, "市禁毒办"))
            stock += came
            gone = chance.randint(1, stock // 40) * 40
            made.append(Slip(date(2022, month, 18), f"CK{len(made) + 1:03d}", material, "out", gone, target))
            stock -= gone
    return made
