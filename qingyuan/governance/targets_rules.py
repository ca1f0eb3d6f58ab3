"""A city target over its towns or member units: shares that sum exactly, floors and caps, and rate targets that average to the city's.

Pure and exact. Amounts are decimals in the indicator's unit; towns are any sortable keys (division codes). What cannot be
placed is returned as a gap with its sign, never spread silently. A coercive count is refused as a target.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from qingyuan.governance.scoring.catalogue import KnownInput, refused
from qingyuan.governance.scoring.numbers import Part, plain

Amounts = Mapping[str, Decimal]
ZERO = Decimal(0)
SMALL_BASE = Decimal(20)


class Method(StrEnum):
    """What a town's share follows; printed beside the target."""

    EQUAL = "equal"
    POPULATION = "population"
    CASELOAD = "caseload"
    LAST_YEAR = "last_year"
    CAPACITY = "capacity"
    WEIGHTS = "weights"


METHOD_WORDS = {
    Method.EQUAL: "平均分",
    Method.POPULATION: "按常住人口",
    Method.CASELOAD: "按在执行人数",
    Method.LAST_YEAR: "按上年基数和增幅",
    Method.CAPACITY: "按在岗专职人员",
    Method.WEIGHTS: "按填写的权重",
}
#: What a target over towns, and one over member units, may follow: units have no residents and no caseload of their own.
TOWN_METHODS = (Method.EQUAL, Method.POPULATION, Method.CASELOAD, Method.LAST_YEAR, Method.CAPACITY)
UNIT_METHODS = (Method.EQUAL, Method.WEIGHTS, Method.LAST_YEAR)


class TargetRefused(ValueError):
    """This figure may not be a target; the message is the reason as printed."""


class BadShares(ValueError):
    """The decomposition cannot be computed from what was given; the message says what to correct."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`lot` is the least step; floors, caps and amounts agreed in negotiation are by town, each optional.

    `who`: what the bearers are called in a refusal."""

    lot: Decimal = Decimal(1)
    floors: Amounts = field(default_factory=dict)
    caps: Amounts = field(default_factory=dict)
    agreed: Amounts = field(default_factory=dict)
    who: str = "乡镇"


@dataclass(frozen=True, slots=True)
class Share:
    """One town's part. `exact` is the share before rounding to lots; `why` how it came about."""

    town: str
    amount: Decimal
    exact: Fraction
    why: str


@dataclass(frozen=True, slots=True)
class Decomposition:
    """Shares in the order the towns were given; amounts + gap = total, always.

    gap  what could not be placed: positive, still to be given to someone; negative, promised beyond the total
    """

    total: Decimal
    method: Method
    shares: tuple[Share, ...]
    gap: Decimal

    def amounts(self) -> dict[str, Decimal]:
        return {share.town: share.amount for share in self.shares}


def refuse_coercive(known: KnownInput, part: str = Part.VALUE) -> None:
    """Raise TargetRefused, with the printed reason, if the figure may not be a target."""
    reason = refused(known, part)
    if reason:
        raise TargetRefused(reason)


def grown(base: Amounts, growth: Amounts | Decimal) -> dict[str, Decimal]:
    """Last year's figure × (1 + g), g for all towns or by town (0.05 is five per cent more)."""
    if isinstance(growth, Decimal):
        return {town: amount * (1 + growth) for town, amount in base.items()}
    return {town: amount * (1 + growth.get(town, ZERO)) for town, amount in base.items()}


def decompose(
    total: Decimal, weights: Amounts, method: Method, limits: Limits | None = None, *, of: KnownInput | None = None
) -> Decomposition:
    """Split `total` over the towns in proportion to `weights`, in whole lots, by largest remainder.

    weights  population, caseload or grown base by town; only the towns matter for Method.EQUAL
    of       the figure the target is for, refused if coercive

    Same input, same answer: ties go to the larger weight, then to the smaller key. Raises TargetRefused, BadShares.
    """
    limits = limits or Limits()
    if of is not None:
        refuse_coercive(of)
    if method is Method.EQUAL:
        weights = dict.fromkeys(weights, Decimal(1))
    _refuse_bad(total, weights, limits)
    agreed = {town: limits.agreed[town] for town in weights if town in limits.agreed}
    free = {town: Fraction(weight) for town, weight in weights.items() if town not in agreed}
    lots, exact = _in_lots(Fraction(total - sum(agreed.values(), ZERO)), free, limits)
    amounts = {**agreed, **{town: count * limits.lot for town, count in lots.items()}}
    shares = tuple(
        Share(town, amounts[town], exact.get(town, Fraction(amounts[town])), _why(town, exact, amounts, method, limits))
        for town in weights
    )
    return Decomposition(total, method, shares, total - sum(amounts.values(), ZERO))


def decompose_whole(
    total: Decimal, weights: Amounts, method: Method, limits: Limits | None = None, *, of: KnownInput | None = None
) -> Decomposition:
    """As ``decompose``, and everything placed: what no town can take is refused with what to change. Raises BadShares."""
    limits = limits or Limits()
    made = decompose(total, weights, method, limits, of=of)
    if made.gap:
        raise BadShares(_cannot_place(made, limits))
    return made


def _cannot_place(made: Decomposition, limits: Limits) -> str:
    """Why a total does not go into its towns, and what would make it go."""
    total, lot, who = made.total, limits.lot, limits.who
    if made.gap < 0:
        least = total - made.gap
        return (
            f"各{who}下限合计 {plain(least)},超过全市目标 {plain(total)}:"
            f"请把目标提到 {plain(least)},或者把下限合计降低 {plain(-made.gap)}"
        )
    lower = total - total % lot
    if total % lot and made.gap == total % lot:
        return (
            f"全市目标 {plain(total)} 不是最小单位 {plain(lot)} 的整数倍,余下 {plain(made.gap)} 没有{who}可以给:"
            f"请把目标改为 {plain(lower)} 或 {plain(lower + lot)},或者改小最小单位"
        )
    most = total - made.gap
    return (
        f"受上限和权重限制,各{who}最多承担 {plain(most)},离全市目标 {plain(total)} 还差 {plain(made.gap)}:"
        f"请放宽上限,给权重为 0 的{who}另定下限,或者把目标降到 {plain(most)}"
    )


def _refuse_bad(total: Decimal, weights: Amounts, limits: Limits) -> None:
    if not weights:
        raise BadShares(f"没有可以分解的{limits.who},请先选择范围")
    if limits.lot <= ZERO:
        raise BadShares(f"最小单位 {plain(limits.lot)} 应大于 0")
    if total < ZERO or any(amount < ZERO for amount in [*weights.values(), *limits.agreed.values()]):
        raise BadShares("指标总数、权重和商定数都不能小于 0")
    unknown = sorted({*limits.floors, *limits.caps, *limits.agreed} - set(weights))
    if unknown:
        raise BadShares(f"下限、上限或商定数里的{'、'.join(unknown)}不在分解范围内")
    for town in weights:
        low, high = limits.floors.get(town, ZERO), limits.caps.get(town)
        if low < ZERO or (high is not None and high < low):
            raise BadShares(f"{town}的下限 {plain(low)} 小于 0 或大于上限,请改正")
    free = [weight for town, weight in weights.items() if town not in limits.agreed]
    if free and not any(free):
        raise BadShares(f"没有商定的{limits.who}权重全是 0,分不开,请改用平均分或补齐权重")


def _in_lots(
    rest: Fraction, weights: Mapping[str, Fraction], limits: Limits
) -> tuple[dict[str, int], dict[str, Fraction]]:
    """Whole lots by town, and the exact shares they were rounded from."""
    lot = Fraction(limits.lot)
    low = {town: ceil(Fraction(limits.floors.get(town, ZERO)) / lot) for town in weights}
    high = {town: floor(Fraction(limits.caps[town]) / lot) if town in limits.caps else None for town in weights}
    for town in weights:
        most = high[town]
        if most is not None and most < low[town]:
            raise BadShares(f"{town}的下限和上限之间放不下一个最小单位 {plain(limits.lot)},请改正")
    exact = _fill(rest / lot, weights, low, high)
    lots = {town: floor(share) for town, share in exact.items()}
    spare = floor(rest / lot) - sum(lots.values())
    order = sorted(weights, key=lambda town: (lots[town] - exact[town], -weights[town], town))
    for town in order:
        most = high[town]
        if spare > 0 and weights[town] > 0 and (most is None or lots[town] < most):
            lots[town] += 1
            spare -= 1
    return lots, {town: share * lot for town, share in exact.items()}


def _fill(
    rest: Fraction, weights: Mapping[str, Fraction], low: Mapping[str, int], high: Mapping[str, int | None]
) -> dict[str, Fraction]:
    """Proportional shares within bounds: whoever hits a bound is held there and the others share what is left.

    Each round holds the side (floors or caps) whose bounds are broken by more, so that the result is the one common
    scale at which bounded shares sum to the rest; it ends because each round holds at least one town.
    """
    held: dict[str, Fraction] = {}
    while len(held) < len(weights):
        free = [town for town in weights if town not in held]
        weight = sum((weights[town] for town in free), Fraction(0))
        left = rest - sum(held.values(), Fraction(0))
        shares = {town: left * weights[town] / weight if weight else Fraction(0) for town in free}
        under = {town: low[town] - share for town, share in shares.items() if share < low[town]}
        over = {
            town: share - most for town, share in shares.items() if (most := high[town]) is not None and share > most
        }
        if not under and not over:
            held.update(shares)
        elif sum(under.values(), Fraction(0)) >= sum(over.values(), Fraction(0)):
            held.update({town: Fraction(low[town]) for town in under})
        else:
            held.update({town: shares[town] - excess for town, excess in over.items()})
    return {town: held[town] for town in weights}


def _why(town: str, exact: Mapping[str, Fraction], amounts: Amounts, method: Method, limits: Limits) -> str:
    if town in limits.agreed:
        return "商定"
    words, amount = METHOD_WORDS[method], amounts[town]
    if limits.floors.get(town) and Fraction(amount) >= exact[town] and amount - limits.lot < limits.floors[town]:
        return f"{words},保底 {plain(limits.floors[town])}"
    if town in limits.caps and amount + limits.lot > limits.caps[town]:
        return f"{words},封顶 {plain(limits.caps[town])}"
    return words


@dataclass(frozen=True, slots=True)
class RateCheck:
    """The weighted mean of the towns' rates beside the city's. `small` towns: one person moves the rate by 5 % or more."""

    target: Decimal
    mean: Fraction
    small: tuple[str, ...]

    @property
    def gap(self) -> Fraction:
        """Target minus mean, in the rate's unit: positive, the towns together promise less than the city."""
        return Fraction(self.target) - self.mean

    @property
    def holds(self) -> bool:
        return self.gap == 0


def check_rates(target: Decimal, bases: Amounts, rates: Amounts) -> RateCheck:
    """Whether Σ base × rate ÷ Σ base is the city's rate. Rates in the target's unit. Raises BadShares."""
    if set(bases) != set(rates):
        lacking = sorted(set(bases) ^ set(rates))
        raise BadShares(f"{'、'.join(lacking)}缺基数或缺比率,请补齐")
    whole = sum(bases.values(), ZERO)
    if whole <= ZERO or any(base < ZERO for base in bases.values()):
        raise BadShares("基数合计应大于 0,且都不能小于 0")
    mean = sum((Fraction(bases[town]) * Fraction(rates[town]) for town in bases), Fraction(0)) / Fraction(whole)
    small = tuple(town for town, base in bases.items() if ZERO < base <= SMALL_BASE)
    return RateCheck(target, mean, small)


def level_rate(target: Decimal, bases: Amounts, agreed: Amounts, *, highest: Decimal = Decimal(100)) -> Fraction:
    """The one rate for the towns without an agreed one, such that all together come to the city's.

    Raises BadShares where none between 0 and `highest` does, or every town has an agreed rate.
    """
    rest = {town: base for town, base in bases.items() if town not in agreed}
    weight = sum(rest.values(), ZERO)
    if weight <= ZERO:
        raise BadShares("没有留下可以调整的乡镇,请至少放开一个有基数的乡镇")
    promised = sum((Fraction(bases[town]) * Fraction(rate) for town, rate in agreed.items()), Fraction(0))
    rate = (Fraction(target) * Fraction(sum(bases.values(), ZERO)) - promised) / Fraction(weight)
    if not 0 <= rate <= highest:
        need = plain(Decimal(rate.numerator) / Decimal(rate.denominator), 2)
        raise BadShares(f"其余乡镇要达到 {need} 才能凑成 {plain(target)},不可能,请重新商定")
    return rate


#: Rates are promised to one place; what the places round up together is no gap.
RATE_STEP = Decimal("0.1")


def closer(target: Decimal, bases: Amounts, last: Amounts, *, highest: Decimal = Decimal(100)) -> dict[str, Decimal]:
    """Rates by which every town closes the same part of what it lacks to ``highest``, rounded up to ``RATE_STEP``.

    ``last``: last year's rate of every town that has one; a town without takes the city's. Together they average, by
    their bases, to the target or to less than one step more. Raises BadShares where last year was better already.
    """
    known = {town: bases.get(town, ZERO) for town in last}
    whole = sum((base for town, base in bases.items()), ZERO)
    weight = sum(known.values(), ZERO)
    if weight <= ZERO or whole <= ZERO:
        raise BadShares("上年没有各乡镇的比率,不能按差距分:请改用同一比率")
    mean = sum((Fraction(known[town]) * Fraction(last[town]) for town in known), Fraction(0)) / Fraction(weight)
    if Fraction(target) < mean:
        was = plain(Decimal(mean.numerator) / Decimal(mean.denominator), 1)
        raise BadShares(f"上年全市已经是 {was},目标 {plain(target)} 反而低了:请提高目标,或者改用同一比率")
    if target > highest:
        raise BadShares(f"目标 {plain(target)} 超过最高的 {plain(highest)}")
    part = (Fraction(target) - mean) / (Fraction(highest) - mean) if mean < highest else Fraction(0)
    rates = {town: Fraction(rate) + part * (Fraction(highest) - Fraction(rate)) for town, rate in last.items()}
    return {town: _up(rates.get(town, Fraction(target))) for town in bases}


def _up(rate: Fraction) -> Decimal:
    """The next whole step."""
    return ceil(rate / Fraction(RATE_STEP)) * RATE_STEP
