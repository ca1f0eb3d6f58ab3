from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.badges import asked_until_written, keep_badges, keep_places
from tests.cast import City, id_number, measure_values
from tests.security.fixture import planted

__all__ = ["planted", "town"]

ALL_DAYS = "?when=all"


def test_values(serial: int, **changes: Any) -> dict[str, Any]:
    return {
        "name": f"测试{'甲乙丙丁戊己庚辛'[serial % 8]}",
        "id_number": id_number(100 + serial),
        "tested_on": date(2022, 3, 1),
        "sample": "urine",
        "result": "negative",
        "purpose": "scheduled",
        "testers": ["李秀", "王平"],
    } | changes


test_values.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _frame(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with asked_until_written() as kept:
        keep_badges(monkeypatch, kept)
        keep_places(monkeypatch, kept)
        yield


@pytest.fixture
def town(city: City) -> City:
    """龙洞镇 with three people in community detox and one test."""
    city.enter("measures", "supervisor", *(measure_values(city, serial) for serial in (1, 2, 3)))
    city.enter("tests", "supervisor", test_values(1))
    return city
