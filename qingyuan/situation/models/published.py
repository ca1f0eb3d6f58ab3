"""Figures others have printed, kept as printed, with the base each printed change was reckoned from (domain §4.3)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.ledgers.models import LedgerRow


class PublishedFigure(LedgerRow):
    """One figure of one area and year. ``printed_change`` is the publisher's own percentage, never recomputed here;
    ``comparable_base`` is last year's value as the publisher restated it, ``base_note`` why it differs."""

    indicator = models.CharField(_("指标"), max_length=20)
    area = models.CharField(_("地区"), max_length=40)
    year = models.PositiveSmallIntegerField(_("年份"))
    value = models.DecimalField(_("数值"), max_digits=16, decimal_places=4)
    measure_unit = models.CharField(_("计量单位"), max_length=8)
    printed_change = models.DecimalField(_("公布的同比(%)"), max_digits=8, decimal_places=2, null=True, blank=True)
    comparable_base = models.DecimalField(_("可比基数"), max_digits=16, decimal_places=4, null=True, blank=True)
    base_note = models.CharField(_("基数说明"), max_length=200, blank=True)
    publisher = models.CharField(_("发布单位"), max_length=60)
    source_title = models.CharField(_("出处"), max_length=120)
    printed_on = models.DateField(_("发布日期"), null=True, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = _("公开毒情数据")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(condition=models.Q(value__gte=0), name="situation_publishedfigure_value_not_negative"),
        ]
