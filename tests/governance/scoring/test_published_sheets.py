"""Sheets that were really published, entered as data: they score as their own words say, and the wrong one is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from qingyuan.governance.scoring import Number, check, score
from qingyuan.governance.scoring.shipped import shipped, shipped_names
from tests.governance.scoring.builders import ON, count, d, ratio, sheet

COUNTY_DAY = date(2014, 12, 31)


@pytest.mark.parametrize("name", ["county-2014", "hangzhou-2018"])
def test_a_published_sheet_passes_the_check_with_all_its_examples(name: str) -> None:
    assert check(sheet(name)) == []


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_sheet_passes_the_check_with_all_its_examples(name: str) -> None:
    assert check(shipped(name)) == []
    assert all(clause.examples for clause in shipped(name).clauses())


def test_a_wrong_example_stops_the_sheet() -> None:
    scheme = shipped("town-2022")
    clause = scheme.clause("2.3", ON)
    wrong = replace(clause.examples[0], expect=replace(clause.examples[0].expect, points=d("4.49")))
    group = scheme.groups[1]
    clauses = tuple(replace(c, examples=(wrong,)) if c.id == "2.3" else c for c in group.clauses)
    spoilt = replace(scheme, groups=(scheme.groups[0], replace(group, clauses=clauses), scheme.groups[2]))
    problems = check(spoilt)
    assert [problem.where for problem in problems] == ["条款 2.3"]
    assert "得 4.5(10 − 0.5 × 11 = 4.5),示例写的是 4.49" in problems[0].message


def test_the_county_sheet_scores_a_township_by_hand() -> None:
    inputs = {
        "manual:1/given": count(8),
        "manual:2.1/given": count(9),
        "manual:2.2/records": count(1),
        "return:宣传1表.宣传画": count(420),
        "return:宣传1表.资料": count(4900),
        "manual:3.1/given": count(10),
        "indicator:R04": ratio(30, 42),
        "indicator:R05": ratio(203, 214),
        "manual:4/given": count("28.5"),
    }
    tree = score(sheet("county-2014"), inputs, COUNTY_DAY)
    posters, files, tests = tree.clause("2.3"), tree.clause("3.2"), tree.clause("3.3")
    assert (posters.points, posters.arithmetic) == (1, "10 − 0.05 × 80 − 0.05 × 100 = 1")
    assert (files.points, files.arithmetic) == (0, "10 − 1 × 12 = −2,扣完为止,得 0")
    assert tests.points == d("4.5")
    assert [group.points for group in tree.groups] == [8, 20, d("14.5"), d("28.5")]
    assert (tree.total, tree.pending) == (71, 0)


def test_the_meeting_clause_earns_nothing_without_the_key_meeting_and_says_so() -> None:
    given = {"standing": 0, "first": 3, "other": 1}
    tree = score(sheet("hangzhou-2018"), {f"manual:4/{k}": count(v) for k, v in given.items()}, date(2018, 6, 1))
    clause = tree.clause("4")
    assert clause.points == 0
    assert clause.arithmetic.endswith("常务会议 0 次,不得分")
    assert "常务会议少于 1 次的不得分" in clause.rule


def test_the_sheet_of_105_points_is_refused_and_each_fault_named() -> None:
    problems = {problem.where: problem.message for problem in check(sheet("village-105"))}
    assert problems["总分"].startswith("各组相加 25 + 25 + 15 + 30 + 10 = 105,比总分 100 分多 5 分")
    assert problems["第 4 组 管控"].startswith("各条款相加 10 + 5 = 15,比本组 30 分少 15 分")
    assert "“基本合格”与“合格”之间有空档:79 到 80 没有规定" in problems["等次"]
    assert len(problems) == 3


def test_the_town_sheet_shows_the_lost_points_of_the_missed_tests() -> None:
    inputs = {"indicator:R05": ratio(203, 214, label="应检尽检率", numerator_label="已检", denominator_label="应检")}
    clause = score(shipped("town-2022"), inputs, ON).clause("2.3")
    assert (clause.points, clause.lost, clause.arithmetic) == (d("4.5"), d("5.5"), "10 − 0.5 × 11 = 4.5")
    assert clause.rule == "满分 10,每缺 1 人次扣 0.5,扣完为止"
    assert clause.lines == ("应检 214 · 已检 203 · 缺 11",)
    assert [item.ref for item in clause.inputs] == ["indicator:R05.missing"]


def test_a_rate_of_exactly_the_tier_earns_the_tier_although_its_value_was_rounded_elsewhere() -> None:
    inputs = {"indicator:R01": replace(ratio(19, 20), value=d("94.9999999"))}
    assert score(shipped("town-2022"), inputs, ON).clause("2.1").points == 20


def test_a_full_town_has_a_hundred_points_and_one_finding_of_false_figures_takes_the_grade() -> None:
    inputs = {
        "indicator:G01": Number(value=d(2), parts={"first_chaired": d(1)}),
        "manual:批示交办逾期件数": count(0),
        "indicator:G07": ratio(10, 10),
        "indicator:R01": ratio(8, 8),
        "indicator:R03": ratio(8, 8),
        "indicator:R05": ratio(98, 98),
        "manual:知晓率调查": count(99),
        "manual:3.2/given": count(5),
        "manual:弄虚作假认定": count(0),
        "manual:泄露信息认定": count(0),
    }
    clean = score(shipped("town-2022"), inputs, ON)
    assert (clean.total, clean.grade, clean.lines) == (100, "先进", ())
    false = score(shipped("town-2022"), {**inputs, "manual:弄虚作假认定": count(1)}, ON)
    assert (false.total, false.grade) == (100, "不合格")
    assert false.grade_note == "一票否决:查实编造、篡改数据或者瞒报 1 起"
