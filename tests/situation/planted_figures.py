"""Two towns whose figures may not be told apart: 龙洞镇 has 2 current users and 2 people in measures, 石桥镇 the rest.

Whoever reads 石桥镇's 3571 beside the city's 3573 knows the two, so 3571 must not appear anywhere either.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from qingyuan.indicators.refresh import refresh
from tests.cast import City, id_number, measure_values

CITY_USERS, FEW_USERS, REST_USERS = 3573, 2, 3571
#: However a page writes the number that gives the two away.
TELLING = ("3571", "3,571", "3 571")
MEASURES_REST = 7


def plant_figures(city: City) -> None:
    """Registers, population, measures, cases and seizures of both towns for 2021 and 2022, published."""
    _registers(city)
    _population(city)
    _measures(city)
    _cases(city)
    refresh()


def _registers(city: City) -> None:
    rows: list[dict[str, Any]] = []
    for year in (2021, 2022):
        for month in (9, 10):
            for place, current, found in (("龙洞镇", FEW_USERS, 1), ("石桥镇", REST_USERS, 6)):
                rows.append(
                    {
                        "month": date(year, month, 30 if month == 9 else 31),
                        "division": city.divisions[place].pk,
                        "registered": current + 100,
                        "abstinent": 60,
                        "dead": 30,
                        "left": 10,
                        "current": current,
                        "in_contact": current,
                        "newly_found": found,
                        "newly_found_rural": 0,
                    }
                )
    city.enter("registrations", "officer", *rows)


def _population(city: City) -> None:
    people = (("龙洞镇", 29_000), ("石桥镇", 34_000))
    rows = [
        {"year": year, "division": city.divisions[place].pk, "resident": count, "source": "统计公报"}
        for year in (2021, 2022)
        for place, count in people
    ]
    city.enter("population", "clerk", *rows)


def _measures(city: City) -> None:
    for number in (1, 2):
        city.enter("measures", "supervisor", measure_values(city, number, name=f"龙某{'甲乙'[number - 1]}"))
    for number in range(MEASURES_REST):
        values = measure_values(
            city,
            number + 3,
            name=f"石某{'甲乙丙丁戊己庚'[number]}",
            id_number=id_number(300 + number),
            division=city.divisions["石桥社区"].pk,
        )
        city.enter("measures", "stranger", values)


CASES = (
    ("A1", date(2022, 2, 3), "龙洞镇", "OP01", "350"),
    ("A2", date(2022, 10, 31), "石桥镇", "ST01", "1200.5"),
    ("A3", date(2022, 10, 1), "石桥镇", "OP01", "20"),
    ("A4", date(2022, 11, 1), "石桥镇", "OP01", "999"),
    ("B1", date(2021, 5, 5), "石桥镇", "OP01", "100"),
)


def _cases(city: City) -> None:
    for number, day, place, drug, grams in CASES:
        pk = city.divisions[place].pk
        city.enter(
            "cases",
            "officer",
            {
                "number": number,
                "title": f"案{number}",
                "case_kind": "criminal",
                "offence": "CL347",
                "drug_main": drug,
                "division": pk,
                "filed_on": day,
                "cracked_on": day,
            },
        )
        city.enter(
            "seizures",
            "officer",
            {
                "case_number": number,
                "drug": drug,
                "net_g": Decimal(grams),
                "seized_on": day,
                "division": pk,
                "origin": "yunnan",
            },
        )
