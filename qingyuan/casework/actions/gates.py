"""The only writers of gate acts. A signature, exactly the listed fields, a copy under the receiver's key, an entry in both logs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.casework.enums import GateState
from qingyuan.casework.gates import queries
from qingyuan.casework.gates.table import NEVER_CROSSES, Gate, gate_called, wrong_with
from qingyuan.casework.models import GateAct, GateDelivery
from qingyuan.foundation import audit, clock
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Unit
from qingyuan.organisation.queries import city_pack
from qingyuan.organisation.scope import may

LONGEST = 500


class GateRefused(ValueError):
    """Nothing passed. ``wrong``: field → what to do, where single fields are at fault."""

    def __init__(self, message: str, wrong: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.wrong = dict(wrong or {})


@transaction.atomic
def sign(
    *, gate: Gate, to_unit: Unit, typed: Mapping[str, str], by: Actor, ledger: str = "", row: Any | None = None
) -> GateAct:
    """Sign for one row (or, at a gate without rows, for what was computed) and hand over exactly the listed fields.

    At a gate that two sign nothing leaves until the second has. Raises GateRefused: the gate is off, ``by`` may not sign for
    this row, the receiver is none of the gate's, or a field is missing or not listed.
    """
    on, pack = clock.today(), city_pack().code
    if not (decision := gate.open_in(pack)).allowed:
        raise GateRefused(decision.reason)
    if bool(gate.ledgers) != (row is not None) or (row is not None and ledger not in gate.ledgers):
        raise GateRefused(_("这个通道要对着一条记录办理:请从那条记录的页面打开。"))
    if not queries.may_sign(by, gate, on, row) or (row is not None and row.unit_id != by.unit_id):
        raise GateRefused(_("这个通道由负责单位有权签字的人本人办理,不能代签。"))
    if to_unit.pk not in {unit.pk for unit in queries.receivers(gate, on)}:
        raise GateRefused(_("接收单位不在这个通道里,请从列出的单位里选。"), {"to_unit": _("请从列出的单位里选。")})
    given = {name: text.strip()[:LONGEST] for name, text in typed.items()}
    if wrong := wrong_with(gate, given, on=on):
        raise GateRefused(_("还不能移交,请看每一项旁边的说明。"), wrong)
    values = {**(queries.copied_from(gate, ledger, row) if row is not None else {}), **given}
    _require_exactly(gate, values)
    # Two who sign at once are told apart here: the second finds what the first has signed.
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=by.unit_id or 0)
    _require_first(gate, row, values, unit)
    made = GateAct(
        gate=gate.code,
        unit=unit,
        division_id=unit.division_id,
        caseworker_id=queries.caseworker_of(gate, row) if row is not None else None,
        to_unit=to_unit,
        ledger=ledger,
        row_id=row.pk if row is not None else None,
        person=str(getattr(row, gate.ledgers[ledger])) if row is not None and gate.ledgers[ledger] else "",
        articles=gate.basis_in(pack),
        state=GateState.WAITING if gate.two else GateState.DELIVERED,
        signed_at=clock.now(),
        signed_by_id=by.account_id,
        signed_by_name=by.name,
    )
    made.seal(values, gate.source)
    made.save()
    _record(made.pk, "gates.sign", queries.SENT, by, made.division_id, f"{gate.code} {made.articles}")
    if not gate.two:
        _deliver(made, gate, by)
    return made


@transaction.atomic
def second(*, act: GateAct, by: Actor) -> GateAct:
    """The second person of the unit signs, and only then it leaves. Raises GateRefused."""
    held = GateAct.objects.select_for_update().get(pk=act.pk)
    gate = gate_called(held.gate)
    if held.state != GateState.WAITING or gate is None:
        raise GateRefused(_("这一份已经办完,不用再签。"))
    if held.signed_by_id == by.account_id:
        raise GateRefused(_("第二次签字要由本单位另一个人来签。"))
    signs = may(
        by,
        Action.APPROVE,
        compartment=gate.source,
        ledger=queries.SIGNING,
        on=clock.today(),
        unit_id=held.unit_id,
        caseworker_id=held.caseworker_id or queries.NOBODY,
    )
    if held.unit_id != by.unit_id or not signs.allowed:
        raise GateRefused(_("第二次签字由本单位有权签字的人来签。"))
    if not (decision := gate.open_in(city_pack().code)).allowed:
        raise GateRefused(decision.reason)
    held.state, held.seconded_at = GateState.DELIVERED, clock.now()
    held.seconded_by_id, held.seconded_by_name = by.account_id, by.name
    held.save()
    _record(held.pk, "gates.second", queries.SENT, by, held.division_id, f"{held.gate} {held.articles}")
    _deliver(held, gate, by)
    return held


@transaction.atomic
def give_up(*, act: GateAct, by: Actor) -> GateAct:
    """Whoever signed first takes back what nobody has seconded; nothing has left. Raises GateRefused."""
    held = GateAct.objects.select_for_update().get(pk=act.pk)
    if held.state != GateState.WAITING:
        raise GateRefused(_("已经送出,收不回来;写错了的,请另出一份说明。"))
    if held.signed_by_id != by.account_id:
        raise GateRefused(_("由签字的人自己撤回。"))
    held.state = GateState.GIVEN_UP
    held.save()
    _record(held.pk, "gates.give_up", queries.SENT, by, held.division_id, held.gate)
    return held


@transaction.atomic
def receive(*, delivery: GateDelivery, by: Actor, person: UUID | None = None) -> GateDelivery:
    """The receiver signs for it. ``person``: whom of the own people it is about; that answer stays here. Raises GateRefused."""
    held = GateDelivery.objects.select_for_update().get(pk=delivery.pk)
    if held.received_at is not None:
        raise GateRefused(_("已经由别人签收。"))
    if not queries.inbox(by, clock.today(), action=Action.CHANGE).filter(pk=held.pk).exists():
        raise GateRefused(_("由接收单位的人签收。"))
    held.received_at, held.received_by_id, held.received_by_name = clock.now(), by.account_id, by.name
    held.person = str(person) if person is not None else ""
    held.save()
    _record(held.pk, "gates.receive", queries.INBOX, by, held.division_id, held.gate)
    return held


def _deliver(act: GateAct, gate: Gate, by: Actor) -> None:
    """A copy under the receiver's key, and a line in the receiver's log that names nobody."""
    made = GateDelivery(
        reference=act.reference,
        gate=gate.code,
        unit_id=act.to_unit_id,
        division_id=act.to_unit.division_id,
        from_unit_id=act.unit_id,
        signed_by_name=act.signed_by_name,
        articles=act.articles,
        arrived_at=clock.now(),
    )
    made.seal(act.values, gate.to)
    made.save()
    _record(made.pk, "gates.arrive", queries.INBOX, by, made.division_id, f"{gate.code} {act.articles}")


def _require_first(gate: Gate, row: Any | None, values: Mapping[str, str], unit: Unit) -> None:
    """What passes once has not passed yet: a notice about one row, the counts of one month."""
    if row is not None and (before := queries.passed(gate, row)) is not None:
        day = clock.day_of(before.signed_at).isoformat()
        raise GateRefused(_("这条记录 %(day)s 已经由 %(who)s 送过,不重复送。") % {"day": day, "who": before.signed_by_name})
    if row is None and values.get("month", "") in queries.months_told(unit.pk, gate):
        raise GateRefused(_("%(month)s 的汇总数已经报过:同一个月报两次,相减会露出补登的几个人。") % {"month": values["month"]})


def _require_exactly(gate: Gate, values: Mapping[str, str]) -> None:
    """The last look before it is copied: what is listed, all of it, nothing else."""
    listed = {one.name for one in gate.fields}
    if set(values) != listed or listed & set(NEVER_CROSSES):
        raise GateRefused(_("移交的内容与通道列明的不一致,没有移交。"))
    if empty := {name: _("记录里没有这一项,请先补登。") for name, text in values.items() if not text}:
        raise GateRefused(_("还不能移交,请看每一项旁边的说明。"), empty)


def _record(row_id: UUID, act: str, ledger: str, by: Actor, division_id: int, summary: str) -> None:
    audit.record_write(by=by, act=act, ledger=ledger, row_id=row_id, division_id=division_id, summary=summary)
