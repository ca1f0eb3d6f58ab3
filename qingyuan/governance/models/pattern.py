"""Questions about patterns (数据问询): what was looked at, what a unit is asked to explain, the rows it rests on, its files."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.audit.models import WriteOnce, WriteOnceQuerySet
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.ids import new_id
from qingyuan.governance.enums import PatternKind
from qingyuan.governance.models.guarded import Guarded, GuardedQuerySet
from qingyuan.organisation.models import Division, Unit

#: States in which the unit knows nothing of a question.
UNSENT = ("proposed", "not_asked")
#: States in which nothing more is expected of anybody.
DONE = ("accepted", "settled", "withdrawn", "not_asked")


class LookQuerySet(WriteOnceQuerySet["PatternLook"]):
    """Written once."""


class PatternLook(WriteOnce):
    """One look at the rows of twelve months. ``month``: the last of them; ``turn`` counts the looks that end with it.

    ``looked``: what was counted, by subject: {"title", "units", "count"}; ``unlooked``: what was left out of ``looked``.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    month = models.CharField(_("截至月份"), max_length=7)
    turn = models.PositiveSmallIntegerField(_("第几次"))
    first_day = models.DateField(_("从"))
    last_day = models.DateField(_("到"))
    looked = models.JSONField(_("看了什么"), default=list)
    found = models.PositiveIntegerField(_("列出"), default=0)
    at = models.DateTimeField(_("时间"))

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = _("一次查看")
        ordering = ("-at",)
        constraints = [
            models.UniqueConstraint(fields=("month", "turn"), name="governance_patternlook_turn_unique"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="governance_patternlook_days"),
        ]


class PatternQuestionQuerySet(models.QuerySet["PatternQuestion"]):
    def sent(self) -> PatternQuestionQuerySet:
        return self.exclude(state__in=UNSENT)

    def under_way(self) -> PatternQuestionQuerySet:
        return self.exclude(state__in=DONE)


class PatternQuestion(models.Model):
    """``unit`` and ``division`` are those of the unit asked; ``issuer`` the office that asks. About a unit, never a worker.

    ``seen`` of ``of`` are as the pattern says, where ``usual`` (a share) is what others do; ``chance``: how likely that is by
    chance alone, None where it is no matter of chance (a file that is the same; ``elsewhere``: how many like it
    other units laid down; ``group`` is the same for all who are asked about it). ``subject``: which work was looked at.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    look = models.ForeignKey(PatternLook, models.PROTECT, related_name="questions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("被问的单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("市禁毒办"))
    pattern = models.CharField(_("情形"), max_length=16, choices=PatternKind.choices)
    subject = models.CharField(_("哪一项工作"), max_length=40)
    first_day = models.DateField(_("从"))
    last_day = models.DateField(_("到"))
    seen = models.PositiveIntegerField(_("看到"))
    of = models.PositiveIntegerField(_("共有"))
    elsewhere = models.PositiveIntegerField(_("别处还有"), default=0)
    group = models.CharField(_("同一组"), max_length=80, blank=True)
    usual = models.FloatField(_("通常"))
    chance = models.FloatField(_("偶然的机会"), null=True)
    state = models.CharField(_("状态"), max_length=20, default="proposed")
    version = models.PositiveIntegerField(default=1, editable=False)
    found_at = models.DateTimeField(_("列出时间"))
    asked_on = models.DateField(_("发出日期"), null=True)
    due_on = models.DateField(_("说明期限"), null=True)
    answered_on = models.DateField(_("说明日期"), null=True)
    ended_on = models.DateField(_("结束日期"), null=True)
    words = EncryptedTextField(_("另外想说的"), compartment=Compartment.INTERNAL, blank=True)
    answer = EncryptedTextField(_("情况说明"), compartment=Compartment.INTERNAL, blank=True)

    objects = PatternQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("数据问询")
        ordering = ("-found_at", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(seen__lte=F("of")), name="governance_patternquestion_seen_of"),
            models.CheckConstraint(
                condition=Q(state__in=UNSENT) | Q(asked_on__isnull=False, due_on__isnull=False),
                name="governance_patternquestion_sent_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("answered", "accepted")) | Q(answered_on__isnull=False),
                name="governance_patternquestion_heard_first",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=DONE) | Q(ended_on__isnull=False), name="governance_patternquestion_end_has_day"
            ),
        ]
        indexes = [
            models.Index(fields=("issuer", "state"), name="governance_patternq_issuer"),
            models.Index(fields=("unit", "state", "due_on"), name="governance_patternq_unit"),
        ]

    def is_past_due(self, on: date) -> bool:
        return self.state == "asked" and self.due_on is not None and self.due_on < on

    @property
    def under_way(self) -> bool:
        return self.state not in DONE


class PatternRowQuerySet(WriteOnceQuerySet["PatternRow"]):
    """Written once."""


class PatternRow(WriteOnce):
    """A row that a question rests on; nothing of it is copied but its days. ``pattern`` and ``row`` are unique together: the same
    row is asked about once, whoever looks and however often.

    ``row``: ledger and number, «R05/2022-09/95» for a month of a figure, or the kind and number of a file. ``day``: what it is
    about; ``at``: when it was entered.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    question = models.ForeignKey(PatternQuestion, models.PROTECT, related_name="rows")
    pattern = models.CharField(max_length=16, choices=PatternKind.choices)
    row = models.CharField(_("记录"), max_length=80)
    day = models.DateField(_("日期"), null=True)
    at = models.DateTimeField(_("登记时间"), null=True)

    objects = PatternRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("数据问询所依据的记录")
        ordering = ("at", "day", "row")
        constraints = [models.UniqueConstraint(fields=("pattern", "row"), name="governance_patternrow_asked_once")]


class PatternFileQuerySet(WriteOnceQuerySet["PatternFile"]):
    """Written once."""


class PatternFile(WriteOnce):
    """A file that came with an answer, encrypted in its column; ``content`` is base64."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    question = models.ForeignKey(PatternQuestion, models.PROTECT, related_name="files")
    position = models.PositiveIntegerField(_("随第几步"))
    digest = models.CharField(_("校验值"), max_length=64)
    size = models.PositiveIntegerField(_("字节"))
    media_type = models.CharField(max_length=80)
    content = EncryptedTextField(_("文件"), compartment=Compartment.INTERNAL)
    file_name = EncryptedTextField(_("文件名"), compartment=Compartment.INTERNAL)
    stored_at = models.DateTimeField(_("入库时间"))
    by_name = models.CharField(_("上传人"), max_length=40)

    objects = PatternFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("情况说明的佐证材料")
        ordering = ("stored_at", "pk")
        constraints = [models.UniqueConstraint(fields=("question", "digest"), name="governance_patternfile_unique")]


class PictureSignsQuerySet(GuardedQuerySet["PictureSigns"]):
    """Written once."""


class PictureSigns(Guarded):
    """The signs of a picture that was laid down (``documents.likeness``), so that it is opened once and not every month.

    ``row`` is the kind and number of the file; ``signs`` 64 hexadecimal digits, empty where there are none.
    """

    movable: ClassVar[frozenset[str]] = frozenset()

    row = models.CharField(max_length=80, primary_key=True)
    signs = models.CharField(max_length=64, blank=True)

    objects = PictureSignsQuerySet.as_manager()

    class Meta:
        verbose_name = _("图片特征")
