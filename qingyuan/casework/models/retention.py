"""A plan of what ends: made by one person, approved by another, carried out line by line. Ids and counts, never a name."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.enums import PlanState
from qingyuan.foundation.guarded import Guarded, GuardedQuerySet
from qingyuan.foundation.ids import new_id


class RetentionPlan(Guarded):
    """``content`` is the plan as it was signed, ``digest`` over it; ``done``: how many of its lines, in their order, were carried out."""

    movable: ClassVar[frozenset[str]] = frozenset(
        {"state", "done", "approved_at", "approved_by_id", "approved_by_name", "finished_at", "carried_by_name"}
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    content = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    planned_for = models.DateField(_("截至"))
    lines = models.PositiveIntegerField(_("事项"))
    state = models.CharField(_("状态"), max_length=10, choices=PlanState.choices, default=PlanState.PROPOSED)
    done = models.PositiveIntegerField(_("已办"), default=0)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField(_("提出人"), max_length=40)
    approved_at = models.DateTimeField(null=True)
    approved_by_id = models.BigIntegerField(null=True)
    approved_by_name = models.CharField(_("批准人"), max_length=40, blank=True, default="")
    finished_at = models.DateTimeField(null=True)
    carried_by_name = models.CharField(_("办理人"), max_length=40, blank=True, default="")

    objects = GuardedQuerySet["RetentionPlan"].as_manager()

    class Meta:
        verbose_name = _("到期处理方案")
        ordering = ("-made_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by_id=None) | ~Q(approved_by_id=F("made_by_id")), name="casework_retentionplan_two_people"
            ),
            models.CheckConstraint(condition=Q(done__lte=F("lines")), name="casework_retentionplan_done_within"),
            models.CheckConstraint(condition=Q(done=0) | Q(approved_at__isnull=False), name="casework_retentionplan_approved_first"),
        ]

    def __str__(self) -> str:
        return f"retention plan {self.pk}"
