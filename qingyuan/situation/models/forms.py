"""Forms that other offices send (来表): the file as it came, what each cell is bound to, and every filling that went out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.audit.models import WriteOnce, WriteOnceQuerySet
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import Division, Unit
from qingyuan.reference.periods import Period
from qingyuan.situation.enums import FormKind, LayoutState
from qingyuan.situation.rules.forms import Binding


class FormFileQuerySet(WriteOnceQuerySet["FormFile"]):
    """Written once."""


class FormFile(WriteOnce):
    """A blank as it came or a filled form as it went, encrypted in its column so that it moves with the keys.

    ``content`` is base64; ``digest`` the SHA-256 of the bytes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("文件类型"), max_length=4, choices=FormKind.choices)
    digest = models.CharField(_("校验值"), max_length=64)
    size = models.PositiveIntegerField(_("字节"))
    content = EncryptedTextField(_("文件"), compartment=Compartment.INTERNAL)
    file_name = EncryptedTextField(_("文件名"), compartment=Compartment.INTERNAL)
    stored_at = models.DateTimeField(_("入库时间"))

    objects = FormFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("来表文件")
        ordering = ("stored_at",)


class ForeignFormQuerySet(models.QuerySet["ForeignForm"]):
    def in_use(self) -> ForeignFormQuerySet:
        return self.filter(retired_on=None)


class ForeignForm(models.Model):
    """One form of one other office, as one unit keeps it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("保管单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    title = models.CharField(_("表名"), max_length=80)
    sent_by = models.CharField(_("来表单位"), max_length=80)
    kind = models.CharField(_("文件类型"), max_length=4, choices=FormKind.choices)
    received_at = models.DateTimeField(_("收到时间"))
    retired_on = models.DateField(_("停用日期"), null=True)
    retired_reason = EncryptedTextField(_("停用原因"), compartment=Compartment.INTERNAL, blank=True)

    objects = ForeignFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("来表")
        ordering = ("title", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("unit", "title"), condition=Q(retired_on=None), name="situation_foreignform_title_unique"
            ),
            models.CheckConstraint(
                condition=Q(retired_on=None) | ~Q(retired_reason=""), name="situation_foreignform_retired_has_reason"
            ),
        ]


class FormLayout(models.Model):
    """One version of a form's blank with its bindings. A draft is bound cell by cell; saved, it stays as it is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    form = models.ForeignKey(ForeignForm, models.PROTECT, related_name="layouts")
    version = models.PositiveSmallIntegerField(_("版次"))
    state = models.CharField(_("状态"), max_length=6, choices=LayoutState.choices, default=LayoutState.DRAFT)
    blank = models.ForeignKey(FormFile, models.PROTECT, related_name="+", verbose_name=_("空白表"))
    bindings = models.JSONField(default=list)
    changed = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(_("存为模板时间"), null=True)
    saved_by_id = models.BigIntegerField(null=True)
    saved_by_name = models.CharField(_("存为模板的人"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("来表模板")
        ordering = ("form", "version")
        constraints = [
            models.UniqueConstraint(fields=("form", "version"), name="situation_formlayout_version_unique"),
            models.UniqueConstraint(
                fields=("form",), condition=Q(state=LayoutState.DRAFT), name="situation_formlayout_one_draft"
            ),
            models.CheckConstraint(
                condition=~Q(state=LayoutState.SAVED) | Q(saved_at__isnull=False), name="situation_formlayout_saved_at"
            ),
        ]

    @property
    def is_draft(self) -> bool:
        return self.state == LayoutState.DRAFT

    @property
    def bound(self) -> dict[str, Binding]:
        """By address."""
        found = [Binding.from_dict(one) for one in self.bindings]
        return {binding.address: binding for binding in found}


class FormFillingQuerySet(WriteOnceQuerySet["FormFilling"]):
    """Written once."""


class FormFilling(WriteOnce):
    """A form as it was filled: for which month, by whom, with which figures, and the file's digest.

    ``cells`` says for each cell what was written and where it came from, ``missing`` what could not be filled and why, both
    as the one who filled it could see them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    form = models.ForeignKey(ForeignForm, models.PROTECT, related_name="fillings")
    layout = models.ForeignKey(FormLayout, models.PROTECT, related_name="fillings")
    month = models.CharField(_("所属月份"), max_length=7)
    filled_on = models.DateField(_("填报日期"))
    filled_at = models.DateTimeField(_("填报时间"))
    known_on = models.DateField(_("截至某日所知"), null=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(_("填报人"), max_length=40)
    cells = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    made = models.ForeignKey(FormFile, models.PROTECT, related_name="+", verbose_name=_("填好的表"))

    objects = FormFillingQuerySet.as_manager()

    class Meta:
        verbose_name = _("填好的来表")
        ordering = ("-filled_at", "-pk")
        indexes = [models.Index(fields=("form", "month"), name="situation_filling_month")]

    @property
    def period(self) -> Period:
        return Period.parse(self.month)
