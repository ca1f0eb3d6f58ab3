"""Responsibility letters: issued once with number and hash, signed on paper, never changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.enums import ScanMatch
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.ids import new_id
from qingyuan.governance.enums import LetterState
from qingyuan.governance.models.guarded import Guarded, GuardedQuerySet
from qingyuan.governance.models.scheme import PublishedScheme
from qingyuan.organisation.models import Division, Unit

LIVE = (LetterState.ISSUED, LetterState.SIGNED)


class NumberSeries(models.Model):
    """The last number given under one head in one year; its row is locked while the next is taken."""

    head = models.CharField(_("机关代字"), max_length=20)
    year = models.PositiveSmallIntegerField(_("年度"))
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("文号序列")
        constraints = [models.UniqueConstraint(fields=("head", "year"), name="governance_numberseries_unique")]


class LetterQuerySet(GuardedQuerySet["Letter"]):
    def live(self) -> LetterQuerySet:
        """Issued or signed: neither void nor replaced by an addendum."""
        return self.filter(state__in=LIVE)

    def of_year(self, year: int) -> LetterQuerySet:
        return self.filter(year=year)


class Letter(Guarded):
    """``content`` is all that is printed, ``content_hash`` covers it with number, parties and targets.

    ``targets`` and ``parties`` are the snapshots of the day of issue. Only state and signature columns may move.
    """

    movable: ClassVar[frozenset[str]] = frozenset({"state", "signed_at", "signed_on", "closed_reason"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(_("文号"), max_length=40, unique=True)
    serial = models.PositiveIntegerField(_("顺序号"))
    head = models.CharField(_("机关代字"), max_length=20)
    year = models.PositiveSmallIntegerField(_("年度"))
    city = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("签约地区"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("责任地区"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    scheme = models.ForeignKey(PublishedScheme, models.PROTECT, related_name="letters", verbose_name=_("考核办法"))
    title = models.CharField(_("标题"), max_length=120)
    targets = models.JSONField(default=list)
    parties = models.JSONField(default=dict)
    content = models.JSONField()
    content_hash = models.CharField(_("校验值"), max_length=64)
    state = models.CharField(_("状态"), max_length=8, choices=LetterState.choices, default=LetterState.ISSUED)
    issued_on = models.DateField(_("成文日期"))
    issued_at = models.DateTimeField(_("制发时间"))
    issued_by_id = models.BigIntegerField(null=True)
    issued_by_name = models.CharField(_("制发人"), max_length=40)
    signed_at = models.DateTimeField(_("签字页入库时间"), null=True)
    signed_on = models.DateField(_("签订日期"), null=True)
    amends = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="addenda", verbose_name=_("补充的责任书")
    )
    amends_reason = models.CharField(_("补充原因"), max_length=200, blank=True)
    closed_reason = models.CharField(_("作废或替代原因"), max_length=200, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("责任书")
        ordering = ("year", "serial")
        constraints = [
            models.UniqueConstraint(fields=("head", "year", "serial"), name="governance_letter_serial_unique"),
            models.UniqueConstraint(
                fields=("unit", "year"), condition=Q(state__in=LIVE), name="governance_letter_one_live"
            ),
            models.CheckConstraint(
                condition=~Q(state=LetterState.SIGNED) | Q(signed_at__isnull=False, signed_on__isnull=False),
                name="governance_letter_signed_has_page",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(LetterState.AMENDED, LetterState.VOID)) | ~Q(closed_reason=""),
                name="governance_letter_closed_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(signed_on=None) | Q(signed_on__gte=F("issued_on")),
                name="governance_letter_signed_after_issue",
            ),
        ]


    @property
    def is_of_unit(self) -> bool:
        """Whether a member unit answers in it, for its own work; else a town, for its place."""
        return self.division_id == self.city_id

    @property
    def addressee(self) -> str:
        """Who answers, as lists name it."""
        return self.unit.label if self.is_of_unit else self.division.name


class LetterScanQuerySet(GuardedQuerySet["LetterScan"]):
    """Written once."""


class LetterScan(Guarded):
    """The signed page as it came back. ``path`` names an encrypted file in the upload folder, ``digest`` its content."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    letter = models.ForeignKey(Letter, models.PROTECT, related_name="scans")
    digest = models.CharField(_("扫描件校验值"), max_length=64)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=120)
    file_name = EncryptedTextField(_("文件名"), compartment=Compartment.INTERNAL, blank=True)
    matched_by = models.CharField(_("核对方式"), max_length=8, choices=ScanMatch.choices)
    uploaded_at = models.DateTimeField(_("上传时间"))
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_by_name = models.CharField(_("上传人"), max_length=40)

    objects = LetterScanQuerySet.as_manager()

    class Meta:
        verbose_name = _("签字页扫描件")
        ordering = ("uploaded_at",)
        constraints = [
            models.UniqueConstraint(fields=("letter", "digest"), name="governance_letterscan_unique"),
        ]
