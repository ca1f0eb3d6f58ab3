"""Propose a city target over member units: whole lots that sum exactly, by equal parts, stated weights or last year's shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.governance.actions.publishing import publish_target
from qingyuan.governance.actions.targets import PlanRefused, clear_draft, snapshot_of, write_down
from qingyuan.governance.enums import Measure, Over
from qingyuan.governance.models import TargetPlan, TargetShare
from qingyuan.governance.permissions import may_set_targets, require
from qingyuan.governance.queries import targets as reads
from qingyuan.governance.queries.known import known_indicator
from qingyuan.governance.targets_rules import (
    METHOD_WORDS,
    UNIT_METHODS,
    Limits,
    Method,
    decompose_whole,
    grown,
    refuse_coercive,
)
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division, Unit


@dataclass(frozen=True)
class UnitProposal:
    """What to decompose over which units. ``weights``: by unit id, of every unit that bears a part; followed by
    ``Method.WEIGHTS`` only. ``floor`` and ``cap`` hold for each unit; ``growth`` (0.05 = 5 % more) for last year's shares."""

    indicator: str
    total: Decimal
    weights: Mapping[int, Decimal]
    method: Method = Method.EQUAL
    lot: Decimal = Decimal(1)
    growth: Decimal = Decimal(0)
    floor: Decimal | None = None
    cap: Decimal | None = None
    source: str = ""
    due: str = ""


@transaction.atomic
def propose(*, city: Division, year: int, proposal: UnitProposal, by: Actor) -> TargetPlan:
    """A draft plan with a share for every chosen unit; a draft of the same indicator is replaced.

    Raises TargetRefused (coercive, with the printed reason), BadShares, PlanRefused, NotAllowed.
    """
    today = clock.today()
    require(may_set_targets(by, city.pk, today))
    code, part = reads.split_code(proposal.indicator)
    known = known_indicator(code)
    refuse_coercive(known, part)
    if proposal.method not in UNIT_METHODS:
        raise PlanRefused(_("分给成员单位只能平均分、按填写的权重或者按上年商定数。"))
    units = {unit.pk: unit for unit in reads.member_units(city.pk) if unit.pk in proposal.weights}
    if set(proposal.weights) - set(units):
        raise PlanRefused(_("选的单位里有的不是本级的禁毒委成员单位,请刷新再选。"))
    clear_draft(city, year, proposal.indicator, Over.UNITS)
    base = _bases(city, year, proposal, units)
    limits = Limits(
        lot=proposal.lot,
        floors={} if proposal.floor is None else {unit.code: proposal.floor for unit in units.values()},
        caps={} if proposal.cap is None else {unit.code: proposal.cap for unit in units.values()},
        who="成员单位",
    )
    weights = grown({units[pk].code: amount for pk, amount in base.items()}, proposal.growth)
    made = decompose_whole(proposal.total, weights, proposal.method, limits, of=known)
    plan = TargetPlan.objects.create(
        city=city,
        year=year,
        indicator=proposal.indicator,
        title=known.parts.get(part, known.label),
        unit=known.unit,
        over=Over.UNITS,
        measure=Measure.VALUE,
        total=proposal.total,
        method=proposal.method.value,
        parameters=_parameters(city, year, proposal, units),
    )
    by_code = {unit.code: unit for unit in units.values()}
    TargetShare.objects.bulk_create(
        TargetShare(
            plan=plan,
            division_id=by_code[share.town].division_id,
            unit=by_code[share.town],
            base=base[by_code[share.town].pk],
            proposed=share.amount,
            agreed=share.amount,
            why=share.why[:120],
        )
        for share in made.shares
    )
    write_down(plan, "propose", by, None, snapshot_of(plan))
    publish_target(plan)
    return plan


def _bases(city: Division, year: int, proposal: UnitProposal, units: Mapping[int, Unit]) -> dict[int, Decimal]:
    """What each unit's share follows, by unit id. Raises PlanRefused where last year gives none."""
    if proposal.method is Method.WEIGHTS:
        return {pk: proposal.weights[pk] for pk in units}
    if proposal.method is Method.EQUAL:
        return dict.fromkeys(units, Decimal(1))
    last = reads.unit_shares(city, proposal.indicator, year - 1)
    if not any(last.get(pk) for pk in units):
        raise PlanRefused(_("上年没有把这项指标分给这些单位,请改用平均分或者填权重。"))
    return {pk: last.get(pk, Decimal(0)) for pk in units}


def _parameters(city: Division, year: int, proposal: UnitProposal, units: Mapping[int, Unit]) -> dict[str, object]:
    last = reads.unit_shares(city, proposal.indicator, year - 1)
    return {
        "lot": str(proposal.lot),
        "growth": str(proposal.growth),
        "method_words": METHOD_WORDS[proposal.method],
        "source": proposal.source,
        "due": proposal.due or f"{year}-12-31",
        "floor": "" if proposal.floor is None else str(proposal.floor),
        "cap": "" if proposal.cap is None else str(proposal.cap),
        "baselines": {f"unit:{pk}": reads.number_text(amount) for pk, amount in last.items() if pk in units},
    }
