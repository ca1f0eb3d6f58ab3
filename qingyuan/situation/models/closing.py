"""Closed months: from which moment on what is recorded later is a late entry (补报)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import Division, Unit
from qingyuan.situation.enums import CloseState

LIVE = (CloseState.ASKED, CloseState.CLOSED)


class PeriodClose(models.Model):
    """One attempt to close one month of one place; a reopened month that is closed again is a new row.

    ``known_until``: the closed figure is the figure as known at that moment. ``period`` is a month, ``2022-10``.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("核对单位"))
    period = models.CharField(_("月份"), max_length=7)
    state = models.CharField(_("状态"), max_length=10, choices=CloseState.choices, default=CloseState.ASKED)
    note = EncryptedTextField(_("说明"), compartment=Compartment.INTERNAL, blank=True)
    asked_at = models.DateTimeField(_("核对时间"))
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(_("核对人"), max_length=40)
    decided_at = models.DateTimeField(_("批准时间"), null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(_("批准人"), max_length=40, blank=True)
    refusal = EncryptedTextField(_("退回原因"), compartment=Compartment.INTERNAL, blank=True)
    known_until = models.DateTimeField(_("关账时点"), null=True)
    reopened_at = models.DateTimeField(_("重开时间"), null=True)
    reopened_by_id = models.BigIntegerField(null=True)
    reopened_by_name = models.CharField(_("重开人"), max_length=40, blank=True)
    reopen_reason = EncryptedTextField(_("重开原因"), compartment=Compartment.INTERNAL, blank=True)

    class Meta:
        verbose_name = _("关账")
        ordering = ("-period", "division", "-asked_at")
        constraints = [
            models.UniqueConstraint(
                fields=("division", "period"), condition=Q(state__in=LIVE), name="situation_periodclose_one_live"
            ),
            models.CheckConstraint(
                condition=~Q(state=CloseState.CLOSED)
                | Q(known_until__isnull=False, decided_at__isnull=False, decided_by_id__isnull=False),
                name="situation_periodclose_closed_is_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | ~Q(decided_by_name=""),
                name="situation_periodclose_decided_at_has_name",
            ),
            models.CheckConstraint(
                condition=~Q(state=CloseState.SENT_BACK) | ~Q(refusal=""), name="situation_periodclose_refusal_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state=CloseState.REOPENED) | (Q(reopened_at__isnull=False) & ~Q(reopen_reason="")),
                name="situation_periodclose_reopened_at_has_reason",
            ),
        ]


class ReopenNotice(models.Model):
    """What a unit is told when a month it quoted is opened again; it stays on its «today» until somebody has read it."""

    close = models.ForeignKey(PeriodClose, models.PROTECT, related_name="notices")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("引用单位"))
    quoted_in = models.CharField(_("引用处"), max_length=200)
    created_at = models.DateTimeField(_("通知时间"))
    read_at = models.DateTimeField(_("已阅时间"), null=True)
    read_by_name = models.CharField(_("已阅人"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("重开通知")
        ordering = ("-created_at",)
        constraints = [
            models.UniqueConstraint(fields=("close", "unit", "quoted_in"), name="situation_reopennotice_once"),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True) | ~Q(read_by_name=""), name="situation_reopennotice_read_at_has_name"
            ),
        ]
