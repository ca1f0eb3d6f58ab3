from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.ledgers.models import LedgerRow, listed
from qingyuan.prevention.models.place import Place


class School(LedgerRow):
    """A school with its pupils as counts by grade band, and its standing as a demonstration school.

    ``place`` is its unit in the directory of places, kept in line by the room's actions, so that nothing is typed twice.
    """

    name = models.CharField(_("学校名称"), max_length=80)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", null=True)
    stage = models.CharField(_("学段"), max_length=20)
    listed_on = models.DateField(_("列入日期"))
    closed_on = models.DateField(_("撤并日期"), null=True, blank=True)
    pupils_p1_3 = models.PositiveIntegerField(_("小学一至三年级人数"), default=0)
    pupils_p4_6 = models.PositiveIntegerField(_("小学四至六年级人数"), default=0)
    pupils_j7_9 = models.PositiveIntegerField(_("初中人数"), default=0)
    pupils_s10_12 = models.PositiveIntegerField(_("高中人数"), default=0)
    pupils_v1_3 = models.PositiveIntegerField(_("中职人数"), default=0)
    qingjiao = models.BooleanField(_("接入青骄第二课堂"), default=False)
    demonstration = models.CharField(_("示范学校级别"), max_length=20, blank=True)
    awarded_on = models.DateField(_("命名日期"), null=True, blank=True)
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = _("学校")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gt=F("listed_on")),
                name="prevention_school_closed_after_listed",
            ),
            models.CheckConstraint(
                condition=Q(demonstration="") | Q(awarded_on__isnull=False), name="prevention_school_award_has_day"
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("awarded_on")),
                name="prevention_school_award_ends_after_it_began",
            ),
        ]
        indexes = [models.Index(fields=("name",), name="prevention_school_name")]


class Lesson(LedgerRow):
    """Class hours given to one grade band of a school on one day."""

    school = models.ForeignKey(School, models.PROTECT, related_name="lessons")
    held_on = models.DateField(_("上课日期"))
    grade_band = models.CharField(_("年级段"), max_length=20)
    hours = models.DecimalField(_("课时"), max_digits=4, decimal_places=1)
    pupils = models.PositiveIntegerField(_("听课人次"))
    topic = models.CharField(_("课题"), max_length=120, blank=True)
    teacher = models.CharField(_("授课单位"), max_length=80, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = _("禁毒专题课")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(condition=Q(hours__gt=0), name="prevention_lesson_hours_positive"),
        ]
        indexes = [
            models.Index(fields=("school", "held_on"), name="prevention_lesson_school"),
            listed("prevention_lesson_listed", by="division", dated="held_on"),
        ]
