"""What changed since yesterday, and why."""

from __future__ import annotations

from dataclasses import replace

from qingyuan.governance.scoring import Number, compare, score
from qingyuan.governance.scoring.scheme import Grade, WhenEmpty
from qingyuan.governance.scoring.tree import ScoreTree
from tests.governance.scoring.builders import ON, clause, count, d, ratio, scheme

MISSED = clause(
    "deduct_per_missing",
    {"each": "0.5", "unit": "人次"},
    inputs={"n": "indicator:R05.missing"},
    when_empty=WhenEmpty.FULL,
)
MEETINGS = clause("per_event_cap", {"each": 5, "words": "会议"}, inputs={"n": "indicator:G01"}, id="1.2")
SHEET = scheme(MISSED, MEETINGS, grades=(Grade("不合格"), Grade("合格", d(9))))


def tree(done: int, meetings: int | None = 1, sheet: object = SHEET) -> ScoreTree:
    tests = ratio(done, 214, label="应检尽检率", missing_label="缺检", count_unit="人次")
    inputs = {"indicator:R05": tests}
    if meetings is not None:
        inputs["indicator:G01"] = count(meetings, label="专题研究", unit="次")
    return score(sheet, inputs, ON)  # type: ignore[arg-type]


def test_a_missed_test_is_named_in_the_words_of_the_page() -> None:
    found = compare(tree(204), tree(203))
    assert found.sentence() == "昨天 10 · 缺检 1 人次"
    assert [(c.clause_id, c.before, c.after, c.delta) for c in found.changes] == [("1.1", 5, d("4.5"), d("-0.5"))]


def test_nothing_changed_is_said() -> None:
    assert compare(tree(204), tree(204)).sentence() == "昨天 10 · 没有变化"


def test_changes_come_largest_first_and_re_add_to_the_difference() -> None:
    found = compare(tree(204, 1), tree(203, 2))
    assert [change.clause_id for change in found.changes] == ["1.2", "1.1"]
    assert sum(change.delta for change in found.changes) == found.delta == d("4.5")
    assert found.sentence() == "昨天 10 · 专题研究增 1 次 · 缺检 1 人次"


def test_data_that_arrived_is_said_as_that_and_not_as_work_done() -> None:
    assert compare(tree(204, None), tree(204, 2)).changes[0].why == ("“条款”数据已到",)


def test_a_changed_rule_and_a_changed_grade_are_said() -> None:
    harder = replace(SHEET, version="2", groups=(replace(SHEET.groups[0], clauses=(_each_one(), MEETINGS)),))
    found = compare(tree(204), tree(204, sheet=harder))
    assert found.changes[0].why == ("“条款”规则改为:满分 10,每缺 1 人次扣 1,扣完为止",)
    assert found.notes == ("办法由 1 版改为 2 版", "等次由合格变为不合格")


def _each_one() -> object:
    return replace(MISSED, rule=replace(MISSED.rule, params={"each": 1, "unit": "人次"}))


def test_a_veto_that_fired_and_one_that_was_lifted_are_said() -> None:
    veto = clause("veto", {"effect": "sheet_zero", "reason": "查实瞒报"}, id="V1", points=0)
    sheet = replace(SHEET, vetoes=(veto,))
    inputs: dict[str, Number] = {"indicator:G01": count(1), "manual:n": count(0)}
    calm, fired = score(sheet, inputs, ON), score(sheet, {**inputs, "manual:n": count(1)}, ON)
    assert compare(calm, fired).notes == ("一票否决:查实瞒报 1 起",)
    assert compare(fired, calm).notes == ("否决撤销:查实瞒报 1 起",)
