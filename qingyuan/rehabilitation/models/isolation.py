"""Isolation treatment: status dates and nothing from inside a facility (domain §1.6)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.rehabilitation.models.client import Client
from qingyuan.rehabilitation.models.rows import ClientRow


class Isolation(ClientRow):
    client = models.ForeignKey(Client, models.PROTECT, related_name="isolations")
    decided_on = models.DateField(_("决定日期"))
    ends_on = models.DateField(_("期满日期"), null=True, blank=True)
    released_on = models.DateField(_("解除日期"), null=True, blank=True)

    class Meta(ClientRow.Meta):
        verbose_name = _("强制隔离戒毒状态")
        constraints = [
            *ClientRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(released_on=None) | Q(released_on__gte=F("decided_on")),
                name="rehabilitation_isolation_released_after_decided",
            ),
        ]
        indexes = [models.Index(fields=("client", "decided_on"), name="rehabilitation_isolation_line")]
