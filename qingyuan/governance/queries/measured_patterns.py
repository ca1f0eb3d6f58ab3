"""How often each pattern is found where it was planted, and asked about where nothing was: measured, never written by hand.

``governance/patterns_measured.json`` is what ``benchmarks/gaming.py --write`` counted over made-up cities; the page prints it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Measured:
    """``found`` of ``planted`` units with the pattern; ``wrong`` of ``honest`` units without any that were listed for it."""

    planted: int
    found: int
    honest: int
    wrong: int


@dataclass(frozen=True)
class Measurement:
    """``cities`` made-up cities of ``units`` units each."""

    cities: int
    units: int
    patterns: Mapping[str, Measured]


@cache
def measurement() -> Measurement:
    data: dict[str, Any] = json.loads(resources.files("qingyuan.governance").joinpath("patterns_measured.json").read_text(encoding="utf-8"))
    patterns = {code: Measured(**one) for code, one in data["patterns"].items()}
    return Measurement(data["cities"], data["units"], patterns)
