from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.enforcement.models.case import Case
from qingyuan.ledgers.models import LedgerRow, listed


class Seizure(LedgerRow):
    """Net weight of one drug seized in one place on one day within a case; grams, never converted by purity (CL357)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="seizures", verbose_name=_("案件"))
    item = models.PositiveSmallIntegerField(_("批次"), default=1)
    drug = models.CharField(_("毒品种类"), max_length=20)
    net_g = models.DecimalField(_("净重(克)"), max_digits=14, decimal_places=4)
    seized_on = models.DateField(_("缴获日期"))
    place_kind = models.CharField(_("查获场所"), max_length=20, blank=True)
    origin = models.CharField(_("毒品来路"), max_length=20, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = _("缴获毒品")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(condition=Q(net_g__gt=0), name="enforcement_seizure_weight_positive"),
        ]
        indexes = [listed("enforcement_seizure_listed", by="unit", dated="seized_on", codes=("drug", "place_kind", "origin"))]
