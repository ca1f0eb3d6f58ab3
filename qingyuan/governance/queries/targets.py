"""Reads about targets: bases to decompose by, the gap of a plan, what a town has agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from qingyuan.governance.enums import Measure, Over, PlanState
from qingyuan.governance.models import Letter, TargetPlan, TargetShare
from qingyuan.governance.rules.targets import gap_of
from qingyuan.governance.targets_rules import BadShares, Method, check_rates
from qingyuan.indicators.definition import DENOMINATOR, VALUE
from qingyuan.indicators.matrix import Matrix
from qingyuan.indicators.queries import evaluate
from qingyuan.indicators.query import IndicatorQuery
from qingyuan.organisation.models import Division, Unit
from qingyuan.organisation.queries import towns
from qingyuan.reference import periods

#: Where the base of a method comes from: indicator and part.
BASES: Final = {
    Method.POPULATION: ("G12", DENOMINATOR),
    Method.CASELOAD: ("R25", VALUE),
    Method.CAPACITY: ("R18", DENOMINATOR),
}


@dataclass(frozen=True)
class AgreedTarget:
    """One line of a letter's table of targets; numbers as printed."""

    indicator: str
    title: str
    unit: str
    target: str
    baseline: str
    method: str
    source: str
    due: str


def split_code(text: str) -> tuple[str, str]:
    """«G01.first_chaired» → indicator and part; the part is «value» where none is named."""
    code, _, part = text.partition(".")
    return code, part or VALUE


def amounts(city: Division, code: str, part: str, year: int) -> dict[int, Decimal]:
    """A figure of a whole year for every town of ``city``, 0 where nothing is recorded."""
    period = periods.year(year)
    query = IndicatorQuery(code, period, children_of=city.pk, as_of=period.last_day)
    matrix = evaluate(query)
    return {place: _amount(matrix, place, part) for place in matrix.places}


def baselines(city: Division, indicator: str, year: int) -> dict[int, str]:
    """Last year's figure of every town that has one, as printed."""
    code, part = split_code(indicator)
    period = periods.year(year - 1)
    matrix = evaluate(IndicatorQuery(code, period, children_of=city.pk, as_of=period.last_day))
    places = matrix.indicator.decimals
    known = {place: _known(matrix, place, part) for place in matrix.places}
    return {place: number_text(round(amount, places)) for place, amount in known.items() if amount is not None}


def base_of(method: Method, indicator: str) -> tuple[str, str] | None:
    """The figure (indicator, part) whose last year's value the towns' shares follow; None where all share alike."""
    return None if method is Method.EQUAL else BASES.get(method, split_code(indicator))


def bases(city: Division, method: Method, indicator: str, year: int) -> dict[int, Decimal]:
    """What each town's share follows: last year's population, caseload or own figure; 1 each where all share alike."""
    if method is Method.EQUAL:
        return {town.pk: Decimal(1) for town in towns(city.pk, date(year, 1, 1))}
    code, part = BASES.get(method, split_code(indicator))
    return amounts(city, code, part, year - 1)


def last_rates(city: Division, indicator: str, year: int) -> dict[int, Decimal]:
    """Last year's rate of every town that has one, as printed."""
    return {place: Decimal(text) for place, text in baselines(city, indicator, year).items()}


def rate_bases(city: Division, indicator: str, year: int) -> dict[int, Decimal]:
    """Last year's denominators: by these the towns' rates average to the city's."""
    return amounts(city, split_code(indicator)[0], DENOMINATOR, year - 1)


def gap(plan: TargetPlan) -> Decimal:
    """What the shares still lack to the total (negative: promised beyond it)."""
    shares = list(plan.shares.select_related("division", "unit"))
    agreed = {share.code: share.agreed for share in shares}
    based = {share.code: share.base or Decimal(0) for share in shares}
    return gap_of(plan.measure, plan.total, agreed, based)


def small_towns(plan: TargetPlan) -> tuple[str, ...]:
    """Towns whose base is so small that one person moves the rate by 5 % or more: equal rates are not neutral there."""
    if plan.measure != Measure.RATE:
        return ()
    shares = list(plan.shares.select_related("division"))
    based = {share.division.name: share.base or Decimal(0) for share in shares}
    try:
        return check_rates(plan.total, based, {share.division.name: share.agreed for share in shares}).small
    except BadShares:
        return ()


def member_units(city_id: int) -> list[Unit]:
    """The member units of the commission that sit at the city itself, by code."""
    units = Unit.objects.filter(division_id=city_id, is_member=True, closed_on=None)
    return list(units.select_related("division").order_by("code"))


def unit_shares(city: Division, indicator: str, year: int) -> dict[int, Decimal]:
    """What each member unit agreed to of an indicator in a year, by unit id; published plans only."""
    shares = TargetShare.objects.filter(
        plan__city=city, plan__year=year, plan__indicator=indicator, plan__over=Over.UNITS, plan__state=PlanState.PUBLISHED
    )
    return dict(shares.values_list("unit_id", "agreed"))


def agreed_targets(city: Division, unit: Unit, year: int) -> list[AgreedTarget]:
    """The published targets of a member unit, or of the town whose unit it is, for a year, in the order of their indicators."""
    shares = TargetShare.objects.filter(plan__city=city, plan__year=year, plan__state=PlanState.PUBLISHED).select_related("plan")
    own = {"unit": unit} if unit.division_id == city.pk else {"unit": None, "division_id": unit.division_id}
    shares = shares.filter(**own)
    return [_line(share) for share in shares.order_by("plan__indicator")]


def _line(share: TargetShare) -> AgreedTarget:
    plan = share.plan
    return AgreedTarget(
        indicator=plan.indicator,
        title=plan.title,
        unit=plan.unit,
        target=number_text(share.agreed),
        baseline=str(plan.parameters.get("baselines", {}).get(share.bearer, "—")),
        method=str(plan.parameters.get("method_words", "")),
        source=str(plan.parameters.get("source", "")),
        due=str(plan.parameters.get("due", f"{plan.year}-12-31")),
    )


@dataclass(frozen=True)
class OldLetter:
    """A letter in force whose printed target is no longer the one that stands."""

    letter: Letter
    printed: str
    stands: str


def old_letters(plan: TargetPlan) -> list[OldLetter]:
    """The letters of the plan's year that carry another number than the plan by now: they need a supplementary letter."""
    if plan.state != PlanState.PUBLISHED:
        return []
    side = "unit_id" if plan.over == Over.UNITS else "division_id"
    stands = {getattr(share, side): number_text(share.agreed) for share in plan.shares.all()}
    found = []
    letters = Letter.objects.live().filter(city_id=plan.city_id, year=plan.year, **{f"{side}__in": stands})
    for letter in letters.select_related("division", "unit").order_by("division__code", "unit__code"):
        printed = {line["indicator"]: str(line["target"]) for line in letter.targets}.get(plan.indicator, "")
        if printed != stands[getattr(letter, side)]:
            found.append(OldLetter(letter, printed, stands[getattr(letter, side)]))
    return found


def number_text(amount: Decimal) -> str:
    """A decimal without trailing zeros or exponent."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _amount(matrix: Matrix, place: int, part: str) -> Decimal:
    return _known(matrix, place, part) or Decimal(0)


def _known(matrix: Matrix, place: int, part: str) -> Decimal | None:
    return matrix.value(place).value if part == VALUE else matrix.terms(place).get(part)
