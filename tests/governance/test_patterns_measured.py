"""What the page prints about being right and wrong was counted: a few cities are counted anew and must agree."""

from __future__ import annotations

import json
from pathlib import Path

from qingyuan.governance.enums import PatternKind
from qingyuan.governance.queries.measured_patterns import measurement
from tests.governance import copied_city
from tests.governance.patterns_measured import measure

KEPT = Path(__file__).parents[2] / "qingyuan/governance/patterns_measured.json"


def test_a_few_cities_counted_anew_agree_with_what_is_kept() -> None:
    few = json.loads(KEPT.read_text(encoding="utf-8"))["few"]
    assert measure(few["cities"]) == few, "python benchmarks/gaming.py --write"


def test_every_pattern_is_measured_and_good_enough_to_ask() -> None:
    whole = measurement()
    assert set(whole.patterns) == set(PatternKind.values) and whole.cities >= 50
    found, planted = (sum(getattr(one, name) for one in whole.patterns.values()) for name in ("found", "planted"))
    assert found >= 0.8 * planted, "four in five of what was planted is found"
    for one in whole.patterns.values():
        assert one.found >= 0.6 * one.planted and one.wrong <= 0.05 * one.honest


def test_a_copy_is_found_and_a_paper_handed_round_is_not() -> None:
    planted, found, _honest, wrong = copied_city.tally(1)
    assert (planted, found, wrong) == (4, 4, 0)
