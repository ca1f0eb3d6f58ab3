"""No cultivation (S11): patches, the rounds walked on them, what was found and how it was eradicated. No coordinates, no planter."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.ledgers.models import LedgerRow, listed


class Patch(LedgerRow):
    """A stretch of land that is walked every round of the season; ``responsible`` is a public servant's work name or post."""

    code = models.CharField(_("地块编号"), max_length=20)
    land = models.CharField(_("地块类别"), max_length=20)
    area_mu = models.DecimalField(_("面积(亩)"), max_digits=10, decimal_places=1)
    bounds = models.CharField(_("四至(文字)"), max_length=120, blank=True)
    responsible = models.CharField(_("责任人(岗位)"), max_length=40)
    listed_on = models.DateField(_("列入日期"))
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = _("踏查地块")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(condition=Q(area_mu__gt=0), name="prevention_patch_area_positive"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gt=F("listed_on")),
                name="prevention_patch_closed_after_listed",
            ),
        ]


class SurveyRound(LedgerRow):
    """A patch walked on one day. Nothing found is written down like a find: a zero report is a report.

    ``eradicated`` follows the eradications of this find and is written by the room's actions.
    """

    patch = models.ForeignKey(Patch, models.PROTECT, related_name="surveys")
    surveyed_on = models.DateField(_("踏查日期"))
    method = models.CharField(_("踏查方式"), max_length=20)
    found = models.BooleanField(_("发现原植物"), default=False)
    plant = models.CharField(_("植物"), max_length=20, blank=True)
    plants = models.PositiveIntegerField(_("发现株数"), default=0)
    eradicated = models.PositiveIntegerField(_("已铲除株数"), default=0)
    surveyors = models.JSONField(_("踏查人"), default=list)
    reported_on = models.DateField(_("报告公安日期"), null=True, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = _("踏查")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(found=True, plants__gt=0) | Q(found=False, plants=0),
                name="prevention_surveyround_plants_when_found",
            ),
            models.CheckConstraint(
                condition=Q(eradicated__lte=F("plants")), name="prevention_surveyround_eradicated_within_found"
            ),
        ]
        indexes = [
            models.Index(fields=("patch", "surveyed_on"), name="prevention_surveyround_patch"),
            listed("prevention_surveyround_listed", by="division", dated="surveyed_on"),
        ]


class Eradication(LedgerRow):
    """Plants of one find pulled out on one day before two of the staff, and the later look whether they came again."""

    survey = models.ForeignKey(SurveyRound, models.PROTECT, related_name="eradications")
    eradicated_on = models.DateField(_("铲除日期"))
    plants = models.PositiveIntegerField(_("铲除株数"))
    method = models.CharField(_("铲除方式"), max_length=20)
    witnesses = models.JSONField(_("见证人(工作人员)"), default=list)
    rechecked_on = models.DateField(_("复查日期"), null=True, blank=True)
    recheck_result = models.CharField(_("复查结果"), max_length=20, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = _("铲除")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(condition=Q(plants__gt=0), name="prevention_eradication_plants_positive"),
            models.CheckConstraint(
                condition=Q(rechecked_on=None, recheck_result="")
                | (Q(rechecked_on__isnull=False) & ~Q(recheck_result="")),
                name="prevention_eradication_recheck_whole",
            ),
        ]
