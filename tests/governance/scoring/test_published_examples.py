"""Published sheets as files, and at least sixty clauses worked by hand: each agrees with its rule to the hundredth."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from qingyuan.governance.queries.known import known_inputs
from qingyuan.governance.scoring import Scheme, check, score
from qingyuan.governance.scoring.check import held_out_clauses, questions
from qingyuan.governance.scoring.clauses import score_clause
from qingyuan.governance.scoring.examples import numbers_given
from qingyuan.governance.scoring.scheme import Clause, Example
from qingyuan.governance.scoring.shipped import published_example, published_examples, shipped, shipped_names
from tests.governance.scoring.builders import count, d, sheet

NOTE = "来源未载细则"
ITEMS = (
    # every item of the three sheets found whole, with its printed points: (sheet, clause or group, points)
    ("county-2014", "1.1", "10"),
    ("county-2014", "2.1", "10"),
    ("county-2014", "2.2", "10"),
    ("county-2014", "2.3", "10"),
    ("county-2014", "3.1", "10"),
    ("county-2014", "3.2", "10"),
    ("county-2014", "3.3", "10"),
    ("county-2014", "4.1", "30"),
    *(("hangzhou-2018", str(n), points) for n, points in enumerate(("5", "5", "4", "1", "1", "3", "5"), start=1)),
    ("province-2018", "1.1", "2.5"),
    ("province-2018", "1.2", "1.4"),
    ("province-2018", "1.3", "1"),
)


def everything() -> list[Scheme]:
    named = [published_example(name) for name in published_examples()]
    return [*named, *(shipped(name) for name in shipped_names()), sheet("shapes")]


def worked() -> list[tuple[Scheme, Clause, Example]]:
    return [(s, clause, example) for s in everything() for clause in s.clauses() for example in clause.examples]


@pytest.mark.parametrize("name", published_examples())
def test_a_published_sheet_passes_the_check(name: str) -> None:
    assert check(published_example(name), known_inputs()) == []


def test_the_clauses_in_every_shape_pass_the_check() -> None:
    assert check(sheet("shapes")) == []


@pytest.mark.parametrize(("name", "number", "points"), ITEMS)
def test_each_printed_item_is_entered_with_its_points(name: str, number: str, points: str) -> None:
    found = [clause for clause in published_example(name).clauses() if clause.id == number]
    assert [clause.points for clause in found] == [d(points)]


def test_the_printed_groups_keep_their_points() -> None:
    assert [group.points for group in published_example("county-2014").groups] == [10, 30, 30, 30]
    province = published_example("province-2018")
    assert (province.total, province.groups[0].points) == (14, 7)


def test_a_clause_given_by_hand_says_that_its_source_prints_no_rule() -> None:
    silent = [
        f"{name} {clause.id}"
        for name in published_examples()
        for clause in published_example(name).clauses()
        if clause.rule.kind == "manual" and not clause.readings and not clause.refused and NOTE not in clause.note
    ]
    assert silent == ["national-2016 3.1"]  # its source gives the range, which is the rule


def test_at_least_sixty_clauses_that_turn_on_a_rule_are_worked() -> None:
    ruled = {(s.id, c.id) for s, c, _ in worked() if c.rule.kind != "manual" or c.readings or len(c.rule.params) > 1}
    assert len(ruled) >= 60
    assert len(worked()) >= 200


@pytest.mark.parametrize(
    ("scheme", "clause", "example"),
    [pytest.param(s, c, e, id=f"{s.id}-{c.id}-{n}") for n, (s, c, e) in enumerate(worked())],
)
def test_a_worked_case_agrees_to_the_hundredth(scheme: Scheme, clause: Clause, example: Example) -> None:
    inputs = numbers_given(clause, example, {})
    wanted = example.expect.reading
    taken = [read for reading, read in clause.as_read() if not wanted or (reading is not None and reading.id == wanted)]
    assert taken
    for read in taken:
        found = score_clause(read, inputs, scheme)
        assert (found.state, found.veto is not None) == (example.expect.state, example.expect.veto)
        if example.expect.points is not None:
            assert found.points is not None
            assert abs(found.points - example.expect.points) <= Decimal("0.01")
            assert sum((step.points for step in found.steps), Decimal(0)) == found.points


@pytest.mark.parametrize("name", published_examples())
def test_no_published_sheet_scores_the_people_it_would_be_refused_for(name: str) -> None:
    held = {problem.where for problem in held_out_clauses(published_example(name), known_inputs())}
    assert held == ({"条款 2.2"} if name == "town-village-2016" else set())


def test_the_lost_files_of_the_county_are_asked_about_with_both_answers() -> None:
    scheme = published_example("county-2014")
    assert [problem.where for problem in questions(scheme)] == ["条款 3.1", "条款 3.2"]
    tree = score(scheme, {"manual:缺档人数": count(12)}, scheme.valid_from)
    clause = tree.clause("3.2")
    assert (clause.state, clause.points) == ("undecided", None)
    assert [(reading.words.split(":")[0], reading.points) for reading in clause.readings] == [
        ("最多扣完本条 10 分", 0),
        ("扣超过 10 分的从总分里倒扣", -2),
    ]
    agreed = score(scheme, {"manual:缺档人数": count(3)}, scheme.valid_from).clause("3.2")
    assert (agreed.state, agreed.points) == ("scored", 7)


def test_a_town_counts_its_two_annexes_by_half_and_up_to_thirty_more() -> None:
    scheme = published_example("yibin-2018")
    inputs = {"manual:A1/given": count(92), "manual:B1/given": count(81), "manual:X1/given": count(31)}
    tree = score(scheme, inputs, scheme.valid_from, unit_kind="town")
    assert [(annex.id, annex.raw, annex.points) for annex in tree.annexes] == [("A", 92, 46), ("B", 81, d("40.5"))]
    assert (tree.total, [group.id for group in tree.groups]) == (d("116.5"), ["A", "B", "X"])
    school = score(scheme, {"manual:D1/given": count(100)}, scheme.valid_from, unit_kind="school")
    assert (school.total, [group.id for group in school.groups]) == (100, ["D", "X"])


def test_the_village_of_105_points_reaches_each_grade_at_its_border() -> None:
    scheme = published_example("village-2021")
    on = scheme.valid_to - timedelta(days=1)
    full = {f"manual:{number}/given": count(points) for number, points in (("1.1", 25), ("2.1", 25), ("4.2", 15))}
    sure = {"manual:复查发现株数": count(0), "manual:隐瞒株数": count(0), "manual:群众评价平均级": count(5)}
    assert score(scheme, {**full, **sure, "manual:失联人数": count(0)}, on).total == 105
    graded = []
    for points in ("15", "10", "9.99", "0"):
        below = {**full, "manual:1.1/given": count(0), "manual:4.2/given": count(points)}
        tree = score(scheme, {**below, **sure, "manual:失联人数": count(0)}, on)
        graded.append((tree.total, tree.grade))
    assert graded == [(80, "合格"), (75, "基本合格"), (d("74.99"), "基本合格"), (65, "基本合格")]
