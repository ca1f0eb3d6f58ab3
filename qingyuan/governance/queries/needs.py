"""What units need of one another, and the rows that show how far a task is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment, Zone
from qingyuan.governance.enums import NeedState
from qingyuan.governance.letters.unit_duties import UnitDuty, duties_of
from qingyuan.governance.models import TaskEvidence, UnitNeed, UnitTask
from qingyuan.governance.permissions import NEED_ANSWERS, needs_visible
from qingyuan.governance.rules.duty_plans import PROOFS, NeedDays, Standing, quarter_days, standing
from qingyuan.ledgers import queries as ledger_queries
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.kinds import Kind
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Rows
from qingyuan.organisation.models import Division, RoleGrant, Unit
from qingyuan.organisation.scope import roles_with

TASKS, PLANS = "unit_tasks", "unit_plans"
MOST_PROOFS = 60
OPEN = (NeedState.ASKED, NeedState.PROMISED)


@dataclass(frozen=True)
class Proof:
    """A row that shows progress. ``row`` None: the reader may not see it. ``label`` in the words of its ledger."""

    ledger: Ledger
    row: Any
    label: str
    day: date | None
    linked: TaskEvidence | None = None


def tasks(actor: Actor, on: date, year: int) -> QuerySet[Any]:
    """The tasks of a year that ``actor`` may read, by unit and day."""
    rows: QuerySet[Any] = ledger_queries.rows(registry.get(TASKS), actor, on).filter(plan__year=year)
    return rows.select_related("unit", "plan").prefetch_related("needs").order_by("unit__code", "due_on", "item")


def task(actor: Actor, on: date, task_id: UUID, action: Action = Action.READ) -> UnitTask | None:
    rows = ledger_queries.rows(registry.get(TASKS), actor, on, action=action)
    found: UnitTask | None = rows.filter(pk=task_id).select_related("unit", "plan").first()
    return found


def offered_duties(actor: Actor, year: int, on: date) -> list[UnitDuty]:
    """What the duties of the actor's kind of unit offer for a year and its plan does not hold yet."""
    unit = Unit.objects.filter(pk=actor.unit_id or 0).first()
    if unit is None:
        return []
    taken = set(tasks(actor, on, year).filter(unit_id=unit.pk).values_list("task", flat=True))
    return [duty for duty in duties_of(unit.kind) if duty.task not in taken]


def left_over(actor: Actor, year: int, on: date) -> list[UnitTask]:
    """Tasks of the actor's own unit that the year before did not finish and that the plan of ``year`` does not hold yet."""
    own = {"unit_id": actor.unit_id or 0}
    taken = set(tasks(actor, on, year).filter(**own).values_list("task", flat=True))
    return [row for row in tasks(actor, on, year - 1).filter(done_on=None, **own) if row.task not in taken]


def plans(actor: Actor, on: date, year: int) -> QuerySet[Any]:
    rows: QuerySet[Any] = ledger_queries.rows(registry.get(PLANS), actor, on).filter(year=year)
    return rows.select_related("unit").order_by("unit__code")


def days_of(need: UnitNeed) -> NeedDays:
    return NeedDays(NeedState(need.state), clock.day_of(need.asked_at), need.due_on, need.promised_on)


def standing_of(row: Any, on: date) -> Standing:
    """Where a task stands; its needs prefetched."""
    values = {"year": row.plan.year, "due_on": row.due_on, "done_on": row.done_on}
    words = {name: getattr(row, name) for name in ("first_quarter", "second_quarter", "third_quarter", "fourth_quarter")}
    return standing(values | words, [days_of(need) for need in row.needs.all()], on)


def needs(actor: Actor, on: date) -> QuerySet[UnitNeed]:
    found: QuerySet[UnitNeed] = needs_visible(actor, on).select_related("unit", "to_unit", "task__plan")
    return found


def asked_of(unit_id: int, rows: QuerySet[UnitNeed]) -> QuerySet[UnitNeed]:
    """Those of ``rows`` that wait for this unit."""
    return rows.filter(to_unit_id=unit_id, state__in=OPEN)


def receivers(asking: Unit, on: date) -> list[Unit]:
    """Units under the asking unit's division where somebody may answer. Clinics are in another network."""
    roles = roles_with(Action.CHANGE, NEED_ANSWERS, compartment=Compartment.INTERNAL, rows=Rows.UNIT)
    hands = RoleGrant.objects.on(on).filter(role__in=roles, account__is_active=True).values("account__unit_id")
    under = Division.objects.under(asking.division_id, on).values("pk")
    units = Unit.objects.filter(division__in=under, closed_on=None, pk__in=hands).exclude(pk=asking.pk)
    found = list(units.exclude(zone=Zone.HEALTH).select_related("division"))
    return sorted(found, key=lambda unit: (unit.division_id != asking.division_id, unit.division.code, unit.code))


def candidates(actor: Actor, row: Any, quarter: int, on: date) -> list[Proof]:
    """Rows that the task's own unit recorded in a quarter and that are not linked to the task yet, the newest first."""
    first, last = quarter_days(row.plan.year, quarter)
    linked = set(row.proofs.values_list("row_id", flat=True))
    found: list[Proof] = []
    for ledger in _proof_ledgers():
        rows = ledger_queries.rows(ledger, actor, on).filter(unit_id=row.unit_id)
        column = ledger.column(ledger.dated_by)
        if column.kind is not Kind.DATE:
            continue
        path = (column.path or column.name).replace(".", "__")
        within = rows.filter(**{f"{path}__range": (first, last)}).exclude(pk__in=linked)
        found += [_proof(ledger, one) for one in within.order_by(f"-{path}")[:MOST_PROOFS]]
    return sorted(found, key=lambda proof: proof.day or first, reverse=True)[:MOST_PROOFS]


def proofs_of(row: Any, actor: Actor, on: date) -> dict[int, list[Proof]]:
    """What is linked, by quarter; of rows the reader may not open only that they are there."""
    by_ledger: dict[str, list[TaskEvidence]] = defaultdict(list)
    for link in row.proofs.all():
        by_ledger[link.ledger].append(link)
    found: dict[int, list[Proof]] = defaultdict(list)
    for code, links in by_ledger.items():
        ledger = registry.get(code)
        seen = {one.pk: one for one in ledger_queries.rows(ledger, actor, on).filter(pk__in=[link.row_id for link in links])}
        for link in links:
            found[link.quarter].append(_proof(ledger, seen.get(link.row_id), link))
    return found


def counted(rows: Sequence[UnitTask]) -> Mapping[UUID, int]:
    """How many live rows each task rests on."""
    links: dict[str, list[TaskEvidence]] = defaultdict(list)
    for link in TaskEvidence.objects.filter(task__in=[row.pk for row in rows]):
        links[link.ledger].append(link)
    counts: dict[UUID, int] = defaultdict(int)
    for code, of_ledger in links.items():
        live = set(registry.get(code).model.objects.filter(pk__in=[one.row_id for one in of_ledger]).values_list("pk", flat=True))
        for link in of_ledger:
            counts[link.task_id] += link.row_id in live
    return counts


def _proof_ledgers() -> Iterable[Ledger]:
    known = {ledger.code: ledger for ledger in registry.all_ledgers()}
    return [known[code] for code in PROOFS if code in known]


def _proof(ledger: Ledger, row: Any, link: TaskEvidence | None = None) -> Proof:
    if row is None:
        return Proof(ledger, None, "", None, link)
    day = ledger.column(ledger.dated_by).value_of(row)
    words = next((column for column in ledger.columns if column.searchable), None)
    label = str(words.value_of(row) or "") if words else ""
    return Proof(ledger, row, label[:60], day if isinstance(day, date) else None, link)
