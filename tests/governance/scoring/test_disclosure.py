"""What others see of a clause that turns on few people cannot be computed back into its points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyuan.governance.scoring import Clause, Number, Scheme, score, shown_to_others
from qingyuan.governance.scoring.disclosure import ShownTree
from qingyuan.governance.scoring.scheme import Grade, Group, GroupRole, WhenEmpty
from qingyuan.governance.scoring.words_for_few import WITHHELD
from tests.governance.scoring.builders import ON, clause, count, d, ratio, scheme

RATE = "indicator:R05"
GRADES = (Grade("不合格"), Grade("合格", d(12)), Grade("先进", d(18)))


def missed(each: str = "0.5", **more: str) -> Clause:
    params = {"each": each, "unit": "人次"}
    inputs = {"n": f"{RATE}.missing"}
    return clause("deduct_per_missing", params, inputs=inputs, when_empty=WhenEmpty.FULL, id=more.get("id", "h"))


def tiers(*bands: tuple[int, int]) -> Clause:
    rows = [{"from": low, "points": points} for low, points in bands]
    params = {"unit": "%", "bands": rows}
    return clause("tiers", params, inputs={"n": f"{RATE}.value"}, when_empty=WhenEmpty.FULL, id="h")


def linear(low: int, high: int) -> Clause:
    params = {"unit": "%", "low": {"at": low, "points": 0}, "high": {"at": high, "points": 10}}
    return clause("linear", params, inputs={"n": f"{RATE}.value"}, when_empty=WhenEmpty.FULL, id="h")


def open_clause() -> Clause:
    return clause("per_event_cap", {"each": 1, "words": "会议"}, inputs={"n": "manual:open"}, id="open")


KINDS = [
    missed("0.5"),
    missed("0.3"),
    missed("1"),
    missed("2"),
    missed("10"),
    tiers((0, 0), (95, 3), (98, 10)),
    tiers((0, 0), (50, 10)),
    linear(60, 90),
    linear(0, 100),
]


def sheet(hidden: Clause, **more: object) -> Scheme:
    return scheme(hidden, open_clause(), grades=GRADES, **more)


def display(sheet_: Scheme, number: Number, open_points: int) -> ShownTree:
    return _seen(sheet_, number, open_points)[0]


def _seen(sheet_: Scheme, number: Number, open_points: int) -> tuple[ShownTree, Decimal | None]:
    """What others see of a town with this number, and the points that must stay behind it."""
    inputs: Mapping[str, Number] = {RATE: number, "manual:open": count(open_points)}
    tree = score(sheet_, inputs, ON, digest="known")
    return shown_to_others(sheet_, tree), tree.clause("h").points


def worlds(base: int) -> list[list[Number]]:
    """What a reader who knows each base of five or more may try: few missing, few done, any; or any small base."""
    if base < 5:
        return [[ratio(n, b, people=3) for b in range(1, 5) for n in range(b + 1)]]
    every = [ratio(n, base, people=3) for n in range(base + 1)]
    return [every[-5:], every[:5], every]


def attack(hidden: Clause, base: int, open_points: int) -> None:
    """In every world, try each number and keep those that show the same: more than one score must remain."""
    sheet_ = sheet(hidden)
    for world in worlds(base):
        behind: dict[str, set[object]] = {}
        for number in world:
            seen, points = _seen(sheet_, number, open_points)
            assert seen.groups[0].clauses[0].points is None
            behind.setdefault(repr(seen), set()).add(points)
        known_by_the_rule_alone = len(set().union(*behind.values())) == 1
        assert known_by_the_rule_alone or all(len(scores) > 1 for scores in behind.values())


@pytest.mark.parametrize("base", [1, 4, 5, 7, 20, 61])
@pytest.mark.parametrize("hidden", KINDS, ids=[f"{index}-{item.rule.kind}" for index, item in enumerate(KINDS)])
def test_more_than_one_score_remains_behind_every_display(hidden: Clause, base: int) -> None:
    attack(hidden, base, 4)


@settings(max_examples=25)
@given(
    each=st.decimals("0.05", 12, places=2),
    base=st.integers(1, 40),
    open_points=st.integers(0, 10),
    rising=st.booleans(),
)
def test_more_than_one_score_remains_whatever_the_rule_takes_off(
    each: Decimal, base: int, open_points: int, rising: bool
) -> None:
    high = int(each * 7) + 10
    attack(linear(high // 2, high) if rising else missed(str(each)), base, open_points)


@pytest.mark.parametrize("hidden", KINDS, ids=[f"{index}-{item.rule.kind}" for index, item in enumerate(KINDS)])
def test_the_display_is_the_same_for_every_score_behind_the_word(hidden: Clause) -> None:
    sheet_, behind = sheet(hidden), dict[str, list[ShownTree]]()
    for done in range(41):
        seen = display(sheet_, ratio(done, 40, people=2), 7)
        behind.setdefault(seen.groups[0].clauses[0].word, []).append(seen)
    assert all(seen == group[0] for group in behind.values() for seen in group)


def test_enough_people_and_numbers_that_are_not_people_stay_open() -> None:
    for people in (5, None):
        seen = display(sheet(missed()), ratio(203, 214, people=people), 4)
        assert seen.groups[0].clauses[0].points == d("4.5")
        assert (seen.total, seen.grades) == (d("8.5"), ("不合格",))


@pytest.mark.parametrize("people", [0, 1, 4])
def test_few_people_show_a_word_and_the_sums_become_ranges(people: int) -> None:
    seen = display(sheet(missed()), ratio(98, 100, people=people), 4)
    hidden = seen.groups[0].clauses[0]
    assert (hidden.word, hidden.low, hidden.high) == ("优", 9, 10)
    assert (hidden.points, hidden.arithmetic, hidden.lines) == (None, "", ())
    assert (seen.groups[0].low, seen.groups[0].high, seen.total) == (13, 14, None)
    assert seen.grades == ("合格",)


def test_a_grade_that_would_narrow_the_word_is_shown_as_both() -> None:
    seen = display(sheet(missed()), ratio(98, 100, people=2), 9)
    assert (seen.low, seen.high, seen.grades) == (18, 19, ("先进",))
    seen = display(sheet(missed()), ratio(96, 100, people=2), 10)
    assert (seen.groups[0].clauses[0].word, seen.low, seen.grades) == ("良", d("17.5"), ("合格", "先进"))


def test_all_or_nothing_over_few_people_shows_nothing_at_all() -> None:
    seen = display(sheet(missed("10")), ratio(3, 3, people=3), 0).groups[0].clauses[0]
    assert (seen.word, seen.low, seen.high) == (WITHHELD, 0, 10)


def test_two_clauses_over_one_number_show_no_words_since_they_would_narrow_each_other() -> None:
    two = scheme(missed(), replace(linear(60, 100), id="i"), open_clause())
    seen = shown_to_others(two, score(two, {RATE: ratio(98, 100, people=2), "manual:open": count(1)}, ON))
    assert [item.word for item in seen.groups[0].clauses] == [WITHHELD, WITHHELD, ""]


def test_a_hidden_penalty_lowers_the_low_end() -> None:
    base = Group("1", "组", d(10), (open_clause(),))
    penalty = Group("2", "扣分", d(10), (missed(),), GroupRole.PENALTY)
    sheet_ = scheme(groups=(base, penalty), total=d(10))
    seen = display(sheet_, ratio(80, 100, people=2), 8)
    assert seen.groups[1].clauses[0].word == "差"
    assert (seen.low, seen.high) == (d("2.01"), 8)


def test_a_veto_stays_public() -> None:
    veto = clause("veto", {"effect": "sheet_zero", "reason": "查实瞒报"}, id="V1", points=0)
    sheet_ = sheet(missed(), vetoes=(veto,))
    inputs = {RATE: ratio(98, 100, people=2), "manual:open": count(9), "manual:n": count(1, people=1)}
    seen = shown_to_others(sheet_, score(sheet_, inputs, ON))
    assert (seen.total, seen.grades) == (0, ("不合格",))
