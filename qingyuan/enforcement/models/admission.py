"""The check of ground and exemption that a police officer signs for one decision on isolation treatment (收戒)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.enforcement.models.party import Party
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.guarded import Guarded, GuardedQuerySet
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import Division, Unit


class AdmissionCheck(Guarded):
    """Written once; what was signed by mistake is withdrawn with a reason and signed anew. It stands behind the row of its party, has no
    number of its own and is in no figure."""

    movable: ClassVar[frozenset[str]] = frozenset({"withdrawn_at", "withdrawn_by_id", "withdrawn_by_name", "withdrawn_words"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, models.PROTECT, related_name="admission_checks")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    ground = models.CharField(_("依据"), max_length=20)
    document_number = models.CharField(_("决定书文号"), max_length=60)
    decided_on = models.DateField(_("决定日期"))
    answers = models.JSONField(_("逐条核对"), default=dict)
    reasons = EncryptedTextField(_("仍然适用的理由"), compartment=Compartment.ENFORCEMENT, blank=True, default="")
    signed_at = models.DateTimeField()
    signed_by_id = models.BigIntegerField(null=True)
    signed_by_name = models.CharField(_("签字人"), max_length=40)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_id = models.BigIntegerField(null=True)
    withdrawn_by_name = models.CharField(_("撤回人"), max_length=40, blank=True)
    withdrawn_words = EncryptedTextField(_("撤回原因"), compartment=Compartment.ENFORCEMENT, blank=True, default="")

    objects = GuardedQuerySet["AdmissionCheck"].as_manager()

    class Meta:
        verbose_name = _("收戒核对")
        ordering = ("decided_on", "signed_at")
        constraints = [
            models.UniqueConstraint(
                fields=("party", "document_number"), condition=Q(withdrawn_at=None), name="enforcement_admissioncheck_one_a_decision"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by_name="") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by_name="")),
                name="enforcement_admissioncheck_withdrawn_whole",
            ),
        ]
        indexes = [models.Index(fields=("unit", "decided_on"), name="enforcement_admission_days")]

    def __str__(self) -> str:
        return f"admission check {self.pk}"
