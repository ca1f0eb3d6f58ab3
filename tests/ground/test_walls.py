"""The walls of the house are watched for every room that stands."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "qingyuan"
FURNITURE = frozenset({"actions", "queries", "permissions", "models", "rules", "enums"})
# Storeys without furniture of a room: they hold pages, commands, papers or lists.
NOT_ROOMS = frozenset({"config", "web", "api", "cli", "demo", "documents", "reference"})


def contracts() -> dict[str, dict[str, Any]]:
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    return {contract["id"]: contract for contract in linter["contracts"]}


def rooms() -> set[str]:
    return {
        folder.name
        for folder in PACKAGE.iterdir()
        if (folder / "__init__.py").is_file() and folder.name not in NOT_ROOMS
    }


def test_the_inside_of_every_furnished_room_is_in_order() -> None:
    furnished = {
        f"qingyuan.{room}"
        for room in rooms()
        if len(FURNITURE & {path.stem for path in (PACKAGE / room).iterdir()}) > 1
    }
    assert furnished - set(contracts()["inside"]["containers"]) == set()


def test_every_room_has_a_storey() -> None:
    layers = " | ".join(contracts()["storeys"]["layers"])
    named = {word.strip(" ()") for word in layers.split("|")}
    assert rooms() - named == set()
    assert contracts()["storeys"]["exhaustive"] is True


def test_no_wall_has_a_door_of_its_own() -> None:
    assert "ignore_imports" not in contracts()["storeys"]
    assert "ignore_imports" not in contracts()["inside"]
