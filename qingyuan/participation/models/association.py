"""Associations that take part in the work, and what government buys from them (speech: 向社会组织购买服务)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.ledgers.models import LedgerRow


class Association(LedgerRow):
    """A registered body: its own name and registration number are public."""

    title = models.CharField(_("名称"), max_length=80)
    registration = models.CharField(_("统一社会信用代码"), max_length=18)
    kind = models.CharField(_("组织类别"), max_length=20)
    registered_on = models.DateField(_("登记成立日期"))
    closed_on = models.DateField(_("注销日期"), null=True, blank=True)
    focus = models.CharField(_("业务范围"), max_length=200, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = _("禁毒社会组织")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("registered_on")),
                name="participation_association_closed_after_registered",
            ),
        ]


class ServiceContract(LedgerRow):
    """One service bought from one association: who pays, how much, for how long."""

    association = models.ForeignKey(
        Association, models.PROTECT, related_name="contracts", verbose_name=_("承接组织")
    )
    document = models.CharField(_("合同编号"), max_length=60)
    service = models.CharField(_("服务类别"), max_length=20)
    buyer = models.CharField(_("购买单位"), max_length=60)
    starts_on = models.DateField(_("起始日期"))
    ends_on = models.DateField(_("终止日期"))
    amount_yuan = models.DecimalField(_("合同金额(元)"), max_digits=14, decimal_places=2)
    workers = models.PositiveSmallIntegerField(_("派驻人数"), null=True, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = _("购买服务合同")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(condition=Q(amount_yuan__gt=0), name="participation_servicecontract_amount_positive"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="participation_servicecontract_ends_after_start"
            ),
        ]
