"""Joint inspections (联合检查): a round with its draw, the departments that take part, a visit to each town drawn and what was seen there."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.audit.models import WriteOnce, WriteOnceQuerySet
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.ids import new_id
from qingyuan.governance.enums import Answer, Department
from qingyuan.organisation.models import Division, Unit


class InspectionRound(models.Model):
    """One plan and its draw. ``frame`` maps a town's code to its strata (kind of measure → lots of its files, ``draws.lot_of``);
    ``short`` are towns with too few files to draw from; ``drawn`` the same shape as ``frame``, of the towns drawn.

    ``seed`` is nobody's until it is revealed; ``seed_hash`` stands before the frame is frozen.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    title = EncryptedTextField(_("检查名称"), compartment=Compartment.INTERNAL)
    period = models.CharField(_("季度"), max_length=7)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    towns = models.PositiveSmallIntegerField(_("抽取乡镇数"))
    files = models.PositiveSmallIntegerField(_("抽查档案总数"))
    by_kind = models.BooleanField(_("按措施种类分层"), default=True)
    seed = EncryptedTextField(_("种子"), compartment=Compartment.INTERNAL)
    seed_hash = models.CharField(_("种子校验值"), max_length=64)
    committed_at = models.DateTimeField(_("公布校验值时间"))
    committed_by_id = models.BigIntegerField(null=True)
    committed_by_name = models.CharField(max_length=40)
    frame = models.JSONField(default=dict)
    short = models.JSONField(default=list)
    list_hash = models.CharField(_("名单校验值"), max_length=64, blank=True)
    frozen_at = models.DateTimeField(_("名单锁定时间"), null=True)
    drawn = models.JSONField(default=dict)
    revealed_at = models.DateTimeField(_("公布种子时间"), null=True)

    class Meta:
        verbose_name = _("联合检查计划")
        ordering = ("-starts_on", "-committed_at")
        constraints = [
            models.CheckConstraint(condition=Q(towns__gt=0, files__gte=F("towns")), name="governance_inspectionround_draws_some"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="governance_inspectionround_days"),
            models.CheckConstraint(
                condition=Q(revealed_at=None) | Q(frozen_at__isnull=False), name="governance_inspectionround_frozen_first"
            ),
            models.CheckConstraint(
                condition=Q(frozen_at=None, list_hash="") | (Q(frozen_at__isnull=False) & ~Q(list_hash="")),
                name="governance_inspectionround_list_has_hash",
            ),
        ]


class InspectionPart(models.Model):
    """One department of a round, by the unit that acts for it. ``division`` is the unit's, so that scope reads as everywhere."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(InspectionRound, models.PROTECT, related_name="parts")
    department = models.CharField(_("部门"), max_length=14, choices=Department.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("派员单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("联合检查部门")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("round", "department"), name="governance_inspectionpart_once"),
            models.UniqueConstraint(fields=("round", "unit"), name="governance_inspectionpart_unit_once"),
        ]


class InspectionVisit(models.Model):
    """One town drawn. ``division`` and ``unit`` are the town's; ``files`` the lots of the files drawn, in the order drawn.

    ``visited_on`` is the day the first department signed in; ``final_at`` when the last of the four had signed the findings.
    ``row_id`` is the row of the ledger that was made from it then: no figure is typed twice.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(InspectionRound, models.PROTECT, related_name="visits")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("受检单位"))
    files = models.JSONField(default=list)
    visited_on = models.DateField(_("检查日期"), null=True)
    mend_by = models.DateField(_("整改期限"), null=True)
    final_at = models.DateTimeField(_("定稿时间"), null=True)
    row_id = models.UUIDField(null=True, editable=False)
    rechecked_on = models.DateField(_("复查日期"), null=True)
    recheck_passed = models.BooleanField(_("复查合格"), null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("联合检查现场")
        ordering = ("round", "division__code")
        constraints = [
            models.UniqueConstraint(fields=("round", "division"), name="governance_inspectionvisit_once"),
            models.CheckConstraint(
                condition=Q(final_at=None) | Q(visited_on__isnull=False, row_id__isnull=False),
                name="governance_inspectionvisit_final_has_row",
            ),
            models.CheckConstraint(
                condition=Q(rechecked_on=None, recheck_passed=None)
                | Q(rechecked_on__gte=F("visited_on"), recheck_passed__isnull=False, final_at__isnull=False),
                name="governance_inspectionvisit_recheck_after",
            ),
        ]
        indexes = [models.Index(fields=("unit", "final_at"), name="governance_visit_unit")]


class InspectionPresence(models.Model):
    """Somebody of a department who came and signed in with the own account; ``signed_at``: put the own name to the findings."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(InspectionVisit, models.PROTECT, related_name="present")
    department = models.CharField(_("部门"), max_length=14, choices=Department.choices)
    account_id = models.BigIntegerField()
    by_name = models.CharField(_("检查人"), max_length=40)
    arrived_at = models.DateTimeField(_("签到时间"))
    signed_at = models.DateTimeField(_("签字时间"), null=True)

    class Meta:
        verbose_name = _("检查签到")
        ordering = ("arrived_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=("visit", "account_id"), name="governance_inspectionpresence_once"),
            # Two of one department cannot both be its signature.
            models.UniqueConstraint(
                fields=("visit", "department"), condition=Q(signed_at__isnull=False), name="governance_inspectionpresence_signs_once"
            ),
        ]


class InspectionMark(models.Model):
    """One item looked at: at the station (``lot`` empty) or in one file. The finding is about the work, never about somebody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(InspectionVisit, models.PROTECT, related_name="marks")
    item = models.CharField(_("检查项"), max_length=8)
    lot = models.CharField(_("档案代号"), max_length=64, blank=True)
    answer = models.CharField(_("结论"), max_length=4, choices=Answer.choices)
    finding = EncryptedTextField(_("发现的问题"), compartment=Compartment.INTERNAL, blank=True, default="")
    by_name = models.CharField(_("检查人"), max_length=40)
    by_department = models.CharField(_("部门"), max_length=14, choices=Department.choices)
    at = models.DateTimeField(_("记录时间"))
    mended = models.BooleanField(_("已整改"), null=True)
    mended_note = EncryptedTextField(_("复查情况"), compartment=Compartment.INTERNAL, blank=True, default="")

    class Meta:
        verbose_name = _("检查记录")
        ordering = ("lot", "item")
        constraints = [models.UniqueConstraint(fields=("visit", "item", "lot"), name="governance_inspectionmark_once")]


class InspectionPhotoQuerySet(WriteOnceQuerySet["InspectionPhoto"]):
    """Written once."""


class InspectionPhoto(WriteOnce):
    """A picture taken as evidence, drawn anew so that no place or camera comes along; encrypted, ``content`` is base64."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(InspectionVisit, models.PROTECT, related_name="photos")
    item = models.CharField(_("检查项"), max_length=8)
    lot = models.CharField(_("档案代号"), max_length=64, blank=True)
    digest = models.CharField(_("校验值"), max_length=64)
    size = models.PositiveIntegerField(_("字节"))
    media_type = models.CharField(max_length=80)
    content = EncryptedTextField(_("照片"), compartment=Compartment.INTERNAL)
    stored_at = models.DateTimeField(_("入库时间"))
    by_name = models.CharField(_("上传人"), max_length=40)

    objects = InspectionPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("检查照片")
        ordering = ("stored_at", "pk")
        constraints = [models.UniqueConstraint(fields=("visit", "item", "lot", "digest"), name="governance_inspectionphoto_once")]
