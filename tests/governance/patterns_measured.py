"""How well the looks at patterns do over made-up cities: what the benchmark writes down for the page, and its test counts anew."""

from __future__ import annotations

from typing import Any

from tests.governance import copied_city, gaming_city

#: Pictures take long to draw, so copies are looked for in fewer cities.
SHARE_OF_PICTURES = 3


def measure(cities: int) -> dict[str, Any]:
    """``cities`` made-up cities with four planted units in each, and by pattern what was found and who was asked wrongly."""
    counted = gaming_city.tally(cities)
    patterns = {
        pattern.value: {"planted": planted, "found": counted.found[pattern], "honest": counted.honest, "wrong": counted.wrong[pattern]}
        for pattern, planted in counted.planted.items()
    }
    planted, found, honest, wrong = copied_city.tally(max(1, cities // SHARE_OF_PICTURES))
    patterns["copied"] = {"planted": planted, "found": found, "honest": honest, "wrong": wrong}
    return {"cities": cities, "units": gaming_city.UNITS, "patterns": patterns}
