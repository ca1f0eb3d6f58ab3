"""Who stands in for whom while somebody is away (离岗代办): by date, inside what both may see anyway."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.guarded import Guarded, GuardedQuerySet
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.enums import Absence


class SubstitutionQuerySet(GuardedQuerySet["Substitution"]):
    def on(self, day: date) -> SubstitutionQuerySet:
        return self.filter(start__lte=day, end__gt=day)

    def not_ended_by(self, day: date) -> SubstitutionQuerySet:
        """In force on ``day`` or some time after it."""
        return self.filter(end__gt=day)

    def meeting(self, start: date, end: date) -> SubstitutionQuerySet:
        """With a day in common with [start, end)."""
        return self.filter(start__lt=end, end__gt=start)


class Substitution(Guarded):
    """``substitute`` acts for ``absent`` in [start, end): ``end`` is the first day back, and only ever moves inwards."""

    movable: ClassVar[frozenset[str]] = frozenset({"end", "ended_by_name"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    absent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences", verbose_name=_("离岗的人")
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="stand_ins", verbose_name=_("代办的人")
    )
    kind = models.CharField(_("离岗情形"), max_length=10, choices=Absence.choices)
    start = models.DateField(_("起"))
    end = models.DateField(_("回岗日"))
    set_by_id = models.BigIntegerField(null=True)
    set_by_name = models.CharField(_("登记人"), max_length=40)
    set_at = models.DateTimeField(_("登记时间"))
    ended_by_name = models.CharField(_("提前结束人"), max_length=40, blank=True)

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("离岗代办")
        ordering = ("-start", "-set_at")
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="organisation_substitution_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(absent=F("substitute")), name="organisation_substitution_somebody_else"
            ),
        ]
        indexes = [
            models.Index(fields=("substitute", "start", "end"), name="organisation_stand_in_live"),
            models.Index(fields=("absent", "start", "end"), name="organisation_absence_live"),
        ]

    def __str__(self) -> str:
        return f"substitution {self.pk}"
