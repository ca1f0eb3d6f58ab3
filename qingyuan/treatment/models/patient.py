"""``Patient``: one clinic's own noun for a person. Nothing outside this room points at it, and it points at no person."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import BucketField, EncryptedTextField
from qingyuan.organisation.models import Unit


class Patient(models.Model):
    """``id`` follows from the clinic and the ID number together, by the key of this compartment: the same person in two
    clinics is two patients, and no key of another compartment can be laid beside it.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    name = EncryptedTextField(_("姓名"), compartment=Compartment.TREATMENT)
    name_index = models.CharField(max_length=32, db_index=True)
    surname_bucket = BucketField()
    initials_bucket = BucketField()
    id_number = EncryptedTextField(_("身份证号"), compartment=Compartment.TREATMENT)
    id_index = models.CharField(max_length=32, db_index=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("医疗机构"))
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("患者")
        constraints = [models.UniqueConstraint(fields=("unit", "id_index"), name="treatment_patient_once_in_a_clinic")]
        indexes = [
            models.Index(fields=("unit", "surname_bucket"), name="treatment_patient_surname"),
            models.Index(fields=("unit", "initials_bucket"), name="treatment_patient_initials"),
        ]

    def __str__(self) -> str:
        return f"patient {self.pk}"
