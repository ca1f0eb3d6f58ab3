"""Duties held out for points: what they bring is never less than nothing, and no task that acts upon people is among them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.governance.letters.unit_duties import unit_duties
from qingyuan.governance.rules.next_points import acts_on_people, worth
from qingyuan.governance.rules.remembering import Remembering
from qingyuan.governance.scoring.numbers import Number
from tests.governance.forecast_years import GIVEN, SHEET

ON = date(2022, 10, 31)
KEY = "indicator:R05"
ACTS = ("尿检", "吸毒检测", "毛发检测", "筛查", "排查", "盘查", "传唤", "抓获", "查获", "收戒", "强制隔离戒毒", "责令社区戒毒", "处罚")


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 9))
def test_more_duties_never_bring_less_and_none_costs_points(done: int, missed: int, acts: int) -> None:
    ratio = Number(numerator=Decimal(done), denominator=Decimal(done + missed), missing=Decimal(missed), unit="%")
    inputs = GIVEN | {KEY: ratio}
    assert 0 <= worth(SHEET, inputs, [KEY], acts, ON) <= worth(SHEET, inputs, [KEY], acts + 1, ON) <= 25


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), min_size=1, max_size=8))
def test_what_is_remembered_of_other_duties_changes_nothing(cases: list[tuple[int, int]]) -> None:
    scorer = Remembering()
    for missed, acts in cases:
        ratio = Number(numerator=Decimal(40), denominator=Decimal(40 + missed), missing=Decimal(missed), unit="%")
        inputs = GIVEN | {KEY: ratio}
        assert worth(SHEET, inputs, [KEY], acts, ON, scorer=scorer) == worth(SHEET, inputs, [KEY], acts, ON)


@given(st.text(max_size=20), st.sampled_from(ACTS), st.text(max_size=20))
def test_no_words_around_it_make_an_act_upon_people_anything_else(before: str, act: str, after: str) -> None:
    assert acts_on_people(before + act + after)


@pytest.mark.parametrize("words", ["宣传进村", "污水监测按月采样送检", "培训禁毒教育骨干教师", "签订责任书", "水质检测设备采购"])
def test_work_that_touches_nobody_is_no_act_upon_people(words: str) -> None:
    assert not acts_on_people(words)


def test_what_the_law_lists_as_duties_of_units_may_be_held_out() -> None:
    listed = [duty for duties in unit_duties().values() for duty in duties]
    assert listed and sum(acts_on_people(f"{duty.task} {duty.done_when}") for duty in listed) * 5 < len(listed)
