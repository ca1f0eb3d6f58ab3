"""Targets of the year: the city's, the share of each town or member unit, and every move of it with its reason."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.ids import new_id
from qingyuan.governance.enums import BidState, Measure, Over, PlanState
from qingyuan.governance.models.guarded import Guarded, GuardedQuerySet
from qingyuan.organisation.models import Division, Unit


class TargetPlan(models.Model):
    """A city's target for one indicator and its decomposition. ``parameters``: weights, lot, growth … as used.

    ``indicator`` may name a part («R05», «G01.first_chaired»). A published plan is changed only by a new one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    year = models.PositiveSmallIntegerField(_("年度"))
    indicator = models.CharField(_("指标"), max_length=40)
    title = models.CharField(_("指标名称"), max_length=80)
    unit = models.CharField(_("单位"), max_length=12)
    over = models.CharField(_("分给"), max_length=8, choices=Over.choices, default=Over.TOWNS)
    measure = models.CharField(_("口径"), max_length=8, choices=Measure.choices)
    total = models.DecimalField(_("全市目标"), max_digits=16, decimal_places=4)
    method = models.CharField(_("分解方法"), max_length=20)
    parameters = models.JSONField(default=dict)
    state = models.CharField(_("状态"), max_length=12, choices=PlanState.choices, default=PlanState.DRAFT)
    gap_owner = models.CharField(_("缺口责任人"), max_length=60, blank=True)
    gap_reason = models.CharField(_("缺口说明"), max_length=200, blank=True)
    published_at = models.DateTimeField(_("下达时间"), null=True)
    published_by_name = models.CharField(_("下达人"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("年度指标")
        ordering = ("year", "indicator")
        constraints = [
            models.UniqueConstraint(fields=("city", "year", "indicator", "over"), name="governance_targetplan_unique"),
            models.CheckConstraint(
                condition=~Q(state=PlanState.PUBLISHED) | Q(published_at__isnull=False),
                name="governance_targetplan_published_has_time",
            ),
        ]


class TargetShare(models.Model):
    """The part of one town, or of one member unit (``unit``; its division is then where the unit sits)."""

    plan = models.ForeignKey(TargetPlan, models.PROTECT, related_name="shares")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("乡镇(街道)"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True, verbose_name=_("成员单位"))
    base = models.DecimalField(_("基数"), max_digits=16, decimal_places=4, null=True)
    proposed = models.DecimalField(_("建议数"), max_digits=16, decimal_places=4)
    agreed = models.DecimalField(_("商定数"), max_digits=16, decimal_places=4)
    why = models.CharField(_("建议依据"), max_length=120, blank=True)
    reason = models.CharField(_("调整理由"), max_length=200, blank=True)
    moved_by = models.CharField(_("调整人"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("分解数")
        ordering = ("division__code", "unit__code")
        constraints = [
            models.UniqueConstraint(
                fields=("plan", "division"), condition=Q(unit=None), name="governance_targetshare_unique"
            ),
            models.UniqueConstraint(fields=("plan", "unit"), name="governance_targetshare_unit_unique"),
            models.CheckConstraint(condition=Q(agreed__gte=0), name="governance_targetshare_not_negative"),
        ]

    @property
    def place(self) -> str:
        """Who bears it, as printed."""
        return self.division.name if self.unit is None else self.unit.label

    @property
    def code(self) -> str:
        """Who bears it, as the audit keeps it."""
        return self.division.code if self.unit is None else self.unit.code

    @property
    def bearer(self) -> str:
        """The key of its baseline in the plan's parameters."""
        return str(self.division_id) if self.unit_id is None else f"unit:{self.unit_id}"


class TargetMoveQuerySet(GuardedQuerySet["TargetMove"]):
    """Written once."""


class TargetMove(Guarded):
    """One adjustment of one share; ``addendum``: made after the plan was published, ``document`` its paper if it has one."""

    share = models.ForeignKey(TargetShare, models.PROTECT, related_name="moves")
    before = models.DecimalField(max_digits=16, decimal_places=4)
    after = models.DecimalField(max_digits=16, decimal_places=4)
    reason = models.CharField(_("理由"), max_length=200)
    addendum = models.BooleanField(_("下达后的调整"), default=False)
    document = models.CharField(_("文号"), max_length=60, blank=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(_("调整人"), max_length=40)
    at = models.DateTimeField(_("时间"))

    objects = TargetMoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("调整记录")
        ordering = ("at", "pk")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="governance_targetmove_has_reason")]


class TargetBid(models.Model):
    """The number a town or unit proposes instead of its share, with its reason, and what the office answered.

    ``standing``: the share as it stood when it was asked, so that it can be seen what was talked about. One open at a time.
    ``noted_at``: since when its own people know the answer.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    share = models.ForeignKey(TargetShare, models.PROTECT, related_name="bids")
    standing = models.DecimalField(_("当时的数"), max_digits=16, decimal_places=4)
    asked = models.DecimalField(_("希望的数"), max_digits=16, decimal_places=4)
    reason = models.CharField(_("理由"), max_length=200)
    by_name = models.CharField(_("提出人"), max_length=40)
    at = models.DateTimeField(_("提出时间"))
    state = models.CharField(_("状态"), max_length=12, choices=BidState.choices, default=BidState.OPEN)
    given = models.DecimalField(_("答复的数"), max_digits=16, decimal_places=4, null=True)
    answer = models.CharField(_("答复"), max_length=200, blank=True)
    answered_by_name = models.CharField(_("答复人"), max_length=40, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    noted_at = models.DateTimeField(_("知悉时间"), null=True)
    noted_by_name = models.CharField(_("知悉人"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("协商意见")
        ordering = ("at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("share",), condition=Q(state=BidState.OPEN), name="governance_targetbid_one_open"
            ),
            models.CheckConstraint(condition=Q(asked__gte=0) & ~Q(reason=""), name="governance_targetbid_has_reason"),
            models.CheckConstraint(
                condition=Q(state__in=(BidState.OPEN, BidState.WITHDRAWN)) | ~Q(answer=""),
                name="governance_targetbid_answered_in_words",
            ),
            models.CheckConstraint(
                condition=Q(state=BidState.OPEN, answered_at=None)
                | (~Q(state=BidState.OPEN) & Q(answered_at__isnull=False) & ~Q(answered_by_name="")),
                name="governance_targetbid_answered_has_time",
            ),
            models.CheckConstraint(
                condition=Q(noted_at=None) | Q(state__in=(BidState.ACCEPTED, BidState.SETTLED, BidState.DECLINED)),
                name="governance_targetbid_noted_is_answered",
            ),
        ]
