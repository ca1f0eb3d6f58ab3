"""A programme of several years (三年行动计划): goals by year whose values are figures. It stands above the yearly targets."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import Division


class Programme(models.Model):
    """``first_year``–``last_year``; the base year is the one before. Adopted, its goals stand."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    title = models.CharField(_("名称"), max_length=80)
    first_year = models.PositiveSmallIntegerField(_("起始年度"))
    last_year = models.PositiveSmallIntegerField(_("结束年度"))
    document = models.CharField(_("文号"), max_length=60, blank=True)
    adopted_on = models.DateField(_("印发日期"), null=True)
    adopted_by_name = models.CharField(_("审定人"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("行动计划")
        ordering = ("-first_year", "title")
        constraints = [
            models.UniqueConstraint(fields=("city", "title"), name="governance_programme_unique"),
            models.CheckConstraint(condition=Q(last_year__gt=F("first_year")), name="governance_programme_several_years"),
        ]


class ProgrammeGoal(models.Model):
    """One figure that the programme moves. ``indicator`` may name a part; what it is comes from the indicator."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="goals")
    indicator = models.CharField(_("指标"), max_length=40)

    class Meta:
        verbose_name = _("行动计划目标")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("programme", "indicator"), name="governance_programmegoal_unique")
        ]


class ProgrammeStep(models.Model):
    """What a goal is to be at the end of one year, in the indicator's unit."""

    goal = models.ForeignKey(ProgrammeGoal, models.PROTECT, related_name="steps")
    year = models.PositiveSmallIntegerField(_("年度"))
    value = models.DecimalField(_("目标"), max_digits=16, decimal_places=4)

    class Meta:
        verbose_name = _("年度目标")
        ordering = ("year",)
        constraints = [
            models.UniqueConstraint(fields=("goal", "year"), name="governance_programmestep_unique"),
            models.CheckConstraint(condition=Q(value__gte=0), name="governance_programmestep_not_negative"),
        ]
