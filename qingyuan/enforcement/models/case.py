from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.ledgers.models import LedgerRow, listed


class Case(LedgerRow):
    """A registered drug case of one police unit. ``division`` is where it happened."""

    number = models.CharField(_("案件编号"), max_length=40)
    # A case is named after its suspect.
    title = EncryptedTextField(_("案件名称"), compartment=Compartment.ENFORCEMENT)
    case_kind = models.CharField(_("案件类别"), max_length=20)
    offence = models.CharField(_("罪名(案由)"), max_length=20)
    drug_main = models.CharField(_("主要毒品"), max_length=20, blank=True)
    tier = models.CharField(_("案件等级"), max_length=20, blank=True)
    filed_on = models.DateField(_("立案日期"))
    cracked_on = models.DateField(_("破案日期"), null=True, blank=True)
    operation_number = models.CharField(_("所属行动"), max_length=40, blank=True)
    note = EncryptedTextField(_("备注"), compartment=Compartment.ENFORCEMENT, blank=True, default="")

    class Meta(LedgerRow.Meta):
        verbose_name = _("毒品案件")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(cracked_on=None) | Q(cracked_on__gte=F("filed_on")),
                name="enforcement_case_cracked_after_filed",
            ),
        ]
        indexes = [
            listed("enforcement_case_listed", by="unit", dated="filed_on", codes=("case_kind", "offence", "drug_main", "tier")),
            models.Index(fields=("number",), name="enforcement_case_number"),
            models.Index(fields=("operation_number",), name="enforcement_case_operation"),
        ]
