"""What should be done, as rows one can count and open: rounds per patch, class hours per school, a visit per place and year.

They follow from the directories and from what was done (``actions.plans``); nobody types them. They are the room's own
and not casework's dues, which belong to a person in the community compartment; the rule that answers a window is the same.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.ledgers.models import LedgerRow
from qingyuan.prevention.enums import PlanOutcome
from qingyuan.prevention.models.cultivation import Patch
from qingyuan.prevention.models.place import Place
from qingyuan.prevention.models.school import School


class Planned(LedgerRow):
    """One window: ``opens_on`` to ``last_day``, both inside. ``subject`` names the key to what it is planned for."""

    subject: ClassVar[str]

    position = models.PositiveIntegerField(editable=False)
    label = models.CharField(_("哪一次"), max_length=40)
    opens_on = models.DateField(_("开始"))
    last_day = models.DateField(_("截至"))
    outcome = models.CharField(_("结果"), max_length=10, default=PlanOutcome.OPEN)
    done_on = models.DateField(_("完成日期"), null=True, blank=True)

    class Meta(LedgerRow.Meta):
        abstract = True
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(last_day__gte=F("opens_on")), name="prevention_%(class)s_ends_after_begun"
            ),
            models.CheckConstraint(
                condition=Q(outcome=PlanOutcome.DONE, done_on__isnull=False)
                | (~Q(outcome=PlanOutcome.DONE) & Q(done_on=None)),
                name="prevention_%(class)s_done_has_day",
            ),
        ]


class ReachPlan(Planned):
    """Each place is reached at least once a calendar year."""

    subject = "place_id"
    place = models.ForeignKey(Place, models.PROTECT, related_name="plans")
    kind = models.CharField(_("六进类别"), max_length=20)

    class Meta(Planned.Meta):
        abstract = False
        verbose_name = _("六进应进")


class LessonPlan(Planned):
    """Each school in scope gives the class hours asked for in a school year; ``hours`` are those given so far."""

    subject = "school_id"
    school = models.ForeignKey(School, models.PROTECT, related_name="plans")
    stage = models.CharField(_("学段"), max_length=20)
    hours = models.DecimalField(_("已上课时"), max_digits=6, decimal_places=1, default=0)
    required = models.PositiveSmallIntegerField(_("应上课时"))

    class Meta(Planned.Meta):
        abstract = False
        verbose_name = _("专题课应上")


class SurveyPlan(Planned):
    """Each patch is walked once in every round of the season."""

    subject = "patch_id"
    patch = models.ForeignKey(Patch, models.PROTECT, related_name="plans")

    class Meta(Planned.Meta):
        abstract = False
        verbose_name = _("应踏查")
