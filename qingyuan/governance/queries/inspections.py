"""Reads of joint inspections: which rounds and visits somebody sees, for which department, and what they come to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import Decision
from qingyuan.governance.enums import Department, VisitState
from qingyuan.governance.models import (
    InspectionMark,
    InspectionPart,
    InspectionPresence,
    InspectionRound,
    InspectionVisit,
    SupervisionOrder,
)
from qingyuan.governance.rules import inspections as rules
from qingyuan.governance.rules.inspections import PARTS, ROUNDS, VISITS, Seen, Tally
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Unit
from qingyuan.organisation.scope import may, visible_to
from qingyuan.reference.inspection_items import InspectionItem, inspection_items

_INTERNAL = Compartment.INTERNAL
#: Which kinds of unit send somebody for a department.
SENT_BY: dict[Department, tuple[str, ...]] = {
    Department.POLICE: ("police", "police_narcotics"),
    Department.POLITICS_LAW: ("politics_law",),
    Department.JUSTICE: ("justice",),
    Department.CIVIL_AFFAIRS: ("civil_affairs",),
}


def may_plan(actor: Actor, on: date) -> Decision:
    return may(actor, Action.CREATE, compartment=_INTERNAL, ledger=ROUNDS, on=on, unit_id=actor.unit_id or 0)


def own_parts(actor: Actor, on: date) -> QuerySet[InspectionPart]:
    """The parts of rounds that the actor's own unit has to play; who merely reads a whole division plays none."""
    return visible_to(actor, InspectionPart.objects.all(), compartment=_INTERNAL, ledger=PARTS, on=on, action=Action.CHANGE)


def rounds_visible(actor: Actor, on: date) -> QuerySet[InspectionRound]:
    """The office, its leaders and the inspectors; the four departments of a round."""
    rows = visible_to(actor, InspectionRound.objects.all(), compartment=_INTERNAL, ledger=ROUNDS, on=on)
    return InspectionRound.objects.filter(Q(pk__in=rows.order_by().values("pk")) | Q(parts__in=own_parts(actor, on).order_by().values("pk"))).distinct()


def visits_visible(actor: Actor, on: date) -> QuerySet[InspectionVisit]:
    """Of one's own town; all of a round for its departments, the office, its leaders and the inspectors."""
    rows = visible_to(actor, InspectionVisit.objects.all(), compartment=_INTERNAL, ledger=VISITS, on=on)
    parts = own_parts(actor, on).order_by()
    found = InspectionVisit.objects.filter(Q(pk__in=rows.order_by().values("pk")) | Q(round__in=parts.values("round")))
    return found.select_related("round__unit", "round__division", "division", "unit")


def reads_any(actor: Actor, on: date) -> Decision:
    """Whether the pages of inspections are anything to ``actor`` at all."""
    asked = [(Action.READ, VISITS), (Action.READ, ROUNDS), (Action.CHANGE, PARTS)]
    found = [may(actor, action, compartment=_INTERNAL, ledger=ledger, on=on) for action, ledger in asked]
    return next((one for one in found if one.allowed), found[0])


def department_of(actor: Actor, made: InspectionRound, on: date) -> str:
    """For which department ``actor`` acts in a round; empty for everybody else."""
    return own_parts(actor, on).filter(round=made).values_list("department", flat=True).first() or ""


def senders(made_for: Unit) -> dict[Department, list[Unit]]:
    """The units of a city that may act for each department."""
    kinds = [kind for kinds in SENT_BY.values() for kind in kinds]
    units = list(Unit.objects.filter(division_id=made_for.division_id, closed_on=None, kind__in=kinds).order_by("code"))
    return {one: [unit for unit in units if unit.kind in SENT_BY[one]] for one in Department}


def items_of(made: InspectionRound) -> Sequence[InspectionItem]:
    """The checklist as it stood when the round began; a later edition changes nothing in it."""
    return inspection_items(made.starts_on)


def seen_of(marks: Collection[InspectionMark]) -> list[Seen]:
    return [Seen(one.item, one.lot, one.answer, one.finding or "", one.mended) for one in marks]


@dataclass
class Visited:
    """A visit with everything that hangs on it, read once."""

    visit: InspectionVisit
    marks: list[InspectionMark] = field(default_factory=list)
    present: list[InspectionPresence] = field(default_factory=list)
    order: SupervisionOrder | None = None

    @cached_property
    def items(self) -> Sequence[InspectionItem]:
        return items_of(self.visit.round)

    @cached_property
    def seen(self) -> list[Seen]:
        return seen_of(self.marks)

    @cached_property
    def counted(self) -> Tally:
        return rules.tally(rules.asked(self.items, self.visit.files), self.seen)

    @property
    def signed(self) -> dict[str, InspectionPresence]:
        """Who signed, by department."""
        return {one.department: one for one in self.present if one.signed_at}

    @property
    def state(self) -> VisitState:
        return rules.state_of(
            here=bool(self.present),
            full=self.counted.full,
            final=self.visit.final_at is not None,
            failed=self.counted.failed,
            ordered=self.order is not None and self.order.number != "" and self.order.state != "withdrawn",
            passed=self.visit.recheck_passed,
        )


def visited(visits: Sequence[InspectionVisit]) -> list[Visited]:
    """Each visit with its marks, those present and its order: three statements for all of them."""
    ids = [one.pk for one in visits]
    found = {one.pk: Visited(one) for one in visits}
    for mark in InspectionMark.objects.filter(visit__in=ids).order_by("lot", "item"):
        found[mark.visit_id].marks.append(mark)
    for present in InspectionPresence.objects.filter(visit__in=ids):
        found[present.visit_id].present.append(present)
    for order in orders_about(ids):
        about = found.get(UUID(order.cited["row"]))
        if about is not None:
            about.order = order
    return list(found.values())


def orders_about(visit_ids: Collection[UUID]) -> list[SupervisionOrder]:
    """The orders that rest on findings of these visits and were neither discarded nor withdrawn, drafts too; oldest first."""
    rows: Any = SupervisionOrder.everything.live().filter(cited__row__in=[str(one) for one in visit_ids], basis_kind="inspection")
    return list(rows.exclude(state__in=("discarded", "withdrawn")).select_related("unit").order_by("recorded_at"))


def sheet(made: InspectionRound) -> dict[str, Any]:
    """What anybody needs to draw again, without a name; the seed only once it is revealed (``qingyuan draw check``)."""
    return {
        "towns": made.towns,
        "files": made.files,
        "by_kind": made.by_kind,
        "seed_hash": made.seed_hash,
        "committed_at": made.committed_at.isoformat(),
        "list_hash": made.list_hash,
        "frame": made.frame if made.revealed_at else {},
        "seed": made.seed if made.revealed_at else "",
        "drawn": made.drawn,
        "too_few": made.short,
    }
