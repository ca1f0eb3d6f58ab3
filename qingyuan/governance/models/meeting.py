"""Meetings and instructions of leaders (S18): what was studied, decided and asked for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.ledgers.models import LedgerRow


class Meeting(LedgerRow):
    held_on = models.DateField(_("会议日期"))
    kind = models.CharField(_("会议类别"), max_length=20)
    title = EncryptedTextField(_("会议名称"), compartment=Compartment.INTERNAL)
    special_topic = models.BooleanField(_("专题研究禁毒"), default=False)
    chaired_by_first = models.BooleanField(_("主要负责同志主持"), default=False)
    chair = models.CharField(_("主持人职务"), max_length=60, blank=True)
    decisions = EncryptedTextField(_("议定事项"), compartment=Compartment.INTERNAL, blank=True)
    document_number = models.CharField(_("纪要文号"), max_length=60, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = _("会议")


class Instruction(LedgerRow):
    """An instruction from above: number, what, by when, how it was answered."""

    document_number = models.CharField(_("文号"), max_length=60)
    level = models.CharField(_("批示层级"), max_length=20)
    given_on = models.DateField(_("批示日期"))
    content = EncryptedTextField(_("批示要求"), compartment=Compartment.INTERNAL)
    due_on = models.DateField(_("办结期限"))
    answered_on = models.DateField(_("反馈日期"), null=True, blank=True)
    answer = EncryptedTextField(_("办理情况"), compartment=Compartment.INTERNAL, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = _("批示")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(due_on__gte=F("given_on")), name="governance_instruction_due_after_given"
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None) | Q(answered_on__gte=F("given_on")),
                name="governance_instruction_answered_after_given",
            ),
        ]
