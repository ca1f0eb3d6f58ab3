"""Rows entered after their day: learned from the year's own rows, and reckoned with at the year's end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from qingyuan.governance.rules.late_entry import (
    LOOKS_BACK,
    NOTHING_KNOWN,
    SETTLES,
    Late,
    Look,
    late_by_key,
    late_of,
    looked_at,
)
from qingyuan.governance.rules.outlook import Moves, Path, basis, needs, year_end
from qingyuan.governance.scoring.numbers import Number
from tests.governance.forecast_years import ENDS, ENTERED, KINDS, late_entries, made_up, numbers

END = date(2022, 12, 31)
AUTUMN = date(2022, 9, 30)
SHARES = st.floats(0.001, 0.999)


def ratio(done: int, of: int) -> Number:
    return Number(numerator=Decimal(done), denominator=Decimal(of), missing=Decimal(of - done), unit="%")


def path(now: Number, ahead: Number, late: Late, moves: Moves = Moves.WINDOW) -> Path:
    return Path((AUTUMN,), (now,), ahead, END, moves, planned=moves is Moves.WINDOW, late=late)


def test_what_came_late_and_what_turned_out_done_are_told_apart() -> None:
    looks = [Look(then=ratio(10, 20), now=ratio(16, 22)), Look(then=ratio(30, 40), now=ratio(30, 40))]
    assert late_of(looks) == Late(came=2, fixed=4, looks=2)
    assert late_of([Look(then=ratio(10, 20), now=ratio(10, 17))]) == Late(came=0, fixed=3, looks=1)
    count = [Look(then=Number(value=Decimal(1)), now=Number(value=Decimal(3)))]
    assert late_of(count) == Late(came=2, fixed=0, looks=1)


def test_only_month_ends_tell_whose_late_rows_had_time_to_come_in() -> None:
    assert looked_at(ENDS, date(2022, 9, 27)) == tuple(ENDS[1:7])
    assert looked_at(ENDS, date(2022, 9, 28)) == tuple(ENDS[2:8])
    assert looked_at(ENDS, date(2022, 3, 1)) == (ENDS[0],)
    assert looked_at(ENDS, date(2022, 2, 20)) == ()


@given(st.dates(date(2022, 1, 1), END))
def test_no_look_is_too_young_and_none_too_many(on: date) -> None:
    looks = looked_at(ENDS, on)
    assert len(looks) <= LOOKS_BACK and list(looks) == sorted(looks)
    assert all((on - day).days >= SETTLES for day in looks)


def test_a_month_end_before_the_ledgers_were_kept_tells_nothing() -> None:
    before = ({"R05": ratio(0, 3)}, {"R05": ratio(40, 50)})
    kept = ({"R05": ratio(70, 90)}, {"R05": ratio(80, 90)})
    assert late_by_key([before, kept]) == {"R05": Late(came=0, fixed=10, looks=1)}
    assert late_by_key([before]) == {}


def test_what_is_usual_counts_for_one_month_end_more() -> None:
    late = Late(came=0, fixed=6, looks=2).beside(Late(came=24, fixed=60, looks=2), towns=12)
    assert late.came_mean == 1 / 3 and late.fixed_mean == (6 + 2.5) / 3
    assert NOTHING_KNOWN.beside(NOTHING_KNOWN, 12) == NOTHING_KNOWN
    assert NOTHING_KNOWN.beside(Late(24, 60, 2), 12).fixed_mean == 2.5


@given(SHARES, st.integers(0, 40), st.integers(0, 40), st.integers(1, 6))
def test_no_more_is_found_done_than_is_missing(share: float, done: int, missing: int, looks: int) -> None:
    now = ratio(done, done + missing)
    for moves in (Moves.WINDOW, Moves.STANDING):
        one = path(now, now, Late(came=3 * looks, fixed=9 * looks, looks=looks), moves)
        end = year_end(one, iter([share] * needs(one)))
        assert 0 <= (end.numerator or 0) <= (end.denominator or 0)
        assert (end.denominator or 0) >= done + missing and (end.missing or 0) >= 0


@given(SHARES, st.integers(0, 60), st.integers(0, 12))
def test_with_nothing_late_the_end_of_what_is_over_is_what_stands(share: float, done: int, missing: int) -> None:
    now = ratio(done, done + missing)
    one = path(now, now, NOTHING_KNOWN)
    assert year_end(one, iter([share] * needs(one))).numerator == done


@given(SHARES, st.integers(0, 20), st.integers(0, 20))
def test_who_enters_later_is_never_foretold_less_done(share: float, less: int, more: int) -> None:
    now = ratio(40, 60)

    def end(fixed: int) -> Decimal:
        one = path(now, now, Late(came=0, fixed=fixed, looks=4))
        return year_end(one, iter([share] * needs(one))).numerator or Decimal(0)

    assert end(min(less, more)) <= end(max(less, more))


def test_late_meetings_are_added_to_those_to_come() -> None:
    now = Number(value=Decimal(2))
    plain = path(now, now, NOTHING_KNOWN, Moves.EVENTS)
    late = replace(plain, late=Late(came=12, fixed=0, looks=4))
    assert (year_end(late, iter([0.5] * needs(late))).value or 0) >= (year_end(plain, iter([0.5] * needs(plain))).value or 0) + 2
    assert basis(late).late == 3 and basis(plain).late == 0


def test_towns_that_enter_late_are_told_from_those_that_do_not() -> None:
    """Of made-up years: what is said of today's missing rows is near what really is still to come."""
    prompt = [late_entries(made_up(KINDS[0], seed), AUTUMN)["indicator:R05"] for seed in range(6)]
    assert not any(one.fixed for one in prompt)
    off = []
    for seed in range(12):
        year = made_up(KINDS[5], 3000 + seed)
        said = late_entries(year, AUTUMN)["indicator:R05"].fixed_mean
        seen, known = (numbers(year, AUTUMN, when)["indicator:R05"] for when in (AUTUMN, ENTERED))
        off.append(float((known.numerator or 0) - (seen.numerator or 0)) - said)
    assert abs(sum(off)) / len(off) < 3
