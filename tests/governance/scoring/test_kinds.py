"""Each rule kind against sums done by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qingyuan.governance.scoring.clauses import read_rule, rule_of
from qingyuan.governance.scoring.kinds import KINDS
from qingyuan.governance.scoring.rule import Rule, VetoEffect
from tests.governance.scoring.builders import clause, d, evaluate

AWARENESS = clause(
    "tiers", {"unit": "%", "bands": [{"from": 98, "points": 5}, {"from": 95, "points": 3}, {"points": 0}]}, points=5
)
TESTS = clause("deduct_per_missing", {"each": "0.5", "unit": "人次"})


def test_every_module_of_kinds_is_a_kind_with_its_own_rule() -> None:
    assert set(KINDS) >= {"tiers", "linear", "deduct_per_missing", "per_event_cap", "zero_if_missing", "veto"}
    assert all(issubclass(rule, Rule) and rule.title for rule in KINDS.values())


@pytest.mark.parametrize(("rate", "points"), [("98", 5), ("97.99", 3), ("95", 3), ("94.999", 0), ("0", 0), ("100", 5)])
def test_tiers_begin_exactly_where_they_say(rate: str, points: int) -> None:
    assert evaluate(AWARENESS, n=rate).points == points


def test_tiers_are_said_from_the_top() -> None:
    assert rule_of(AWARENESS).sentence(d(5)) == "≥ 98% 得 5,≥ 95% 得 3,低于 95% 得 0"


def test_a_rate_just_below_a_tier_is_not_written_as_the_tier() -> None:
    assert evaluate(AWARENESS, n="94.996").arithmetic == "94.996% 低于 95%,得 0"


def test_tiers_closed_at_the_top_count_the_upper_end() -> None:
    item = clause(
        "tiers",
        {
            "unit": "天",
            "closed": "to",
            "bands": [{"to": 3, "points": 5}, {"to": 7, "from": 3, "points": 2}, {"from": 7, "points": 0}],
        },
        points=5,
    )
    assert [evaluate(item, n=n).points for n in (0, 3, "3.01", 7, 8)] == [5, 5, 2, 2, 0]
    assert rule_of(item).sentence(d(5)) == "≤ 3天 得 5,≤ 7天 得 2,超过 7天 得 0"


@pytest.mark.parametrize(
    ("rate", "points"), [("50", "0"), ("60", "0"), ("75", "5"), ("84", "8"), ("90", "10"), ("99", "10")]
)
def test_linear_runs_between_its_anchors_and_is_level_outside(rate: str, points: str) -> None:
    item = clause("linear", {"unit": "%", "low": {"at": 60, "points": 0}, "high": {"at": 90, "points": 10}})
    assert evaluate(item, n=rate).points == d(points)


def test_linear_shows_its_sum() -> None:
    item = clause("linear", {"unit": "%", "low": {"at": 60, "points": 0}, "high": {"at": 90, "points": 10}})
    assert evaluate(item, n=84).arithmetic == "10 × (84 − 60) ÷ (90 − 60) = 8"


def test_linear_may_fall() -> None:
    item = clause("linear", {"unit": "天", "low": {"at": 5, "points": 10}, "high": {"at": 15, "points": 2}})
    assert [evaluate(item, n=n).points for n in (0, 10, 20)] == [10, 6, 2]
    assert evaluate(item, n=10).arithmetic == "10 + (−8) × (10 − 5) ÷ (15 − 5) = 6"


@pytest.mark.parametrize(("missed", "points"), [(0, "10"), (1, "9.5"), (11, "4.5"), (20, "0"), (21, "0"), (900, "0")])
def test_each_missed_test_takes_half_a_point_until_nothing_is_left(missed: int, points: str) -> None:
    assert evaluate(TESTS, n=missed).points == d(points)


def test_a_deduction_reads_as_on_the_sheet() -> None:
    assert rule_of(TESTS).sentence(d(10)) == "满分 10,每缺 1 人次扣 0.5,扣完为止"
    assert evaluate(TESTS, n=11).arithmetic == "10 − 0.5 × 11 = 4.5"
    assert evaluate(TESTS, n=24).arithmetic == "10 − 0.5 × 24 = −2,扣完为止,得 0"


def test_a_deduction_may_have_a_cap_of_its_own() -> None:
    item = clause("deduct_per_missing", {"each": 1, "unit": "份", "cap": 4})
    assert [evaluate(item, n=n).points for n in (3, 4, 9)] == [7, 6, 6]
    assert evaluate(item, n=9).arithmetic == "10 − 1 × 9 = 1,最多扣 4,得 6"


@pytest.mark.parametrize(("count", "points"), [("exact", "8.5"), ("started", "8"), ("full", "9")])
def test_part_of_a_hundred_counts_as_the_sheet_says(count: str, points: str) -> None:
    item = clause("deduct_per_missing", {"each": 1, "per": 100, "count": count, "unit": "份", "required": 5000})
    assert evaluate(item, n=4850).points == d(points)


def test_having_more_than_required_is_not_a_negative_lack() -> None:
    item = clause("deduct_per_missing", {"each": 1, "required": 6, "unit": "轮"})
    assert evaluate(item, n=40).points == 10


def test_events_count_up_to_the_cap() -> None:
    item = clause("per_event_cap", {"each": "0.3", "words": "会议"}, points=1)
    assert [evaluate(item, n=n).points for n in (0, 2, 3, 4)] == [0, d("0.6"), d("0.9"), 1]
    assert evaluate(item, n=4).arithmetic == "0.3 × 4 = 1.2,封顶得 1"


def test_zero_if_missing_names_what_is_missing() -> None:
    needs = [{"input": "plan", "words": "方案", "unit": "份"}, {"input": "team", "words": "专班", "unit": "个"}]
    item = clause("zero_if_missing", {"needs": needs}, inputs={"plan": "manual", "team": "manual"})
    assert evaluate(item, plan=1, team=1).points == 10
    missed = evaluate(item, plan=1, team=0)
    assert missed.points == 0
    assert "未达到专班不少于 1 个" in missed.arithmetic
    assert "方案不少于" not in missed.arithmetic


def test_a_veto_fires_with_its_reason_and_otherwise_gives_its_points() -> None:
    item = clause("veto", {"effect": "grade", "grade": "不合格", "reason": "查实瞒报"}, points=5)
    calm, fired = evaluate(item, n=0), evaluate(item, n=1)
    assert calm.points == 5 and calm.veto is None
    assert fired.points == 0 and fired.veto is not None
    assert (fired.veto.effect, fired.veto.grade, fired.veto.reason) == (VetoEffect.GRADE, "不合格", "查实瞒报 1 起")


def test_points_given_by_a_person_stay_within_the_clause() -> None:
    item = clause("manual", {"who": "考核组"})
    assert [evaluate(item, n=n).points for n in ("7.5", 12, -3)] == [d("7.5"), 10, 0]


@pytest.mark.parametrize(
    ("kind", "params", "message"),
    [
        ("tiers", {"bands": []}, "参数 bands 应为非空列表"),
        ("tiers", {"bands": [{"points": 11}]}, "得分 11 不在 0 到 10 之间"),
        ("linear", {"low": {"at": 9, "points": 0}, "high": {"at": 6, "points": 1}}, "低点 9 应小于高点 6"),
        ("linear", {"low": {"at": 1, "points": 0}}, "参数 high 应为一组参数"),
        ("deduct_per_missing", {"each": 0}, "参数 each 应大于 0"),
        ("deduct_per_missing", {"each": "半"}, "参数 each 应为数字,现为“半”"),
        ("deduct_per_missing", {"each": 0.5}, "参数 each 应为数字"),
        ("deduct_per_missing", {"each": "NaN"}, "参数 each 应为数字"),
        ("deduct_per_missing", {"each": 1, "eech": 2}, "参数 eech 不认识"),
        ("deduct_per_missing", {"each": 1, "per": 100}, "不足一个时怎么算"),
        ("deduct_per_missing", {"each": 1, "cap": 11}, "扣分上限 11"),
        ("per_event_cap", {}, "缺参数 each"),
        ("per_event_cap", {"each": 1, "cap": 20}, "封顶 20 超过本条 10 分"),
        ("zero_if_missing", {"words": "方案", "input": "别的"}, "取数“别的”不在本条款的 inputs 里"),
        ("veto", {"reason": "瞒报"}, "没有写明否决的后果"),
        ("veto", {"reason": "瞒报", "effect": "grade"}, "要写 grade"),
        ("veto", {"reason": "瞒报", "effect": "halve"}, "只能是 sheet_zero、grade"),
        ("guess", {}, "规则“guess”不认识,现有:"),
    ],
)
def test_wrong_parameters_are_named(kind: str, params: dict[str, object], message: str) -> None:
    assert any(message in problem for problem in read_rule(clause(kind, params)).problems)


def test_all_faults_of_a_rule_are_told_at_once() -> None:
    problems = read_rule(clause("deduct_per_missing", {"each": "半", "cap": 99, "x": 1})).problems
    assert len(problems) == 3


def test_steps_add_up_to_the_points() -> None:
    outcome = evaluate(clause("deduct_per_missing", {"each": 1, "cap": 4}), n=9)
    assert sum((step.points for step in outcome.steps), Decimal(0)) == outcome.points == 6
