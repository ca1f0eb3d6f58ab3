"""The city's year of work from its rows: what opens it (targets, tasks, money) and what closes it (what became of them)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.governance.enums import LetterState, NeedState, PlanState
from qingyuan.governance.models import TargetPlan
from qingyuan.governance.permissions import letters_visible
from qingyuan.governance.queries import needs as reads
from qingyuan.governance.queries.assessments import PublishedRound, published
from qingyuan.governance.queries.rewards import decided_openly, published_round
from qingyuan.governance.queries.targets import gap, number_text, split_code
from qingyuan.governance.rules.duty_plans import Standing, TaskState
from qingyuan.governance.targets_rules import BadShares
from qingyuan.indicators.definition import VALUE
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.reference import periods
from qingyuan.situation.queries import BadQuery, read, results

OVER = (TaskState.DONE, TaskState.DONE_LATE)


@dataclass(frozen=True)
class YearTarget:
    """A city target with what its figure says; numbers as printed for this reader. ``gap``: "" when it sums."""

    plan: TargetPlan
    title: str
    total: str
    before: str
    actual: str
    gap: str


@dataclass(frozen=True)
class YearTask:
    row: Any
    standing: Standing
    proofs: int


@dataclass(frozen=True)
class UnitYear:
    """One member unit. ``plan`` None: none is registered."""

    unit: Any
    plan: Any
    tasks: tuple[YearTask, ...]

    def count(self, *states: TaskState) -> int:
        return sum(task.standing.state in states for task in self.tasks)


@dataclass(frozen=True)
class YearBook:
    """``needs``: how many by state; ``late_needs``: not answered or not delivered in time. ``money``: yuan, the plans' sum.

    ``letters``: how many of the year hold, ``signed``: of these, those with their page filed; ``results``: the year's
    assessment as it was published, None while it is not;
    ``decided``: by kind, how many consequences of it were decided that the whole city is shown.
    """

    city: Division
    year: int
    on: date
    targets: tuple[YearTarget, ...]
    units: tuple[UnitYear, ...]
    needs: dict[NeedState, int]
    late_needs: int
    money: Decimal
    sentences: tuple[str, ...]
    notes: tuple[str, ...]
    letters: int = 0
    signed: int = 0
    results: PublishedRound | None = None
    decided: Mapping[str, int] = field(default_factory=dict)

    @property
    def tasks(self) -> int:
        return sum(len(one.tasks) for one in self.units)

    def count(self, *states: TaskState) -> int:
        return sum(one.count(*states) for one in self.units)


def book(*, city: Division, year: int, reader: Actor, on: date) -> YearBook:
    """The year as ``reader`` may read it: units in range, small numbers closed."""
    units = units_of(reader, on, year)
    needs = list(reads.needs(reader, on).filter(task__plan__year=year))
    letters = letters_visible(reader, on).live().filter(city=city, year=year)
    round = published_round(reader, on, year)
    own = round if round is not None and round.division_id == city.pk else None
    told = results(division=city, period=periods.year(year), reader=reader, on=on)
    return YearBook(
        city=city,
        year=year,
        on=on,
        targets=tuple(_target(plan, city, reader, on) for plan in TargetPlan.objects.filter(city=city, year=year)),
        units=units,
        needs=dict(Counter(NeedState(need.state) for need in needs)),
        late_needs=sum(reads.days_of(need).is_late(on) for need in needs),
        money=sum((one.plan.budget_yuan or Decimal(0) for one in units if one.plan), Decimal(0)),
        sentences=tuple("".join(map(str, sentence)) for sentence in told.sentences),
        notes=tuple(map(str, told.notes)),
        letters=letters.count(),
        signed=letters.filter(state=LetterState.SIGNED).count(),
        results=published(own) if own is not None else None,
        decided=decided_openly(own) if own is not None else {},
    )


def opened(reader: Actor, on: date, year: int) -> int:
    """How many units of one's range have registered their plan of a year."""
    return reads.plans(reader, on, year).count()


def units_of(reader: Actor, on: date, year: int) -> tuple[UnitYear, ...]:
    """Every unit with a plan or a task of the year, by its code."""
    rows = list(reads.tasks(reader, on, year))
    proofs = reads.counted(rows)
    plans = {plan.unit_id: plan for plan in reads.plans(reader, on, year)}
    by_unit = {
        unit: tuple(YearTask(row, reads.standing_of(row, on), proofs.get(row.pk, 0)) for row in group)
        for unit, group in groupby(rows, key=lambda row: row.unit)
    }
    units = {unit.pk: unit for unit in [*by_unit, *(plan.unit for plan in plans.values())]}
    ordered = sorted(units.values(), key=lambda unit: unit.code)
    return tuple(UnitYear(unit, plans.get(unit.pk), by_unit.get(unit, ())) for unit in ordered)


def _target(plan: TargetPlan, city: Division, reader: Actor, on: date) -> YearTarget:
    now, before = (_figure(plan.indicator, city, plan.year - back, reader, on) for back in (0, 1))
    try:
        lacking = gap(plan)
    except BadShares:
        lacking = Decimal(0)
    owner = plan.gap_owner if plan.state == PlanState.PUBLISHED else _("协商中")
    words = _("还差 %(gap)s,%(owner)s") if lacking > 0 else _("多出 %(gap)s,%(owner)s")
    told = words % {"gap": number_text(round(abs(lacking), 2)), "owner": owner} if lacking else ""
    return YearTarget(plan, plan.title, number_text(plan.total), before, now, told)


def _figure(indicator: str, city: Division, year: int, reader: Actor, on: date) -> str:
    code, part = split_code(indicator)
    try:
        reading = read(code=code, division=city, period=periods.year(year), reader=reader, on=on)
    except BadQuery:
        return "—"
    if part == VALUE:
        return reading.text
    found = reading.part(part)
    return found.text if found else "—"
