"""What stops a scheme from being published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from qingyuan.governance.scoring import Clause, KnownInput, check
from qingyuan.governance.scoring.bands import Closed, Span, fit
from qingyuan.governance.scoring.scheme import Example, Expectation, Gate, Grade, Group, GroupRole, WhenEmpty
from tests.governance.scoring.builders import WHOLE, clause, d, group, scheme

RATE = {"unit": "%", "low": {"at": 60, "points": 0}, "high": {"at": 90, "points": 10}}
KNOWN = {
    known.key: known
    for known in (
        KnownInput("indicator:R05", "应检尽检率", "%", ratio=True, parts={"excused": "合法缺席"}),
        KnownInput("indicator:E01", "破获毒品犯罪案件数", "起", coercive=True),
        KnownInput("indicator:R06", "检测阳性率", "%", ratio=True, coercive=True),
        KnownInput("indicator:X01", "每名在册人员走访次数", "次", ratio=True, coercive_base=True),
        KnownInput("indicator:R25", "在执行人数", "人", monitor_only=True),
        KnownInput(
            "indicator:M01", "走访次数", "次", parts={"found": "走访发现的人"}, coercive_parts=frozenset({"found"})
        ),
    )
}


def messages(*clauses: Clause, **more: Any) -> list[str]:
    return [str(problem) for problem in check(scheme(*clauses, **more), KNOWN)]


def events(ref: str, **more: Any) -> Clause:
    return clause("per_event_cap", {"each": 1, "words": "次数"}, inputs={"n": ref}, **more)


def test_a_right_scheme_has_no_problems() -> None:
    assert messages(clause("linear", RATE, inputs={"n": "indicator:R05"}, when_empty=WhenEmpty.FULL)) == []


@pytest.mark.parametrize(
    "ref", ["indicator:E01", "indicator:R06.value", "indicator:R06.numerator", "indicator:M01.found"]
)
def test_a_clause_over_a_coercive_count_is_refused_with_the_reason(ref: str) -> None:
    found = messages(events(ref, when_empty=WhenEmpty.ZERO))
    assert len(found) == 1
    assert "本平台不予采用" in found[0] and "过程类指标" in found[0]


def test_a_coercive_count_is_free_as_a_denominator_and_refused_when_read_by_itself() -> None:
    assert messages(events("indicator:X01.value", when_empty=WhenEmpty.ZERO)) == []
    assert "本平台不予采用" in messages(events("indicator:X01.denominator"))[0]


def test_a_figure_for_watching_only_is_not_scored() -> None:
    assert "只供监测" in messages(events("indicator:R25"))[0]


def test_a_part_the_indicator_does_not_have_is_named_with_those_it_has() -> None:
    found = messages(events("indicator:R05.late", when_empty=WhenEmpty.ZERO))
    assert found == ["条款 1.1:“应检尽检率”没有“late”这一部分,可取:value、numerator、denominator、missing、excused"]


def test_an_unknown_indicator_and_a_name_that_is_none_are_refused() -> None:
    assert "取数“indicator:Z99”目前没有" in messages(events("indicator:Z99"))[0]
    assert "不是取数名" in messages(events("R05"))[0]


def test_a_rate_needs_words_for_a_denominator_of_zero() -> None:
    assert "请写明 when_empty" in messages(clause("linear", RATE, inputs={"n": "indicator:R05"}))[0]
    assert "请写明 when_empty" in messages(events("indicator:R05.missing"))[0]
    assert messages(events("indicator:R05.numerator")) == []


def test_without_a_catalogue_the_sheet_alone_still_asks_about_zero_denominators() -> None:
    problems = check(scheme(clause("linear", RATE, inputs={"n": "indicator:AnyonesRate"})))
    assert ["when_empty" in problem.message for problem in problems] == [True]


def test_thresholds_in_another_unit_than_the_indicator_are_refused() -> None:
    item = clause("linear", {**RATE, "unit": "‰"}, inputs={"n": "indicator:R05"}, when_empty=WhenEmpty.FULL)
    assert "规则按“‰”写,“应检尽检率”的单位是“%”" in messages(item)[0]


def test_points_nobody_can_reach_are_named() -> None:
    item = clause("per_event_cap", {"each": 1, "words": "会议", "cap": 8})
    assert "按规则最多得 8,有 2 分谁也拿不到" in messages(item)[0]
    assert "有 5 分谁也拿不到" in messages(clause("tiers", {"bands": [{"points": 5}]}))[0]


def test_tier_bands_with_a_gap_an_overlap_or_an_open_end_are_named() -> None:
    gap = [{"from": 98, "points": 10}, {"from": 90, "to": 95, "points": 3}, {"to": 90, "points": 0}]
    overlap = [{"from": 95, "points": 10}, {"from": 90, "to": 98, "points": 3}, {"to": 90, "points": 0}]
    open_end = [{"from": 98, "to": 100, "points": 10}, {"to": 98, "points": 0}]
    assert "第 2 档与第 1 档之间有空档:95 到 98 没有规定" in messages(clause("tiers", {"bands": gap}))[0]
    assert "第 2 档与第 1 档重叠" in messages(clause("tiers", {"bands": overlap}))[0]
    assert "达到或超过 100 的没有规定" in messages(clause("tiers", {"bands": open_end}))[0]
    assert "低于 60 的没有规定" in messages(clause("tiers", {"bands": [{"from": 60, "points": 10}]}))[0]


def test_bands_closed_at_the_top_leave_zero_out_unless_the_lowest_is_open() -> None:
    assert fit([Span("甲", d(0), None)], Closed.TO)[1] == ["不超过 0 的没有规定,请补最低一档"]
    assert fit([Span("甲", d(0), None)], Closed.FROM)[1] == []


def test_two_clauses_may_share_a_number_only_one_after_the_other() -> None:
    first = events("manual:a", valid_to=date(2022, 7, 1))
    second = events("manual:a", valid_from=date(2022, 7, 1))
    whole = Group("1", "组", d(10), (first, second))
    assert messages(groups=(whole,), total=d(10)) == []
    twice = Group("1", "组", d(20), (first, replace(second, valid_from=None)))
    assert any("同号且同时有效" in message for message in messages(groups=(twice,), total=d(20)))


def test_sums_are_checked_on_each_day_on_which_a_clause_begins() -> None:
    late = events("manual:a", id="1.2", valid_from=date(2022, 7, 1))
    found = messages(groups=(Group("1", "组", d(10), (events("manual:b"), late)),), total=d(10))
    assert found == ["第 1 组 组:各条款相加 10 + 10 = 20,比本组 10 分多 10 分,请改分值(自 2022-07-01 起)"]


def test_dates_outside_the_scheme_are_refused() -> None:
    assert any("超出全文的" in message for message in messages(events("manual:a", valid_to=date(2024, 1, 1))))


def test_an_input_nobody_uses_and_a_gate_without_input_are_named() -> None:
    unused = clause("per_event_cap", {"input": "n", "each": 1}, inputs={"n": "manual", "m": "manual"})
    assert "取数“m”没有用到" in messages(unused)[0]
    gated = clause("per_event_cap", {"each": 1}, requires=(Gate("常务会", "常务会议"),))
    assert "取数“常务会”不在本条款的 inputs 里" in messages(gated)[0]


def test_grades_that_nobody_can_reach_or_that_repeat_are_named() -> None:
    grades = (Grade("不合格"), Grade("合格", d(6)), Grade("先进", d(11)))
    assert messages(events("manual:a"), grades=grades) == ["等次:“先进”要 11 分,满分加分一共 10,谁也达不到"]
    assert "等次名称重复" in messages(events("manual:a"), grades=(Grade("甲"), Grade("甲", d(5))))[0]


def test_a_bonus_group_must_be_able_to_reach_its_cap_and_stays_out_of_the_total() -> None:
    base = Group("1", "组", d(10), (events("manual:a"),))
    bonus = group(GroupRole.BONUS, 30, events("manual:b", id="2.1"))
    assert messages(groups=(base, bonus), total=d(10)) == ["第 2 组 bonus:各条款加起来只有 10,到不了封顶的 30"]


def test_the_veto_list_holds_only_vetoes_without_points_that_name_a_grade_there_is() -> None:
    wrong = events("manual:b", id="V1")
    assert any("规则应为 veto" in message for message in messages(events("manual:a"), vetoes=(wrong,)))
    params = {"effect": "grade", "grade": "末等", "reason": "瞒报"}
    veto = clause("veto", params, id="V1", points=0)
    assert "条款 V1:否决后定为“末等”,但等次里没有它" in messages(events("manual:a"), vetoes=(veto,))


def test_points_finer_than_the_rounding_are_refused() -> None:
    assert "小数多于全文规定的 0 位" in messages(events("manual:a", points="2.5"), rounding=WHOLE)[0]


def test_an_example_that_names_what_the_clause_does_not_read_is_refused() -> None:
    example = Example({"别的": d(1)}, Expectation("示例", d(1)))
    assert "取数别的不在本条款的 inputs 里" in messages(events("manual:a", examples=(example,)))[0]


def test_an_example_that_leaves_a_number_out_shows_it_is_not_there() -> None:
    example = Example({}, Expectation("没有数", state="not_available"))
    assert messages(events("manual:a", examples=(example,))) == []
    expects_zero = Example({}, Expectation("当作零", d(0)))
    assert "按规则是 not_available,示例写的是 scored" in messages(events("manual:a", examples=(expects_zero,)))[0]
