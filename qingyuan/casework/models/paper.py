"""Official papers (公文): the draft with its state, and what was issued, which never changes again."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.enums import (
    Openness,
    PaperKind,
    PaperMove,
    PaperState,
    ReceiptWay,
    ScanMatch,
    Urgency,
)
from qingyuan.casework.models.paper_template import PaperTemplate
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.guarded import Guarded, GuardedQuerySet, WrittenOnce
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import Division, Unit

#: States in which a paper may still be written in.
WRITABLE = (PaperState.DRAFT, PaperState.SENT_BACK)
#: States of a paper that has left the unit with a number.
OUT = (PaperState.ISSUED, PaperState.SERVED, PaperState.ARCHIVED)
#: What people write; it stands still from the moment the paper is handed up.
CONTENT: Final = frozenset(
    {
        "kind", "title", "addressee", "body", "attachments", "copies_to", "remark", "urgency", "openness", "word", "dated",
        "source", "source_id", "generated", "unit", "unit_id", "division", "division_id",
    }
)  # fmt: skip


class PaperSeries(models.Model):
    """The last number one unit gave under one 机关代字 in one year; its row is locked while the next is taken."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    word = models.CharField(_("机关代字"), max_length=20)
    year = models.PositiveSmallIntegerField(_("年度"))
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("公文文号序列")
        constraints = [
            # One word belongs to one unit in a year: two units under one word would print the same number.
            models.UniqueConstraint(fields=("word", "year"), name="casework_paperseries_unique"),
        ]


class PaperQuerySet(models.QuerySet["Paper"]):
    def update(self, **kwargs: Any) -> int:
        """What is written in a paper moves only while it may still be written in."""
        if CONTENT & set(kwargs) and self.exclude(state__in=WRITABLE).exists():
            raise WrittenOnce(str(Paper._meta.verbose_name))
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise WrittenOnce(str(Paper._meta.verbose_name))

    def issued(self) -> PaperQuerySet:
        """With a number and in force: not void."""
        return self.filter(state__in=OUT)

    def numbered(self) -> PaperQuerySet:
        """Every paper that ever took a number, void ones too."""
        return self.filter(issue__isnull=False)

    def under_way(self) -> PaperQuerySet:
        return self.exclude(state__in=(*OUT, PaperState.VOID))


class Paper(models.Model):
    """One paper from its first draft on. What is printed after issue is ``PaperIssue.content``, never these columns."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="papers", verbose_name=_("发文单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    kind = models.CharField(_("文种"), max_length=10, choices=PaperKind.choices)
    state = models.CharField(_("状态"), max_length=10, choices=PaperState.choices, default=PaperState.DRAFT)
    title = EncryptedTextField(_("标题"), compartment=Compartment.INTERNAL)
    addressee = EncryptedTextField(_("主送"), compartment=Compartment.INTERNAL, blank=True)
    body = EncryptedTextField(_("正文"), compartment=Compartment.INTERNAL, blank=True)
    attachments = EncryptedTextField(_("附件"), compartment=Compartment.INTERNAL, blank=True)
    copies_to = EncryptedTextField(_("抄送"), compartment=Compartment.INTERNAL, blank=True)
    remark = EncryptedTextField(_("附注"), compartment=Compartment.INTERNAL, blank=True)
    urgency = models.CharField(_("紧急程度"), max_length=10, choices=Urgency.choices, default=Urgency.PLAIN, blank=True)
    openness = models.CharField(_("公开属性"), max_length=10, choices=Openness.choices, default=Openness.INTERNAL)
    word = models.CharField(_("机关代字"), max_length=20)
    dated = models.DateField(_("成文日期"), null=True, blank=True)
    source = models.CharField(max_length=20, blank=True)
    source_id = models.CharField(max_length=60, blank=True)
    generated = EncryptedTextField(_("自动生成的文字"), compartment=Compartment.INTERNAL, blank=True)
    drafter_id = models.BigIntegerField(null=True)
    drafter_name = models.CharField(_("拟稿人"), max_length=40)
    created_at = models.DateTimeField(_("起草时间"))
    approver_name = models.CharField(_("签发人"), max_length=40, blank=True)
    approved_on = models.DateField(_("签发日期"), null=True, blank=True)
    approver_id = models.BigIntegerField(null=True)
    closed_reason = EncryptedTextField(_("作废原因"), compartment=Compartment.INTERNAL, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("公文")
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=(*WRITABLE, PaperState.SUBMITTED, PaperState.VOID))
                | (~Q(approver_name="") & Q(approved_on__isnull=False)),
                name="casework_paper_signed_has_signer",
            ),
            models.CheckConstraint(
                condition=~Q(state=PaperState.VOID) | ~Q(closed_reason=""), name="casework_paper_void_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=("unit", "state", "-created_at"), name="casework_paper_unit_state"),
            models.Index(fields=("source", "source_id"), name="casework_paper_source"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refused when what was handed up would change: send it back first, or void it and draft another."""
        if not self._state.adding:
            columns = [field.attname for field in self._meta.concrete_fields if field.name in CONTENT]
            stored = Paper._base_manager.filter(pk=self.pk).values("state", *columns).first()
            closed = stored is not None and stored["state"] not in WRITABLE
            if closed and any(stored[name] != getattr(self, name) for name in columns):
                raise WrittenOnce(str(self._meta.verbose_name))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise WrittenOnce(str(self._meta.verbose_name))

    @property
    def is_writable(self) -> bool:
        return self.state in WRITABLE

    @property
    def number(self) -> str:
        """文号; empty before issue. Kept when void."""
        issue = getattr(self, "issue", None)
        return issue.number if issue is not None else ""

    @property
    def attachment_titles(self) -> list[str]:
        return [line.strip() for line in self.attachments.splitlines() if line.strip()]


class PaperIssueQuerySet(GuardedQuerySet["PaperIssue"]):
    """Written once."""


class PaperIssue(Guarded):
    """The paper as issued: number, everything that is printed, and the hash over both. Nothing of it may move."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    paper = models.OneToOneField(Paper, models.PROTECT, related_name="issue")
    number = models.CharField(_("文号"), max_length=40, unique=True)
    word = models.CharField(_("机关代字"), max_length=20)
    year = models.PositiveSmallIntegerField(_("年度"))
    serial = models.PositiveIntegerField(_("顺序号"))
    content = EncryptedTextField(_("印发的内容"), compartment=Compartment.INTERNAL)
    content_hash = models.CharField(_("校验值"), max_length=64)
    issued_on = models.DateField(_("印发日期"))
    issued_at = models.DateTimeField(_("印发时间"))
    issued_by_id = models.BigIntegerField(null=True)
    issued_by_name = models.CharField(_("印发人"), max_length=40)
    template = models.ForeignKey(
        PaperTemplate, models.PROTECT, null=True, related_name="+", verbose_name=_("Word 模板")
    )

    objects = PaperIssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("印发的公文")
        ordering = ("year", "word", "serial")
        constraints = [
            models.UniqueConstraint(fields=("word", "year", "serial"), name="casework_paperissue_serial_unique"),
        ]


class PaperFigureQuerySet(models.QuerySet["PaperFigure"]):
    def of(self, indicator: str) -> PaperFigureQuerySet:
        return self.filter(indicator=indicator)

    def touching(self, start: date, end: date) -> PaperFigureQuerySet:
        """Figures whose period shares a day with [start, end)."""
        return self.filter(starts__lt=end, ends__gt=start)


class PaperFigure(models.Model):
    """One figure a paper cites: which number, of where and when, as it was printed and as known on which day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="figures")
    position = models.PositiveSmallIntegerField()
    line = models.PositiveSmallIntegerField(help_text="which generated line of the draft holds it")
    indicator = models.CharField(_("指标"), max_length=12)
    part = models.CharField(max_length=20, default="value")
    breakdown = models.CharField(max_length=20, blank=True)
    slice = models.CharField(max_length=40, blank=True)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    period = models.CharField(_("期间"), max_length=20)
    starts = models.DateField()
    ends = models.DateField()
    text = models.CharField(_("所引数字"), max_length=60)
    known_on = models.DateField(_("数字截至"))

    objects = PaperFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("公文所引数字")
        ordering = ("paper", "position")
        constraints = [
            models.UniqueConstraint(fields=("paper", "position"), name="casework_paperfigure_position_unique"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="casework_paperfigure_ends_after_start"),
        ]
        indexes = [models.Index(fields=("indicator", "division", "starts"), name="casework_paperfigure_cited")]


class PaperStepQuerySet(GuardedQuerySet["PaperStep"]):
    """Written once."""


class PaperStep(Guarded):
    """One step of a paper: who, when, from where to where, why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="steps")
    move = models.CharField(_("步骤"), max_length=10, choices=PaperMove.choices)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10, choices=PaperState.choices)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(_("经办人"), max_length=40)
    by_unit = models.CharField(_("经办单位"), max_length=80, blank=True)
    at = models.DateTimeField(_("时间"))
    reason = EncryptedTextField(_("说明"), compartment=Compartment.INTERNAL, blank=True)

    objects = PaperStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("公文经办记录")
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=~Q(move__in=(PaperMove.SEND_BACK, PaperMove.VOID)) | ~Q(reason=""),
                name="casework_paperstep_reason_given",
            ),
        ]


class PaperDeliveryQuerySet(models.QuerySet["PaperDelivery"]):
    def waiting(self) -> PaperDeliveryQuerySet:
        """Not yet signed for, of papers still in force."""
        return self.filter(received_on=None, paper__state__in=OUT)


class PaperDelivery(models.Model):
    """A paper served on one unit. ``unit`` and ``division`` are the receiver's, so that scope reads as everywhere."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="deliveries")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("收文单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    served_on = models.DateField(_("送达日期"))
    answer_by = models.DateField(_("签收期限"))
    received_on = models.DateField(_("签收日期"), null=True)
    received_by_id = models.BigIntegerField(null=True)
    received_by_name = models.CharField(_("签收人"), max_length=40, blank=True)
    way = models.CharField(_("签收方式"), max_length=10, choices=ReceiptWay.choices, blank=True)

    objects = PaperDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("公文送达")
        ordering = ("unit__code",)
        constraints = [
            models.UniqueConstraint(fields=("paper", "unit"), name="casework_paperdelivery_unique"),
            models.CheckConstraint(
                condition=Q(received_on=None, received_by_name="", way="")
                | (Q(received_on__isnull=False) & ~Q(received_by_name="") & ~Q(way="")),
                name="casework_paperdelivery_receipt_whole",
            ),
            models.CheckConstraint(
                condition=Q(received_on=None) | Q(received_on__gte=F("served_on")),
                name="casework_paperdelivery_received_after_served",
            ),
        ]
        indexes = [models.Index(fields=("unit", "received_on"), name="casework_paperdelivery_waiting")]


class PaperScanQuerySet(GuardedQuerySet["PaperScan"]):
    """Written once."""


class PaperScan(Guarded):
    """The sealed page as it came off the scanner. ``path`` names an encrypted file in the upload folder."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="scans")
    digest = models.CharField(_("扫描件校验值"), max_length=64)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=120)
    file_name = EncryptedTextField(_("文件名"), compartment=Compartment.INTERNAL, blank=True)
    matched_by = models.CharField(_("核对方式"), max_length=8, choices=ScanMatch.choices)
    uploaded_at = models.DateTimeField(_("上传时间"))
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_by_name = models.CharField(_("上传人"), max_length=40)

    objects = PaperScanQuerySet.as_manager()

    class Meta:
        verbose_name = _("公文盖章件")
        ordering = ("uploaded_at",)
        constraints = [models.UniqueConstraint(fields=("paper", "digest"), name="casework_paperscan_unique")]
