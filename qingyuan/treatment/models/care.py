"""What a clinic writes down: agreements, enrolments in maintenance treatment, doses, medical tests. No HIV status, ever."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.ledgers.models import LedgerRow, listed
from qingyuan.treatment.models.patient import Patient


class Agreement(LedgerRow):
    """A voluntary treatment agreement (DR9-10). That confidentiality was promised is part of it."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="agreements")
    way = models.CharField(_("治疗方式"), max_length=12)
    signed_on = models.DateField(_("签订日期"))
    confidentiality = models.BooleanField(_("已约定个人信息保密"), default=False)
    ends_on = models.DateField(_("约定期满"), null=True, blank=True)
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    end_reason = models.CharField(_("结束原因"), max_length=12, blank=True)
    note = EncryptedTextField(_("备注"), compartment=Compartment.TREATMENT, blank=True, default="")

    class Meta(LedgerRow.Meta):
        verbose_name = _("自愿戒毒协议")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("signed_on")), name="treatment_agreement_ended_after"
            ),
        ]
        indexes = [listed("treatment_agreement_listed", by="unit", dated="signed_on")]


class Enrolment(LedgerRow):
    """A time in maintenance treatment, from the day it began until the day the person left it."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="enrolments")
    medicine = models.CharField(_("维持药物"), max_length=16)
    enrolled_on = models.DateField(_("入组日期"))
    left_on = models.DateField(_("退出日期"), null=True, blank=True)
    left_reason = models.CharField(_("退出原因"), max_length=12, blank=True)
    note = EncryptedTextField(_("备注"), compartment=Compartment.TREATMENT, blank=True, default="")

    class Meta(LedgerRow.Meta):
        verbose_name = _("药物维持治疗")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("enrolled_on")), name="treatment_enrolment_left_after"
            ),
        ]
        indexes = [listed("treatment_enrolment_listed", by="unit", dated="enrolled_on")]


class Dose(LedgerRow):
    """One day of maintenance treatment: came and took it, or did not come."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="doses")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="doses")
    due_on = models.DateField(_("服药日期"))
    attendance = models.CharField(_("到诊情况"), max_length=12)
    dose_mg = models.DecimalField(_("剂量(毫克)"), max_digits=6, decimal_places=1, null=True, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = _("维持治疗服药")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(condition=Q(dose_mg=None) | Q(dose_mg__gt=0), name="treatment_dose_positive"),
        ]
        indexes = [
            listed("treatment_dose_listed", by="unit", dated="due_on"),
            models.Index(fields=("enrolment", "due_on"), name="treatment_dose_of_enrolment"),
        ]


class MedicalTest(LedgerRow):
    """A test that belongs to the treatment. It is evidence of nothing outside it."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="tests")
    tested_on = models.DateField(_("检测日期"))
    sample = models.CharField(_("检测方式"), max_length=20)
    result = EncryptedTextField(_("结果"), compartment=Compartment.TREATMENT)
    note = EncryptedTextField(_("备注"), compartment=Compartment.TREATMENT, blank=True, default="")

    class Meta(LedgerRow.Meta):
        verbose_name = _("医疗检测")
        indexes = [listed("treatment_test_listed", by="unit", dated="tested_on")]
