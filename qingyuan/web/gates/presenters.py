"""Words for the pages of the gates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from qingyuan.casework.enums import GateState
from qingyuan.casework.gates import queries
from qingyuan.casework.gates.table import GATES, Gate, gate_called
from qingyuan.casework.models import GateAct, GateDelivery
from qingyuan.casework.models.gate import Copied
from qingyuan.organisation.actor import Actor
from qingyuan.reference import statutes
from qingyuan.web import shapes


@dataclass(frozen=True)
class GateLine:
    """One gate as the table prints it for everybody who works at an end of one."""

    gate: Gate
    basis: str
    fields: str
    to: str
    open: bool
    why: str
    signs: bool
    new_href: str


@dataclass(frozen=True)
class FieldLine:
    header: str
    text: str


def table(actor: Actor, on: date, pack: str) -> list[GateLine]:
    return [_line(gate, actor, on, pack) for gate in GATES]


def _line(gate: Gate, actor: Actor, on: date, pack: str) -> GateLine:
    decision = gate.open_in(pack)
    signs = queries.may_sign_some(actor, gate, on)
    return GateLine(
        gate=gate,
        basis=statutes.describe(gate.basis_in(pack)),
        fields="、".join(str(one.header) for one in gate.fields),
        to="、".join(sorted(str(role.label) for role in gate.receivers)),
        open=decision.allowed,
        why=decision.reason,
        signs=signs,
        new_href=reverse("web:gate-new", args=(gate.code,)) if signs and decision.allowed and not gate.ledgers and gate.fields else "",
    )


def values(copied: Copied, gate: Gate) -> list[FieldLine]:
    """What was copied, with the words of the table; nothing that the gate does not list."""
    given = copied.values
    return [
        FieldLine(str(one.header), str(dict(one.choices).get(given.get(one.name, ""), given.get(one.name, ""))))
        for one in gate.fields
    ]


def title(code: str) -> str:
    gate = gate_called(code)
    return f"{code} {gate.title}" if gate else code


def sent(acts: Iterable[GateAct]) -> shapes.Table:
    tones = {GateState.WAITING: "soon", GateState.DELIVERED: "good", GateState.GIVEN_UP: "grey"}
    return shapes.Table(
        [shapes.Header(_("通道")), shapes.Header(_("送给")), shapes.Header(_("签字")), shapes.Header(_("状态"))],
        [
            shapes.Row(
                [
                    shapes.Cell(title(act.gate), href=reverse("web:gate-act", args=(act.pk,))),
                    shapes.Cell(act.to_unit.name),
                    shapes.Cell(f"{localtime(act.signed_at):%Y-%m-%d %H:%M}", note=act.signed_by_name),
                    shapes.Cell(act.get_state_display(), tone=tones[GateState(act.state)]),
                ]
            )
            for act in acts
        ],
        shapes.Empty(_("没有移交过"), _("要移交时,从那条记录的页面打开对应的通道。")),
    )


def arrived(deliveries: Iterable[GateDelivery]) -> shapes.Table:
    return shapes.Table(
        [shapes.Header(_("通道")), shapes.Header(_("来自")), shapes.Header(_("送到")), shapes.Header(_("签收"))],
        [
            shapes.Row(
                [
                    shapes.Cell(title(one.gate), href=reverse("web:gate-delivery", args=(one.pk,))),
                    shapes.Cell(one.from_unit.name, note=one.signed_by_name),
                    shapes.Cell(f"{localtime(one.arrived_at):%Y-%m-%d %H:%M}"),
                    shapes.Cell(one.received_by_name or _("待签收"), tone="" if one.received_at else "soon"),
                ]
            )
            for one in deliveries
        ],
        shapes.Empty(_("没有收件"), _("依法送到本单位的会出现在这里。")),
    )
