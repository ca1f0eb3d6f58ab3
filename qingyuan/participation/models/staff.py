"""The roster of those who do the work for pay: who stands where from when to when. No one on it is graded."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import BlindIndexField, BucketField, EncryptedTextField
from qingyuan.ledgers.models import LedgerRow


class StaffMember(LedgerRow):
    """One stretch of one person's work; a new place or kind of post is a new row."""

    name = EncryptedTextField(_("姓名"), compartment=Compartment.INTERNAL)
    name_index = BlindIndexField()
    surname_bucket = BucketField()
    initials_bucket = BucketField()
    kind = models.CharField(_("人员类别"), max_length=20)
    workplace = models.CharField(_("工作单位"), max_length=60, blank=True)
    started_on = models.DateField(_("到岗日期"))
    ended_on = models.DateField(_("离岗日期"), null=True, blank=True)
    phone = EncryptedTextField(_("联系电话"), compartment=Compartment.INTERNAL, blank=True, default="")

    class Meta(LedgerRow.Meta):
        verbose_name = _("禁毒工作人员")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="participation_staffmember_ended_after_start",
            ),
        ]
