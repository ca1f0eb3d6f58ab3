"""What a sheet does beyond its clauses: sizes, annexes, shared caps, vetoes with repair, sharing out, sheets from above."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from qingyuan.governance.scoring import Clause, KnownInput, Number, check, score, shown_to_others
from qingyuan.governance.scoring.check import questions
from qingyuan.governance.scoring.clauses import read_rule
from qingyuan.governance.scoring.expression import BadExpression, Undefined, read_expression
from qingyuan.governance.scoring.forbidden import counted_in, hold_out
from qingyuan.governance.scoring.scheme import (
    Alternative,
    Annex,
    Grade,
    Group,
    GroupRole,
    NotApplicable,
    OnlyFor,
    RoundedAt,
    Rounding,
    RuleSpec,
    Shared,
    Size,
    Take,
    WhenEmpty,
)
from tests.governance.scoring.builders import ON, clause, count, d, group, ratio, scheme

HEADS = "manual:在册人数"


def hand(number: str, points: object = 10, **more: Any) -> Clause:
    return clause("manual", {}, id=number, points=points, inputs={"n": f"manual:{number}"}, **more)


def given_by_hand(**points: object) -> dict[str, Number]:
    return {f"manual:{name.replace('_', '.')}": count(value) for name, value in points.items()}


def sized(number: str, points: object, *, at_least: object = None, below: object = None, **more: Any) -> Clause:
    low, high = (None if end is None else d(end) for end in (at_least, below))
    return hand(number, points, only_for=OnlyFor(sizes=(Size(HEADS, "在册人数", low, high),)), **more)


# Kinds and sizes of units.


@pytest.mark.parametrize(("heads", "given", "of"), [(49, 5, 5), (50, 8, 8), (400, 8, 8)])
def test_a_clause_is_worth_other_points_for_another_size(heads: int, given: int, of: int) -> None:
    parts = (sized("1", 5, below=50), sized("1", 8, at_least=50), sized("2", 15, below=50), sized("2", 12, at_least=50))
    found = scheme(groups=(Group("1", "组", d(20), parts),), total=d(20))
    assert check(found) == []
    tree = score(found, {HEADS: count(heads), **given_by_hand(_1=20)}, ON)
    inputs = {HEADS: count(heads), "manual:1": count(20)}
    tree = score(found, inputs, ON)
    assert (tree.clause("1").points, tree.clause("1").of) == (given, of)
    assert [item.id for item in tree.clauses()] == ["1", "2"]


def test_sums_that_fail_for_one_size_only_are_named_with_it() -> None:
    parts = (sized("1", 5, below=50), sized("1", 8, at_least=50), hand("2", 15))
    found = scheme(groups=(Group("1", "组", d(20), parts),), total=d(20))
    problems = [str(problem) for problem in check(found)]
    assert problems == ["第 1 组 组:各条款相加 8 + 15 = 23,比本组 20 分多 3 分,请改分值(在册人数 50)"]


def test_sizes_that_overlap_are_refused_and_a_size_nobody_gave_leaves_the_clause_open() -> None:
    twice = (sized("1", 10, below=60), sized("1", 10, at_least=50))
    found = scheme(groups=(Group("1", "组", d(10), twice),), total=d(10))
    assert any("同号的几条同时适用" in problem.message for problem in check(found))
    apart = scheme(
        groups=(Group("1", "组", d(10), (sized("1", 10, below=50), sized("1", 10, at_least=50))),), total=d(10)
    )
    tree = score(apart, {"manual:1": count(9)}, ON)
    assert (tree.clause("1").state, tree.clause("1").lines) == ("not_available", ("不能判断是否适用:不知道在册人数",))
    assert tree.pending == 10


def test_a_clause_for_other_kinds_is_shared_out_granted_or_not_on_the_sheet() -> None:
    town = OnlyFor(unit_kinds=("town",))
    only = hand("1", 20, only_for=town)
    both = scheme(groups=(Group("1", "组", d(100), (only, hand("2", 80))),), total=d(100))
    assert check(both) == []
    inputs = {"manual:1": count(10), "manual:2": count(60)}
    assert score(both, inputs, ON, unit_kind="town").total == 70
    assert score(both, inputs, ON, unit_kind="street").total == 75  # 60 ÷ 80
    full = replace(both, not_applicable=NotApplicable.FULL)
    assert score(full, inputs, ON, unit_kind="street").total == 80
    assert score(both, inputs, ON).clause("1").state == "not_available"


def test_what_is_not_on_a_units_sheet_must_leave_it_adding_up() -> None:
    town = OnlyFor(unit_kinds=("town",))
    gone = hand("1", 20, only_for=town, not_applicable=NotApplicable.OMIT)
    found = scheme(groups=(Group("1", "组", d(100), (gone, hand("2", 80))),), total=d(100))
    assert any("比本组 100 分少 20 分" in problem.message and "其他单位" in problem.message for problem in check(found))
    street = hand("3", 20, only_for=OnlyFor(unit_kinds=("street",)), not_applicable=NotApplicable.OMIT)
    alike = scheme(
        groups=(Group("1", "组", d(100), (gone, street, hand("2", 80))),),
        total=d(100),
        applies_to=replace(found.applies_to, unit_kinds=("town", "street")),
    )
    assert check(alike) == []
    assert [item.id for item in score(alike, {}, ON, unit_kind="street").clauses()] == ["3", "2"]


# Annexes, sharing out, rounding.


def test_an_annex_counts_by_its_weight_and_shares_out_inside_itself() -> None:
    rate = {"unit": "%", "low": {"at": 0, "points": 0}, "high": {"at": 100, "points": 40}}
    linear = clause("linear", rate, id="2", points=40, inputs={"n": "manual:2"}, when_empty=WhenEmpty.NOT_APPLICABLE)
    found = scheme(
        groups=(
            Group("1", "甲", d(100), (hand("1", 60), linear), annex="A"),
            Group("2", "乙", d(70), (hand("3", 70),)),
        ),
        total=d(100),
        annexes=(Annex("A", "附件", d(30), d(100)),),
    )
    assert check(found) == []
    inputs = {"manual:1": count(48), "manual:3": count(70), "manual:2": ratio(30, 40)}
    tree = score(found, inputs, ON)
    assert (tree.annexes[0].raw, tree.annexes[0].points, tree.total) == (78, d("23.4"), d("93.4"))
    empty = score(found, {**inputs, "manual:2": ratio(0, 0)}, ON)
    assert empty.total == d("95.91")  # (48 × 0.3 + 70) × 100 ÷ (60 × 0.3 + 70) = 84.4 × 100 ÷ 88
    wrong = replace(found, annexes=(Annex("A", "附件", d(30), d(90)),))
    assert any(problem.where == "附件 A 附件" for problem in check(wrong))


def test_points_shared_out_within_the_group_stay_in_the_group() -> None:
    rate = {"unit": "%", "low": {"at": 0, "points": 0}, "high": {"at": 100, "points": 10}}
    gone = clause(
        "linear",
        rate,
        id="1.2",
        inputs={"n": "manual:1.2"},
        when_empty=WhenEmpty.NOT_APPLICABLE,
        not_applicable=NotApplicable.WITHIN_GROUP,
    )
    found = scheme(
        groups=(Group("1", "甲", d(30), (hand("1.1", 20), gone)), Group("2", "乙", d(70), (hand("2.1", 70),))),
        total=d(100),
    )
    inputs = {"manual:1.1": count(16), "manual:1.2": ratio(0, 0), "manual:2.1": count(35)}
    tree = score(found, inputs, ON)
    assert ([g.points for g in tree.groups], tree.total) == ([24, 35], 59)
    assert [step.words for step in tree.groups[0].steps] == ["10 分的条款不适用,本组按 30 ÷ 20 折算"]


@pytest.mark.parametrize(("mode", "total"), [("half_up", "6.7"), ("half_even", "6.7"), ("down", "6.6")])
def test_only_the_total_is_rounded_where_the_sheet_says_so(mode: str, total: str) -> None:
    rate = {"unit": "%", "low": {"at": 0, "points": 0}, "high": {"at": 100, "points": 10}}
    item = clause("linear", rate, when_empty=WhenEmpty.ZERO)
    found = scheme(item, rounding=Rounding(mode, 1, RoundedAt.TOTAL))  # type: ignore[arg-type]
    tree = score(found, {"manual:n": ratio(2, 3)}, ON)
    assert tree.total == d(total)
    assert tree.clause("1.1").points == d("6.666666666667")
    assert tree.steps[-1].words == "总分取 1 位小数"


def test_the_total_has_a_most_where_the_sheet_names_one() -> None:
    bonus = group(GroupRole.BONUS, 30, hand("9", 30), id="9")
    found = scheme(groups=(Group("1", "组", d(100), (hand("1", 100),)), bonus), total=d(100), max_total=d(110))
    assert check(found) == []
    assert score(found, {"manual:1": count(95), "manual:9": count(30)}, ON).total == 110
    assert score(found, {"manual:1": count(75), "manual:9": count(30)}, ON).total == 105


# Clauses bound together.


def test_a_cap_shared_by_clauses_of_several_groups_gives_back_what_is_lost_beyond_it() -> None:
    found = scheme(
        groups=(Group("1", "甲", d(10), (hand("1", 10),)), Group("2", "乙", d(10), (hand("2", 10),))),
        total=d(20),
        shared=(Shared("S", "两条合计最多扣 6 分", ("1", "2"), deduct_cap=d(6)),),
    )
    assert check(found) == []
    tree = score(found, {"manual:1": count(5), "manual:2": count(4)}, ON)
    assert (tree.total, tree.steps[0].words) == (14, "两条合计最多扣 6 分:合计 9,按 14 计")
    assert score(found, {"manual:1": count(8), "manual:2": count(6)}, ON).total == 14
    assert score(found, {"manual:1": count(8), "manual:2": count(7)}, ON).total == 15


def test_of_bonuses_for_one_thing_the_highest_counts_and_others_add_up_to_a_cap() -> None:
    base = Group("1", "组", d(100), (hand("1", 100),))
    bonus = group(GroupRole.BONUS, 20, hand("9.1", 10), hand("9.2", 6), hand("9.3", 6), id="9")
    highest = Shared("S", "同一事项取最高", ("9.1", "9.2"), Take.HIGHEST)
    found = scheme(groups=(base, bonus), total=d(100), shared=(highest,))
    inputs = {"manual:1": count(80), "manual:9.1": count(10), "manual:9.2": count(6), "manual:9.3": count(6)}
    assert check(found) == []
    assert score(found, inputs, ON).total == 96
    capped = replace(found, shared=(Shared("S", "合计最多 8 分", ("9.1", "9.2", "9.3"), cap=d(8)),))
    assert score(capped, inputs, ON).total == 88


@pytest.mark.parametrize(
    ("shared", "words"),
    [
        (Shared("S", "甲", ("1", "7"), Take.HIGHEST), "没有条款 7"),
        (Shared("S", "甲", ("1",), deduct_cap=d(3)), "至少要管两条"),
        (Shared("S", "甲", ("1", "9"), cap=d(3)), "不能放在一起"),
        (Shared("S", "甲", ("1", "2")), "没有写明怎么管"),
        (Shared("S", "甲", ("1", "2"), Take.HIGHEST), "谁也拿不到"),
        (Shared("S", "甲", ("1", "2"), cap=d(999)), "应大于 0、不超过各条相加的 100"),
    ],
)
def test_a_bond_that_contradicts_the_sheet_is_refused(shared: Shared, words: str) -> None:
    base = Group("1", "组", d(100), (hand("1", 60), hand("2", 40)))
    bonus = group(GroupRole.BONUS, 5, hand("9", 5), id="9")
    found = scheme(groups=(base, bonus), total=d(100), shared=(shared,))
    assert any(words in problem.message for problem in check(found))


def test_the_same_thing_scored_twice_is_refused_unless_a_bond_says_how() -> None:
    first, second = hand("1", 50), replace(hand("2", 50), inputs={"n": "manual:1"})
    found = scheme(first, second)
    assert [problem.where for problem in check(found)] == ["条款 1"]
    assert "同一件事计了两次分" in check(found)[0].message
    assert check(replace(found, shared=(Shared("S", "最多扣 60", ("1", "2"), deduct_cap=d(60)),))) == []


# Vetoes.

GRADES = (Grade("不合格"), Grade("合格", d(60)), Grade("良好", d(80)), Grade("优秀", d(90)))


def vetoed(params: dict[str, object], inputs: dict[str, str] | None = None, **found: int) -> Any:
    veto = clause("veto", {"reason": "瞒报", **params}, id="V", points=0, inputs=inputs or {"n": "manual:V"})
    groups = (Group("1", "甲", d(60), (hand("1", 60),)), Group("2", "乙", d(40), (hand("2", 40),)))
    made = scheme(groups=groups, total=d(100), grades=GRADES, vetoes=(veto,))
    assert check(made) == []
    given = {f"manual:{name}": count(value) for name, value in found.items()}
    return score(made, {"manual:1": count(55), "manual:2": count(38), **given}, ON)


@pytest.mark.parametrize(
    ("params", "total", "grade"),
    [
        ({"effect": "sheet_zero"}, 0, "不合格"),
        ({"effect": "grade", "grade": "合格"}, 93, "合格"),
        ({"effect": "grade_down"}, 93, "良好"),
        ({"effect": "cap", "cap": 79}, 79, "合格"),
        ({"effect": "group_zero", "group": "2"}, 55, "不合格"),
    ],
)
def test_a_veto_does_what_its_sheet_says(params: dict[str, object], total: int, grade: str) -> None:
    assert (vetoed(params, V=0).total, vetoed(params, V=0).grade) == (93, "优秀")
    fired = vetoed(params, V=1)
    assert (fired.total, fired.grade, fired.before_veto) == (total, grade, 93)


@pytest.mark.parametrize(("grade", "repaired", "after"), [("", 0, "不合格"), ("", 1, "优秀"), ("合格", 1, "合格")])
def test_a_veto_that_was_put_right_is_lifted_or_softened(grade: str, repaired: int, after: str) -> None:
    repair = {"input": "mended", "words": "限期内整改合格", **({"grade": grade} if grade else {})}
    params = {"input": "n", "effect": "grade", "grade": "不合格", "repair": repair}
    tree = vetoed(params, {"n": "manual:V", "mended": "manual:M"}, V=1, M=repaired)
    assert tree.grade == after
    assert "限期内整改合格的" in tree.clause("V").rule


def test_the_lowest_of_several_grades_that_vetoes_name_holds() -> None:
    vetoes = tuple(
        clause("veto", {"reason": name, "effect": "grade", "grade": name}, id=name, points=0, inputs={"n": "manual:V"})
        for name in ("良好", "不合格", "合格")
    )
    found = scheme(hand("1", 100), grades=GRADES, vetoes=vetoes)
    assert score(found, {"manual:1": count(100), "manual:V": count(1)}, ON).grade == "不合格"


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"effect": "cap"}, "要写 cap"),
        ({"effect": "cap", "cap": 100}, "应不小于 0、小于总分 100"),
        ({"effect": "group_zero", "group": "7"}, "没有这一组"),
        ({"effect": "grade", "grade": "不合格", "repair": {"input": "n", "words": "改好", "grade": "末等"}}, "等次里没有它"),
    ],
)
def test_a_veto_that_cannot_be_carried_out_is_refused(params: dict[str, object], words: str) -> None:
    veto = clause("veto", {"input": "n", "reason": "瞒报", **params}, id="V", points=0, inputs={"n": "manual:V"})
    found = scheme(hand("1", 100), grades=GRADES, vetoes=(veto,))
    assert any(words in problem.message for problem in check(found))


# Texts that do not decide, and sheets from above.


def open_clause(**more: Any) -> Clause:
    mild = Alternative("mild", "每份扣 0.5 分", RuleSpec("deduct_per_missing", {"each": "0.5", "unit": "份"}))
    hard = Alternative("hard", "每份扣 1 分", RuleSpec("deduct_per_missing", {"each": 1, "unit": "份"}))
    return clause("manual", {}, inputs={"n": "manual:n"}, readings=(mild, hard), **more)


def test_an_open_text_is_asked_about_and_spans_its_readings() -> None:
    found = scheme(open_clause(), grades=(Grade("低"), Grade("高", d(7))))
    assert check(found) == [] and len(questions(found)) == 1
    tree = score(found, {"manual:n": count(4)}, ON)
    assert (tree.clause("1.1").state, tree.total, tree.low, tree.high) == ("undecided", 0, 6, 8)
    assert [reading.points for reading in tree.clause("1.1").readings] == [8, 6]
    assert "低、高都有可能" in tree.grade_note
    chosen = scheme(open_clause(chosen="hard"))
    assert questions(chosen) == [] and score(chosen, {"manual:n": count(4)}, ON).total == 6


def test_an_open_text_over_few_people_shows_others_no_reading() -> None:
    found = scheme(open_clause())
    tree = score(found, {"manual:n": count(3, people=3)}, ON)
    shown = shown_to_others(found, tree).groups[0].clauses[0]
    assert (shown.hidden, shown.points, shown.word, shown.arithmetic) == (True, None, "人数过少,不公开", "")
    other = score(found, {"manual:n": count(1, people=1)}, ON)
    assert shown_to_others(found, other) == shown_to_others(found, tree)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"chosen": "none"}, "不在 readings 里"),
        ({"readings": (Alternative("a", "一种"),)}, "只有一种读法"),
        ({"readings": (Alternative("a", "一种"), Alternative("a", "又一种"))}, "重复"),
        ({"readings": (Alternative("a", "一种"), Alternative("b", "另一种", RuleSpec("guess")))}, "不认识"),
    ],
)
def test_readings_that_are_none_are_refused(more: dict[str, Any], words: str) -> None:
    item = replace(open_clause(), **more)
    assert any(words in problem.message for problem in check(scheme(item)))


@pytest.mark.parametrize(
    "words",
    [
        "破案数", "抓获吸毒人员数", "查处吸毒人员人次", "强制隔离戒毒收戒任务数", "检测阳性率", "缴毒克数", "移送起诉人数", "新发现吸毒人员数",
        "每抓获 1 名犯罪嫌疑人得 0.5 分", "破获毒品案件同比增长 10% 得 5 分", "刑事拘留人数", "查获复吸人员比例", "打掉团伙数",
    ],
)
def test_a_coercive_count_is_known_by_its_words(words: str) -> None:
    assert counted_in(words)


@pytest.mark.parametrize(
    "words",
    [
        "报到率", "应检未检人次", "抓获后按期通知率", "强制隔离戒毒出所衔接率", "缺档人数", "宣传画张数", "群众满意度", "失联人数",
        "破案后 15 个工作日内通知举报人", "瞒报查处情况的件数", "走访次数", "责令整改按期完成率", "禁种踏查次数", "社区戒毒协议签订率", "查处情况报送及时率",
    ],
)
def test_work_owed_is_not_taken_for_a_count_of_people(words: str) -> None:
    assert not counted_in(words)


def test_our_own_sheet_over_such_a_count_is_refused_and_one_from_above_holds_it_out() -> None:
    item = clause("per_event_cap", {"each": 1, "words": "案件"}, id="2", inputs={"n": "indicator:E01"})
    known = {"indicator:E01": KnownInput("indicator:E01", "破获毒品犯罪案件数", "起", coercive=True)}
    own = scheme(hand("1", 90), item, grades=GRADES)
    assert any("本平台不予采用" in problem.message for problem in check(own, known))
    above = hold_out(replace(own, received_from="省禁毒委"), known)
    assert check(above, known) == []
    tree = score(above, {"manual:1": count(85), "indicator:E01": count(9)}, ON)
    held = tree.clause("2")
    assert (held.state, held.points, tree.total, tree.held_out, tree.high) == ("refused", None, 85, 10, 85)
    assert "破获毒品犯罪案件数" in held.refusal
    assert (tree.grade, tree.grade_note) == ("", "10 分不由本平台计,等次待定(良好、优秀都有可能)")


def test_only_a_sheet_from_above_may_hold_a_clause_out_by_hand() -> None:
    found = scheme(replace(hand("1"), refused="不计"))
    assert "只能写在上级下发的办法里" in check(found)[0].message


# Expressions.


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a + b * 2", "10"),
        ("(a - b) / 4", "-0.5"),
        ("case when a >= 2 and not b = 3 then 1 else 2 end", "1"),
        ("case a when 1 then 10 when 2 then 20 end", "20"),
        ("coalesce(null, a)", "2"),
        ("case when a between 1 and 3 or b in (9, 10) then a else b end", "2"),
        ("-a + 0.05", "-1.95"),
    ],
)
def test_an_expression_is_reckoned_exactly(text: str, value: str) -> None:
    assert read_expression(text, ("a", "b")).value({"a": d(2), "b": d(4)}) == d(value)


@pytest.mark.parametrize(
    "text",
    [
        "", "c", "sum(a)", "count(*)", "a; b", "a || b", "'x'", "read_csv('x')", "(select 1)", "date '2022-01-01'", ":as_of", "row_id",
        "date_diff('day', a, b)", "a / 0", "a +", "pow(a, 2)", "cast(a as integer)",
    ],
)
def test_what_is_not_on_the_whitelist_is_no_expression(text: str) -> None:
    with pytest.raises(BadExpression):
        read_expression(text, ("a", "b"))


def test_a_division_by_nothing_has_no_value_and_must_be_answered_for() -> None:
    with pytest.raises(Undefined):
        read_expression("a / b", ("a", "b")).value({"a": d(1), "b": d(0)})
    item = clause("formula", {"expression": "a / b", "words": "比"}, inputs={"a": "manual:a", "b": "manual:b"})
    assert any("请写明 when_empty" in problem.message for problem in check(scheme(item)))
    sure = clause("formula", {"expression": "a / 2", "words": "一半"}, inputs={"a": "manual:a"})
    assert check(scheme(sure)) == []


@pytest.mark.parametrize(
    ("kind", "params", "words"),
    [
        ("composite", {"parts": [{"words": "甲", "points": 9, "kind": "manual"}]}, "不等于本条 10 分"),
        ("composite", {"take": "weighted", "parts": [{"words": "甲", "points": 9, "weight": 90, "kind": "manual"}]}, "不等于 100%"),
        ("composite", {"parts": [{"words": "甲", "points": 10, "kind": "veto"}]}, "否决不能写在别的规则里"),
        ("composite", {"take": "best", "count": 3, "parts": [{"words": "甲", "kind": "manual"}]}, "应为 1 到 1 的整数"),
        ("rank", {"then": {"kind": "tiers", "params": {"bands": [{"points": 10}]}}}, "没有写明并列怎么算"),
        ("rank", {"ties": "best", "then": "tiers"}, "参数 then 应为一条规则"),
        ("rank", {"ties": "best", "then": {"kind": "tears"}}, "规则“tears”不认识"),
        ("baseline", {"baseline": 5, "target": 5, "then": {"kind": "linear"}}, "没有进度可算"),
        ("sample", {"population": "n", "checked": "n", "failed": "n", "rate": 10, "each": 1}, "三个不同的取数"),
        ("rounds", {"drop_ends": True, "then": {"kind": "linear"}}, "去掉最高最低就没有了"),
        ("bonus", {}, "没有写加分项"),
        ("manual", {"choices": [{"word": "优", "points": 10}, {"word": "优", "points": 5}]}, "写了两次"),
        ("manual", {"low": 6, "high": 4}, "下限 6 大于上限 4"),
        ("per_event_cap", {"each": 1, "period_cap": 1}, "就要写 period"),
        ("formula", {"words": "甲", "expression": "m + 1"}, "没有“m”"),
    ],
)
def test_wrong_parameters_of_the_newer_kinds_are_named(kind: str, params: dict[str, object], words: str) -> None:
    problems = read_rule(clause(kind, params)).problems
    assert any(words in problem for problem in problems), problems


def test_a_clause_changes_its_points_during_the_year_only_where_the_group_still_adds_up() -> None:
    first, later = hand("1", 10, valid_to=date(2022, 7, 1)), hand("1", 12, valid_from=date(2022, 7, 1))
    found = scheme(groups=(Group("1", "组", d(20), (first, later, hand("2", 10))),), total=d(20))
    assert ["(自 2022-07-01 起)" in problem.message for problem in check(found)] == [True]
