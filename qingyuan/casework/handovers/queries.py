"""Reads of hand-overs, always through ``visible_to``: the giver's side, the receiver's, and for superiors what is late, unnamed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from qingyuan.casework.enums import HandOverState
from qingyuan.casework.handovers import owning
from qingyuan.casework.handovers.owning import Carried, Keeper
from qingyuan.casework.handovers.rules import Passed
from qingyuan.casework.models import HandOver, HandOverRow
from qingyuan.casework.models.handover import HandOverQuerySet
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Role
from qingyuan.organisation.models import Account, RoleGrant, Unit
from qingyuan.organisation.scope import visible_to

GIVEN: Final = "hand-overs"
OFFERS: Final = "hand-over-offers"
ALARMS: Final = "hand-over-alarms"
#: Who may carry other people's cases; whose account holds none of these on a day carries nobody.
CARRYING: Final = (Role.CASEWORKER, Role.TOWN_SUPERVISOR)
OVERSEERS: Final = (Role.TOWN_LEADER, Role.COMMISSION_CLERK, Role.COMMISSION_LEADER)


def given(actor: Actor, on: date, *, action: Action = Action.READ) -> HandOverQuerySet:
    """The hand-overs of ``actor``'s own rows."""
    return _narrowed(actor, on, action, GIVEN, "")


def received(actor: Actor, on: date, *, action: Action = Action.READ) -> HandOverQuerySet:
    """The hand-overs that are offered to ``actor`` or to a unit it answers for."""
    return _narrowed(actor, on, action, OFFERS, "to_")


def _narrowed(actor: Actor, on: date, action: Action, ledger: str, side: str) -> HandOverQuerySet:
    queryset: Any = visible_to(
        actor,
        HandOver.objects.select_related("unit", "to_unit", "to_division"),
        compartment=Compartment.COMMUNITY,
        ledger=ledger,
        on=on,
        action=action,
        side=side,
    )
    return queryset  # type: ignore[no-any-return]


def seen(actor: Actor, on: date) -> HandOverQuerySet:
    """Both sides of ``actor``."""
    mine = Q(pk__in=given(actor, on).values("pk")) | Q(pk__in=received(actor, on).values("pk"))
    return HandOver.objects.select_related("unit", "to_unit", "to_division").filter(mine)


def waiting_for(actor: Actor, on: date) -> HandOverQuerySet:
    """Offers that ``actor`` can answer."""
    return received(actor, on, action=Action.CHANGE).offered()


def late_below(actor: Actor, on: date) -> HandOverQuerySet:
    """For superiors: offers nobody answered in time, from or to a unit of their range. Whose rows they are is not for them."""
    if not actor.has_role(*OVERSEERS):
        return HandOver.objects.none()
    late = HandOver.objects.select_related("unit", "to_unit").late_on(on)
    found = Q(pk__in=[])
    for side in ("", "to_"):
        reached = visible_to(actor, late, compartment=Compartment.INTERNAL, ledger=ALARMS, on=on, side=side)
        found |= Q(pk__in=reached.values("pk"))
    return late.filter(found)


def cases(keeper: Keeper, actor: Actor, on: date, *, action: Action = Action.READ) -> QuerySet[Any]:
    """The subjects in care on which ``actor`` may take ``action``."""
    return visible_to(actor, keeper.current(), compartment=keeper.compartment, ledger=GIVEN, on=on, action=action)


def under_offer(subjects: Iterable[UUID]) -> set[UUID]:
    """Those of ``subjects`` that wait in an offer."""
    return set(HandOverRow.objects.filter(open=True, row_id__in=list(subjects)).values_list("row_id", flat=True))


def pending(subject: UUID) -> HandOver | None:
    """The offer in which a subject waits, for those who read the subject anyway."""
    row = HandOverRow.objects.filter(open=True, row_id=subject).select_related("handover__to_unit").first()
    return row.handover if row else None


def people_in(handovers: Iterable[HandOver]) -> dict[UUID, int]:
    """How many subjects each hand-over names, in one question."""
    named = HandOverRow.objects.filter(handover__in=[one.pk for one in handovers], ledger=F("handover__keeper"))
    counted = named.order_by().values_list("handover_id").annotate(count=Count("pk"))
    return dict(counted)


def subjects_of(handover: HandOver) -> list[UUID]:
    rows = handover.rows.filter(ledger=handover.keeper).order_by("pk")
    return list(rows.values_list("row_id", flat=True))


def carried(handover: HandOver, *, gives: bool) -> dict[UUID, Carried]:
    """What ``handover`` shows of its people to one side: by name while it waits; then to whoever owns them by it.

    Who refused or was withdrawn from learns no more names; who gave keeps the names, not what has happened since.
    """
    owns = {HandOverState.ACCEPTED: not gives or handover.within}.get(HandOverState(handover.state), gives)
    if handover.state != HandOverState.OFFERED and not owns and not gives:
        return {}
    found = owning.get(handover.keeper).carried(subjects_of(handover))
    if handover.state == HandOverState.OFFERED or owns:
        return found
    return {subject: Carried(one.name, ()) for subject, one in found.items()}


def passed_on(row_ids: Iterable[UUID]) -> Mapping[UUID, Sequence[Passed]]:
    """For each row that has gone from one unit to another: where it stood until when, in order of time."""
    found: dict[UUID, list[Passed]] = {}
    rows = HandOverRow.objects.filter(
        row_id__in=list(row_ids),
        handover__in=HandOver.objects.filter(state=HandOverState.ACCEPTED).between_units(),
    ).select_related("handover")
    for row in rows.order_by("handover__answered_at", "pk"):
        assert row.handover.answered_on is not None  # a constraint of the table
        found.setdefault(row.row_id, []).append(
            Passed(row.handover.answered_on, row.division_id, row.handover.unit_id)
        )
    return found


def workers(unit_id: int, on: date) -> list[Account]:
    """Who can carry cases of a unit on a day: accounts in use with such a role, by name."""
    grants = RoleGrant.objects.on(on).filter(role__in=CARRYING, account__is_active=True, account__unit_id=unit_id)
    return list(Account.objects.filter(pk__in=grants.values("account_id")).order_by("name", "pk"))


def receivers(unit: Unit, on: date) -> list[Unit]:
    """The other units that can take cases: somebody answers for them there."""
    grants = RoleGrant.objects.on(on).filter(role=Role.TOWN_SUPERVISOR, account__is_active=True)
    ids = grants.values("account__unit_id")
    found = Unit.objects.filter(pk__in=ids, closed_on=None, zone=unit.zone).exclude(pk=unit.pk)
    return list(found.select_related("division").order_by("division__code", "code"))
