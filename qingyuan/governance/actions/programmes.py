"""The only writers of programmes of several years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.governance.models import Programme, ProgrammeGoal, ProgrammeStep
from qingyuan.governance.permissions import PROGRAMMES, may_keep_programmes, require
from qingyuan.governance.queries.known import known_indicator
from qingyuan.governance.queries.targets import split_code
from qingyuan.governance.rules.duty_plans import FIRST_YEAR
from qingyuan.governance.targets_rules import refuse_coercive
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Division

MOST_YEARS = 5


class ProgrammeRefused(ValueError):
    """The programme cannot be written or adopted as it is; the message says what to do."""


@dataclass(frozen=True)
class Outline:
    title: str
    first_year: int
    last_year: int
    document: str = ""


@transaction.atomic
def draft(*, city: Division, outline: Outline, by: Actor) -> Programme:
    """A programme without goals yet. Raises ProgrammeRefused, NotAllowed."""
    require(may_keep_programmes(by, city.pk, clock.today()))
    if not outline.title.strip():
        raise ProgrammeRefused(_("请填行动计划的名称。"))
    years = outline.last_year - outline.first_year + 1
    if not (FIRST_YEAR <= outline.first_year and 2 <= years <= MOST_YEARS):
        raise ProgrammeRefused(_("行动计划跨 2 到 %(most)s 个年度,请核对起止年度。") % {"most": MOST_YEARS})
    try:
        with transaction.atomic():
            made = Programme.objects.create(
                city=city,
                title=outline.title.strip()[:80],
                first_year=outline.first_year,
                last_year=outline.last_year,
                document=outline.document.strip()[:60],
            )
    except IntegrityError as error:
        raise ProgrammeRefused(_("已经有同名的行动计划。")) from error
    _audit(made, "draft", by, None)
    return made


@transaction.atomic
def set_goal(*, programme: Programme, indicator: str, values: Mapping[int, Decimal], by: Actor) -> ProgrammeGoal:
    """What one figure is to be in each year; a goal of the same figure is replaced while the programme is a draft.

    Raises TargetRefused (coercive, with the printed reason), ProgrammeRefused, NotAllowed, indicators' UnknownIndicator.
    """
    programme = _open(programme, by)
    code, part = split_code(indicator)
    refuse_coercive(known_indicator(code), part)
    years = range(programme.first_year, programme.last_year + 1)
    missing = [str(year) for year in years if year not in values]
    if missing or set(values) - set(years):
        raise ProgrammeRefused(_("%(years)s 年的目标没有填。") % {"years": "、".join(missing or map(str, years))})
    if any(value < 0 for value in values.values()):
        raise ProgrammeRefused(_("目标不能小于 0。"))
    before = _snapshot(programme)
    goal, _new = ProgrammeGoal.objects.get_or_create(programme=programme, indicator=indicator)
    goal.steps.all().delete()
    ProgrammeStep.objects.bulk_create(ProgrammeStep(goal=goal, year=year, value=value) for year, value in values.items())
    _audit(programme, "goal", by, before)
    return goal


@transaction.atomic
def drop_goal(*, goal: ProgrammeGoal, by: Actor) -> None:
    """Raises ProgrammeRefused once adopted, NotAllowed."""
    programme = _open(goal.programme, by)
    before = _snapshot(programme)
    goal.steps.all().delete()
    goal.delete()
    _audit(programme, "drop", by, before)


@transaction.atomic
def adopt(*, programme: Programme, on: date, by: Actor) -> Programme:
    """From here its goals stand. Raises ProgrammeRefused, NotAllowed."""
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    today = clock.today()
    require(may_keep_programmes(by, programme.city_id, today, Action.APPROVE))
    if programme.adopted_on is not None:
        raise ProgrammeRefused(_("这份行动计划已经印发。"))
    if not programme.goals.exists():
        raise ProgrammeRefused(_("还没有一项目标,请先填目标。"))
    if on > today:
        raise ProgrammeRefused(_("印发日期在今天之后,请核对。"))
    before = _snapshot(programme)
    programme.adopted_on, programme.adopted_by_name = on, by.name
    programme.save(update_fields=["adopted_on", "adopted_by_name"])
    _audit(programme, "adopt", by, before)
    return programme


def _open(programme: Programme, by: Actor) -> Programme:
    """The programme locked, for who drafts, while nothing is adopted. Raises ProgrammeRefused, NotAllowed."""
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    require(may_keep_programmes(by, programme.city_id, clock.today(), Action.CHANGE))
    if programme.adopted_on is not None:
        raise ProgrammeRefused(_("行动计划印发以后目标不再改;确需变动,按中期评估调整。"))
    return programme


def _snapshot(programme: Programme) -> dict[str, Any]:
    steps = ProgrammeStep.objects.filter(goal__programme=programme).select_related("goal")
    return {
        "title": programme.title,
        "years": f"{programme.first_year}-{programme.last_year}",
        "adopted_on": str(programme.adopted_on or ""),
        **{f"{step.goal.indicator}:{step.year}": str(step.value) for step in steps},
    }


def _audit(programme: Programme, act: str, by: Actor, before: dict[str, Any] | None) -> None:
    audit.record_write(
        by=by,
        act=f"programmes.{act}",
        ledger=PROGRAMMES,
        rows=[
            audit.RowDelta(
                row_id=programme.pk, compartment=Compartment.INTERNAL, before=before, after=_snapshot(programme)
            )
        ],
        division_id=programme.city_id,
        summary=programme.title,
    )
