"""Twenty columns as a registration sheet has them: codes, days, amounts, numbers, names of staff, free text."""

from __future__ import annotations

from django.db import models

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.ledgers.models import LedgerRow


class Sheet(models.Model):
    """What both kinds of row have; the place is ``LedgerRow.division``, the three free columns stand below."""

    number = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    case_kind = models.CharField(max_length=20)
    offence = models.CharField(max_length=20)
    drug_main = models.CharField(max_length=20, blank=True)
    tier = models.CharField(max_length=20, blank=True)
    place_kind = models.CharField(max_length=20, blank=True)
    filed_on = models.DateField()
    cracked_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    net_g = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    cash = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    detained = models.IntegerField(null=True)
    vehicles = models.IntegerField(null=True)
    reviewed = models.BooleanField(null=True)
    officers = models.JSONField(default=list)

    class Meta:
        abstract = True


class Wide(Sheet, LedgerRow):
    phone = models.CharField(max_length=20, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")
    remark = models.TextField(blank=True, default="")

    class Meta(LedgerRow.Meta):
        indexes = [models.Index(fields=("unit", "filed_on"), name="wide_unit")]


class WidePersonal(Sheet, LedgerRow):
    phone = EncryptedTextField(compartment=Compartment.ENFORCEMENT, blank=True, default="")
    address = EncryptedTextField(compartment=Compartment.ENFORCEMENT, blank=True, default="")
    remark = EncryptedTextField(compartment=Compartment.ENFORCEMENT, blank=True, default="")

    class Meta(LedgerRow.Meta):
        indexes = [models.Index(fields=("unit", "filed_on"), name="widepersonal_unit")]


class Plain(Sheet):
    """The same sheet as a plain Django table, for the comparison with django-import-export: no key, audit or facts."""

    number = models.CharField(max_length=40, unique=True)
    division = models.CharField(max_length=60)
    officers = models.CharField(max_length=200, blank=True, default="")  # type: ignore[assignment]
    reviewed = models.CharField(max_length=4, blank=True, default="")  # type: ignore[assignment]
    net_g = models.CharField(max_length=20, blank=True, default="")  # type: ignore[assignment]
    phone = models.CharField(max_length=20, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")
    remark = models.TextField(blank=True, default="")
