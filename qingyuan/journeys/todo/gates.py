"""Deliveries across a wall that wait to be signed for, and signatures that wait for a second one, on «today» of those who may.

One line each, by gate and sender; whom it is about stands behind the line. Nothing is counted, and nothing presses: no law
sets a day for the receipt.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from qingyuan.casework.enums import GateState
from qingyuan.casework.gates import queries
from qingyuan.casework.gates.table import gate_called
from qingyuan.casework.models import GateAct, GateDelivery
from qingyuan.foundation import clock
from qingyuan.journeys.todo.job import Job, page
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action

SHOWN = 20


def jobs(actor: Actor, on: date) -> list[Job]:
    if not queries.may_use_gates(actor, on):
        return []
    arrived = queries.inbox(actor, on, action=Action.CHANGE).filter(received_at=None).select_related("from_unit")
    waiting = queries.acts_visible(actor, on).filter(state=GateState.WAITING).exclude(signed_by_id=actor.account_id)
    found = [_to_receive(one) for one in arrived.order_by("arrived_at", "pk")[:SHOWN]]
    return found + [_to_second(one) for one in waiting.order_by("signed_at", "pk")[:SHOWN] if _seconds(actor, one, on)]


def _title(code: str) -> str:
    gate = gate_called(code)
    return str(gate.title) if gate is not None else code


def _seconds(actor: Actor, act: GateAct, on: date) -> bool:
    gate = gate_called(act.gate)
    return gate is not None and act.unit_id == actor.unit_id and queries.may_sign_some(actor, gate, on)


def _to_receive(one: GateDelivery) -> Job:
    return Job(
        _("依法移交待签收:%(what)s") % {"what": _title(one.gate)},
        _("%(unit)s %(day)s 送到;打开才看得到内容") % {"unit": one.from_unit.label, "day": clock.day_of(one.arrived_at).isoformat()},
        None,
        _("去签收"),
        page("gate-delivery", one.pk),
    )


def _to_second(one: GateAct) -> Job:
    return Job(
        _("依法移交待第二人签字:%(what)s") % {"what": _title(one.gate)},
        _("%(who)s 已签,本单位另一人签字才送出") % {"who": one.signed_by_name},
        None,
        _("去核对"),
        page("gate-act", one.pk),
    )
