"""What holds for any numbers: points within the clause, missing more never gains, order is nothing, sums re-add."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from qingyuan.governance.scoring import Clause, Number, score
from qingyuan.governance.scoring.serialise import read_tree, tree_json
from qingyuan.governance.scoring.shipped import shipped
from tests.governance.scoring.builders import ON, clause, count, d, ratio, scheme

TOWN = shipped("town-2022")
MISSED = clause("deduct_per_missing", {"each": "0.5", "unit": "人次"})
amounts = st.decimals(min_value=0, max_value=100_000, places=2)
whole = st.integers(0, 400)


@st.composite
def ratios(draw: st.DrawFn) -> Number:
    base = draw(whole)
    return ratio(draw(st.integers(0, base)), base, people=draw(st.none() | st.integers(0, 30)))


@st.composite
def towns(draw: st.DrawFn) -> dict[str, Number]:
    """Any town, with any of its numbers missing."""
    inputs = {
        "indicator:G01": Number(value=d(draw(whole)), parts={"first_chaired": d(draw(whole))}),
        "manual:批示交办逾期件数": count(draw(whole)),
        "indicator:G07": draw(ratios()),
        "indicator:R01": draw(ratios()),
        "indicator:R03": draw(ratios()),
        "indicator:R05": draw(ratios()),
        "manual:知晓率调查": count(draw(st.decimals(0, 100, places=2))),
        "manual:3.2/given": count(draw(st.decimals(-5, 20, places=2))),
        "manual:弄虚作假认定": count(draw(st.integers(0, 1))),
    }
    return {key: number for key, number in inputs.items() if draw(st.integers(0, 9))}


@given(towns())
def test_points_stay_within_the_clause_and_steps_and_sums_re_add(inputs: dict[str, Number]) -> None:
    tree = score(TOWN, inputs, ON)
    for item in tree.clauses():
        if item.points is not None:
            assert 0 <= item.points <= item.of
            assert sum((step.points for step in item.steps), Decimal(0)) == item.points
            assert item.points == item.points.quantize(Decimal("0.01"))
    for group in tree.groups:
        assert sum((item.points or Decimal(0) for item in group.clauses), Decimal(0)) == group.points
    assert 0 <= tree.low <= tree.high <= tree.of
    assert tree.low <= tree.total <= tree.high
    assert (tree.grade == "") == ("待定" in tree.grade_note)


@given(towns())
def test_a_score_survives_being_written_down(inputs: dict[str, Number]) -> None:
    tree = score(TOWN, inputs, ON)
    assert read_tree(tree_json(tree)) == tree


@given(towns(), st.randoms(use_true_random=False))
def test_the_order_of_clauses_and_groups_changes_no_point(inputs: dict[str, Number], random: object) -> None:
    groups = [replace(g, clauses=tuple(random.sample(g.clauses, len(g.clauses)))) for g in TOWN.groups]  # type: ignore[attr-defined]
    random.shuffle(groups)  # type: ignore[attr-defined]
    mixed, straight = score(replace(TOWN, groups=tuple(groups)), inputs, ON), score(TOWN, inputs, ON)
    assert {c.id: c.points for c in mixed.clauses()} == {c.id: c.points for c in straight.clauses()}
    assert (mixed.total, mixed.grade) == (straight.total, straight.grade)


@given(towns(), st.sampled_from(["indicator:R01", "indicator:R03", "indicator:R05", "indicator:G07"]))
def test_one_more_missing_never_gains(inputs: dict[str, Number], key: str) -> None:
    number = inputs.get(key)
    if number is None or not number.numerator:
        return
    worse = {**inputs, key: replace(number, numerator=number.numerator - 1)}
    assert score(TOWN, worse, ON).total <= score(TOWN, inputs, ON).total


@given(amounts, amounts)
def test_more_missing_never_gains_on_a_single_clause(first: Decimal, second: Decimal) -> None:
    less, more = sorted((first, second))
    assert _points(MISSED, more) <= _points(MISSED, less)


@given(amounts)
def test_a_deduction_is_exact_to_the_hundredth(missing: Decimal) -> None:
    exact = max(Fraction(0), Fraction(10) - Fraction(1, 2) * Fraction(missing))
    assert abs(Fraction(_points(MISSED, missing)) - exact) <= Fraction(1, 200)


@given(st.integers(0, 500), st.integers(1, 500))
def test_linear_agrees_with_a_second_computation_in_fractions(done: int, base: int) -> None:
    done = min(done, base)
    rate = Fraction(done * 100, base)
    plain = min(max((rate - 70) / 28 * 15, Fraction(0)), Fraction(15))
    points = score(TOWN, {"indicator:R05": ratio(done, base)}, ON).clause("2.4").points
    assert points is not None
    assert abs(Fraction(points) - plain) <= Fraction(1, 200)


def _points(item: Clause, amount: Decimal) -> Decimal:
    points = score(scheme(item), {"manual:n": Number(value=amount)}, ON).clause(item.id).points
    assert points is not None
    return points
