"""A city target over its towns."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.governance.scoring import KnownInput
from qingyuan.governance.targets_rules import (
    BadShares,
    Decomposition,
    Limits,
    Method,
    TargetRefused,
    check_rates,
    closer,
    decompose,
    decompose_whole,
    grown,
    level_rate,
)

D = Decimal


def split(total: int | str, weights: dict[str, int | str], limits: Limits | None = None) -> Decomposition:
    return decompose(D(total), {town: D(weight) for town, weight in weights.items()}, Method.CASELOAD, limits)


def amounts(*args: object, **more: object) -> dict[str, Decimal]:
    return split(*args, **more).amounts()  # type: ignore[arg-type]


def test_shares_follow_the_weights_and_the_largest_remainders_get_the_rest() -> None:
    assert amounts(10, {"c": 1, "b": 1, "a": 1}) == {"c": 3, "b": 3, "a": 4}
    assert amounts(100, {"a": 41, "b": 333, "c": 126}) == {"a": 8, "b": 67, "c": 25}


def test_equal_shares_ignore_the_weights_and_break_ties_by_key() -> None:
    found = decompose(D(8), {"c": D(9), "a": D(1), "b": D(5)}, Method.EQUAL)
    assert found.amounts() == {"c": 2, "a": 3, "b": 3}
    assert {share.why for share in found.shares} == {"平均分"}


def test_lots_are_kept_and_what_no_lot_holds_is_a_gap() -> None:
    found = split(104, {"a": 1, "b": 1, "c": 2}, Limits(lot=D(10)))
    assert found.amounts() == {"a": 30, "b": 20, "c": 50}
    assert found.gap == 4


def test_floors_and_caps_hold_and_the_others_share_the_rest() -> None:
    limits = Limits(floors={"a": D(10)}, caps={"c": D(50)})
    found = split(100, {"a": 1, "b": 39, "c": 60}, limits)
    assert found.amounts() == {"a": 10, "b": 40, "c": 50}
    assert [share.why for share in found.shares] == ["按在执行人数,保底 10", "按在执行人数", "按在执行人数,封顶 50"]


def test_agreed_amounts_stand_and_the_others_share_the_rest() -> None:
    found = split(100, {"a": 1, "b": 1, "c": 2}, Limits(agreed={"a": D(40)}))
    assert found.amounts() == {"a": 40, "b": 20, "c": 40}
    assert found.shares[0].why == "商定"


@pytest.mark.parametrize(
    ("limits", "gap"),
    [
        (Limits(caps={"a": D(10), "b": D(20)}), 70),
        (Limits(floors={"a": D(80), "b": D(30)}), -10),
        (Limits(agreed={"a": D(130)}), -30),
        (Limits(agreed={"a": D(30), "b": D(60)}), 10),
    ],
)
def test_what_cannot_be_placed_is_a_gap_with_its_sign(limits: Limits, gap: int) -> None:
    found = split(100, {"a": 1, "b": 1}, limits)
    assert found.gap == gap
    assert sum(found.amounts().values()) + found.gap == 100


def test_last_years_base_grows_by_the_stated_rate() -> None:
    base = grown({"a": D(100), "b": D(50)}, {"b": D("0.2")})
    assert base == {"a": 100, "b": 60}
    assert decompose(D(320), base, Method.LAST_YEAR).amounts() == {"a": 200, "b": 120}
    assert grown({"a": D(100)}, D("0.05")) == {"a": 105}


def test_a_town_without_weight_gets_nothing_beyond_its_floor() -> None:
    assert amounts(7, {"a": 0, "b": 3}) == {"a": 0, "b": 7}
    assert amounts(7, {"a": 0, "b": 3}, Limits(floors={"a": D(2)})) == {"a": 2, "b": 5}


@pytest.mark.parametrize(
    ("total", "weights", "limits", "message"),
    [
        (10, {}, Limits(), "没有可以分解的乡镇"),
        (10, {"a": 0}, Limits(), "权重全是 0"),
        (10, {"a": -1}, Limits(), "不能小于 0"),
        (-1, {"a": 1}, Limits(), "不能小于 0"),
        (10, {"a": 1}, Limits(lot=D(0)), "最小单位 0 应大于 0"),
        (10, {"a": 1}, Limits(floors={"x": D(1)}), "x不在分解范围内"),
        (10, {"a": 1}, Limits(floors={"a": D(5)}, caps={"a": D(4)}), "a的下限 5"),
        (10, {"a": 1}, Limits(lot=D(10), floors={"a": D(3)}, caps={"a": D(7)}), "放不下一个最小单位 10"),
    ],
)
def test_what_cannot_be_computed_is_refused_with_what_to_correct(
    total: int, weights: dict[str, int | str], limits: Limits, message: str
) -> None:
    with pytest.raises(BadShares, match=message):
        split(total, weights, limits)


def test_a_coercive_count_is_refused_as_a_target() -> None:
    known = KnownInput("indicator:E01", "破获毒品犯罪案件数", "起", coercive=True)
    with pytest.raises(TargetRefused, match="成了对人的摊派"):
        decompose(D(75), {"a": D(1)}, Method.EQUAL, of=known)


weights_ = st.dictionaries(
    st.text("abcdefghij", min_size=1, max_size=3), st.decimals(0, 10_000, places=2), min_size=1, max_size=22
)
totals = st.integers(0, 50_000).map(Decimal)


@given(totals, weights_)
def test_shares_sum_exactly_for_any_weights(total: Decimal, weights: dict[str, Decimal]) -> None:
    if not any(weights.values()):
        return
    found = decompose(total, weights, Method.POPULATION)
    assert found.gap == 0
    assert sum(found.amounts().values()) == total
    assert all(amount >= 0 and amount == amount.to_integral_value() for amount in found.amounts().values())


@given(totals, weights_, st.randoms(use_true_random=False))
def test_the_same_question_has_the_same_answer_in_any_order(
    total: Decimal, weights: dict[str, Decimal], random: object
) -> None:
    if not any(weights.values()):
        return
    towns = list(weights)
    random.shuffle(towns)  # type: ignore[attr-defined]
    mixed = {town: weights[town] for town in towns}
    straight = decompose(total, weights, Method.POPULATION).amounts()
    assert decompose(total, mixed, Method.POPULATION).amounts() == straight


@given(totals, weights_)
def test_a_larger_weight_never_gets_less(total: Decimal, weights: dict[str, Decimal]) -> None:
    if not any(weights.values()):
        return
    ranked = sorted(decompose(total, weights, Method.POPULATION).shares, key=lambda share: weights[share.town])
    for smaller, larger in zip(ranked, ranked[1:], strict=False):
        assert weights[smaller.town] == weights[larger.town] or smaller.amount <= larger.amount


@given(totals, weights_, st.decimals("0.01", 1000, places=2))
def test_a_town_whose_weight_grows_never_loses(total: Decimal, weights: dict[str, Decimal], more: Decimal) -> None:
    if not any(weights.values()):
        return
    town = min(weights)
    before = decompose(total, weights, Method.POPULATION).amounts()[town]
    after = decompose(total, {**weights, town: weights[town] + more}, Method.POPULATION).amounts()[town]
    assert after >= before


@given(st.data())
def test_within_floors_and_caps_the_sum_is_exact_or_the_gap_is_unavoidable(data: st.DataObject) -> None:
    towns = data.draw(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8, unique=True))
    weights = {town: Decimal(data.draw(st.integers(1, 100))) for town in towns}
    floors = {town: Decimal(data.draw(st.integers(0, 20))) for town in towns if data.draw(st.booleans())}
    caps = {town: floors.get(town, D(0)) + data.draw(st.integers(0, 30)) for town in towns if data.draw(st.booleans())}
    total = Decimal(data.draw(st.integers(0, 300)))
    found = decompose(total, weights, Method.CASELOAD, Limits(floors=floors, caps=caps))
    assert sum(found.amounts().values()) + found.gap == total
    for town, amount in found.amounts().items():
        assert floors.get(town, D(0)) <= amount and (town not in caps or amount <= caps[town])
    least = sum(floors.values(), D(0))
    most = None if len(caps) < len(towns) else sum(caps.values(), D(0))
    if total < least:
        assert found.gap == total - least
    elif most is not None and total > most:
        assert found.gap == total - most
    else:
        assert found.gap == 0


@pytest.mark.parametrize(
    ("total", "weights", "limits", "message"),
    [
        (100, {"a": 1, "b": 1}, Limits(floors={"a": D(80), "b": D(30)}), "把目标提到 110,或者把下限合计降低 10"),
        (100, {"a": 1, "b": 1}, Limits(caps={"a": D(10), "b": D(20)}), "最多承担 30.*还差 70.*把目标降到 30"),
        (104, {"a": 1, "b": 1}, Limits(lot=D(10)), "余下 4.*改为 100 或 110"),
        (9, {"a": 0, "b": 1}, Limits(caps={"b": D(5)}), "给权重为 0 的乡镇另定下限"),
    ],
)
def test_what_no_town_can_take_is_refused_with_what_would_make_it_go(
    total: int, weights: dict[str, int], limits: Limits, message: str
) -> None:
    with pytest.raises(BadShares, match=message):
        decompose_whole(D(total), {town: D(weight) for town, weight in weights.items()}, Method.CASELOAD, limits)


@given(st.data())
def test_any_weights_floors_caps_and_lots_sum_exactly_or_are_refused_for_a_reason_that_holds(data: st.DataObject) -> None:
    towns = data.draw(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8, unique=True))
    lot = data.draw(st.sampled_from([D(1), D(5), D(10), D("0.5")]))
    weights = {town: Decimal(data.draw(st.integers(0, 60))) for town in towns}
    floors = {town: lot * data.draw(st.integers(0, 9)) for town in towns if data.draw(st.booleans())}
    caps = {town: floors.get(town, D(0)) + lot * data.draw(st.integers(0, 9)) for town in towns if data.draw(st.booleans())}
    total = lot * data.draw(st.integers(0, 120))
    limits = Limits(lot=lot, floors=floors, caps=caps)
    if not any(weights.values()):
        return
    heavy = {town: caps.get(town) for town in towns if weights[town]}
    light = sum((floors.get(town, D(0)) for town in towns if not weights[town]), D(0))
    bounded = all(cap is not None for cap in heavy.values())
    most = light + sum((cap for cap in heavy.values() if cap is not None), D(0))
    fits = sum(floors.values(), D(0)) <= total and (not bounded or total <= most)
    try:
        made = decompose_whole(total, weights, Method.CASELOAD, limits)
    except BadShares:
        assert not fits
        return
    assert fits and made.gap == 0 and sum(made.amounts().values()) == total
    for town, amount in made.amounts().items():
        assert amount % lot == 0
        assert floors.get(town, D(0)) <= amount <= caps.get(town, amount)


@given(totals, st.integers(1, 400), weights_)
def test_a_larger_total_gives_no_town_less_before_rounding(total: Decimal, more: int, weights: dict[str, Decimal]) -> None:
    """Largest remainder may take one lot from a town when the total grows (the Alabama paradox), never more than one."""
    if not any(weights.values()):
        return
    small = decompose(total, weights, Method.POPULATION)
    large = decompose(total + more, weights, Method.POPULATION)
    for before, after in zip(small.shares, large.shares, strict=True):
        assert after.exact >= before.exact and after.amount >= before.amount - 1


def test_the_known_case_of_three_towns_averages_to_85_per_cent() -> None:
    found = check_rates(D(85), {"a": D(40), "b": D(10), "c": D(50)}, {"a": D(90), "b": D(60), "c": D(86)})
    assert (found.mean, found.gap, found.holds) == (85, 0, True)
    assert found.small == ("b",)


def test_rates_that_promise_less_than_the_city_show_the_gap() -> None:
    found = check_rates(D(85), {"a": D(40), "b": D(60)}, {"a": D(80), "b": D(85)})
    assert (found.gap, found.holds) == (2, False)


def test_the_remaining_towns_share_one_rate_that_makes_up_the_citys() -> None:
    bases = {"a": D(40), "b": D(10), "c": D(50)}
    rate = level_rate(D(85), bases, {"a": D(90), "b": D(60)})
    assert rate == 86
    with pytest.raises(BadShares, match="要达到 122 才能凑成 85,不可能"):
        level_rate(D(85), bases, {"a": D(60), "b": D(0)})
    with pytest.raises(BadShares, match="至少放开一个"):
        level_rate(D(85), bases, dict.fromkeys(bases, D(85)))


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 500), min_size=2), st.integers(0, 100))
def test_equal_rates_always_average_to_the_citys(bases: dict[str, int], rate: int) -> None:
    whole = {town: Decimal(base) for town, base in bases.items()}
    assert check_rates(D(rate), whole, dict.fromkeys(whole, D(rate))).mean == Fraction(rate)


def test_rates_without_a_base_are_refused() -> None:
    with pytest.raises(BadShares, match="b缺基数或缺比率"):
        check_rates(D(85), {"a": D(1)}, {"a": D(1), "b": D(1)})
    with pytest.raises(BadShares, match="基数合计应大于 0"):
        check_rates(D(85), {"a": D(0)}, {"a": D(1)})


# --- rates by what each town lacked ----------------------------------------------------------------------------------------
def test_every_town_closes_the_same_part_of_what_it_lacks() -> None:
    bases, last = {"a": D(100), "b": D(100)}, {"a": D(80), "b": D(60)}
    assert closer(D(85), bases, last) == {"a": 90, "b": 80}
    assert closer(D(85), bases | {"c": D(10)}, last)["c"] == 85


@given(st.data())
def test_rates_by_what_was_lacking_keep_order_never_fall_and_average_to_the_target(data: st.DataObject) -> None:
    towns = data.draw(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8, unique=True))
    bases = {town: D(data.draw(st.integers(1, 300))) for town in towns}
    last = {town: D(data.draw(st.integers(0, 1000))) / 10 for town in towns}
    target = D(data.draw(st.integers(0, 100)))
    try:
        made = closer(target, bases, last)
    except BadShares:
        assert check_rates(target, bases, last).gap < 0
        return
    gap = check_rates(target, bases, made).gap
    assert -Fraction(1, 10) < gap <= 0
    for town in towns:
        assert last[town] <= made[town] <= 100
        assert all(made[town] <= made[other] for other in towns if last[town] <= last[other])


@pytest.mark.parametrize(
    ("target", "last", "message"),
    [(50, {"a": D(80)}, "上年全市已经是 80"), (101, {"a": D(80)}, "超过最高"), (90, {}, "没有各乡镇的比率")],
)
def test_rates_that_cannot_be_given_by_what_was_lacking_are_refused(target: int, last: dict[str, Decimal], message: str) -> None:
    with pytest.raises(BadShares, match=message):
        closer(D(target), {"a": D(10)}, last)
