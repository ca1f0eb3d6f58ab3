"""Made-up years of a town, by a process the forecast does not know, and how often its interval holds their end.

A town has people, each with a chance of coming to a monthly test window; people come under a measure and leave during the
year, the town's own work slides or mends by month, agreements are signed some days after reporting or never. No DuckDB and no
database: the numbers of each day are counted from the made-up rows as the indicators R01, R03, R05 and G01 are defined.

Some towns enter late: what was done stands in the ledgers days or weeks after, or all of a month together in the next one. On a
day only what was entered by then is seen; the year's end is that of all rows, once they are entered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from math import exp, log
from random import Random
from typing import Final

from qingyuan.governance.rules.forecast import Forecast, forecast
from qingyuan.governance.rules.late_entry import NOTHING_KNOWN, Late, late_by_key, looked_at
from qingyuan.governance.rules.outlook import Moves, Path
from qingyuan.governance.scoring.numbers import Number, Part
from qingyuan.governance.scoring.score import points_of
from qingyuan.governance.scoring.serialise import read_scheme_file
from qingyuan.governance.scoring.shipped import FOLDER

SHEET: Final = read_scheme_file(FOLDER / "town-2022.yaml")
END: Final = date(2022, 12, 31)
ENDS: Final = [date(2022, month, 1) - timedelta(days=1) for month in range(2, 13)]
DAYS: Final = [day for day in ENDS if day.month >= 4]
TOWNS: Final = 12
#: So many different dozens of other towns: a forecast leans on what is usual in its city, and no one city is usual.
CITIES: Final = 6
GIVEN: Final = {"manual:批示交办逾期件数": Number(value=Decimal(1))}


@dataclass(frozen=True)
class Kind:
    """people: how many at the year's beginning; comes: mean chance of a window's being done; slides: how far the logit of it moves
    in a year (standard deviation); differs: between people; joins: new ones a month; signs: share that ever signs; late: share of
    rows entered up to ``waits`` days after their day (together: with all of their month)."""

    word: str
    people: int
    comes: float
    slides: float
    differs: float
    joins: float
    signs: float
    late: float = 0.0
    waits: int = 0
    together: bool = False


KINDS: Final = (
    Kind("steady", 40, 0.90, 0.2, 0.5, 1.0, 0.97),
    Kind("sliding", 40, 0.85, 0.8, 0.5, 1.0, 0.93),
    Kind("divided", 45, 0.85, 0.4, 1.5, 1.5, 0.95),
    Kind("small", 18, 0.88, 0.4, 0.8, 0.7, 0.95),
    Kind("large", 90, 0.91, 0.4, 0.8, 2.0, 0.97),
    Kind("late", 40, 0.90, 0.3, 0.6, 1.0, 0.97, late=0.4, waits=30),
    Kind("later", 45, 0.87, 0.6, 0.6, 1.5, 0.95, late=0.25, waits=60),
    Kind("monthly", 60, 0.90, 0.4, 0.8, 1.5, 0.96, late=0.7, waits=12, together=True),
)
#: When everything of the year has been entered.
ENTERED: Final = date(2023, 6, 30)


@dataclass(frozen=True)
class Window:
    """``known_from``, ``done_entered``, ``gone_entered``: the days the ledgers say it."""

    last: date
    known_from: date
    done_on: date | None
    gone_from: date | None
    done_entered: date = date.min
    gone_entered: date = date.min


@dataclass(frozen=True)
class Person:
    served: date
    due: date
    reported: date | None
    signed: date | None
    served_entered: date = date.min
    reported_entered: date = date.min
    signed_entered: date = date.min


@dataclass(frozen=True)
class Year:
    """Meetings: their day, whether the first leader held them, the day they were entered. ``city``: beside which towns it stands."""

    windows: Sequence[Window]
    people: Sequence[Person]
    meetings: Sequence[tuple[date, bool, date]]
    city: int = 0


def made_up(kind: Kind, seed: int) -> Year:
    random = Random(seed)
    base = _logit(kind.comes) + random.gauss(0, 0.4)
    punctual, signing = _share(_logit(0.92) + random.gauss(0, 0.8)), _share(_logit(kind.signs) + random.gauss(0, 0.6))
    meeting_rate = 2.4 * random.choice((0.5, 0.8, 1.0, 1.7))
    drift = [0.0]
    for _month in range(11):
        drift.append(drift[-1] + random.gauss(0, kind.slides / 12**0.5))
    windows: list[Window] = []
    people: list[Person] = []
    for _one in range(kind.people):
        _put_windows(windows, random, date(2022, 1, 1), base + random.gauss(0, kind.differs), drift)
    for month in range(1, 13):
        for _one in range(_poisson(random, kind.joins)):
            served = date(2022, month, 1) + timedelta(days=random.randrange(28))
            due = served + timedelta(days=15)
            came = random.random() < punctual
            late = not came and random.random() < 0.6
            reported = served + timedelta(days=random.randrange(15) if came else random.randrange(16, 60)) if came or late else None
            signs = reported is not None and random.random() < signing
            after = random.randrange(10) if random.random() < 0.8 else random.randrange(90)
            signed = reported + timedelta(days=after) if signs and reported else None
            people.append(Person(served, due, reported, signed))
            if reported:
                _put_windows(windows, random, reported, base + random.gauss(0, kind.differs), drift, known=served)
    meetings = [(date(2022, 1, 1) + timedelta(days=random.randrange(365)), random.random() < 0.5) for _ in range(_poisson(random, meeting_rate))]
    return entered(kind, seed, windows, people, meetings)


def entered(
    kind: Kind, seed: int, windows: Sequence[Window], people: Sequence[Person], meetings: Sequence[tuple[date, bool]]
) -> Year:
    """The same rows with the days they were entered on; told by a generator of its own, so that the rows stay what they are."""
    random = Random(seed + 5_000_000)
    share = kind.late * random.choice((0.5, 1.0, 1.4))

    def told(day: date | None) -> date:
        if day is None or random.random() >= share:
            return day or date.min
        if kind.together:
            following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
            return following + timedelta(days=random.randrange(kind.waits))
        return day + timedelta(days=1 + random.randrange(kind.waits))

    rows = []
    for one in people:
        served = told(one.served)
        reported, signed = max(served, told(one.reported)), told(one.signed)
        rows.append(replace(one, served_entered=served, reported_entered=reported, signed_entered=max(reported, signed)))
    by_served = {old.served: new.served_entered for old, new in zip(people, rows, strict=True)}
    return Year(
        [
            replace(
                one,
                known_from=max(one.known_from, by_served.get(one.known_from, date.min)),
                done_entered=told(one.done_on),
                gone_entered=told(one.gone_from),
            )
            for one in windows
        ],
        rows,
        [(day, first, told(day)) for day, first in meetings],
        city=seed % CITIES,
    )


def _put_windows(
    into: list[Window], random: Random, start: date, logit: float, drift: Sequence[float], known: date = date(2021, 12, 1)
) -> None:
    """A window every thirty days; a person's measure may end during the year (a chance of one in four)."""
    gone = date(2022, 1, 1) + timedelta(days=random.randrange(365)) if random.random() < 0.25 else None
    opens = start + timedelta(days=random.randrange(30))
    while opens <= END:
        last = opens + timedelta(days=29)
        month = min(last, END).month - 1
        done = random.random() < _share(logit + drift[month])
        into.append(Window(last, known, opens + timedelta(days=random.randrange(30)) if done else None, gone))
        opens += timedelta(days=30)


def numbers(year: Year, day: date, seen: date) -> dict[str, Number]:
    """The inputs for January to ``day`` by the rows that are there on ``seen``: what has not happened or is not entered by then
    is not known."""
    judged = day + timedelta(days=day == END)
    windows = [one for one in year.windows if one.last < judged and one.known_from <= seen and one.last.year == 2022 and not _gone(one, seen)]
    done = sum(1 for one in windows if one.done_on is not None and max(one.done_on, one.done_entered) <= seen)
    due = [one for one in year.people if one.due < judged and max(one.served, one.served_entered) <= seen]
    in_time = sum(1 for one in due if one.reported is not None and one.reported <= one.due and _known(one.reported, one.reported_entered, seen))
    never = sum(1 for one in due if not _known(one.reported, one.reported_entered, seen))
    came = [one for one in year.people if one.reported is not None and one.reported <= day and _known(one.reported, one.reported_entered, seen)]
    signed = sum(1 for one in came if one.signed is not None and one.signed <= day and _known(one.signed, one.signed_entered, seen))
    held = [first for when, first, told in year.meetings if when <= day and max(when, told) <= seen]
    return {
        "indicator:R05": _ratio(done, len(windows), len(windows) - done),
        "indicator:R01": _ratio(in_time, len(due), never),
        "indicator:R03": _ratio(signed, len(came), len(came) - signed),
        "indicator:G01": Number(value=Decimal(len(held)), parts={"first_chaired": Decimal(sum(held))}, unit="次"),
        "indicator:G07": _ratio(0, 0, 0),
    }


def _known(day: date | None, told: date, seen: date) -> bool:
    return day is not None and max(day, told) <= seen


def _gone(one: Window, seen: date) -> bool:
    """Cancelled: the person's measure ended before the window did, and that is known."""
    return one.gone_from is not None and one.gone_from <= one.last and max(one.gone_from, one.gone_entered) <= seen


def all_towns(city: int, on: date) -> dict[str, Number]:
    """The same numbers of twelve other towns of every kind together, as a city's sum."""
    return all_towns_seen(city, on, on)


@cache
def all_towns_seen(city: int, day: date, seen: date) -> dict[str, Number]:
    towns = [numbers(town, day, seen) for town in _other_towns(city)]
    return {key: _sum([town[key] for town in towns]) for key in towns[0]}


@cache
def _other_towns(city: int) -> list[Year]:
    return [made_up(KINDS[at % len(KINDS)], seed=900_000 + 100 * city + at) for at in range(TOWNS)]


def _sum(many: Sequence[Number]) -> Number:
    def added(amounts: Sequence[Decimal | None]) -> Decimal | None:
        return None if any(one is None for one in amounts) else sum((one or Decimal(0) for one in amounts), Decimal(0))

    parts = {key: sum((one.parts[key] for one in many), Decimal(0)) for key in many[0].parts}
    return replace(
        many[0],
        value=added([one.value for one in many]),
        numerator=added([one.numerator for one in many]),
        denominator=added([one.denominator for one in many]),
        parts=parts,
    )


def paths(year: Year, on: date) -> dict[str, Path]:
    days = tuple([day for day in ENDS if day < on] + [on])
    by_day = [numbers(year, day, on) for day in days]
    ahead, late = numbers(year, END, on), late_entries(year, on)
    return {
        key: Path(
            days,
            tuple(one[key] for one in by_day),
            ahead[key],
            END,
            moves,
            planned,
            frozenset(reads),
            all_towns(year.city, on)[key],
            TOWNS,
            late.get(key, NOTHING_KNOWN),
        )
        for key, moves, planned, reads in (
            ("indicator:R05", Moves.WINDOW, True, {Part.VALUE, Part.MISSING}),
            ("indicator:R01", Moves.WINDOW, False, {Part.VALUE}),
            ("indicator:R03", Moves.STANDING, False, {Part.MISSING}),
            ("indicator:G01", Moves.EVENTS, False, {Part.VALUE, "first_chaired"}),
        )
    }


def late_entries(year: Year, on: date) -> dict[str, Late]:
    """As it is learned from the year's own rows: each month-end on its evening, and as it is known on ``on``."""
    looks = [(numbers(year, day, day), numbers(year, day, on)) for day in looked_at([day for day in ENDS if day < on], on)]
    city = late_of_all_towns(year.city, on)
    return {key: late.beside(city[key], TOWNS) for key, late in late_by_key(looks).items() if key in city}


@cache
def late_of_all_towns(city: int, on: date) -> dict[str, Late]:
    days = looked_at([day for day in ENDS if day < on], on)
    return late_by_key([(all_towns_seen(city, day, day), all_towns_seen(city, day, on)) for day in days])


def foretold(year: Year, on: date, draws: int = 200) -> Forecast | None:
    found = forecast(SHEET, GIVEN | numbers(year, on, on), paths(year, on), on, draws=draws)
    return found if isinstance(found, Forecast) else None


def ended(year: Year) -> Decimal:
    """The total of the year's last day by the sheet's own rules, once all rows are entered."""
    return points_of(SHEET, GIVEN | numbers(year, END, ENTERED), END).total


@dataclass(frozen=True)
class Found:
    """Of ``made`` forecasts: the share whose interval held the end, the mean chance said, width in points, end less middle."""

    made: int
    held: float
    said: float
    width: float
    off: float


def backtest(
    years: int, days: Sequence[date] = DAYS, kinds: Sequence[int] = range(len(KINDS)), draws: int = 200
) -> dict[tuple[int, date], Found]:
    """By kind of town and day."""
    rows: dict[tuple[int, date], list[tuple[bool, float, float, float]]] = {}
    for kind in kinds:
        for number in range(years):
            year = made_up(KINDS[kind], seed=1000 * kind + number)
            end = ended(year)
            for day in days:
                made = foretold(year, day, draws)
                if made is not None:
                    span = made.total
                    told = (span.holds(end), span.chance, float(span.high - span.low), float(end - span.middle))
                    rows.setdefault((kind, day), []).append(told)
    return {key: _found(told) for key, told in rows.items()}


def _found(told: Sequence[tuple[bool, float, float, float]]) -> Found:
    count = len(told)
    held, said, width, off = (sum(float(one[at]) for one in told) / count for at in range(4))
    return Found(count, held, said, width, off)


def _ratio(done: int, of: int, missing: int) -> Number:
    return Number(numerator=Decimal(done), denominator=Decimal(of), missing=Decimal(missing), unit="%", label="率")


def _logit(share: float) -> float:
    return log(share / (1 - share))


def _share(logit: float) -> float:
    return 1 / (1 + exp(-logit))


def _poisson(random: Random, mean: float) -> int:
    limit, product, count = exp(-mean), random.random(), 0
    while product > limit:
        product *= random.random()
        count += 1
    return count
