from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.enforcement.models.case import Case
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.ledgers.models import LedgerRow, listed


class Movement(LedgerRow):
    """One step of one exhibit's way through custody: what was seized, stored, sampled, handed over, destroyed.

    An exhibit is its number within a case; there is no second table to fall out of step with its movements.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="movements", verbose_name=_("案件"))
    exhibit = models.CharField(_("物品编号"), max_length=20)
    kind = models.CharField(_("物品类别"), max_length=20)
    drug = models.CharField(_("毒品种类"), max_length=20, blank=True)
    stage = models.CharField(_("环节"), max_length=20)
    moved_on = models.DateField(_("日期"))
    turn = models.PositiveSmallIntegerField(_("次序"), default=1)
    quantity = models.DecimalField(_("数量"), max_digits=14, decimal_places=4)
    measure = models.CharField(_("计量单位"), max_length=20)
    place = models.CharField(_("存放(去向)"), max_length=80, blank=True)
    handlers = models.JSONField(_("经手人"), default=list)
    document_number = models.CharField(_("单据号"), max_length=60, blank=True)
    note = EncryptedTextField(_("备注"), compartment=Compartment.ENFORCEMENT, blank=True, default="")

    class Meta(LedgerRow.Meta):
        verbose_name = _("涉案财物流转")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(condition=Q(quantity__gte=0), name="enforcement_movement_quantity_not_negative"),
        ]
        indexes = [
            listed("enforcement_movement_listed", by="unit", dated="moved_on"),
            models.Index(fields=("case", "exhibit"), name="enforcement_movement_exhibit"),
        ]
