"""The one text a person may get, and that they agreed to it. Neither row has room for a word about anybody, or for a number."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.enums import ReminderState
from qingyuan.casework.models import Due
from qingyuan.foundation.guarded import Guarded, GuardedQuerySet
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import Division, Unit
from qingyuan.rehabilitation.enums import TextRefusal
from qingyuan.rehabilitation.models.client import Client

_UNDER_WAY = (ReminderState.WAITING, ReminderState.SENDING)
_GONE = (ReminderState.SENT, ReminderState.HELD)


class TextConsent(Guarded):
    """The person said yes on their own page, to the terms of that version; taken back there or by the caseworker, once."""

    movable: ClassVar[frozenset[str]] = frozenset({"withdrawn_at", "withdrawn_by_id", "withdrawn_by_name"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="text_consents")
    terms = models.PositiveSmallIntegerField(_("告知内容版本"))
    agreed_at = models.DateTimeField(_("同意时间"))
    withdrawn_at = models.DateTimeField(_("停止时间"), null=True)
    withdrawn_by_id = models.BigIntegerField(null=True)
    withdrawn_by_name = models.CharField(_("停止人"), max_length=40, blank=True)

    objects = GuardedQuerySet["TextConsent"].as_manager()

    class Meta:
        verbose_name = _("短信提示的同意")
        ordering = ("-agreed_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("client",), condition=Q(withdrawn_at=None), name="rehabilitation_textconsent_one_standing"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by_name="") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by_name="")),
                name="rehabilitation_textconsent_withdrawn_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"text consent {self.pk}"


class AppointmentTextQuerySet(GuardedQuerySet["AppointmentText"]):
    def to_send_at(self, moment: datetime) -> AppointmentTextQuerySet:
        return self.filter(state=ReminderState.WAITING, not_before__lte=moment)

    def under_way(self) -> AppointmentTextQuerySet:
        return self.filter(state__in=_UNDER_WAY)


class AppointmentText(Guarded):
    """One a due, and of one person one at a time, so that no two workers make or send a second. What it says is one sentence for
    everybody and stands in no row; where it goes is read at the moment of sending."""

    movable: ClassVar[frozenset[str]] = frozenset({"state", "tries", "not_before", "claimed_at", "sent_at", "refused"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="appointment_texts")
    due = models.OneToOneField(Due, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=ReminderState.choices, default=ReminderState.WAITING)
    tries = models.PositiveSmallIntegerField(_("试过几次"), default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("发出时间"), null=True)
    refused = models.CharField(_("原因"), max_length=12, choices=TextRefusal.choices, blank=True)
    created_at = models.DateTimeField()

    objects = AppointmentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("预约短信")
        ordering = ("-created_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("client",), condition=Q(state__in=_UNDER_WAY), name="rehabilitation_appointmenttext_one_under_way"
            ),
            models.CheckConstraint(
                condition=Q(state__in=_GONE, sent_at__isnull=False) | (~Q(state__in=_GONE) & Q(sent_at=None)),
                name="rehabilitation_appointmenttext_sent_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReminderState.GIVEN_UP) | ~Q(refused=""), name="rehabilitation_appointmenttext_given_up_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=("not_before",), condition=Q(state="waiting"), name="rehabilitation_text_waiting"),
            models.Index(fields=("client", "created_at"), name="rehabilitation_text_own"),
        ]

    def __str__(self) -> str:
        return f"appointment text {self.pk}"
