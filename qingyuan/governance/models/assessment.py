"""What people decide for a score, and what a score was on a day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.ids import new_id
from qingyuan.governance.models.guarded import Guarded, GuardedQuerySet
from qingyuan.governance.models.letter import Letter


class ManualEntryQuerySet(GuardedQuerySet["ManualEntry"]):
    def standing(self) -> ManualEntryQuerySet:
        return self.filter(withdrawn_at=None)


class ManualEntry(Guarded):
    """A number a person gives with a reason; it counts once a second person has confirmed it.

    ``key`` is the input it answers («manual:知晓率调查», «manual:3.2/given»), ``holds_from`` the day it counts from.
    """

    movable: ClassVar[frozenset[str]] = frozenset(
        {"reviewed_by_id", "reviewed_by_name", "reviewed_at", "withdrawn_at", "withdrawn_by_name", "withdrawn_reason"}
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    letter = models.ForeignKey(Letter, models.PROTECT, related_name="manual_entries")
    clause = models.CharField(_("条款"), max_length=20)
    key = models.CharField(max_length=80)
    value = models.DecimalField(_("数值"), max_digits=12, decimal_places=4)
    reason = EncryptedTextField(_("理由和依据"), compartment=Compartment.INTERNAL)
    holds_from = models.DateField(_("认定日期"))
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(_("认定人"), max_length=40)
    entered_at = models.DateTimeField(_("录入时间"))
    reviewed_by_id = models.BigIntegerField(null=True)
    reviewed_by_name = models.CharField(_("复核人"), max_length=40, blank=True)
    reviewed_at = models.DateTimeField(_("复核时间"), null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=40, blank=True)
    withdrawn_reason = EncryptedTextField(compartment=Compartment.INTERNAL, blank=True)

    objects = ManualEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("人工评定")
        ordering = ("entered_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("letter", "key"), condition=Q(withdrawn_at=None), name="governance_manual_one_standing"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="governance_manual_has_reason"),
            models.CheckConstraint(
                condition=Q(reviewed_at=None) | Q(by_id=None) | ~Q(reviewed_by_id=F("by_id")),
                name="governance_manual_two_people",
            ),
        ]


class ScoreSnapshot(models.Model):
    """A letter's score at the end of a day, for «yesterday» and the line of the year; ``shown_*`` is what others see."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="snapshots")
    day = models.DateField(_("日期"))
    points = models.DecimalField(_("得分"), max_digits=7, decimal_places=2)
    pending = models.DecimalField(_("待定"), max_digits=7, decimal_places=2)
    shown_low = models.DecimalField(max_digits=7, decimal_places=2)
    shown_high = models.DecimalField(max_digits=7, decimal_places=2)
    grade = models.CharField(_("等次"), max_length=20, blank=True)
    clauses = models.JSONField(default=dict)
    tree_hash = models.CharField(max_length=64)
    fact_version = models.PositiveBigIntegerField()
    taken_at = models.DateTimeField()

    class Meta:
        verbose_name = _("每日得分")
        ordering = ("day",)
        constraints = [models.UniqueConstraint(fields=("letter", "day"), name="governance_snapshot_per_day")]
