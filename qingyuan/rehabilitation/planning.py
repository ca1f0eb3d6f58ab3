"""Reads of plans: the one that counts, its goals, who looked at it, and which wait for somebody. Who may see them the caller has
asked, or is asked here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may, visible_to
from qingyuan.rehabilitation.models import CarePlan, Client, PlanGoal, PlanLook

HOME: Final = Compartment.COMMUNITY
#: Under which subject the policy table and the audit name the look at a plan.
APPROVAL: Final = "care-plan-approval"


def latest(client_id: UUID) -> CarePlan | None:
    """The plan that counts: the one made last."""
    found: CarePlan | None = CarePlan.objects.filter(client_id=client_id).order_by("-made_on", "-pk").first()
    return found


def goals_of(plan: CarePlan) -> list[PlanGoal]:
    return list(PlanGoal.objects.filter(plan=plan).order_by("by_on", "number", "pk"))


def standing(plan: CarePlan) -> PlanLook | None:
    """The look that stands: nothing was written since."""
    return PlanLook.objects.filter(plan=plan, lapsed_at=None).first()


def agreed(client_id: UUID) -> CarePlan | None:
    """The plan that counts, if the supervisor agreed to it as it stands."""
    plan = latest(client_id)
    look = standing(plan) if plan is not None else None
    return plan if look is not None and look.agreed else None


def token(plan: CarePlan, goals: Sequence[PlanGoal]) -> str:
    """What a reader has seen of a plan, so that nobody agrees to words that were changed meanwhile."""
    return ".".join([str(plan.version), *sorted(f"{goal.pk.hex[-8:]}-{goal.version}" for goal in goals)])


def writers(plan: CarePlan, goals: Sequence[PlanGoal]) -> frozenset[int]:
    """The accounts that wrote the plan or a goal of it."""
    ids = (plan.recorded_by_id, plan.written_by_id, *(one for goal in goals for one in (goal.recorded_by_id, goal.written_by_id)))
    return frozenset(one for one in ids if one is not None)


def may_look(actor: Actor, client: Client, on: date) -> bool:
    """Whether ``actor`` is a supervisor of the unit that looks after the person."""
    decision = may(
        actor, Action.APPROVE, compartment=HOME, ledger=APPROVAL, on=on, division_id=client.division_id, unit_id=client.unit_id
    )  # fmt: skip
    return decision.allowed


def _counting() -> QuerySet[Any]:
    """Plans that count: the last of each person, of a measure that goes on."""
    later = CarePlan.objects.filter(client_id=OuterRef("client_id"), made_on__gt=OuterRef("made_on"))
    return CarePlan.objects.filter(measure__ended_on=None, client__sealed_on=None).exclude(Exists(later))


def waiting(actor: Actor, on: date) -> QuerySet[Any]:
    """Plans that ``actor`` is to look at, with the moment ``written`` from which they wait; not those ``actor`` wrote. Plans from
    before plans were looked at (``written_by_id`` unknown) wait once they are written anew."""
    looked = PlanLook.objects.filter(plan_id=OuterRef("pk"), lapsed_at=None)
    own = PlanGoal.objects.filter(plan_id=OuterRef("pk")).filter(Q(written_by_id=actor.account_id) | Q(recorded_by_id=actor.account_id))
    found = _counting().filter(written_by_id__isnull=False).exclude(Exists(looked)).exclude(Exists(own))
    found = found.exclude(written_by_id=actor.account_id).exclude(recorded_by_id=actor.account_id)
    mine = visible_to(actor, found, compartment=HOME, on=on, ledger=APPROVAL, action=Action.APPROVE, side="client__")
    return mine.annotate(written=Coalesce("changed_at", "recorded_at"))


def sent_back(actor: Actor, on: date) -> QuerySet[Any]:
    """Plans that came back to ``actor``, who wrote them or looks after the person."""
    back = PlanLook.objects.filter(plan_id=OuterRef("pk"), lapsed_at=None, agreed=False)
    found = _counting().filter(Exists(back)).filter(Q(written_by_id=actor.account_id) | Q(client__caseworker_id=actor.account_id))
    mine = visible_to(actor, found, compartment=HOME, on=on, ledger="care_plans", action=Action.CHANGE, side="client__")
    return mine.annotate(written=F("made_on"))
