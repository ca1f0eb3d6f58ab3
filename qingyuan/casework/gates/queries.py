"""Reads of gate acts and inboxes. Each side reads its own, by its own compartment; there is no query that counts them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from qingyuan.casework.enums import GateState
from qingyuan.casework.gates.table import GATES, Gate, from_ledger
from qingyuan.casework.models import GateAct, GateDelivery
from qingyuan.casework.models.gate import SEALS, GateActQuerySet, GateDeliveryQuerySet
from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import registry
from qingyuan.ledgers.queries import rows
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import RoleGrant, Unit
from qingyuan.organisation.queries import city_pack
from qingyuan.organisation.scope import may, rules_for, visible_to

#: The subjects of the policy table: what was sent, what arrived, and the right to sign.
SENT: Final = "gate-acts"
INBOX: Final = "gate-inbox"
SIGNING: Final = "gate-signing"
#: An account id nobody has: a row without a caseworker is nobody's own.
NOBODY: Final = 0


def acts_visible(actor: Actor, on: date) -> GateActQuerySet:
    """What one's own side handed over: of the own unit, or of one's own people. Never what the other side received."""
    found: GateActQuerySet = _visible(actor, on, GateAct, SENT)
    return found


def inbox(actor: Actor, on: date, *, action: Action = Action.READ) -> GateDeliveryQuerySet:
    """What arrived at one's own unit."""
    found: GateDeliveryQuerySet = _visible(actor, on, GateDelivery, INBOX, action)
    return found


def arrived(actor: Actor, on: date, references: Sequence[UUID]) -> list[GateDelivery]:
    """Of the papers of these references those that lie in one's own inbox, the newest first."""
    return list(inbox(actor, on).filter(reference__in=references).select_related("from_unit").order_by("-arrived_at", "pk"))


def _visible(actor: Actor, on: date, model: Any, ledger: str, action: Action = Action.READ) -> Any:
    wanted = Q(pk__in=())
    for compartment in SEALS:
        if not rules_for(actor, action, compartment, ledger):
            continue
        mine = model.objects.filter(compartment=compartment, unit_id=actor.unit_id)
        # No emergency look and no range of divisions reaches over a gate: one's own unit it is, and within it one's own people.
        seen = visible_to(actor, mine, compartment=compartment, on=on, ledger=ledger, action=action, sealed=True)
        wanted |= Q(pk__in=seen.order_by().values("pk"))
    return model.objects.filter(wanted)


def may_use_gates(actor: Actor, on: date) -> bool:
    """Whether there is anything for this person here: to sign, to receive, or to see what was sent."""
    return any(may_sign_some(actor, gate, on) or (gate.receivers and actor.has_role(*gate.receivers)) for gate in GATES)


def may_sign_some(actor: Actor, gate: Gate, on: date) -> bool:
    """Whether ``actor`` signs for this gate at all, whoever it is about."""
    return may(actor, Action.APPROVE, compartment=gate.source, ledger=SIGNING, on=on).allowed


def may_sign(actor: Actor, gate: Gate, on: date, row: Any | None = None) -> bool:
    """Whether ``actor`` may sign for this row. To sign is one's own: no substitute does it."""
    caseworker = None if row is None else caseworker_of(gate, row) or NOBODY
    return may(
        actor,
        Action.APPROVE,
        compartment=gate.source,
        ledger=SIGNING,
        on=on,
        unit_id=actor.unit_id if row is None else row.unit_id,
        caseworker_id=caseworker,
    ).allowed


def row_of(actor: Actor, gate: Gate, ledger_code: str, row_id: Any, on: date) -> Any | None:
    """The row that may be named at this gate, if ``actor`` reads it in the own unit."""
    if ledger_code not in gate.ledgers:
        return None
    ledger = registry.get(ledger_code)
    found = ledger.with_related(rows(ledger, actor, on)).filter(pk=row_id, unit_id=actor.unit_id).first()
    return found if found is not None and may_sign(actor, gate, on, found) else None


def caseworker_of(gate: Gate, row: Any) -> int | None:
    """Whose person the row is about, where its room knows caseworkers."""
    if gate.source != Compartment.COMMUNITY:
        return None
    found: int | None = row.client.caseworker_id
    return found


def copied_from(gate: Gate, ledger_code: str, row: Any) -> dict[str, str]:
    """Exactly the listed fields that the row holds, as text."""
    ledger = registry.get(ledger_code)
    found = {}
    for one in gate.copied:
        value = row
        for step in ledger.column(one.column).where.split("."):
            value = getattr(value, step)
        found[one.name] = value.isoformat() if isinstance(value, date) else str(value or "")
    return found


def receivers(gate: Gate, on: date) -> list[Unit]:
    """The units to which this gate leads: somebody with a receiving role works there."""
    grants = RoleGrant.objects.on(on).filter(role__in=gate.receivers, account__is_active=True)
    found = Unit.objects.filter(pk__in=grants.values("account__unit_id"), closed_on=None)
    return list(found.select_related("division").order_by("division__code", "code"))


def offered_for(actor: Actor, ledger_code: str, row: Any, on: date) -> list[Gate]:
    """The open gates at which ``actor`` may sign for this row."""
    pack = city_pack().code
    return [
        gate
        for gate in from_ledger(ledger_code)
        if gate.open_in(pack) and row.unit_id == actor.unit_id and may_sign(actor, gate, on, row) and passed(gate, row) is None
    ]


def passed(gate: Gate, row: Any) -> GateAct | None:
    """The act by which this row passed a gate that it passes a single time; None while it may."""
    if not gate.once:
        return None
    return GateAct.objects.filter(gate=gate.code, row_id=row.pk).exclude(state=GateState.GIVEN_UP).first()


def months_told(unit_id: int, gate: Gate) -> dict[str, str]:
    """Month → the counts this unit handed over for it through ``gate``, as they were signed; earlier months first."""
    acts = GateAct.objects.filter(gate=gate.code, unit=unit_id).exclude(state=GateState.GIVEN_UP)
    return dict(sorted((one.values["month"], one.values["counts"]) for one in acts))


def about(person: str, compartment: Compartment) -> tuple[list[GateAct], list[GateDelivery]]:
    """What was handed over about a person of this compartment and what arrived, for who reads the person anyway and for the
    list the person may ask for."""
    sent = GateAct.objects.filter(person=person, compartment=compartment).select_related("unit", "to_unit")
    came = GateDelivery.objects.filter(person=person, compartment=compartment).select_related("unit", "from_unit")
    return list(sent), list(came)
