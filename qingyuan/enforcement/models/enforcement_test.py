"""A test in the course of enforcement. Tests of the community and of clinics live elsewhere, behind their walls."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.enforcement.models.person_row import PersonRow
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.ledgers.models import listed


class EnforcementTest(PersonRow):
    tested_on = models.DateField(_("检测日期"))
    method = models.CharField(_("检测类型"), max_length=20)
    sample = models.CharField(_("检测样本"), max_length=20)
    result = models.CharField(_("结果"), max_length=20, blank=True)
    compliance = models.CharField(_("配合情况"), max_length=20)
    approval_number = models.CharField(_("批准文书号"), max_length=60, blank=True)
    institution = models.CharField(_("检测机构"), max_length=80, blank=True)
    case_number = models.CharField(_("案件编号"), max_length=40, blank=True)
    testers = models.JSONField(_("检测人"), default=list)
    note = EncryptedTextField(_("备注"), compartment=Compartment.ENFORCEMENT, blank=True, default="")

    class Meta(PersonRow.Meta):
        verbose_name = _("执法检测")
        indexes = [
            listed("enforcement_test_listed", by="unit", dated="tested_on"),
            models.Index(fields=("unit", "who_index"), name="enforcement_test_who"),
            models.Index(fields=("unit", "surname_bucket"), name="enforcement_test_surname"),
            models.Index(fields=("unit", "initials_bucket"), name="enforcement_test_initials"),
        ]
