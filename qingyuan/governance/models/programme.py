"""A programme of several years (三年行动计划): goals by year whose values are figures. It stands above the yearly targets."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.ids import new_id
from qingyuan.governance.enums import ReviewKind
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


class ProgrammeReview(models.Model):
    """Mid-term or closing evaluation: how far the goals are by the end of ``year``, what is made of it, and who decided.

    ``figures``: the goals' years as they stood when it was decided, so that later entries change nothing of it; ``digest`` the
    SHA-256 of all that was decided. Written by the office, decided by a leader who did not write it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="reviews")
    kind = models.CharField(_("评估"), max_length=8, choices=ReviewKind.choices)
    year = models.PositiveSmallIntegerField(_("截至年度"))
    words = EncryptedTextField(_("评估结论"), compartment=Compartment.INTERNAL, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    drafted_by_id = models.BigIntegerField(null=True, editable=False)
    drafted_by_name = models.CharField(_("起草人"), max_length=40)
    drafted_at = models.DateTimeField(_("起草时间"))
    decided_by_name = models.CharField(_("审定人"), max_length=40, blank=True)
    decided_at = models.DateTimeField(_("审定时间"), null=True)
    figures = models.JSONField(default=list)
    digest = models.CharField(_("校验值"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("行动计划评估")
        ordering = ("year", "pk")
        constraints = [
            models.UniqueConstraint(fields=("programme", "year"), name="governance_programmereview_one_a_year"),
            models.CheckConstraint(
                condition=Q(decided_at=None, digest="") | (Q(decided_at__isnull=False) & ~Q(decided_by_name="") & ~Q(digest="")),
                name="governance_programmereview_decided_is_whole",
            ),
        ]


class ProgrammeChange(models.Model):
    """One later year of one goal that a review adjusts, and why; it holds from the day the review is decided."""

    review = models.ForeignKey(ProgrammeReview, models.PROTECT, related_name="changes")
    goal = models.ForeignKey(ProgrammeGoal, models.PROTECT, related_name="changes")
    year = models.PositiveSmallIntegerField(_("年度"))
    before = models.DecimalField(_("原目标"), max_digits=16, decimal_places=4)
    after = models.DecimalField(_("调整为"), max_digits=16, decimal_places=4)
    reason = EncryptedTextField(_("理由"), compartment=Compartment.INTERNAL)

    class Meta:
        verbose_name = _("行动计划目标的调整")
        ordering = ("goal", "year")
        constraints = [
            models.UniqueConstraint(fields=("review", "goal", "year"), name="governance_programmechange_once"),
            models.CheckConstraint(condition=Q(after__gte=0), name="governance_programmechange_not_negative"),
        ]
