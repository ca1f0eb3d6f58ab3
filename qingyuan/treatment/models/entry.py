"""What a clinic asks once when a treatment begins: a short set of items after EUDA's protocol TDI 3.0. No HIV status, no test, ever."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedIntegerField, EncryptedTextField
from qingyuan.ledgers.models import LedgerRow, listed
from qingyuan.treatment.models.patient import Patient

HOME = Compartment.TREATMENT


class TreatmentEntry(LedgerRow):
    """One patient and one entry into treatment. Every answer is kept encrypted; whom somebody lives with is said by
    kind and never by name, and children are not asked about."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="entries")
    entered_on = models.DateField(_("入治日期"))
    source = EncryptedTextField(_("入治来源"), compartment=HOME)
    treated_before = EncryptedTextField(_("以前接受过戒毒治疗"), compartment=HOME)
    maintenance_before = EncryptedTextField(_("以前参加过药物维持治疗"), compartment=HOME)
    living_with = EncryptedTextField(_("和谁一起住"), compartment=HOME)
    living_where = EncryptedTextField(_("住在哪里"), compartment=HOME)
    schooling = EncryptedTextField(_("最高完成的教育"), compartment=HOME)
    labour = EncryptedTextField(_("劳动状况"), compartment=HOME)
    substance = EncryptedTextField(_("主要物质"), compartment=HOME)
    route = EncryptedTextField(_("通常使用方式"), compartment=HOME)
    frequency = EncryptedTextField(_("入治前 30 天使用频率"), compartment=HOME)
    first_use_age: Any = EncryptedIntegerField(_("首次使用年龄"), compartment=HOME, blank=True, default=None)
    injecting = EncryptedTextField(_("注射史"), compartment=HOME)
    second_substance = EncryptedTextField(_("还用的物质(一)"), compartment=HOME, blank=True, default="")
    third_substance = EncryptedTextField(_("还用的物质(二)"), compartment=HOME, blank=True, default="")

    class Meta(LedgerRow.Meta):
        verbose_name = _("入治登记")
        indexes = [listed("treatment_entry_listed", by="unit", dated="entered_on")]
