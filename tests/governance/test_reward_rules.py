"""Rules of what follows from a result, by themselves: what they propose, what they may not, what a table must say."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.casework.procedures.rules import StepRefused
from qingyuan.documents.wording import tight
from qingyuan.governance.rewards import PublishedScore, Rule, Standing, Verdict, propose
from qingyuan.governance.rewards.published import PublishedClause, narrowed
from qingyuan.governance.rewards.reading import RANKED, BadRewardTable, read_table
from qingyuan.governance.rewards.shipped import shipped, table_for
from qingyuan.governance.rewards.table import LIGHTER, Kind, PointsMap, Step
from qingyuan.governance.rules import rewards as rules

GRADES = ("不合格", "基本合格", "合格", "先进")
FLOORS = (Decimal(0), Decimal(60), Decimal(80), Decimal(90))
TOWN = shipped()[0]
POINTS = st.decimals(min_value=0, max_value=100, places=2)


def published(low: str, high: str | None = None, **changes: Any) -> PublishedScore:
    """A published result with the grade its lower end gives."""
    ends = Decimal(low), Decimal(high or low)
    grade = next(name for name, floor in zip(reversed(GRADES), reversed(FLOORS), strict=True) if ends[0] >= floor)
    clauses = {"3.1": PublishedClause(Decimal(5), Decimal(5), title="知晓率")}
    values: dict[str, Any] = {"grade": grade, "grades": GRADES, "low": ends[0], "high": ends[1], "of": Decimal(100), "clauses": clauses}
    return PublishedScore(**(values | changes))


def standing(*groups: str) -> Standing:
    return Standing("R05", frozenset(groups))


def proposed(score: PublishedScore, standings: dict[str, Standing] | None = None) -> list[str]:
    return [one.rule.id for one in propose(TOWN, score, standings)[0]]


def unjudged(score: PublishedScore, standings: dict[str, Standing] | None = None) -> dict[str, Verdict]:
    return {one.rule.id: one.why for one in propose(TOWN, score, standings)[1]}


def table_text(*rules_: dict[str, Any], **changes: Any) -> str:
    top = {
        "id": "t", "title": "试", "version": "1", "valid_from": "2021-01-01", "applies_to": {"unit_kinds": ["town"]}, "source": "试",
        "rules": list(rules_),
    }  # fmt: skip
    return yaml.safe_dump(top | changes, allow_unicode=True)


TALK = {"id": "T", "kind": "talk", "text": "等次为最低一等的约谈。", "source": "试", "when": {"grades": ["lowest"]}}


# --- what is proposed -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ("90", ["G1", "C1", "P1", "P2"]),
        ("89.99", ["G1", "P1", "P2"]),
        ("80", ["G1", "P1", "P2"]),
        ("79.99", ["G1", "Y1", "P1", "P2"]),
        ("60", ["G1", "Y1", "P1", "P2"]),
        ("59.99", ["G1", "T1", "P1", "P2"]),
    ],
)
def test_the_lines_of_the_town_table_are_where_its_words_say(points: str, expected: list[str]) -> None:
    assert proposed(published(points)) == expected


def test_a_veto_that_fired_is_met_with_its_own_reason() -> None:
    score = published("75", grade="不合格", vetoes={"V1": "查实编造数据 1 起"})
    found = {one.rule.id: one for one in propose(TOWN, score)[0]}
    assert [met.values["reason"] for met in found["B1"].met] == ["查实编造数据 1 起"]
    assert "T1" in found, "the grade the veto set is the grade that counts"
    assert "B1" not in proposed(published("75")), "a veto that was put right does not fire, and nothing follows from it"


def test_a_clause_that_gave_little_is_met_and_a_closed_one_is_not_judged() -> None:
    low = published("85", clauses={"3.1": PublishedClause(Decimal(5), Decimal(0), title="知晓率")})
    assert "T2" in proposed(low)
    closed = published("85", clauses={"3.1": PublishedClause(Decimal(5), None, closed=True)})
    assert "T2" not in proposed(closed) and unjudged(closed)["T2"] is Verdict.CLOSED
    assert unjudged(published("85", clauses={}))["T2"] is Verdict.NO_CLAUSE


def test_a_published_range_across_a_line_is_not_judged() -> None:
    across = published("78", "82")
    assert "Y1" not in proposed(across) and unjudged(across)["Y1"] is Verdict.STRADDLES
    assert "Y1" in proposed(published("70", "74")), "a range wholly inside the band is judged"
    assert "Y1" not in unjudged(published("82", "86")), "and one wholly outside is plainly not met"


def test_a_commendation_asks_for_full_points_of_a_clause_that_is_open() -> None:
    part = published("95", clauses={"3.1": PublishedClause(Decimal(5), Decimal("4.9"))})
    assert "C1" not in proposed(part) and "C1" not in unjudged(part)
    closed = published("95", clauses={"3.1": PublishedClause(Decimal(5), None, closed=True)})
    assert unjudged(closed)["C1"] is Verdict.CLOSED


@given(POINTS, POINTS, st.sampled_from(list(zip(FLOORS, (*FLOORS[1:], None), strict=True))), POINTS)
def test_the_grade_narrows_a_range_and_never_leaves_the_true_total_out(
    one: Decimal, other: Decimal, band: tuple[Decimal, Decimal | None], total: Decimal
) -> None:
    low, high = sorted((one, other))
    floor, ceiling = band
    ends = narrowed(low, high, floor, ceiling)
    assert low <= ends[0] <= ends[1] <= high
    if low <= total <= high and floor <= total and (ceiling is None or total < ceiling):
        assert ends[0] <= total <= ends[1]


def test_only_a_difference_the_fair_table_carries_is_a_ground() -> None:
    score = published("85")
    assert "L1" in proposed(score, {"R05": standing("lower")})
    assert "C2" in proposed(score, {"R05": standing("higher")})
    tie = {"R05": standing("same")}
    assert not {"L1", "C2"} & set(proposed(score, tie)) and not {"L1", "C2"} & set(unjudged(score, tie))
    for nothing in ({}, {"R05": standing()}, {"R05": standing("incomparable")}, {"R05": standing("same", "lower")}):
        assert unjudged(score, nothing)["L1"] is Verdict.NOT_COMPARABLE
    few = {"R05": standing("same", "lower")}
    assert "C2" not in proposed(score, few) and "C2" not in unjudged(score, few), "whatever the few people are, it is not higher"
    assert unjudged(published("85", place=False), {"R05": standing("lower")})["L1"] is Verdict.NO_PLACE


def test_a_rank_of_totals_is_kept_with_its_reason_and_never_applied() -> None:
    rule = TOWN.rule("N1")
    assert rule.when.rank and rule.refused == RANKED
    assert all("N1" not in proposed(published(points)) for points in ("0", "50", "100"))
    assert unjudged(published("0"))["N1"] is Verdict.REFUSED


def test_a_rule_that_pays_for_people_caught_is_kept_and_never_applied() -> None:
    text = table_text(TALK | {"id": "K", "kind": "commend", "text": "破案数同比增长 10% 的通报表扬。"})
    (rule,) = read_table(text).rules
    assert "破案数" in rule.refused
    assert propose(read_table(text), published("10"))[0] == []


def test_a_figure_no_places_are_compared_by_is_refused_with_what_was_said_of_it() -> None:
    text = table_text(TALK | {"when": {"fair": {"indicator": "E01", "group": "lower"}}})
    (rule,) = read_table(text, lambda code: f"{code} 不作比较").rules
    assert rule.refused == "E01 不作比较"


# --- what holds of every table and score ----------------------------------------------------------------------------------------
WORDS = st.sampled_from(["查实 1 起", "查实 2 起"])


@st.composite
def scores(draw: st.DrawFn) -> PublishedScore:
    ends = sorted((draw(POINTS), draw(POINTS)))
    low, high = ends if draw(st.booleans()) else (ends[0], ends[0])
    vetoes = draw(st.dictionaries(st.sampled_from(["V1", "V2"]), WORDS, max_size=2))
    clause = draw(st.sampled_from([PublishedClause(Decimal(5), Decimal(1)), PublishedClause(Decimal(5), None, True)]))
    return published(str(low), str(high), vetoes=vetoes, clauses={"3.1": clause}, place=draw(st.booleans()))


STANDINGS = st.sampled_from([{}, {"R05": standing("lower")}, {"R05": standing("higher")}, {"R05": standing()}])


@given(scores(), STANDINGS)
def test_the_same_result_always_has_the_same_list(score: PublishedScore, standings: dict[str, Standing]) -> None:
    copy = replace(score, clauses=dict(score.clauses), vetoes=dict(score.vetoes))
    assert propose(TOWN, score, standings) == propose(TOWN, copy, dict(standings))


@given(scores(), STANDINGS, st.sampled_from([rule.id for rule in TOWN.rules]))
def test_taking_a_rule_away_takes_exactly_its_entries_away(score: PublishedScore, standings: dict[str, Standing], gone: str) -> None:
    rest = replace(TOWN, rules=tuple(rule for rule in TOWN.rules if rule.id != gone))
    with_it, without = propose(TOWN, score, standings), propose(rest, score, standings)
    for every, left in zip(with_it, without, strict=True):
        assert [one for one in every if one.rule.id != gone] == list(left)


@given(scores(), STANDINGS)
def test_every_rule_is_proposed_or_unjudged_or_plainly_not_met_and_never_two_of_them(score: PublishedScore, standings: dict[str, Standing]) -> None:
    made, left = propose(TOWN, score, standings)
    ids = [one.rule.id for one in (*made, *left)]
    assert len(ids) == len(set(ids))
    assert all(one.met for one in made), "what is proposed always says by what it was met"


@given(POINTS, st.lists(POINTS, min_size=2, max_size=2))
def test_what_few_people_close_changes_nothing_that_is_proposed(low: Decimal, hidden: list[Decimal]) -> None:
    """The exact total behind a published range is no field of what rules may read: two of them cannot differ in the list."""
    assert {one.name for one in fields(PublishedScore)} == {"grade", "grades", "low", "high", "of", "vetoes", "clauses", "place"}
    ends = sorted(hidden)
    score = published(str(ends[0]), str(ends[1]))
    made, _left = propose(TOWN, score)
    points = {one.rule.id: one.points for one in made if one.points is not None}
    rule = TOWN.rule("P1")
    assert rule.points is not None and points["P1"] == rule.points.points(ends[1]), "the upper end, which everybody sees"


@st.composite
def maps(draw: st.DrawFn) -> PointsMap:
    cap = draw(st.decimals(min_value="0.5", max_value=20, places=1))
    linear = draw(st.booleans())
    count = 2 if linear else draw(st.integers(1, 5))
    ats = sorted(draw(st.lists(st.decimals(0, 100, places=1), min_size=count, max_size=count, unique=True)))
    points = sorted(draw(st.lists(st.decimals(0, cap, places=1), min_size=count, max_size=count)))
    steps = tuple(Step(at, value) for at, value in zip(ats, points, strict=True))
    return PointsMap("平安建设考核", cap, linear, steps, draw(st.integers(0, 2)))


@given(maps(), POINTS, POINTS)
def test_a_mapping_never_falls_and_never_passes_its_cap(mapping: PointsMap, one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert Decimal(0) <= mapping.points(low) <= mapping.points(high) <= mapping.cap.quantize(Decimal(1).scaleb(-mapping.decimals), "ROUND_CEILING")


def test_the_mappings_of_the_town_table_are_as_their_texts_say() -> None:
    peace, office = TOWN.rule("P1").points, TOWN.rule("P2").points
    assert peace is not None and office is not None
    shares = [Decimal(one) for one in ("0", "60", "80", "90", "100")]
    assert [str(peace.points(one)) for one in shares] == ["0.00", "0.00", "1.50", "2.25", "3.00"]
    assert [str(office.points(one)) for one in shares] == ["0.0", "1.0", "1.5", "2.0", "2.0"]
    assert str(office.points(Decimal("79.99"))) == "1.0"


# --- tables ----------------------------------------------------------------------------------------------------------------------
def test_every_shipped_rule_says_where_it_comes_from_and_none_claims_a_document_it_has_not() -> None:
    for table in shipped():
        assert table.note and all(rule.source for rule in table.rules)
        assert not any(rule.confirmed for rule in table.rules)


def test_a_table_is_in_force_for_its_days_and_kinds_of_unit() -> None:
    older = replace(TOWN, code="old", valid_to=date(2022, 1, 1))
    newer = replace(TOWN, code="new", valid_from=date(2022, 1, 1))
    assert [getattr(table_for((older, newer), "town", day), "code", None) for day in (date(2020, 12, 31), date(2021, 12, 31), date(2022, 1, 1))] == [
        None, "old", "new",
    ]  # fmt: skip
    assert table_for((TOWN,), "police", date(2022, 1, 1)) is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "fine"}, "kind 要写"),
        ({"source": ""}, "没有写 source"),
        ({"when": {}}, "没有写条件"),
        ({"when": {"grade": ["先进"]}}, "不认识“grade”"),
        ({"when": {"from": 80, "to": 60}}, "from 要小于 to"),
        ({"when": {"fair": {"indicator": "R05", "group": "same"}}}, "group 要写"),
        ({"opens": True}, "只送达本单位"),
        ({"when": {"clause": {"id": "3.1"}}}, "at_least"),
        ({"leave": {"ending": "date", "months": 6, "words": "试"}}, "没有期限"),
        ({"kind": "listing"}, "没有写怎样退出"),
        ({"kind": "listing", "leave": {"ending": "date", "months": 6, "words": "试"}}, "ending 要写 repair"),
        ({"kind": "yellow", "leave": {"ending": "date", "months": 0, "words": "试"}}, "1 到 36"),
        ({"kind": "points"}, "要写 points"),
        ({"points": {"system": "试", "cap": 3, "way": "banded", "steps": [{"at": 0, "points": 1}]}}, "别的不写"),
        ({"id": "一二三四五六七八九十一二三"}, "最多 12 个字"),
    ],
)
def test_a_broken_rule_is_named_with_what_to_write_instead(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(BadRewardTable, match=words):
        read_table(table_text(TALK | changes))


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ({"cap": 3, "way": "linear", "steps": [{"at": 60, "points": 0}]}, "恰好两点"),
        ({"cap": 3, "way": "banded", "steps": [{"at": 60, "points": 2}, {"at": 80, "points": 1}]}, "不能更少"),
        ({"cap": 3, "way": "banded", "steps": [{"at": 80, "points": 1}, {"at": 60, "points": 2}]}, "从低到高"),
        ({"cap": 3, "way": "banded", "steps": [{"at": 60, "points": 4}]}, "在 0 到 cap 之间"),
        ({"cap": 0, "way": "banded", "steps": [{"at": 60, "points": 0}]}, "大于 0"),
        ({"cap": 3, "way": "steep", "steps": [{"at": 60, "points": 0}]}, "way 要写"),
    ],
)
def test_a_mapping_that_falls_or_passes_its_cap_is_refused(points: dict[str, Any], words: str) -> None:
    rule = {"id": "P", "kind": "points", "text": "折算。", "source": "试", "points": {"system": "试"} | points}
    with pytest.raises(BadRewardTable, match=words):
        read_table(table_text(rule))


def test_a_table_tells_everything_wrong_in_it_at_once() -> None:
    with pytest.raises(BadRewardTable) as found:
        read_table(table_text(TALK, TALK, TALK | {"id": "Z", "kind": "x"}, valid_from="昨天"))
    assert len(found.value.problems) == 3


@pytest.mark.parametrize("text", ["", "[]", "规则: [", "rules: 1"])
def test_what_is_no_table_is_said_to_be_none(text: str) -> None:
    with pytest.raises(BadRewardTable):
        read_table(text)


# --- decisions ---------------------------------------------------------------------------------------------------------------------
def test_a_decision_may_only_be_lighter_than_the_rule() -> None:
    assert rules.read_instead("listing", None, None, "talk") == (Kind.TALK, None)
    for kind, instead in (("talk", "listing"), ("remind", "talk"), ("commend", "remind"), ("listing", ""), ("yellow", "yellow")):
        with pytest.raises(StepRefused, match="从轻"):
            rules.read_instead(kind, None, None, instead)
    assert all(kind not in lighter and kind not in LIGHTER[one] for kind, lighter in LIGHTER.items() for one in lighter if one in LIGHTER)


@pytest.mark.parametrize("text", ["", "3.01", "-1", "1.234", "NaN", "Infinity", "二", "1.5"])
def test_other_points_stay_within_the_cap_and_differ_from_the_rule(text: str) -> None:
    with pytest.raises(StepRefused) as found:
        rules.read_instead("points", Decimal(3), Decimal("1.5"), text)
    assert found.value.field == "instead"


def test_other_points_are_taken_as_typed() -> None:
    assert rules.read_instead("points", Decimal(3), Decimal("1.5"), " 2,25 ") == ("points", Decimal("2.25"))


def worded(rule: Rule, **changes: Any) -> rules.Worded:
    values: dict[str, Any] = {
        "unit": "龙洞镇", "kind": rule.kind.value, "year": 2021, "rule": rule.id, "text": rule.text, "source": rule.source,
        "confirmed": rule.confirmed, "met": ["公布的得分 75 分"],
    }  # fmt: skip
    return rules.worded(rules.Said(**(values | changes)))


@pytest.mark.parametrize("rule", [rule for rule in TOWN.rules if rules.has_paper(rule.kind)], ids=lambda rule: rule.id)
def test_every_decision_reads_as_a_paper_with_its_rule_and_how_to_object(rule: Rule) -> None:
    text = worded(rule, months=rule.leave.months)
    body = "".join(text.lines)
    assert "龙洞镇" in text.title and tight(rule.text)[:4] in body and "异议" in body
    assert ("期限和退出" in body) == bool(rule.leave.months)
    assert "未见本市正式文件" in body, "what is not confirmed says so on paper"


def test_a_departure_prints_its_reason_in_one_line() -> None:
    lines = worded(TOWN.rule("T1"), kind="remind", departs="第一段\n一、第二段").lines
    assert any("第一段一、第二段" in line for line in lines)
