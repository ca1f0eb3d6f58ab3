"""The order of closing, the moment a longer period is closed at, and late entries in words: without a database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.foundation.clock import ZONE
from qingyuan.reference.periods import Period
from qingyuan.situation import closing_rules as rules

OCTOBER = Period.parse("2022-10")
TODAY = date(2022, 11, 23)
AT = datetime(2022, 11, 5, 9, tzinfo=ZONE)


def asked(**changes: object) -> str:
    values: dict[str, object] = {"today": TODAY, "state": "", "below_open": [], "note": ""}
    return rules.why_not_ask(OCTOBER, **(values | changes))  # type: ignore[arg-type]


def test_a_month_that_is_over_and_free_can_be_declared_checked() -> None:
    assert asked() == "" == asked(state="reopened")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"today": date(2022, 10, 31)}, "还没有过完"),
        ({"state": "asked"}, "正等批准"),
        ({"state": "closed"}, "已经关账"),
        ({"below_open": ["石桥镇", "普安镇", "马场镇", "沙子镇"]}, "4 个下级没有关账(石桥镇、普安镇、马场镇……)"),
    ],
)
def test_what_stops_it_says_what_to_do(changes: dict[str, object], says: str) -> None:
    assert says in asked(**changes)


def test_places_below_that_are_late_do_not_stop_it_for_ever_but_the_reason_is_written_down() -> None:
    assert asked(below_open=["石桥镇"], note="石桥镇停电,先关") == ""
    assert asked(below_open=["石桥镇"], note="  ") != ""


def test_only_months_are_closed() -> None:
    assert "选一个月" in rules.why_not_ask(Period.parse("2022Q3"), today=TODAY, state="", below_open=[], note="")


@pytest.mark.parametrize(
    ("state", "reason", "above", "says"),
    [("asked", "登记错了一批", "", "没有关账"), ("closed", "错", "", "写明重开的原因"), ("closed", "登记错了一批", "云岭市", "先重开云岭市")],
)
def test_opening_again_needs_a_closed_month_a_reason_and_nothing_closed_above(state: str, reason: str, above: str, says: str) -> None:
    assert says in rules.why_not_reopen(state=state, reason=reason, above_closed=above)
    assert rules.why_not_reopen(state="closed", reason="登记错了一批", above_closed="") == ""


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=12), st.data())
def test_a_longer_period_is_closed_when_its_last_month_was(minutes: list[int], data: st.DataObject) -> None:
    months = Period.parse("2022").months()[: len(minutes)]
    moments = {str(month): AT + timedelta(minutes=m) for month, m in zip(months, minutes, strict=True)}
    assert rules.closed_at(months, moments) == max(moments.values())
    missing = data.draw(st.sampled_from(sorted(moments)))
    del moments[missing]
    assert rules.closed_at(months, moments) is None


@pytest.mark.parametrize(
    ("before", "now", "rate", "few", "words"),
    [
        ("10", "12", False, False, "补报 +2"),
        ("12", "10", False, False, "补报 −2"),
        ("91.7", "92.5", True, False, "补报后 +0.8 个百分点"),
        ("12", "12", False, False, ""),
        (None, "3", False, False, "关账后有补报"),
        ("10", "12", False, True, "关账后有补报,涉及不足 5 人"),
    ],
)
def test_late_entries_in_words(before: str | None, now: str, rate: bool, few: bool, words: str) -> None:
    value = None if before is None else Decimal(before)
    assert rules.late_words(value, Decimal(now), decimals=1 if rate else 0, rate=rate, few=few) == words


@given(st.lists(st.integers(-50, 50)))
def test_a_move_of_one_to_four_people_tells_few(moves: list[int]) -> None:
    assert rules.tells_few(map(Decimal, moves)) == any(abs(move) in (1, 2, 3, 4) for move in moves)
    assert rules.tells_few([None])
