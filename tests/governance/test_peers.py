"""Clauses that set a unit beside others are scored from the live letters of its year, where the numbers can carry it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from qingyuan.governance.actions.letters import Issue, issue, void
from qingyuan.governance.actions.schemes import publish_scheme
from qingyuan.governance.models import Letter
from qingyuan.governance.queries.peers import beside_peers, compared_refs
from qingyuan.governance.queries.trees import numbers_of, tree_of
from qingyuan.governance.scoring.numbers import Number
from qingyuan.governance.scoring.refs import parse_ref
from qingyuan.governance.scoring.score import score
from qingyuan.governance.scoring.serialise import read_scheme
from qingyuan.governance.scoring.tree import ClauseState
from qingyuan.organisation.models import Unit
from tests.cast import TODAY
from tests.governance.conftest import Desk
from tests.web.letters.conftest import settle

SHEET = """
id: beside
title: 比着评的办法
version: "1"
valid_from: 2022-01-01
valid_to: 2023-01-01
total: 20
not_applicable: redistribute
groups:
  - id: "1"
    title: 全部
    points: 20
    clauses:
      - id: "1.1"
        title: 专题研究名次
        text: 专题研究次数第一名得 10 分,其余得 4 分
        points: 10
        rule:
          kind: rank
          params:
            input: meetings
            ties: best
            least_units: 2
            then: {kind: tiers, params: {unit: 名, bands: [{to: 2, points: 10}, {from: 2, points: 4}]}}
        inputs: {meetings: indicator:G01.value}
        when_empty: not_applicable
      - id: "1.2"
        title: 应检尽检名次
        text: 应检尽检率第一名得 10 分,其余得 4 分
        points: 10
        rule:
          kind: rank
          params:
            input: rate
            ties: best
            least_units: 2
            unit: "%"
            then: {kind: tiers, params: {unit: 名, bands: [{to: 2, points: 10}, {from: 2, points: 4}]}}
        inputs: {rate: indicator:R05.value}
        when_empty: not_applicable
"""
RATE = parse_ref("indicator:R05.value")


def rate(done: int, due: int) -> Number:
    return Number(numerator=Decimal(done), denominator=Decimal(due), unit="%", label="应检尽检率", denominator_label="应检")


def unit(number: int, kind: str = "town") -> Letter:
    return Letter(unit=Unit(pk=number, name=f"镇{number}", kind=kind), serial=number)


def beside(own: Number, *others: Number | None, kinds: str = "") -> Number:
    mine = unit(1)
    peers = [(mine, {RATE.key: own})]
    for number, other in enumerate(others, start=2):
        peers.append((unit(number, "town" if number - 2 >= len(kinds) else "police"), {} if other is None else {RATE.key: other}))
    return beside_peers(mine, peers, {RATE.key: own}, [RATE])[RATE.key]


def test_a_unit_learns_the_others_numbers_in_order_and_never_whose_they_are() -> None:
    found = beside(rate(90, 100), rate(80, 100), rate(95, 100), rate(50, 100))
    assert list(found.peers.items()) == [("1", Decimal(50)), ("2", Decimal(80)), ("3", Decimal(95))]


def test_units_below_the_bar_take_no_part() -> None:
    found = beside(rate(90, 100), rate(29, 29), rate(95, 100))
    assert list(found.peers.values()) == [Decimal(95)]
    assert list(beside(rate(90, 100), rate(30, 30), rate(95, 100)).peers.values()) == [Decimal(95), Decimal(100)]


def test_a_unit_below_the_bar_is_not_compared_and_says_why() -> None:
    small = beside(rate(20, 29), rate(80, 100), rate(95, 100))
    assert small.peers == {} and "不可比" in small.no_peers and "不足 30" in small.no_peers


def test_only_units_of_the_same_kind_are_peers() -> None:
    found = beside(rate(90, 100), rate(10, 100), rate(95, 100), kinds="p")
    assert list(found.peers.values()) == [Decimal(95)]
    alone = beside(rate(90, 100), rate(10, 100), kinds="p")
    assert alone.peers == {} and "没有可比的同类单位" in alone.no_peers


def test_while_a_peers_number_is_still_to_come_nobody_is_placed() -> None:
    unknown = Number(not_available="报表还没有锁定", denominator=Decimal(100))
    for waiting in (unknown, None):
        found = beside(rate(90, 100), rate(95, 100), waiting)
        assert found.peers == {} and "还有 1 个单位的数未到" in found.peers_waiting and not found.no_peers


def test_a_count_without_a_base_may_always_stand_beside_others() -> None:
    found = beside(Number(value=Decimal(2)), Number(value=Decimal(1)), Number(value=Decimal(1)))
    assert list(found.peers.values()) == [Decimal(1), Decimal(1)]


def test_a_number_read_in_two_parts_is_not_compared() -> None:
    numbers = {RATE.key: rate(90, 100)}
    refs = [RATE, parse_ref("indicator:R05.missing")]
    found = beside_peers(unit(1), [(unit(2), {RATE.key: rate(80, 100)})], numbers, refs)[RATE.key]
    assert found.peers == {} and "分开取数" in found.no_peers


def test_a_clause_says_why_it_places_nobody() -> None:
    scheme = read_scheme(SHEET)
    numbers = {
        "indicator:G01": Number(value=Decimal(2), peers={"1": Decimal(1)}),
        RATE.key: beside(rate(20, 29), rate(80, 100)),
    }
    tree = score(scheme, numbers, date(2022, 12, 31))
    clause = tree.clause("1.2")
    assert clause.state is ClauseState.NOT_APPLICABLE and "不足 30" in "".join(clause.lines)
    assert tree.clause("1.1").points == 10
    waiting = {**numbers, RATE.key: beside(rate(90, 100), None)}
    clause = score(scheme, waiting, date(2022, 12, 31)).clause("1.2")
    assert clause.state is ClauseState.NOT_AVAILABLE and "未到" in "".join(clause.lines)


def test_only_clauses_that_compare_ask_for_peers() -> None:
    found = {(ref.key, ref.part) for ref in compared_refs(read_scheme(SHEET), TODAY)}
    assert found == {("indicator:G01", "value"), ("indicator:R05", "value")}


@pytest.mark.django_db
def test_live_letters_of_a_year_are_placed_beside_each_other(desk: Desk) -> None:
    settle(desk, people=6, tested=16)
    city, clerk = desk.city, desk.actor("clerk")
    scheme = publish_scheme(text=SHEET, by=desk.actor("leader"))
    terms = Issue(city=city.divisions["云岭市"], year=2022, scheme=scheme, issuer=city.units["office"], on=date(2022, 2, 24))
    first = issue(unit=city.units["longdong"], terms=terms, by=clerk)
    assert tree_of(first, TODAY).clause("1.1").state is ClauseState.NOT_APPLICABLE  # nobody beside it yet
    second = issue(unit=city.units["shiqiao"], terms=terms, by=clerk)
    assert tree_of(first, TODAY).clause("1.1").points == 10
    assert tree_of(second, TODAY).clause("1.1").points == 4
    assert tree_of(first, TODAY).clause("1.1").inputs[0].peers == {"1": Decimal(0)}
    assert "不足 30" in "".join(tree_of(first, TODAY).clause("1.2").lines)
    assert set(numbers_of([first], TODAY)[first.pk]) == {"indicator:G01", "indicator:R05"}
    void(letter=second, reason="制发有误", by=clerk)
    first.refresh_from_db()
    assert tree_of(first, TODAY).clause("1.1").state is ClauseState.NOT_APPLICABLE
