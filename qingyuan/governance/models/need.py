"""What a task needs from another unit, asked, answered and delivered; and the rows that show how far a task is."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.ids import new_id
from qingyuan.governance.enums import NeedState
from qingyuan.governance.models.duty_plan import UnitTask
from qingyuan.governance.models.guarded import Guarded, GuardedQuerySet
from qingyuan.organisation.models import Division, Unit


class UnitNeed(models.Model):
    """``unit`` and ``division`` are the asking unit's; ``to_unit`` and ``to_division`` of whom it is asked.

    ``promised_on``: by when the other unit said it would. ``owed_on``: by when it owes its next word or deed
    (``NeedDays.owed_by``), None where nothing is owed; whether that is late is read from the day, never stored.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    task = models.ForeignKey(UnitTask, models.PROTECT, related_name="needs", verbose_name=_("任务"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("提出单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("配合单位"))
    to_division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    what = models.CharField(_("需要什么"), max_length=300)
    due_on = models.DateField(_("何时要"))
    state = models.CharField(_("状态"), max_length=12, choices=NeedState.choices, default=NeedState.ASKED)
    asked_at = models.DateTimeField(_("提出时间"))
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    promised_on = models.DateField(_("答应的日期"), null=True)
    met_on = models.DateField(_("办到日期"), null=True)
    owed_on = models.DateField(_("应办到哪一天"), null=True, editable=False)

    class Meta:
        verbose_name = _("配合事项")
        ordering = ("due_on", "pk")
        constraints = [
            models.CheckConstraint(condition=~Q(unit=F("to_unit")), name="governance_unitneed_of_another"),
            models.CheckConstraint(
                condition=~Q(state=NeedState.PROMISED) | Q(promised_on__isnull=False),
                name="governance_unitneed_promise_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=NeedState.MET) | Q(met_on__isnull=False), name="governance_unitneed_met_has_day"
            ),
        ]
        indexes = [models.Index(fields=("to_unit", "state", "due_on"), name="governance_unitneed_to")]


class UnitNeedStepQuerySet(GuardedQuerySet["UnitNeedStep"]):
    """Written once."""


class UnitNeedStep(Guarded):
    """One word in the matter: who, when, which step, what was said."""

    need = models.ForeignKey(UnitNeed, models.PROTECT, related_name="steps")
    step = models.CharField(_("步骤"), max_length=12)
    words = models.CharField(_("说明"), max_length=300, blank=True)
    day = models.DateField(_("日期"), null=True)
    by_name = models.CharField(_("经办人"), max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField(_("时间"))

    objects = UnitNeedStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("配合事项的经过")
        ordering = ("at", "pk")


class TaskEvidence(models.Model):
    """A row of a ledger, or a return, that shows what a task says of a quarter. ``row_id``: its key; nothing is copied."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    task = models.ForeignKey(UnitTask, models.PROTECT, related_name="proofs")
    quarter = models.PositiveSmallIntegerField(_("季度"))
    ledger = models.CharField(_("台账"), max_length=40)
    row_id = models.UUIDField()
    by_name = models.CharField(_("关联人"), max_length=40)
    at = models.DateTimeField(_("关联时间"))

    class Meta:
        verbose_name = _("进展依据")
        ordering = ("quarter", "at", "pk")
        constraints = [
            models.UniqueConstraint(fields=("task", "ledger", "row_id"), name="governance_taskevidence_once"),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="governance_taskevidence_quarter"),
        ]
