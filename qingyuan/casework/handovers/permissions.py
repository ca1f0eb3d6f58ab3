"""Who may give, take and take back; ``scope`` and the table give the answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from qingyuan.casework.handovers.owning import Owner
from qingyuan.casework.handovers.queries import GIVEN, OFFERS
from qingyuan.casework.models import HandOver
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import Decision
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may

#: An account id nobody has: a case without a caseworker is nobody's own.
NOBODY = 0


def may_give(actor: Actor, owners: Iterable[Owner], *, to_unit_id: int, on: date) -> Decision:
    """Whether ``actor`` may offer what these owners have. A caseworker hands over inside the unit; to another unit goes only
    what whoever answers for the unit offers."""
    for owner in owners:
        own = may(
            actor,
            Action.CHANGE,
            compartment=Compartment.COMMUNITY,
            ledger=GIVEN,
            on=on,
            division_id=owner.division_id,
            unit_id=owner.unit_id,
            caseworker_id=owner.caseworker_id or NOBODY,
        )
        if not own.allowed:
            return Decision(False, _("只有现在负责的社工或者本单位禁毒专干可以移交。"))
        if owner.unit_id != to_unit_id and not may_send_out(actor, owner.unit_id, on).allowed:
            return Decision(False, _("移交到别的单位由本单位禁毒专干办理。"))
    return Decision(True, "")


def may_send_out(actor: Actor, unit_id: int | None, on: date) -> Decision:
    """Whether ``actor`` may offer to another unit what ``unit_id`` owns."""
    return may(
        actor,
        Action.CREATE,
        compartment=Compartment.COMMUNITY,
        ledger=OFFERS,
        on=on,
        unit_id=unit_id or NOBODY,
        caseworker_id=NOBODY,
    )


def may_answer(actor: Actor, handover: HandOver, on: date) -> Decision:
    """Whoever answers for the receiving unit, or the colleague to whom it is offered by name; never the one who offered it."""
    if handover.offered_by_id == actor.account_id:
        return Decision(False, _("自己移交的不能自己接收,请由接收方签收。"))
    return may(
        actor,
        Action.CHANGE,
        compartment=Compartment.COMMUNITY,
        ledger=OFFERS,
        on=on,
        division_id=handover.to_division_id,
        unit_id=handover.to_unit_id,
        caseworker_id=handover.to_caseworker_id or NOBODY,
    )


def may_withdraw(actor: Actor, handover: HandOver, on: date) -> Decision:
    """Whoever owns the rows: the giver's caseworker or supervisor."""
    return may(
        actor,
        Action.CHANGE,
        compartment=Compartment.COMMUNITY,
        ledger=GIVEN,
        on=on,
        division_id=handover.division_id,
        unit_id=handover.unit_id,
        caseworker_id=handover.caseworker_id or NOBODY,
    )


def may_reassign(actor: Actor, unit_id: int, on: date) -> Decision:
    """Whoever answers for the unit."""
    decision = may_send_out(actor, unit_id, on)
    return decision if decision.allowed else Decision(False, _("本单位内重新分派由禁毒专干办理。"))
