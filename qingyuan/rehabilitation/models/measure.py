"""A community measure: a period on a client's timeline, never a status field."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.ledgers.models import listed
from qingyuan.rehabilitation.models.client import Client
from qingyuan.rehabilitation.models.rows import ClientRow, ClientRowQuerySet


class MeasureQuerySet(ClientRowQuerySet):
    def in_force_on(self, day: date) -> MeasureQuerySet:
        """Reported and not ended on ``day``."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day), reported_on__lte=day)

    def awaiting_report(self, day: date) -> MeasureQuerySet:
        return self.filter(reported_on=None, ended_on=None, decided_on__lte=day)


class LiveMeasures(models.Manager[Any]):
    def get_queryset(self) -> MeasureQuerySet:
        return MeasureQuerySet(self.model, using=self._db).live().of_the_open()

    def in_force_on(self, day: date) -> MeasureQuerySet:
        return self.get_queryset().in_force_on(day)

    def awaiting_report(self, day: date) -> MeasureQuerySet:
        return self.get_queryset().awaiting_report(day)


class Measure(ClientRow):
    client = models.ForeignKey(Client, models.PROTECT, related_name="measures")
    kind = models.CharField(_("措施"), max_length=10)
    document_number = models.CharField(_("决定文书号"), max_length=60, blank=True)
    decided_on = models.DateField(_("决定日期"))
    served_on = models.DateField(_("送达日期"), null=True, blank=True)
    report_due = models.DateField(_("报到期限"), null=True, editable=False)
    reported_on = models.DateField(_("报到日期"), null=True, blank=True)
    agreement_on = models.DateField(_("协议签订日期"), null=True, blank=True)
    ends_on = models.DateField(_("期满日期"), null=True, blank=True)
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    end_reason = models.CharField(_("结束原因"), max_length=10, blank=True)
    schedule = models.CharField(_("检测计划"), max_length=4, default="A")

    objects: ClassVar[models.Manager[Any]] = LiveMeasures()

    class Meta(ClientRow.Meta):
        verbose_name = _("社区措施")
        constraints = [
            *ClientRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(reported_on=None) | Q(reported_on__gte=F("decided_on")),
                name="rehabilitation_measure_reported_after_decided",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("decided_on")),
                name="rehabilitation_measure_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, end_reason="") | (Q(ended_on__isnull=False) & ~Q(end_reason="")),
                name="rehabilitation_measure_end_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=("client", "decided_on"), name="rehabilitation_measure_line"),
            listed("rehabilitation_measure_listed", by="unit", dated="decided_on", codes=("kind", "end_reason", "client")),
        ]
