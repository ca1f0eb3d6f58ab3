"""What should be done, as a row."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.enums import DueKind, Outcome
from qingyuan.casework.rules import State, state_on
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import Division, Unit


class DueQuerySet(models.QuerySet["Due"]):
    def missed_on(self, day: date) -> DueQuerySet:
        """Windows that closed before or on ``day`` without an answer, looked into or not: what every figure counts as missed."""
        return self.filter(outcome=Outcome.OPEN, closes_on__lte=day)

    def late_on(self, day: date) -> DueQuerySet:
        """Those missed that nobody has looked into: what still waits for somebody."""
        return self.missed_on(day).filter(found="")

    def open_on(self, day: date) -> DueQuerySet:
        """Windows standing open on ``day`` without an answer."""
        return self.filter(outcome=Outcome.OPEN, opens_on__lte=day, closes_on__gt=day)

    def opening_within(self, day: date, days: int) -> DueQuerySet:
        return self.filter(outcome=Outcome.OPEN, opens_on__gt=day, opens_on__lte=day + timedelta(days=days))

    def falling_due(self, start: date, end: date) -> DueQuerySet:
        """Windows whose last day lies in [start, end)."""
        return self.filter(closes_on__gt=start, closes_on__lte=end)

    def in_division(self, ids: Any) -> DueQuerySet:
        return self.filter(division_id__in=ids)


class Due(models.Model):
    """``subject_id`` is the measure, ``person`` an opaque key; ``closes_on`` is exclusive.

    ``found``: what came of a missed window, a code of ``missed_test_findings``, said by whom and when. It stays missed in every figure."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12, choices=DueKind.choices)
    subject_id = models.UUIDField(db_index=True)
    person = models.CharField(max_length=36)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    caseworker_id = models.BigIntegerField(null=True)
    schedule = models.CharField(_("检测计划"), max_length=12)
    position = models.PositiveSmallIntegerField(_("第几次"))
    opens_on = models.DateField(_("可检测之日起"))
    closes_on = models.DateField(_("截止(不含)"))
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    done_on = models.DateField(null=True)
    done_by_row_id = models.UUIDField(null=True)
    closed_reason = models.CharField(max_length=120, blank=True)
    paper_seen_by = models.CharField(_("凭证由谁查看"), max_length=40, blank=True)
    found = models.CharField(_("查明的情况"), max_length=16, blank=True)
    found_at = models.DateTimeField(null=True)
    found_by_id = models.BigIntegerField(null=True)
    found_by_name = models.CharField(_("查明人"), max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = DueQuerySet.as_manager()

    class Meta:
        verbose_name = _("应做事项")
        ordering = ("closes_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("subject_id", "kind", "schedule", "position"), name="casework_due_position_unique"
            ),
            models.CheckConstraint(condition=Q(closes_on__gt=F("opens_on")), name="casework_due_closes_after_opens"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.DONE, done_on__isnull=False, done_by_row_id__isnull=False)
                | (~Q(outcome=Outcome.DONE) & Q(done_on__isnull=True, done_by_row_id__isnull=True)),
                name="casework_due_done_has_row",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=(Outcome.EXCUSED, Outcome.CANCELLED)) | ~Q(closed_reason=""),
                name="casework_due_closed_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(found="", found_at=None, found_by_id=None, found_by_name="")
                | (Q(outcome=Outcome.OPEN, found_at__isnull=False) & ~Q(found="") & ~Q(found_by_name="")),
                name="casework_due_found_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=("unit", "outcome", "closes_on"), name="casework_due_unit_late"),
            models.Index(fields=("division", "closes_on"), name="casework_due_division"),
            models.Index(fields=("caseworker_id", "outcome", "closes_on"), name="casework_due_load_late"),
        ]

    @property
    def last_day(self) -> date:
        return self.closes_on - timedelta(days=1)

    def state_on(self, day: date) -> State:
        return state_on(opens=self.opens_on, closes=self.closes_on, outcome=self.outcome, on=day, found=bool(self.found))

    def forget_finding(self) -> None:
        """What was found is of a missed window alone: once it is answered, excused or another window, it is told by the log."""
        self.found, self.found_at, self.found_by_id, self.found_by_name = "", None, None, ""
