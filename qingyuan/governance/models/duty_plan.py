"""A member unit's plan of the year and the tasks it sets itself by its duties (S19)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.ledgers.models import LedgerRow


class UnitPlan(LedgerRow):
    """One unit's plan of one year: last year's summary and this year's arrangement in its own words."""

    year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("计划名称"), max_length=120)
    document = models.CharField(_("文号"), max_length=60, blank=True)
    adopted_on = models.DateField(_("印发日期"))
    filed_on = models.DateField(_("报禁毒办日期"), null=True, blank=True)
    last_year = models.TextField(_("上年总结"), blank=True)
    arrangement = models.TextField(_("本年安排"))
    budget_yuan = models.DecimalField(_("经费安排(元)"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = _("成员单位工作计划")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(filed_on=None) | Q(filed_on__gte=F("adopted_on")), name="governance_unitplan_filed_after_adopted"
            ),
            models.CheckConstraint(
                condition=Q(budget_yuan=None) | Q(budget_yuan__gte=0), name="governance_unitplan_budget_not_negative"
            ),
        ]


class UnitTask(LedgerRow):
    """One task of a plan: from which duty, what, when it counts as done, by when, how far each quarter."""

    plan = models.ForeignKey(UnitPlan, models.PROTECT, related_name="tasks", verbose_name=_("工作计划"))
    item = models.PositiveSmallIntegerField(_("序号"))
    duty = models.CharField(_("职责依据"), max_length=120)
    task = models.CharField(_("任务"), max_length=300)
    done_when = models.CharField(_("完成标准"), max_length=300)
    due_on = models.DateField(_("完成时限"))
    first_quarter = models.CharField(_("一季度进展"), max_length=300, blank=True)
    second_quarter = models.CharField(_("二季度进展"), max_length=300, blank=True)
    third_quarter = models.CharField(_("三季度进展"), max_length=300, blank=True)
    fourth_quarter = models.CharField(_("四季度进展"), max_length=300, blank=True)
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    evidence = models.CharField(_("完成依据"), max_length=300, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = _("成员单位任务")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(done_on=None) | ~Q(evidence=""), name="governance_unittask_done_has_evidence"
            ),
        ]
        indexes = [models.Index(fields=("unit", "due_on"), name="governance_unittask_unit")]
