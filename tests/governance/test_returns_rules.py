"""The procedure of a return and the checks of its cells, without a database."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.governance.enums import Move, ReturnState
from qingyuan.governance.forms.catalogue import BadForm, UnknownForm, all_forms, get_form, read_form
from qingyuan.governance.rules.returns import (
    PROCEDURE,
    BadCheck,
    MoveRefused,
    check_cells,
    holds,
    read_number,
    steps_from,
    transition,
)
from qingyuan.reference.periods import Period

S = ReturnState
POLICE = get_form("GA-JD-01")
GOOD = {"detained": Decimal(3), "handled": Decimal(5), "relapsed": Decimal(2), "suspects": Decimal(1)}


def test_the_table_leads_from_draft_to_locked_and_everything_in_it_can_be_reached() -> None:
    reached, waiting = {S.DRAFT}, [S.DRAFT]
    while waiting:
        state = waiting.pop()
        for row in PROCEDURE:
            if row.from_state == state and row.to_state not in reached:
                reached.add(row.to_state)
                waiting.append(row.to_state)
    assert reached == set(S)


def test_every_state_and_step_outside_the_table_is_refused_with_what_is_possible() -> None:
    for state, step, top in product(S, Move, (True, False)):
        allowed = any(r.from_state == state and r.step == step and r.top in (None, top) for r in PROCEDURE)
        if allowed:
            assert transition(state, step, at_top=top, reason="因为").from_state == state
        else:
            with pytest.raises(MoveRefused, match="可以"):
                transition(state, step, at_top=top, reason="因为")


def test_nothing_leads_out_of_locked_but_a_correction() -> None:
    assert steps_from(S.LOCKED) == [Move.CORRECT]


@pytest.mark.parametrize(("state", "step"), [(S.SUBMITTED, Move.SEND_BACK), (S.APPROVED, Move.SEND_BACK), (S.LOCKED, Move.CORRECT)])
def test_sending_back_and_correcting_need_a_reason(state: ReturnState, step: Move) -> None:
    with pytest.raises(MoveRefused, match="理由"):
        transition(state, step, at_top=True, reason="  ")


def test_good_cells_pass_and_each_fault_is_named() -> None:
    assert check_cells(POLICE.cells, POLICE.checks, GOOD) == []
    missing = check_cells(POLICE.cells, POLICE.checks, {**GOOD, "suspects": None})
    assert [problem.column for problem in missing] == ["suspects"]
    crossed = check_cells(POLICE.cells, POLICE.checks, {**GOOD, "relapsed": Decimal(6)})
    assert [problem.message for problem in crossed] == ["复吸人员不能多于查处人员"]
    broken = check_cells(POLICE.cells, POLICE.checks, {**GOOD, "handled": Decimal("5.5"), "detained": Decimal(-1)})
    assert [problem.column for problem in broken] == ["detained", "handled"]


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_check_says_what_arithmetic_says(a: int, b: int, c: int) -> None:
    values = {"a": Decimal(a), "b": Decimal(b), "c": Decimal(c)}
    assert holds("a + b >= c", values) is (a + b >= c)
    assert holds("a - b == c", values) is (a - b == c)
    assert holds("a < 10", values) is (a < 10)


@pytest.mark.parametrize("expression", ["a", "a > b > c", "__import__('os') > 1", "a.b > 1", "a * 2 > b", "a in b", "1.5 < a", "a >"])
def test_a_check_that_is_more_than_a_comparison_is_refused(expression: str) -> None:
    with pytest.raises(BadCheck):
        holds(expression, {"a": Decimal(1), "b": Decimal(1), "c": Decimal(1)})


def test_numbers_are_read_as_people_type_them() -> None:
    assert read_number(" 1,234 ") == Decimal(1234)
    assert read_number("") is None
    for bad in ("十二", "NaN", "1e999999999", "1e-999999999", "Infinity"):
        with pytest.raises(ValueError):
            read_number(bad)


def test_the_forms_that_must_exist_do_and_counts_of_people_and_cases_are_coercive() -> None:
    assert {form.code for form in all_forms()} >= {"GA-JD-01", "JC-01", "FY-01", "XZ-01"}
    for code in ("GA-JD-01", "JC-01", "FY-01"):
        assert all(cell.coercive for cell in get_form(code).cells)
    assert not any(cell.coercive for cell in get_form("XZ-01").cells)


def test_a_month_is_due_on_the_fifth_of_the_next_or_the_next_working_day() -> None:
    assert str(POLICE.due_on(Period.parse("2022-08"))) == "2022-09-05"
    assert POLICE.due_on(Period.parse("2022-10")).isoformat() == "2022-11-07"
    with pytest.raises(BadForm):
        POLICE.due_on(Period.parse("2022"))


def test_an_unknown_form_and_a_check_over_a_cell_it_has_not_are_refused() -> None:
    with pytest.raises(UnknownForm, match="GA-JD-01"):
        get_form("nothing")
    text = """
code: X
title: X
unit_kinds: [town]
calendar: natural
unit_review: false
basis: X
valid_from: 2022-01-01
cells: [{code: a, title: A, unit: 件, coercive: false}]
checks: [{expression: a >= b, message: no}]
"""
    with pytest.raises(BadForm, match="b"):
        read_form(text, "x")
