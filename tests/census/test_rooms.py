"""Every room says what it owns, what it hands out and what it never does."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.census.house import PACKAGE

ROOMS = sorted(path.parent for path in PACKAGE.glob("*/__init__.py") if path.parent.name not in {"config"})
SAYS = {
    "owns": re.compile(r"\bowns?\b", re.I),
    "hands out": re.compile(r"\bhands out\b", re.I),
    "never": re.compile(r"\bnever\b", re.I),
}
# These own nothing that another room could ask for.
HANDS_OUT_NOTHING = frozenset({"cli", "demo", "journeys", "api", "web"})
IMPORT_TIME = (ast.FunctionDef, ast.AsyncFunctionDef)


def says(room: Path) -> set[str]:
    text = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))) or ""
    return {word for word, pattern in SAYS.items() if pattern.search(text)}


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_says_what_it_owns_hands_out_and_never_does(room: Path) -> None:
    wanted = set(SAYS) - ({"hands out"} if room.name in HANDS_OUT_NOTHING else set())
    assert wanted <= says(room)


def test_the_census_sees_a_room_without_words(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text('"""Owns tea. Hands out cups."""', encoding="utf-8")
    assert says(tmp_path) == {"owns", "hands out"}


def test_no_function_imports_inside_itself() -> None:
    """Imports stand at the top, where the walls are checked."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, IMPORT_TIME)):
            if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function)):
                found.append(f"{path.relative_to(PACKAGE)}:{function.lineno}")
    assert found == []


def test_modules_stay_small() -> None:
    long = {
        str(path.relative_to(PACKAGE)): lines
        for path in PACKAGE.rglob("*.py")
        # Migrations and the list of data words are written by commands.
        if "/migrations/" not in path.as_posix()
        and path.name != "data_words.py"
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert long == {}
