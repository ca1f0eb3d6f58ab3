"""Who has looked at one person's rows, in words: staff with their unit, when, what they did, and in an emergency why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from qingyuan.casework.enums import GateState
from qingyuan.casework.gates import queries as gates
from qingyuan.casework.gates.table import gate_called
from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.foundation.crypto import Undecipherable
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import said
from qingyuan.ledgers import registry
from qingyuan.organisation.enums import EmergencyVerdict
from qingyuan.organisation.models import EmergencyLook, Unit
from qingyuan.reference import statutes
from qingyuan.rehabilitation.models import Client


@dataclass(frozen=True)
class Look:
    at: str
    who: str
    unit: str
    what: str
    emergency: str = ""


@dataclass(frozen=True)
class Passed:
    """Something that crossed a gate about the person: to whom or from whom, on which article, which fields."""

    at: str
    what: str
    fields: str
    basis: str
    who: str


def passed(client: Client) -> list[Passed]:
    sent, came = gates.about(str(client.pk), Compartment.COMMUNITY)
    left = [
        _passed(act.signed_at, act.gate, act.articles, _("送给 %(unit)s") % {"unit": act.to_unit.name}, act.signed_by_name)
        for act in sent
        if act.state == GateState.DELIVERED
    ]
    arrived = [
        _passed(one.arrived_at, one.gate, one.articles, _("从 %(unit)s 收到") % {"unit": one.from_unit.name}, one.received_by_name)
        for one in came
    ]
    return sorted(left + arrived, key=lambda line: line.at, reverse=True)


def _passed(at: datetime, code: str, articles: str, where: str, who: str) -> Passed:
    gate = gate_called(code)
    fields = "、".join(str(one.header) for one in gate.fields) if gate else ""
    title = f"{gate.title}" if gate else code
    return Passed(f"{timezone.localtime(at):%Y-%m-%d %H:%M}", f"{title} · {where}", fields, statutes.describe(articles), who)


def lines(entries: Sequence[ReadEntry]) -> list[Look]:
    units = dict(Unit.objects.filter(pk__in={entry.actor_unit_id for entry in entries}).values_list("pk", "short_name"))
    ids = {entry.emergency_id for entry in entries if entry.emergency_id}
    looks = {look.pk: look for look in EmergencyLook.objects.filter(pk__in=ids)}
    return [_line(entry, units, looks.get(entry.emergency_id) if entry.emergency_id else None) for entry in entries]


def _line(entry: ReadEntry, units: dict[int, str], look: EmergencyLook | None) -> Look:
    acts = {
        "list": _("列表里看到"),
        "detail": _("打开"),
        "reveal": _("显示全号"),
        "search": _("搜索到"),
        "export": _("导出"),
        "print": _("打印"),
        "drill": _("从数字点开"),
        "api": _("接口读取"),
    }
    return Look(
        at=f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M}",
        who=entry.actor_name,
        unit=units.get(entry.actor_unit_id or 0, ""),
        what=f"{acts.get(entry.act, entry.act)} · {_title(entry.ledger)}",
        emergency=_emergency(look) if look is not None else "",
    )


def _title(code: str) -> str:
    others = {"clients": _("人员"), "search": _("全站搜索"), "test-dues": _("应做的检测"), "today": _("今天")}
    if code in others:
        return others[code]
    try:
        return said(registry.get(code).title)
    except registry.UnknownLedger:
        return code


def _emergency(look: EmergencyLook) -> str:
    try:
        reason = str(look.reason)
    except Undecipherable:
        reason = _("事由无法解密")
    verdict = EmergencyVerdict(look.verdict).label if look.verdict else _("待复核")
    return _("紧急查阅:%(reason)s · %(article)s · %(verdict)s") % {
        "reason": reason,
        "article": statutes.cite(look.article).label,
        "verdict": verdict,
    }
