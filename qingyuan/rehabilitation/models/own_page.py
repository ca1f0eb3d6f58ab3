"""The person's own way in: a code on paper and a PIN they set, and what they ask for there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import BlindIndexField, EncryptedTextField
from qingyuan.foundation.guarded import Guarded, GuardedQuerySet
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import Division, Unit
from qingyuan.rehabilitation.enums import AskedFor, AskedState
from qingyuan.rehabilitation.models.client import Client


class OwnCode(Guarded):
    """One paper that was handed over. Of the code only a keyed index is kept, of the PIN a slow digest: nobody here can read
    either again. A client has one that is not revoked."""

    movable: ClassVar[frozenset[str]] = frozenset({"pin", "pin_set_at", "revoked_at", "revoked_by_id", "revoked_by_name"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="own_codes")
    code_index = BlindIndexField()
    pin = models.CharField(max_length=128, blank=True)
    pin_set_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField(_("打印人"), max_length=40)
    revoked_at = models.DateTimeField(null=True)
    revoked_by_id = models.BigIntegerField(null=True)
    revoked_by_name = models.CharField(_("作废人"), max_length=40, blank=True)

    objects = GuardedQuerySet["OwnCode"].as_manager()

    class Meta:
        verbose_name = _("本人查询码")
        constraints = [
            models.UniqueConstraint(fields=("client",), condition=Q(revoked_at=None), name="rehabilitation_owncode_one_valid"),
            models.UniqueConstraint(fields=("code_index",), name="rehabilitation_owncode_index_unique"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by_name="") | (Q(revoked_at__isnull=False) & ~Q(revoked_by_name="")),
                name="rehabilitation_owncode_revoked_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"own code {self.pk}"


class OwnRequest(Guarded):
    """Leave or a correction that the person asks for. Why stands in the help compartment and nowhere else."""

    movable: ClassVar[frozenset[str]] = frozenset({"state", "answer", "answered_at", "answered_by_id", "answered_by_name"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="own_requests")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    asked_for = models.CharField(_("申请"), max_length=12, choices=AskedFor.choices)
    from_day = models.DateField(_("从"), null=True)
    until_day = models.DateField(_("到"), null=True)
    words = EncryptedTextField(_("说明"), compartment=Compartment.HELP)
    asked_at = models.DateTimeField(_("提出时间"))
    state = models.CharField(_("状态"), max_length=10, choices=AskedState.choices, default=AskedState.WAITING)
    answer = EncryptedTextField(_("答复"), compartment=Compartment.HELP, blank=True, default="")
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    answered_by_id = models.BigIntegerField(null=True)
    answered_by_name = models.CharField(_("答复人"), max_length=40, blank=True)

    objects = GuardedQuerySet["OwnRequest"].as_manager()

    class Meta:
        verbose_name = _("本人申请")
        ordering = ("-asked_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state=AskedState.WAITING, answered_at=None, answered_by_name="")
                | (~Q(state=AskedState.WAITING) & Q(answered_at__isnull=False) & ~Q(answered_by_name="")),
                name="rehabilitation_ownrequest_answer_whole",
            ),
            models.CheckConstraint(
                condition=Q(until_day=None) | Q(until_day__gte=F("from_day")), name="rehabilitation_ownrequest_days_in_order"
            ),
        ]
        indexes = [models.Index(fields=("unit", "state"), name="rehabilitation_ownrequest_wait")]

    def __str__(self) -> str:
        return f"own request {self.pk}"
