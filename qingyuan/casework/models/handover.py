"""Hand-overs (移交): who gives which rows to whom, and what became of it. Until it is accepted the giver owns."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.enums import HandOverState
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.guarded import Guarded, GuardedQuerySet
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import Division, Unit


class HandOverQuerySet(GuardedQuerySet["HandOver"]):
    def offered(self) -> HandOverQuerySet:
        """Waiting for the receiver; the giver still owns."""
        return self.filter(state=HandOverState.OFFERED)

    def late_on(self, day: date) -> HandOverQuerySet:
        """Alarming: nobody has answered and the last day to answer lies before ``day``."""
        return self.offered().filter(answer_by__lt=day)

    def between_units(self) -> HandOverQuerySet:
        return self.exclude(unit_id=F("to_unit_id"))


class HandOver(Guarded):
    """``unit``, ``division``, ``caseworker_id`` are the giver's and ``to_…`` the receiver's, so that scope reads each side as it
    reads everything. ``keeper``: which room's rows these are. ``answer_by``: the last day to answer, None where a supervisor
    reassigns inside the unit and nobody has to answer; ``basis`` says how that day was reckoned.
    """

    movable: ClassVar[frozenset[str]] = frozenset(
        {
            "state",
            "to_division",
            "to_division_id",
            "to_caseworker_id",
            "answered_on",
            "answered_at",
            "answered_by_id",
            "answered_by_name",
            "answer",
        }
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    keeper = models.CharField(_("移交的是"), max_length=20)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("移出单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    caseworker_id = models.BigIntegerField(_("移出经办人"), null=True)
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("接收单位"))
    to_division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("新执行地"))
    to_caseworker_id = models.BigIntegerField(_("接收经办人"), null=True)
    reason = models.CharField(_("移交原因"), max_length=20)
    words = EncryptedTextField(_("移交说明"), compartment=Compartment.COMMUNITY)
    counted_from = models.DateField(_("起算日"))
    answer_by = models.DateField(_("答复期限"), null=True)
    basis = models.CharField(_("期限依据"), max_length=400, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=HandOverState.choices, default=HandOverState.OFFERED
    )
    offered_on = models.DateField(_("移交日期"))
    offered_at = models.DateTimeField(_("移交时间"))
    offered_by_id = models.BigIntegerField(null=True)
    offered_by_name = models.CharField(_("移交人"), max_length=40)
    answered_on = models.DateField(_("答复日期"), null=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    answered_by_id = models.BigIntegerField(null=True)
    answered_by_name = models.CharField(_("答复人"), max_length=40, blank=True)
    answer = EncryptedTextField(_("答复说明"), compartment=Compartment.COMMUNITY, blank=True, default="")

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = _("移交单")
        ordering = ("-offered_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=HandOverState.OFFERED, answered_at=None, answered_on=None, answered_by_name="")
                | (
                    ~Q(state=HandOverState.OFFERED)
                    & Q(answered_at__isnull=False, answered_on__isnull=False)
                    & ~Q(answered_by_name="")
                ),
                name="casework_handover_answer_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=HandOverState.OFFERED) | Q(answer_by__isnull=False),
                name="casework_handover_offer_has_last_day",
            ),
            models.CheckConstraint(
                condition=Q(answer_by__isnull=False) | Q(unit=F("to_unit")),
                name="casework_handover_other_unit_answers",
            ),
        ]
        indexes = [
            models.Index(fields=("unit", "state", "answer_by"), name="casework_handover_given"),
            models.Index(fields=("to_unit", "state", "answer_by"), name="casework_handover_received"),
        ]

    def __str__(self) -> str:
        return f"hand-over {self.pk}"

    @property
    def within(self) -> bool:
        """Whether it stays inside one unit."""
        return self.unit_id == self.to_unit_id

    def is_late(self, on: date) -> bool:
        return self.state == HandOverState.OFFERED and self.answer_by is not None and self.answer_by < on


class HandOverRow(Guarded):
    """One row that is named. ``subject_id``: what it hangs on (the client); that row stands there itself. ``division``: where
    the row stood. ``open`` while the offer waits: one row is in one offer at a time."""

    movable: ClassVar[frozenset[str]] = frozenset({"open"})

    handover = models.ForeignKey(HandOver, models.PROTECT, related_name="rows", verbose_name=_("移交单"))
    ledger = models.CharField(_("台账"), max_length=60)
    row_id = models.UUIDField(_("记录编号"), db_index=True)
    subject_id = models.UUIDField()
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    open = models.BooleanField(default=True)

    objects = GuardedQuerySet["HandOverRow"].as_manager()

    class Meta:
        verbose_name = _("移交的行")
        constraints = [
            models.UniqueConstraint(fields=("handover", "row_id"), name="casework_handoverrow_once"),
            models.UniqueConstraint(
                fields=("row_id",), condition=Q(open=True), name="casework_handoverrow_one_open_offer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ledger} {self.row_id}"
