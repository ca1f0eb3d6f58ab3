"""龙洞镇 with a letter and a score that can be told by hand; most of its numbers turn on fewer than five people.

The town stands up once for each process (``tests/standing``): its people, their tests and the facts of them.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qingyuan.governance.models import Letter
from qingyuan.indicators.refresh import refresh
from tests.cast import found_city, id_number, measure_values
from tests.governance.conftest import Desk, furnished
from tests.standing import standing

WINDOWS = (date(2022, 9, 1), date(2022, 10, 1), date(2022, 11, 1))


def come_to_test(desk: Desk, serial: int, day: date) -> None:
    person = measure_values(desk.city, serial)
    values = {
        "name": person["name"],
        "id_number": id_number(100 + serial),
        "tested_on": day,
        "sample": "urine",
        "result": "negative",
        "purpose": "scheduled",
        "testers": ["李秀", "王平"],
    }
    desk.city.enter("tests", "supervisor", values)


def settle(desk: Desk, people: int, tested: int) -> None:
    """``people`` reported in August; of their tests in three windows the first ``tested`` were made. Two meetings."""
    city = desk.city
    dates = {"decided_on": date(2022, 8, 1), "served_on": date(2022, 8, 5), "reported_on": date(2022, 8, 10)}
    for serial in range(people):
        signed = {"agreement_on": date(2022, 8, 12) if serial else None}
        city.enter("measures", "supervisor", measure_values(city, serial, **(dates | signed)))
    for serial, day in [(serial, day) for day in WINDOWS for serial in range(people)][:tested]:
        come_to_test(desk, serial, day)
    for number in (1, 2):
        meeting = {"held_on": date(2022, 3, number), "kind": "special", "title": f"第{number}次专题研究"}
        more = {"special_topic": True, "chaired_by_first": number == 1, "decisions": "落实定期检测"}
        city.enter("meetings", "supervisor", meeting | more)
    refresh()


def stand_up() -> Desk:
    """Six people, sixteen of eighteen tests made, one agreement missing."""
    made = furnished(found_city())
    settle(made, people=6, tested=16)
    return made


@pytest.fixture
def desk(db: None, facts_home: Path, request: pytest.FixtureRequest) -> Desk:
    """The city with its units; with ``town``, where a test asks for that too."""
    return standing(stand_up, facts_home) if "town" in request.fixturenames else furnished(found_city())


@pytest.fixture
def town(desk: Desk) -> Desk:
    return desk


@pytest.fixture
def letter(town: Desk) -> Letter:
    return town.letter()
