"""Trees: missing data, empty denominators, vetoes, bonus, redistribution, grades, and the words beside them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qingyuan.governance.scoring import Clause, Number, score
from qingyuan.governance.scoring.scheme import Grade, Group, GroupRole, NotApplicable, WhenEmpty
from qingyuan.governance.scoring.score import SchemeNotInForce
from qingyuan.governance.scoring.tree import ClauseState
from tests.governance.scoring.builders import ON, WHOLE, clause, count, d, group, ratio, scheme

GRADES = (Grade("不合格"), Grade("合格", d(12)), Grade("先进", d(18)))
MISSED = {"each": "0.5", "unit": "人次"}


def missed(when_empty: WhenEmpty | None = None, id: str = "1.1") -> Clause:
    return clause("deduct_per_missing", MISSED, inputs={"n": "indicator:R05.missing"}, when_empty=when_empty, id=id)


def events(name: str, id: str, **more: Any) -> Clause:
    return clause("per_event_cap", {"each": 1, "words": "会议"}, inputs={"n": f"manual:{name}"}, id=id, **more)


def test_missing_data_is_neither_points_nor_lost_points() -> None:
    tree = score(scheme(missed(), events("a", "1.2"), grades=GRADES), {"manual:a": count(10)}, ON)
    clause_score = tree.clause("1.1")
    assert clause_score.state is ClauseState.NOT_AVAILABLE
    assert (clause_score.points, clause_score.lost) == (None, None)
    assert (tree.total, tree.pending, tree.low, tree.high) == (10, 10, 10, 20)
    assert tree.grade == ""
    assert tree.grade_note == "数据未到齐,等次待定(不合格、合格、先进都有可能)"
    assert "另有 10 分数据未到" in tree.lines[0]


def test_a_reason_given_for_missing_data_is_shown() -> None:
    inputs = {"indicator:R05": Number(not_available="10 月台账未审核", label="应检尽检率")}
    assert score(scheme(missed()), inputs, ON).clause("1.1").lines == ("数据未到:应检尽检率(10 月台账未审核)",)


def test_missing_data_that_cannot_change_the_grade_does_not_hold_it_back() -> None:
    grades = (Grade("不合格"), Grade("合格", d(5)))
    tree = score(scheme(missed(), events("a", "1.2"), grades=grades), {"manual:a": count(9)}, ON)
    assert tree.grade == "合格"


@pytest.mark.parametrize(
    ("when_empty", "state", "points"),
    [
        (WhenEmpty.FULL, ClauseState.SCORED, Decimal(10)),
        (WhenEmpty.ZERO, ClauseState.SCORED, Decimal(0)),
        (WhenEmpty.NOT_APPLICABLE, ClauseState.NOT_APPLICABLE, None),
        (WhenEmpty.ASK, ClauseState.UNDECIDED, None),
        (None, ClauseState.UNDECIDED, None),
    ],
)
def test_an_empty_denominator_is_treated_as_the_clause_says(
    when_empty: WhenEmpty | None, state: ClauseState, points: Decimal | None
) -> None:
    found = score(scheme(missed(when_empty)), {"indicator:R05": ratio(0, 0)}, ON).clause("1.1")
    assert (found.state, found.points) == (state, points)


def test_an_undecided_text_shows_every_reading() -> None:
    tree = score(scheme(missed(WhenEmpty.ASK)), {"indicator:R05": ratio(0, 0)}, ON)
    assert [reading.points for reading in tree.clause("1.1").readings] == [10, 0, None]
    assert (tree.pending, tree.high) == (10, 10)


def test_points_of_a_clause_that_does_not_apply_are_shared_by_the_others() -> None:
    inputs = {"indicator:R05": ratio(0, 0), "manual:a": count(8)}
    tree = score(scheme(missed(WhenEmpty.NOT_APPLICABLE), events("a", "1.2")), inputs, ON)
    assert tree.total == 16
    assert tree.lines == ("10 分的条款不适用,其余按 20 ÷ 10 折算",)


def test_points_of_a_clause_that_does_not_apply_may_be_granted() -> None:
    inputs = {"indicator:R05": ratio(0, 0), "manual:a": count(8)}
    full = scheme(missed(WhenEmpty.NOT_APPLICABLE), events("a", "1.2"), not_applicable=NotApplicable.FULL)
    tree = score(full, inputs, ON)
    assert (tree.total, tree.clause("1.1").points) == (18, 10)


def test_bonus_and_penalty_stop_at_their_caps() -> None:
    base = Group("1", "组", d(10), (events("a", "1"),))
    bonus = group(GroupRole.BONUS, 3, events("b", "2", points=10), id="2")
    penalty = group(GroupRole.PENALTY, 2, events("c", "3", points=10), id="3")
    sheet = scheme(groups=(base, bonus, penalty), total=d(10))
    tree = score(sheet, {"manual:a": count(9), "manual:b": count(7), "manual:c": count(1)}, ON)
    assert (tree.total, tree.groups[1].points, tree.groups[2].points) == (11, 3, 1)
    assert "bonus:合计 7,封顶 3" in tree.lines
    lowest = score(sheet, {"manual:a": count(1), "manual:b": count(0), "manual:c": count(9)}, ON)
    assert lowest.total == 0
    open_penalty = score(sheet, {"manual:a": count(9), "manual:b": count(0)}, ON)
    assert (open_penalty.low, open_penalty.total, open_penalty.high) == (7, 9, 9)


def test_a_veto_on_the_sheet_leaves_nothing_and_keeps_what_it_took() -> None:
    veto = clause("veto", {"effect": "sheet_zero", "reason": "查实瞒报"}, id="V1", points=0)
    tree = score(
        scheme(events("a", "1"), vetoes=(veto,), grades=GRADES[:1]), {"manual:a": count(9), "manual:n": count(2)}, ON
    )
    assert (tree.total, tree.before_veto, tree.grade) == (0, 9, "不合格")
    assert tree.lines == ("一票否决:查实瞒报 2 起",)


def test_a_veto_nobody_has_ruled_on_does_not_fire_and_is_named() -> None:
    veto = clause("veto", {"effect": "sheet_zero", "reason": "查实瞒报"}, id="V1", points=0)
    tree = score(scheme(events("a", "1"), vetoes=(veto,)), {"manual:a": count(9)}, ON)
    assert tree.total == 9
    assert tree.lines == ("否决事项尚未认定:条款",)


def test_the_grade_says_how_far_the_next_is() -> None:
    tree = score(
        scheme(events("a", "1"), events("b", "2"), grades=GRADES), {"manual:a": count(9), "manual:b": count(4)}, ON
    )
    assert (tree.grade, tree.grade_note) == ("合格", "距先进差 5 分")


def test_rounding_happens_once_in_the_clause_and_is_written_out() -> None:
    linear = clause("linear", {"low": {"at": 0, "points": 0}, "high": {"at": 3, "points": 10}})
    found = score(scheme(linear, rounding=WHOLE), {"manual:n": count(1)}, ON).clause("1.1")
    assert found.points == 3
    assert found.arithmetic == "10 × (1 − 0) ÷ (3 − 0) ≈ 3.3333,取 0 位小数得 3"
    assert sum(step.points for step in found.steps) == 3


def test_only_clauses_in_force_on_the_day_are_in_the_tree() -> None:
    early = events("a", "1", valid_to=date(2022, 7, 1))
    late = events("b", "1", valid_from=date(2022, 7, 1))
    sheet = scheme(groups=(Group("1", "组", d(10), (early, late)),), total=d(10))
    inputs = {"manual:a": count(1), "manual:b": count(2)}
    assert score(sheet, inputs, date(2022, 6, 30)).total == 1
    assert score(sheet, inputs, date(2022, 7, 1)).total == 2


def test_a_scheme_is_not_used_outside_its_time() -> None:
    with pytest.raises(SchemeNotInForce, match="请选用当时有效的版本"):
        score(scheme(events("a", "1")), {}, date(2023, 1, 1))


def test_the_fewest_people_behind_any_input_are_those_the_clause_turns_on() -> None:
    item = clause(
        "per_event_cap",
        {"events": [{"input": "a", "each": 1}, {"input": "b", "each": 1}]},
        inputs={"a": "manual:a", "b": "manual:b"},
    )
    tree = score(scheme(item), {"manual:a": count(1, people=9), "manual:b": count(1, people=3)}, ON)
    assert tree.clause("1.1").people == 3


def test_a_return_and_a_persons_number_keep_their_origin_in_the_tree() -> None:
    item = clause("per_event_cap", {"each": 1}, inputs={"n": "return:禁毒3表.会议"})
    used = score(scheme(item), {"return:禁毒3表.会议": count(2, label="会议", unit="次")}, ON).clause("1.1").inputs[0]
    assert (used.ref, used.amount, used.words) == ("return:禁毒3表.会议", 2, "会议 2 次")
