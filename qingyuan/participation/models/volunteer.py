"""``Volunteer``: this room's own noun for a person who helps (house.md §1). No ID number, birth date or address is kept."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import BlindIndexField, BucketField, EncryptedTextField
from qingyuan.ledgers.models import LedgerRow


class Volunteer(LedgerRow):
    """Name and telephone stand encrypted; nothing here ranks a volunteer or counts one's hours."""

    name = EncryptedTextField(_("姓名"), compartment=Compartment.INTERNAL)
    name_index = BlindIndexField()
    surname_bucket = BucketField()
    initials_bucket = BucketField()
    phone = EncryptedTextField(_("联系电话"), compartment=Compartment.INTERNAL)
    team = models.CharField(_("所属队伍"), max_length=60, blank=True)
    joined_on = models.DateField(_("登记日期"))
    left_on = models.DateField(_("退出日期"), null=True, blank=True)
    insured = models.BooleanField(_("是否投保"), default=False)

    class Meta(LedgerRow.Meta):
        verbose_name = _("禁毒志愿者")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                name="participation_volunteer_left_after_joined",
            ),
        ]
