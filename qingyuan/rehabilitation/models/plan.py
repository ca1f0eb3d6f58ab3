"""What a plan is to reach, what came of it at each review, who looked at the plan, and what somebody was encouraged with.

A goal is reached, partly, not, or dropped; nothing here is a point, a share or a level.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.guarded import Guarded, GuardedQuerySet
from qingyuan.foundation.ids import new_id
from qingyuan.rehabilitation.models.case import CarePlan
from qingyuan.rehabilitation.models.client import Client
from qingyuan.rehabilitation.models.measure import Measure
from qingyuan.rehabilitation.models.rows import ClientRow

HOME = Compartment.COMMUNITY


class PlanGoal(ClientRow):
    """One thing to reach by one day. ``outcome`` is how it stood when it was last looked at; the looks before are in the history.

    ``written_by_id``: who last wrote its words; that one does not agree to the plan."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+")
    plan = models.ForeignKey(CarePlan, models.PROTECT, related_name="goals")
    set_on = models.DateField(_("定下日期"))
    number = models.PositiveSmallIntegerField(_("序号"))
    goal = EncryptedTextField(_("要达到什么"), compartment=HOME)
    own_words = EncryptedTextField(_("本人的话"), compartment=HOME, blank=True, default="")
    by_on = models.DateField(_("到哪天"))
    outcome = models.CharField(_("评估结果"), max_length=12, blank=True)
    looked_on = models.DateField(_("评估日期"), null=True, blank=True)
    written_by_id = models.BigIntegerField(null=True, editable=False)

    class Meta(ClientRow.Meta):
        verbose_name = _("计划目标")
        constraints = [
            *ClientRow.Meta.constraints,
            models.CheckConstraint(condition=Q(by_on__gt=F("set_on")), name="rehabilitation_goal_by_after_set"),
            models.CheckConstraint(
                condition=Q(outcome="", looked_on=None) | (~Q(outcome="") & Q(looked_on__isnull=False)),
                name="rehabilitation_goal_looked_whole",
            ),
        ]


class PlanLook(Guarded):
    """The town's supervisor has looked at a plan: agreed, or sent it back with words. It lapses when the plan or a goal is
    written anew; a plan has one that stands."""

    movable: ClassVar[frozenset[str]] = frozenset({"lapsed_at"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(CarePlan, models.PROTECT, related_name="looks")
    agreed = models.BooleanField(_("同意"))
    words = EncryptedTextField(_("意见"), compartment=HOME, blank=True, default="")
    looked_at = models.DateTimeField()
    looked_by_id = models.BigIntegerField(null=True)
    looked_by_name = models.CharField(_("看的人"), max_length=40)
    lapsed_at = models.DateTimeField(null=True)

    objects = GuardedQuerySet["PlanLook"].as_manager()

    class Meta:
        verbose_name = _("个案计划审看")
        ordering = ("-looked_at",)
        constraints = [
            models.UniqueConstraint(fields=("plan",), condition=Q(lapsed_at=None), name="rehabilitation_planlook_one_stands"),
        ]

    def __str__(self) -> str:
        return f"look at plan {self.pk}"


class Encouraged(ClientRow):
    """What somebody did well and what was given for it (鼓励): stands beside the warnings, is counted nowhere."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="encouragements")
    given_on = models.DateField(_("日期"))
    kind = models.CharField(_("方式"), max_length=12)
    did = EncryptedTextField(_("本人做得好的事"), compartment=HOME)
    days = models.PositiveSmallIntegerField(_("守约满几天"), null=True, blank=True)
    basis = EncryptedTextField(_("协议依据"), compartment=HOME, blank=True, default="")
    given_by = models.JSONField(_("给的人"), default=list)

    class Meta(ClientRow.Meta):
        verbose_name = _("鼓励记录")
