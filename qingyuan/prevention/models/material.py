from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.ledgers.models import LedgerRow


class MaterialMove(LedgerRow):
    """One slip of a unit's store of publicity materials: what came in or went out. The balance never falls below nought."""

    moved_on = models.DateField(_("日期"))
    slip = models.CharField(_("单号"), max_length=40)
    material = models.CharField(_("宣传品"), max_length=20)
    direction = models.CharField(_("收发"), max_length=20)
    quantity = models.PositiveIntegerField(_("数量"))
    counterpart = models.CharField(_("来源或去向"), max_length=80, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = _("宣传品收发")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(condition=Q(quantity__gt=0), name="prevention_materialmove_quantity_positive"),
        ]
        indexes = [models.Index(fields=("unit", "material", "moved_on"), name="prevention_materialmove_store")]
