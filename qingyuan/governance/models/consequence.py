"""What follows from a published result for one unit: proposed by a rule, answered by the unit, decided by a person, left by its rule.

Only units and places have consequences, never a person: there is no column for one.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.models import Paper
from qingyuan.foundation.audit.models import WriteOnce, WriteOnceQuerySet
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.ids import new_id
from qingyuan.governance.enums import ConsequenceKind
from qingyuan.governance.models.year_end import AssessmentResult, AssessmentRound
from qingyuan.organisation.models import Division, Unit

#: States in which nobody outside the office knows of an entry.
UNSENT = ("proposed", "dropped")
#: States in which a decision stands.
DECIDED = ("decided", "objected", "repaired", "closed", "left")
#: States in which nothing more is expected of anybody.
OVER = ("dropped", "revoked", "withdrawn", "closed", "left")


class ConsequenceQuerySet(models.QuerySet["Consequence"]):
    def sent(self) -> ConsequenceQuerySet:
        """What the unit concerned knows of. A reward that needs no hearing is known when it is decided."""
        return self.exclude(state__in=UNSENT).filter(Q(noticed_on__isnull=False) | Q(decided_on__isnull=False))

    def opened(self) -> ConsequenceQuerySet:
        """Decisions that the other units of the city are shown."""
        return self.filter(opens=True, state__in=DECIDED)

    def under_way(self) -> ConsequenceQuerySet:
        return self.exclude(state__in=OVER)


class Consequence(models.Model):
    """One rule met by one published result. ``met``: the conditions by what they were met; ``rule_*``: the rule as it stood then.

    ``kind`` is what the rule says, ``decided_kind`` what was decided; ``points`` of a mapping alike. ``reply_by``, ``object_by``:
    last days, working days of the platform's table. ``ends_on``: last day it stands, or the day by which things are put right.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(AssessmentRound, models.PROTECT, related_name="consequences", verbose_name=_("考核评审"))
    result = models.ForeignKey(AssessmentResult, models.PROTECT, related_name="consequences", verbose_name=_("考评结果"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("地区"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("提出单位"))
    state = models.CharField(_("状态"), max_length=20, default="proposed")
    version = models.PositiveIntegerField(default=1, editable=False)
    table = models.CharField(_("规则表"), max_length=40)
    table_version = models.CharField(_("版次"), max_length=20)
    table_hash = models.CharField(_("规则表校验值"), max_length=64)
    rule = models.CharField(_("规则"), max_length=12)
    rule_text = models.CharField(_("规则原文"), max_length=300)
    rule_source = models.CharField(_("规则出处"), max_length=300)
    article = models.CharField(_("法条"), max_length=20, blank=True)
    confirmed = models.BooleanField(_("已由本市文件确认"), default=False)
    kind = models.CharField(_("事项"), max_length=10, choices=ConsequenceKind.choices)
    system = models.CharField(_("折算到"), max_length=40, blank=True)
    points = models.DecimalField(_("建议折算分"), max_digits=6, decimal_places=2, null=True)
    cap = models.DecimalField(_("最多"), max_digits=6, decimal_places=2, null=True)
    opens = models.BooleanField(_("对全市公开"), default=False)
    ending = models.CharField(_("退出办法"), max_length=8, default="none")
    months = models.PositiveSmallIntegerField(_("期限(月)"), default=0)
    met = models.JSONField(_("对照"), default=list)
    reply = EncryptedTextField(_("陈述意见"), compartment=Compartment.INTERNAL, blank=True)
    opinion = EncryptedTextField(_("拟办意见"), compartment=Compartment.INTERNAL, blank=True)
    decided_kind = models.CharField(_("决定"), max_length=10, choices=ConsequenceKind.choices, blank=True)
    decided_points = models.DecimalField(_("决定的分"), max_digits=6, decimal_places=2, null=True)
    departs = models.BooleanField(_("与规则不同"), default=False)
    decided_by_id = models.BigIntegerField(null=True, editable=False)
    decided_by_name = models.CharField(_("决定人"), max_length=40, blank=True)
    reason = EncryptedTextField(_("决定理由"), compartment=Compartment.INTERNAL, blank=True)
    objection = EncryptedTextField(_("异议"), compartment=Compartment.INTERNAL, blank=True)
    answer = EncryptedTextField(_("异议答复"), compartment=Compartment.INTERNAL, blank=True)
    repair = EncryptedTextField(_("整改情况"), compartment=Compartment.INTERNAL, blank=True)
    proposed_on = models.DateField(_("提出日期"))
    noticed_on = models.DateField(_("告知日期"), null=True)
    reply_by = models.DateField(_("陈述期限"), null=True)
    replied_on = models.DateField(_("陈述日期"), null=True)
    decided_on = models.DateField(_("决定日期"), null=True)
    received_on = models.DateField(_("签收日期"), null=True)
    object_by = models.DateField(_("异议期限"), null=True)
    answer_by = models.DateField(_("答复期限"), null=True)
    ends_on = models.DateField(_("期限"), null=True)
    left_on = models.DateField(_("退出日期"), null=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", verbose_name=_("决定文书"))
    drafted_by_id = models.BigIntegerField(null=True, editable=False)
    drafted_by_name = models.CharField(_("提出人"), max_length=40)
    changed_at = models.DateTimeField(null=True, editable=False)

    objects = ConsequenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("奖惩事项")
        ordering = ("result__number", "rule")
        constraints = [
            models.UniqueConstraint(fields=("result", "rule"), name="governance_consequence_rule_once"),
            models.CheckConstraint(
                condition=~Q(state__in=DECIDED) | (Q(decided_on__isnull=False) & ~Q(decided_kind="")),
                name="governance_consequence_decided_is_said",
            ),
            models.CheckConstraint(condition=Q(departs=False) | ~Q(reason=""), name="governance_consequence_departure_has_reason"),
            models.CheckConstraint(
                condition=Q(decided_points=None) | Q(decided_points__gte=0, decided_points__lte=F("cap")),
                name="governance_consequence_points_capped",
            ),
            models.CheckConstraint(
                condition=Q(noticed_on=None) | Q(reply_by__gt=F("noticed_on")), name="governance_consequence_time_to_reply"
            ),
            models.CheckConstraint(condition=~Q(state="left") | Q(left_on__isnull=False), name="governance_consequence_left_has_day"),
        ]
        indexes = [
            models.Index(fields=("unit", "state"), name="governance_consequence_unit"),
            models.Index(fields=("issuer", "state"), name="governance_consequence_office"),
        ]

    @property
    def stands_as(self) -> str:
        """What it is now: decided, else proposed."""
        return self.decided_kind or self.kind

    @property
    def stands_for(self) -> bool:
        """Whether it stands for a time and has a way to leave: not a lighter measure decided in place of one that would."""
        return self.ending != "none" and self.stands_as == self.kind

    def is_over_time(self, on: date) -> bool:
        """Its last day has passed."""
        return self.ends_on is not None and self.ends_on < on


class ConsequenceFileQuerySet(WriteOnceQuerySet["ConsequenceFile"]):
    """Written once."""


class ConsequenceFile(WriteOnce):
    """One file that shows what was put right, encrypted; ``content`` is base64. ``position``: of the step it came with."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    consequence = models.ForeignKey(Consequence, models.PROTECT, related_name="files")
    position = models.PositiveIntegerField(_("随第几步"))
    digest = models.CharField(_("校验值"), max_length=64)
    size = models.PositiveIntegerField(_("字节"))
    media_type = models.CharField(max_length=80)
    content = EncryptedTextField(_("文件"), compartment=Compartment.INTERNAL)
    file_name = EncryptedTextField(_("文件名"), compartment=Compartment.INTERNAL)
    stored_at = models.DateTimeField(_("入库时间"))
    by_name = models.CharField(_("上传人"), max_length=40)

    objects: ClassVar[models.Manager[ConsequenceFile]] = ConsequenceFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("整改佐证材料")
        ordering = ("stored_at", "pk")
        constraints = [models.UniqueConstraint(fields=("consequence", "digest"), name="governance_consequencefile_unique")]
