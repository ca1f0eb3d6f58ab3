"""Returns (报表): one unit's signed monthly table, its steps up the tree, and the names of its published cells."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID, uuid5

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.ids import new_id
from qingyuan.governance.enums import Move, ReturnState
from qingyuan.governance.models.guarded import Guarded, GuardedQuerySet, WrittenOnce
from qingyuan.organisation.models import Division, Unit
from qingyuan.reference.periods import Period


class ReturnQuerySet(models.QuerySet["Return"]):
    def current(self) -> ReturnQuerySet:
        """The newest version of each: an open one, else the locked one that counts."""
        return self.filter(superseded_at=None)

    def locked(self) -> ReturnQuerySet:
        return self.filter(state=ReturnState.LOCKED, superseded_at=None)

    def with_reminders(self) -> ReturnQuerySet:
        """Each with when it was last asked for."""
        return self.annotate(last_reminder=models.Max("steps__at", filter=Q(steps__step=Move.REMIND)))

    def late_on(self, day: date) -> ReturnQuerySet:
        """Not yet filed for the first time although the day for it has passed."""
        return self.filter(first_submitted_on=None, due_on__lt=day)

    def update(self, **kwargs: Any) -> int:
        if not set(kwargs) <= Return.movable_when_locked and self.filter(state=ReturnState.LOCKED).exists():
            raise WrittenOnce(str(self.model._meta.verbose_name))
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise WrittenOnce(str(self.model._meta.verbose_name))


class Return(models.Model):
    """``series_id`` is common to all versions; ``cells`` holds exact numbers as text by cell code.

    ``level`` counts the levels that have approved; ``first_submitted_on`` decides whether it was in time.
    """

    movable_when_locked: ClassVar[frozenset[str]] = frozenset({"superseded_at"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    series_id = models.UUIDField(db_index=True, editable=False)
    form = models.CharField(_("报表"), max_length=20)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("填报单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    period = models.CharField(_("所属期间"), max_length=7)
    version = models.PositiveSmallIntegerField(_("版次"), default=1)
    state = models.CharField(_("状态"), max_length=12, choices=ReturnState.choices, default=ReturnState.DRAFT)
    level = models.PositiveSmallIntegerField(default=0)
    cells = models.JSONField(default=dict)
    note = EncryptedTextField(_("说明"), compartment=Compartment.INTERNAL, blank=True)
    filler_id = models.BigIntegerField(null=True)
    filler_name = models.CharField(_("填报人"), max_length=40, blank=True)
    reviewer_name = models.CharField(_("单位审核人"), max_length=40, blank=True)
    due_on = models.DateField(_("报送期限"))
    first_submitted_on = models.DateField(_("首次报出"), null=True)
    submitted_at = models.DateTimeField(_("报出时间"), null=True)
    locked_at = models.DateTimeField(_("锁定时间"), null=True)
    locked_by_name = models.CharField(_("锁定人"), max_length=40, blank=True)
    correction_reason = EncryptedTextField(_("更正原因"), compartment=Compartment.INTERNAL, blank=True)
    superseded_at = models.DateTimeField(null=True)
    moved = models.PositiveIntegerField(default=0)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        verbose_name = _("报表")
        ordering = ("-period", "form", "unit")
        constraints = [
            models.UniqueConstraint(
                fields=("form", "unit", "period", "version"), name="governance_return_version_unique"
            ),
            models.UniqueConstraint(
                fields=("form", "unit", "period"),
                condition=~Q(state=ReturnState.LOCKED),
                name="governance_return_one_open",
            ),
            models.UniqueConstraint(
                fields=("form", "unit", "period"),
                condition=Q(state=ReturnState.LOCKED, superseded_at=None),
                name="governance_return_one_counts",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReturnState.LOCKED)
                | Q(locked_at__isnull=False, submitted_at__isnull=False, first_submitted_on__isnull=False),
                name="governance_return_locked_was_filed",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(correction_reason=""), name="governance_return_correction_has_reason"
            ),
        ]
        indexes = [models.Index(fields=("unit", "state", "due_on"), name="governance_return_unit_due")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A locked return is refused: change it by a correction."""
        if not self._state.adding and Return.objects.filter(pk=self.pk, state=ReturnState.LOCKED).exists():
            raise WrittenOnce(str(self._meta.verbose_name))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise WrittenOnce(str(self._meta.verbose_name))

    @property
    def month(self) -> Period:
        return Period.parse(self.period)

    @property
    def last_day(self) -> date:
        return self.month.end - timedelta(days=1)

    @property
    def on_time(self) -> bool:
        """Judged by the day it was first filed, whatever was sent back later."""
        return self.first_submitted_on is not None and self.first_submitted_on <= self.due_on

    @property
    def reminded_at(self) -> datetime | None:
        """When the office last asked for it; read once for many by ``with_reminders``."""
        if "last_reminder" in self.__dict__:
            found: datetime | None = self.__dict__["last_reminder"]
            return found
        return self.steps.filter(step=Move.REMIND).aggregate(last=models.Max("at"))["last"]  # type: ignore[no-any-return]

    @property
    def values(self) -> dict[str, Decimal | None]:
        return {code: None if text is None else Decimal(text) for code, text in self.cells.items()}


class ReturnStepQuerySet(GuardedQuerySet["ReturnStep"]):
    """Written once."""


class ReturnStep(Guarded):
    """One step of a return: who, when, from where to where, why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    filed = models.ForeignKey(Return, models.PROTECT, related_name="steps")
    step = models.CharField(_("步骤"), max_length=10, choices=Move.choices)
    from_state = models.CharField(max_length=12, choices=ReturnState.choices)
    to_state = models.CharField(max_length=12, choices=ReturnState.choices)
    level = models.PositiveSmallIntegerField(default=0)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(_("经办人"), max_length=40)
    by_unit = models.CharField(_("经办单位"), max_length=80, blank=True)
    at = models.DateTimeField(_("时间"))
    reason = EncryptedTextField(_("理由"), compartment=Compartment.INTERNAL, blank=True)

    objects = ReturnStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("报表经办记录")
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=~Q(step__in=(Move.SEND_BACK, Move.CORRECT)) | ~Q(reason=""),
                name="governance_returnstep_reason_given",
            ),
        ]


class ReturnCell(models.Model):
    """The public name of one cell of one series: facts carry ``id``, and it leads back to the signed return."""

    id = models.UUIDField(primary_key=True, editable=False)
    series_id = models.UUIDField(db_index=True)
    code = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("报表单元格")
        constraints = [models.UniqueConstraint(fields=("series_id", "code"), name="governance_returncell_unique")]


def cell_id(series_id: UUID, code: str) -> UUID:
    """The same for every version of the return, so that a correction replaces the number instead of adding one."""
    return uuid5(series_id, code)
