"""The glossary keeps its promise: one noun, one term, one room."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINES = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in LINES
    if line.startswith("|") and not line.startswith(("|---", "| noun |"))
]


def test_there_are_about_seventy_terms_and_more() -> None:
    assert len(ROWS) >= 70
    assert all(len(row) == 4 and all(row) for row in ROWS)


@pytest.mark.parametrize(("position", "what"), [(0, "noun"), (1, "Chinese term")])
def test_no_noun_and_no_term_stands_twice(position: int, what: str) -> None:
    repeated = [word for word, times in Counter(row[position] for row in ROWS).items() if times > 1]
    assert repeated == [], what


def test_every_room_named_is_a_room_of_the_house() -> None:
    rooms = {path.parent.name for path in (ROOT / "qingyuan").glob("*/__init__.py")}
    assert {row[2] for row in ROWS} - {"journeys"} <= rooms
