"""The tables that come with the platform, and which of them speaks of a unit's result of a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib import resources

from qingyuan.governance.rewards.reading import read_table
from qingyuan.governance.rewards.table import RewardTable


def shipped(refuse: Callable[[str], str] | None = None) -> tuple[RewardTable, ...]:
    """Every table of the folder, by file name. Raises BadRewardTable."""
    return tuple(read_table(text, refuse) for text in _texts())


def shipped_text(code: str, version: str) -> str:
    """The text of one of them; empty where there is none of that code and version."""
    return next((text for text in _texts() if (one := read_table(text)).code == code and one.version == version), "")


def _texts() -> list[str]:
    folder = resources.files("qingyuan.governance.rewards").joinpath("tables")
    files = sorted((one for one in folder.iterdir() if one.name.endswith(".yaml")), key=lambda one: one.name)
    return [one.read_text(encoding="utf-8") for one in files]


def table_for(tables: tuple[RewardTable, ...], unit_kind: str, on: date) -> RewardTable | None:
    """The table in force for a result scored on ``on``; of two, the one that began later, of two of one day the later in the list."""
    fitting = [one for one in tables if one.in_force(on) and (not one.unit_kinds or unit_kind in one.unit_kinds)]
    return max(reversed(fitting), key=lambda one: one.valid_from, default=None)
