"""A town beside its city: how far chance alone reaches depends on how many answered, not on whom they stand for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qingyuan.indicators import catalogue
from qingyuan.indicators.definition import DENOMINATOR, NUMERATOR
from qingyuan.web.letters.peers import compared
from tests.cast import TODAY

CITY = {NUMERATOR: Decimal(160_000), DENOMINATOR: Decimal(200_000)}


def weighted(share: str, answers: int) -> str:
    """Awareness in a town of 9 000 people, told by the answers of a few."""
    indicator = catalogue.get("P01", TODAY)
    assert indicator.sample
    rest = {part.key: Decimal(answers) for part in indicator.parts}
    town = rest | {NUMERATOR: Decimal(share) * 9_000, DENOMINATOR: Decimal(9_000), indicator.sample: Decimal(answers)}
    return compared(indicator, town, rest | CITY).word


def test_a_weighted_rate_of_twenty_answers_is_not_told_from_the_city() -> None:
    assert weighted("0.7", 20) == "不排名"


@pytest.mark.parametrize(("share", "word"), [("0.7", "检测偏低"), ("0.9", "检测偏高"), ("0.8", "不排名")])
def test_the_same_rate_of_many_answers_is(share: str, word: str) -> None:
    assert weighted(share, 900) == word


def test_nobody_asked_is_no_comparison() -> None:
    assert weighted("0.7", 0) == "不排名"


@pytest.mark.parametrize(("done", "due", "word"), [(15, 20, "不排名"), (6_300, 9_000, "检测偏低")])
def test_a_rate_of_whole_counts_rests_on_its_own_base(done: int, due: int, word: str) -> None:
    indicator = catalogue.get("R05", TODAY)
    assert not indicator.sample
    town = {NUMERATOR: Decimal(done), DENOMINATOR: Decimal(due)}
    assert compared(indicator, town, CITY).word == word
