"""What passed a gate: the sender's act and the receiver's copy, each under the key of its own side. No key joins the two.

``reference`` is the only thing both sides know; it is made for one act and is part of nobody's file. Nothing reads these tables
to count them (``tests/casework/gates`` holds that).
"""

from __future__ import annotations

import json
from typing import ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.enums import GateState
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.guarded import Guarded, GuardedQuerySet
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import Division, Unit

SEALS: Final = (Compartment.TREATMENT, Compartment.COMMUNITY, Compartment.ENFORCEMENT, Compartment.INTERNAL)


class Copied(models.Model):
    """The listed fields, under the key of one compartment. One of the columns is filled."""

    compartment = models.CharField(max_length=12)
    treatment = EncryptedTextField(compartment=Compartment.TREATMENT, blank=True, default="")
    community = EncryptedTextField(compartment=Compartment.COMMUNITY, blank=True, default="")
    enforcement = EncryptedTextField(compartment=Compartment.ENFORCEMENT, blank=True, default="")
    internal = EncryptedTextField(compartment=Compartment.INTERNAL, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def values(self) -> dict[str, str]:
        """What was copied, by the name of the field."""
        loaded: dict[str, str] = json.loads(getattr(self, self.compartment))
        return loaded

    def seal(self, values: dict[str, str], compartment: Compartment) -> None:
        """Write ``values`` under the key of ``compartment``. Raises ValueError for one that no gate opens on."""
        if compartment not in SEALS:
            raise ValueError(f"no gate opens on {compartment}")
        self.compartment = compartment.value
        setattr(self, compartment.value, json.dumps(values, ensure_ascii=False))


class GateActQuerySet(GuardedQuerySet["GateAct"]):
    """Written once; only its second signature moves."""


class GateAct(Copied, Guarded):
    """One use of a gate, kept by the sender. ``person``: the opaque key of whom it is about, within the sender's room."""

    movable: ClassVar[frozenset[str]] = frozenset(
        {"state", "seconded_at", "seconded_by_id", "seconded_by_name"}
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.UUIDField(default=new_id, editable=False, unique=True)
    gate = models.CharField(_("通道"), max_length=4)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("移交单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    caseworker_id = models.BigIntegerField(null=True)
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("接收单位"))
    ledger = models.CharField(max_length=40, blank=True)
    row_id = models.UUIDField(null=True)
    person = models.CharField(max_length=36, blank=True, db_index=True)
    articles = models.CharField(_("依据"), max_length=60)
    state = models.CharField(_("状态"), max_length=10, choices=GateState.choices)
    signed_at = models.DateTimeField(_("签字时间"))
    signed_by_id = models.BigIntegerField(null=True)
    signed_by_name = models.CharField(_("签字人"), max_length=40)
    seconded_at = models.DateTimeField(_("第二人签字时间"), null=True)
    seconded_by_id = models.BigIntegerField(null=True)
    seconded_by_name = models.CharField(_("第二签字人"), max_length=40, blank=True)

    objects = GateActQuerySet.as_manager()

    class Meta:
        verbose_name = _("依法移交")
        ordering = ("-signed_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(seconded_by_id=None) | ~Q(seconded_by_id=models.F("signed_by_id")),
                name="casework_gateact_two_people",
            ),
            models.CheckConstraint(
                condition=Q(seconded_at=None, seconded_by_name="") | (Q(seconded_at__isnull=False) & ~Q(seconded_by_name="")),
                name="casework_gateact_second_whole",
            ),
        ]
        indexes = [models.Index(fields=("unit", "-signed_at"), name="casework_gateact_sent")]

    def __str__(self) -> str:
        return f"gate act {self.pk}"


class GateDeliveryQuerySet(GuardedQuerySet["GateDelivery"]):
    """Written once; only its receipt moves."""


class GateDelivery(Copied, Guarded):
    """What arrived, kept by the receiver. ``person``: whom the receiver found it to be about among its own people; the sender
    is never told."""

    movable: ClassVar[frozenset[str]] = frozenset({"received_at", "received_by_id", "received_by_name", "person"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.UUIDField(editable=False, unique=True)
    gate = models.CharField(_("通道"), max_length=4)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("接收单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    caseworker_id = models.BigIntegerField(null=True)
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("移交单位"))
    signed_by_name = models.CharField(_("签字人"), max_length=40)
    articles = models.CharField(_("依据"), max_length=60)
    arrived_at = models.DateTimeField(_("送到时间"))
    received_at = models.DateTimeField(_("签收时间"), null=True)
    received_by_id = models.BigIntegerField(null=True)
    received_by_name = models.CharField(_("签收人"), max_length=40, blank=True)
    person = models.CharField(max_length=36, blank=True, db_index=True)

    objects = GateDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("依法移交的收件")
        ordering = ("-arrived_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(received_at=None, received_by_name="") | (Q(received_at__isnull=False) & ~Q(received_by_name="")),
                name="casework_gatedelivery_receipt_whole",
            ),
        ]
        indexes = [models.Index(fields=("unit", "-arrived_at"), name="casework_gatedelivery_inbox")]

    def __str__(self) -> str:
        return f"gate delivery {self.pk}"
