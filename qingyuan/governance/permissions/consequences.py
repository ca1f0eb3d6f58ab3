"""Who proposes, decides, answers and reads what follows from a published result."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from qingyuan.casework.procedures.declaration import Side
from qingyuan.casework.procedures.rules import Standing
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import Decision
from qingyuan.governance.models import AssessmentRound, Consequence
from qingyuan.governance.permissions import NOBODY, RIGHTS, may_internal, rounds_visible
from qingyuan.governance.rules import rewards
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import visible_to


def consequences_visible(actor: Actor, on: date, action: Action = Action.READ) -> Any:
    """What was told to the units of one's range and to one's own unit; what was decided openly in a round one may see; the
    proposals of one's own office, for those who propose or decide there."""
    rows: Any = Consequence.objects.all()
    sent = rows.sent()
    found: Any = Q(pk__in=visible_to(actor, sent, compartment=Compartment.INTERNAL, ledger=rewards.CONSEQUENCES, on=on, action=action).values("pk"))
    replies = visible_to(actor, sent, compartment=Compartment.INTERNAL, ledger=rewards.REPLIES, on=on, action=action)
    found |= Q(pk__in=replies.values("pk"))
    opened = rows.opened().filter(round__in=rounds_visible(actor, on).values("pk"))
    found |= Q(pk__in=opened.values("pk"))
    if _handles_consequences(actor, on):
        found |= Q(issuer_id=actor.unit_id or NOBODY)
    return rows.filter(found)


def sees_whole_consequence(actor: Actor, case: Consequence, on: date) -> bool:
    """The office, the inspectors and the unit itself; others see of an open decision what was published."""
    asked = (rewards.CONSEQUENCES, rewards.REPLIES)
    return any(may_internal(actor, Action.READ, one, case.division_id, case.unit_id, on).allowed for one in asked) or (
        case.issuer_id == actor.unit_id and _handles_consequences(actor, on)
    )


def may_propose(actor: Actor, round: AssessmentRound, on: date) -> Decision:
    """Have the rules propose for the round of one's own office."""
    if actor.unit_id is None or actor.unit_id != round.issuer_id:
        return Decision(False, _("奖惩建议由组织考核的单位提出。"))
    return may_internal(actor, Action.CREATE, rewards.CONSEQUENCES, NOBODY, actor.unit_id, on)


def consequence_standing(actor: Actor, case: Consequence, on: date) -> Standing:
    """Who ``actor`` is in an entry: of the office that proposed it, of the unit it is about."""
    office = frozenset(one for one in RIGHTS if may_internal(actor, one, rewards.CONSEQUENCES, NOBODY, case.issuer_id, on).allowed)
    unit = frozenset(one for one in RIGHTS if may_internal(actor, one, rewards.REPLIES, NOBODY, case.unit_id, on).allowed)
    sides = {Side.ISSUER: office, Side.CHECKER: office, Side.SUPERIOR: office, Side.RECEIVER: unit}
    return Standing(actor.account_id, actor.unit_id, sides, actor.roles)


def _handles_consequences(actor: Actor, on: date) -> bool:
    unit_id = actor.unit_id or NOBODY
    return any(may_internal(actor, one, rewards.CONSEQUENCES, NOBODY, unit_id, on).allowed for one in (Action.CREATE, Action.APPROVE))
