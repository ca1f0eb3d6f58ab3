"""Supervision orders (督办单): one matter, asked of one unit, with its basis and its day; and what was sent in as evidence."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.models import Paper
from qingyuan.foundation.audit.models import WriteOnce, WriteOnceQuerySet
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.ids import new_id
from qingyuan.governance.enums import BasisKind
from qingyuan.ledgers.models import LedgerRow
from qingyuan.ledgers.models.row import RowQuerySet
from qingyuan.organisation.models import Unit

#: States in which nobody outside the issuing unit knows of an order.
UNSENT = ("draft", "to_sign", "discarded")
#: States in which nothing more is expected of anybody.
DONE = ("closed", "withdrawn", "discarded")
#: States in which the receiving unit is to do something.
WITH_RECEIVER = ("issued", "received", "extension", "sent_back", "escalated")


class OrderQuerySet(RowQuerySet):
    def sent(self) -> OrderQuerySet:
        return self.exclude(state__in=UNSENT)

    def under_way(self) -> OrderQuerySet:
        return self.exclude(state__in=DONE)

    def past_due(self, on: date) -> OrderQuerySet:
        """With the receiving unit and past its day; derived each time, never stored."""
        return self.filter(state__in=WITH_RECEIVER, due_on__lt=on)


class SentOrders(models.Manager[Any]):
    """The orders that went out: what lists, exports, search and the machine interface know of."""

    def get_queryset(self) -> OrderQuerySet:
        return OrderQuerySet(self.model, using=self._db).live().sent()  # type: ignore[attr-defined,no-any-return]


class SupervisionOrder(LedgerRow):
    """``unit`` and ``division`` are the receiver's, so that scope reads as everywhere; ``issuer`` is who gave it.

    ``due_on`` is the day in force for the receiver; ``counted_due_on`` the one by which the figure counts: the first, or the
    one a granted extension set, never that of work sent back. Days follow from steps; the state moves only by the procedure.
    """

    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="orders_issued", verbose_name=_("发出单位"))
    state = models.CharField(_("状态"), max_length=20, default="draft")
    number = models.CharField(_("文号"), max_length=40, blank=True)
    word = models.CharField(_("机关代字"), max_length=20)
    subject = EncryptedTextField(_("督办事项"), compartment=Compartment.INTERNAL)
    asked = EncryptedTextField(_("办理要求"), compartment=Compartment.INTERNAL)
    basis_kind = models.CharField(_("依据类别"), max_length=12, choices=BasisKind.choices, default=BasisKind.NOTE)
    basis = EncryptedTextField(_("督办依据"), compartment=Compartment.INTERNAL)
    cited = models.JSONField(_("所引"), default=dict, blank=True)
    contact = EncryptedTextField(_("联系人"), compartment=Compartment.INTERNAL, blank=True)
    due_on = models.DateField(_("办理期限"))
    counted_due_on = models.DateField(_("应办结期限"))
    asked_due = models.DateField(_("申请延到"), null=True, blank=True)
    issued_on = models.DateField(_("下达日期"), null=True, blank=True)
    received_on = models.DateField(_("签收日期"), null=True, blank=True)
    answered_on = models.DateField(_("反馈日期"), null=True, blank=True)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)
    done = EncryptedTextField(_("办理情况"), compartment=Compartment.INTERNAL, blank=True)
    extended = models.BooleanField(_("批准延期"), default=False)
    sent_back = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    escalated = models.BooleanField(_("提级"), default=False)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("督办通知"))
    drafted_by_id = models.BigIntegerField(null=True, editable=False)
    drafted_by_name = models.CharField(_("拟稿人"), max_length=40)

    objects: ClassVar[models.Manager[Any]] = SentOrders()
    everything: ClassVar[models.Manager[Any]] = OrderQuerySet.as_manager()

    class Meta(LedgerRow.Meta):
        verbose_name = _("督办单")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.UniqueConstraint(
                fields=("number",), condition=~Q(number=""), name="governance_supervisionorder_number_unique"
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNSENT) | (~Q(number="") & Q(issued_on__isnull=False, paper__isnull=False)),
                name="governance_supervisionorder_sent_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_on__isnull=False, answered_on__isnull=False),
                name="governance_supervisionorder_closed_was_answered",
            ),
            models.CheckConstraint(
                condition=Q(issued_on=None) | Q(counted_due_on__gte=F("issued_on")),
                name="governance_supervisionorder_due_after_issued",
            ),
        ]
        indexes = [
            models.Index(fields=("issuer", "state", "due_on"), name="governance_order_issuer"),
            models.Index(fields=("unit", "state", "due_on"), name="governance_order_receiver"),
        ]

    def __str__(self) -> str:
        return self.number or self.subject

    def is_past_due(self, on: date) -> bool:
        return self.state in WITH_RECEIVER and self.due_on < on

    @property
    def under_way(self) -> bool:
        return self.state not in DONE


class OrderFileQuerySet(WriteOnceQuerySet["OrderFile"]):
    """Written once."""


class OrderFile(WriteOnce):
    """One file of evidence, encrypted in its column so that it moves with the keys; ``content`` is base64."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(SupervisionOrder, models.PROTECT, related_name="files")
    position = models.PositiveIntegerField(_("随第几步"))
    digest = models.CharField(_("校验值"), max_length=64)
    size = models.PositiveIntegerField(_("字节"))
    media_type = models.CharField(max_length=80)
    content = EncryptedTextField(_("文件"), compartment=Compartment.INTERNAL)
    file_name = EncryptedTextField(_("文件名"), compartment=Compartment.INTERNAL)
    stored_at = models.DateTimeField(_("入库时间"))
    by_name = models.CharField(_("上传人"), max_length=40)

    objects = OrderFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("督办佐证材料")
        ordering = ("stored_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=("order", "digest"), name="governance_orderfile_unique"),
        ]
