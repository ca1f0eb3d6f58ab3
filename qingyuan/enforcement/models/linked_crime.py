from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.ledgers.models import LedgerRow, listed


class LinkedCrime(LedgerRow):
    """A theft, robbery or other crime that the file links with drugs, and what the link rests on. No person."""

    case_number = models.CharField(_("案件编号"), max_length=40)
    kind = models.CharField(_("案件类别"), max_length=20)
    happened_on = models.DateField(_("发案日期"))
    basis = models.CharField(_("关联依据"), max_length=20)
    solved_on = models.DateField(_("破案日期"), null=True, blank=True)
    note = EncryptedTextField(_("备注"), compartment=Compartment.ENFORCEMENT, blank=True, default="")

    class Meta(LedgerRow.Meta):
        verbose_name = _("涉毒关联犯罪")
        indexes = [listed("enforcement_linked_listed", by="unit", dated="happened_on")]
