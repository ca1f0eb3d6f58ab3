"""Which entries an inspector reaches, and what is asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation import audit, clock
from qingyuan.foundation.audit.models import ReadEntry, RowChange, WriteEntry
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division, Unit
from qingyuan.organisation.permissions import inspects, may_read_audit
from qingyuan.organisation.scope import divisions_in_scope
from qingyuan.web.audit import words
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden

M = TypeVar("M", bound=Model)
WRITES, READS = "writes", "reads"


def require_inspector(request: WebRequest) -> None:
    """Errors: Forbidden, saying whose the page is."""
    decision = may_read_audit(request.actor)
    if not decision.allowed:
        whose = _("审计检查人员、安全管理员和单位负责人(只看本单位)")
        raise Forbidden(what=str(_("审计日志")), whose=str(whose), how=decision.reason)


def reach(actor: Actor, on: date) -> frozenset[int] | None:
    """The units whose people's acts ``actor`` may read; None means all, also the acts of the system and of strangers.

    Whoever leads a unit reads what was done by the people of that unit, wherever its rows are.
    """
    if not inspects(actor):
        return frozenset({actor.unit_id or 0})
    roots = divisions_in_scope(actor)
    below: set[int] = set()
    for root in roots:
        below.update(Division.objects.under(root, on).values_list("pk", flat=True))
    inside = set(Unit.objects.filter(division_id__in=below).values_list("pk", flat=True))
    outside = Unit.objects.exclude(division_id__in=below).exists()
    return frozenset(inside) if outside else None


def writes(actor: Actor) -> QuerySet[WriteEntry]:
    return _reached(WriteEntry.objects.order_by("-at", "-id"), actor)


def reads(actor: Actor) -> QuerySet[ReadEntry]:
    return _reached(ReadEntry.objects.using("audit").order_by("-at", "-id"), actor)


def _reached(entries: QuerySet[M], actor: Actor) -> QuerySet[M]:
    units = reach(actor, clock.today())
    return entries if units is None else entries.filter(actor_unit_id__in=units)


class AuditFilter(forms.Form):
    """Who, what, about which ledger, on which day."""

    who = forms.CharField(label=_("操作人"), required=False, max_length=40)
    unit = forms.ChoiceField(label=_("单位"), required=False)
    act = forms.ChoiceField(label=_("操作"), required=False)
    ledger = forms.ChoiceField(label=_("台账或事项"), required=False)
    day = forms.DateField(label=_("日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    row = forms.UUIDField(
        label=_("记录编号"),
        required=False,
        error_messages={"invalid": _("记录编号是 36 位的一串,从记录的地址里复制。")},
    )
    emergency = forms.UUIDField(
        label=_("紧急查阅编号"), required=False, error_messages={"invalid": _("编号是 36 位的一串,从紧急查阅页复制。")}
    )

    def __init__(self, data: Mapping[str, Any], *, tab: str, actor: Actor) -> None:
        super().__init__(data, auto_id="filter_%s")
        units = reach(actor, clock.today())
        named = Unit.objects.order_by("code") if units is None else Unit.objects.filter(pk__in=units).order_by("code")
        chosen = [(str(unit.pk), unit.label) for unit in named]
        self.fields["unit"] = forms.ChoiceField(label=_("单位"), required=False, choices=[("", _("全部")), *chosen])
        if tab == WRITES or not inspects(actor):
            del self.fields["emergency"]
        acts = words.write_acts() if tab == WRITES else words.read_acts()
        self.fields["act"] = forms.ChoiceField(label=_("操作"), required=False, choices=acts)
        self.fields["ledger"] = forms.ChoiceField(label=_("台账或事项"), required=False, choices=words.subjects())


@dataclass(frozen=True)
class Asked:
    """What the address asks for; anything that is no choice of the form counts as not asked."""

    who: str = ""
    act: str = ""
    ledger: str = ""
    day: date | None = None
    row: UUID | None = None
    unit: str = ""
    emergency: UUID | None = None

    @property
    def query(self) -> str:
        """The choice as it stands in an address, without the page number."""
        chosen = {
            "who": self.who,
            "unit": self.unit,
            "act": self.act,
            "ledger": self.ledger,
            "day": self.day,
            "row": self.row,
            "emergency": self.emergency,
        }
        return urlencode({name: str(value) for name, value in chosen.items() if value})

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query)


def asked_of(form: AuditFilter) -> Asked:
    form.is_valid()
    given = form.cleaned_data
    return Asked(
        who=(given.get("who") or "").strip(),
        act=given.get("act") or "",
        ledger=given.get("ledger") or "",
        day=given.get("day"),
        row=given.get("row"),
        unit=given.get("unit") or "",
        emergency=given.get("emergency"),
    )


def asked_writes(actor: Actor, asked: Asked) -> QuerySet[WriteEntry]:
    entries = _narrowed(writes(actor), asked)
    if asked.act:
        word = words.WRITES[asked.act]
        same = [name for name, other in words.WRITES.items() if str(other) == str(word)]
        acts = Q(pk__in=[])
        for name in same:
            acts |= Q(act=name) | Q(act__endswith=f".{name}")
        entries = entries.filter(acts)
    if asked.row:
        touched = RowChange.objects.filter(row_id=asked.row).values("entry_id")
        entries = entries.filter(Q(row_id=asked.row) | Q(pk__in=touched))
    return entries


def asked_reads(actor: Actor, asked: Asked) -> QuerySet[ReadEntry]:
    entries = _narrowed(reads(actor), asked)
    if asked.act:
        entries = entries.filter(act=asked.act)
    if asked.emergency:
        entries = entries.filter(emergency_id=asked.emergency)
    if asked.row:
        entries = entries.filter(pk__in=audit.reads_of(asked.row).using("audit").values("pk"))
    return entries


def _narrowed(entries: QuerySet[M], asked: Asked) -> QuerySet[M]:
    if asked.who:
        entries = entries.filter(actor_name__contains=asked.who)
    if asked.unit:
        entries = entries.filter(actor_unit_id=int(asked.unit))
    if asked.ledger:
        entries = entries.filter(ledger=asked.ledger)
    if asked.day:
        start = timezone.make_aware(datetime.combine(asked.day, time.min))
        entries = entries.filter(at__gte=start, at__lt=start + timedelta(days=1))
    return entries
