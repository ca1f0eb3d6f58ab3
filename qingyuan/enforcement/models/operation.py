from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.ledgers.models import LedgerRow


class Operation(LedgerRow):
    """A special operation with its three phases. Its results are counted from the cases that say they belong to it."""

    number = models.CharField(_("行动编号"), max_length=40)
    title = models.CharField(_("行动名称"), max_length=80)
    level = models.CharField(_("层级"), max_length=20)
    organiser = models.CharField(_("部署单位"), max_length=80, blank=True)
    document_number = models.CharField(_("部署文号"), max_length=60, blank=True)
    lead_unit = models.CharField(_("牵头单位"), max_length=80)
    starts_on = models.DateField(_("开始日期"))
    launch_until = models.DateField(_("动员部署截止"), null=True, blank=True)
    strike_until = models.DateField(_("集中打击截止"), null=True, blank=True)
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = _("专项行动")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="enforcement_operation_ends_after_start"
            ),
        ]
