"""Reads of plans: the one that counts, its goals, who looked at it, and which wait for somebody. Who may see them the caller has
asked, or is asked here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from qingyuan.foundation import audit
from qingyuan.foundation.audit.models import RowChange, WriteEntry
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may, visible_to
from qingyuan.rehabilitation.models import CarePlan, Client, PlanGoal, PlanLook
from qingyuan.rehabilitation.rules import plan as rules

HOME: Final = Compartment.COMMUNITY
#: Under which subject the policy table and the audit name the look at a plan.
APPROVAL: Final = "care-plan-approval"


def latest(client_id: UUID) -> CarePlan | None:
    """The plan that counts: the one made last."""
    found: CarePlan | None = CarePlan.objects.filter(client_id=client_id).order_by("-made_on", "-pk").first()
    return found


def goals_of(plan: CarePlan) -> list[PlanGoal]:
    return list(PlanGoal.objects.filter(plan=plan).order_by("by_on", "number", "pk"))


def goals_here(plan: CarePlan, client: Client) -> list[PlanGoal]:
    """Those that the unit that looks after the person now may look at: goals of the unit the person left stay as that unit left them."""
    return [goal for goal in goals_of(plan) if goal.unit_id == client.unit_id]


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
    """The accounts that wrote the plan or a goal of it as they stand, and those that by the audit wrote, changed or voided one of them
    since the last look. Who only said how a goal stands has written nothing."""
    ids = (plan.recorded_by_id, plan.written_by_id, *(one for goal in goals for one in (goal.recorded_by_id, goal.written_by_id)))
    return frozenset(one for one in (*ids, *_wrote_since(plan)) if one is not None)


def _wrote_since(plan: CarePlan) -> Iterator[int | None]:
    last = PlanLook.objects.filter(plan=plan).order_by("-looked_at").first()
    since = last.looked_at if last is not None else plan.recorded_at
    under = dict(PlanGoal.everything.filter(client_id=plan.client_id).values_list("pk", "plan_id"))
    rows = RowChange.objects.filter(row_id__in=[plan.pk, *under]).values_list("row_id", "entry_id")
    late = set(WriteEntry.objects.filter(pk__in={entry for _row, entry in rows}, at__gte=since).values_list("pk", flat=True))
    for row_id in {row for row, entry in rows if entry in late}:
        for item in audit.history(row_id, reader_may_see_personal=True):
            if item.entry_id in late and item.kind and _wrote(item, plan, under.get(row_id)):
                yield item.actor_id


def _wrote(item: audit.HistoryItem, plan: CarePlan, under: UUID | None) -> bool:
    """``under``: the plan of a goal, None for the plan's own row. A goal that was moved away from the plan was one of it."""
    if under is not None and under != plan.pk:
        return any(
            one.column == "set_on" and one.before != one.after and str(one.before or "") >= plan.made_on.isoformat() for one in item.changes
        )
    names = rules.PLAN_WORDS if under is None else rules.GOAL_WORDS
    return item.kind != RowChange.Kind.CHANGE or any(one.column in names and one.before != one.after for one in item.changes)


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
    before plans were looked at (``written_by_id`` unknown) wait once they are written anew. Whose change of a goal was written over by
    somebody else is told on the plan's own page: only the opened values say whether that was a look or new words."""
    looked = PlanLook.objects.filter(plan_id=OuterRef("pk"), lapsed_at=None)
    own = PlanGoal.objects.filter(plan_id=OuterRef("pk")).filter(Q(written_by_id=actor.account_id) | Q(recorded_by_id=actor.account_id))
    found = _counting().filter(written_by_id__isnull=False).exclude(Exists(looked)).exclude(Exists(own))
    found = found.exclude(written_by_id=actor.account_id).exclude(recorded_by_id=actor.account_id)
    found = found.exclude(_touched_by(actor))
    mine = visible_to(actor, found, compartment=HOME, on=on, ledger=APPROVAL, action=Action.APPROVE, side="client__")
    return mine.annotate(written=Coalesce("changed_at", "recorded_at"))


def _touched_by(actor: Actor) -> Q:
    """Of plans: since the last look ``actor`` changed the plan, or wrote or voided a goal of it."""
    last = PlanLook.objects.filter(plan_id=OuterRef(OuterRef("pk"))).order_by("-looked_at").values("looked_at")[:1]
    entries = WriteEntry.objects.filter(pk=OuterRef("entry_id"), actor_id=actor.account_id)
    late = RowChange.objects.annotate(since=Coalesce(Subquery(last), OuterRef("recorded_at")))
    late = late.filter(Exists(entries.filter(at__gte=OuterRef("since"))))
    goals = PlanGoal.everything.filter(plan_id=OuterRef(OuterRef("pk"))).values("pk")
    own, theirs = late.filter(row_id=OuterRef("pk")), late.filter(row_id__in=goals).exclude(kind=RowChange.Kind.CHANGE)
    return Q(Exists(own)) | Q(Exists(theirs))


def sent_back(actor: Actor, on: date) -> QuerySet[Any]:
    """Plans that came back to ``actor``, who wrote them or looks after the person."""
    back = PlanLook.objects.filter(plan_id=OuterRef("pk"), lapsed_at=None, agreed=False)
    found = _counting().filter(Exists(back)).filter(Q(written_by_id=actor.account_id) | Q(client__caseworker_id=actor.account_id))
    mine = visible_to(actor, found, compartment=HOME, on=on, ledger="care_plans", action=Action.CHANGE, side="client__")
    return mine.annotate(written=F("made_on"))
