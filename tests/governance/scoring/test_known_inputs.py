"""The shipped sheet against the indicators there are."""

from __future__ import annotations

import pytest

from qingyuan.governance.scoring import KnownInput, check, known_from
from qingyuan.governance.scoring.scheme import WhenEmpty
from qingyuan.governance.scoring.shipped import shipped, shipped_names
from qingyuan.indicators.catalogue import known_inputs
from tests.governance.scoring.builders import clause, scheme


@pytest.fixture(name="known")
def _known() -> dict[str, KnownInput]:
    return known_from(known_inputs().values())


@pytest.mark.parametrize("name", shipped_names())
def test_every_figure_a_shipped_sheet_scores_is_there_and_may_be_scored(
    name: str, known: dict[str, KnownInput]
) -> None:
    assert check(shipped(name), known) == []


@pytest.mark.parametrize("code", ["E01", "E04", "G09", "G12", "R25"])
def test_counts_of_cases_seizures_and_people_are_refused_with_the_observatorys_reason(
    code: str, known: dict[str, KnownInput]
) -> None:
    item = clause("per_event_cap", {"each": 1}, inputs={"n": f"indicator:{code}"}, when_empty=WhenEmpty.ZERO)
    messages = [problem.message for problem in check(scheme(item), known)]
    assert messages == [known_inputs()[f"indicator:{code}"].refusal]
    assert messages[0]


def test_a_rate_is_known_with_its_own_parts(known: dict[str, KnownInput]) -> None:
    tests = known["indicator:R05"]
    assert (tests.unit, tests.ratio, tests.people, tests.coercive) == ("%", True, True, False)
    assert {"missing", "excused"} <= set(tests.part_names())
