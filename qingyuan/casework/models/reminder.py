"""The outbox of reminders and what each holder of an account chose."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.enums import Channel, Refusal, ReminderState
from qingyuan.casework.reminders.sentences import LARGEST, Said, Sentence
from qingyuan.foundation.ids import new_id


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def to_send_at(self, moment: datetime) -> ReminderQuerySet:
        return self.filter(state=ReminderState.WAITING, not_before__lte=moment)


class Reminder(models.Model):
    """A code and at most two whole numbers: the row has no room for a word about anybody. ``occasion`` says what it is
    about once (``digest:2022-11-23``), so that it is made once for each account and channel."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reminders", verbose_name=_("账号"))
    channel = models.CharField(_("渠道"), max_length=12, choices=Channel.choices)
    sentence = models.CharField(_("提醒"), max_length=16, choices=Sentence.choices)
    first = models.PositiveIntegerField(null=True)
    second = models.PositiveIntegerField(null=True)
    occasion = models.CharField(max_length=40, editable=False)
    state = models.CharField(_("状态"), max_length=10, choices=ReminderState.choices, default=ReminderState.WAITING)
    tries = models.PositiveSmallIntegerField(_("试过几次"), default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("发出时间"), null=True)
    refused = models.CharField(_("原因"), max_length=16, choices=Refusal.choices, blank=True)
    created_at = models.DateTimeField()

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("提醒")
        ordering = ("-created_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=("account", "channel", "occasion"), name="casework_reminder_once"),
            models.CheckConstraint(condition=Q(sentence__in=Sentence.values), name="casework_reminder_closed_list"),
            models.CheckConstraint(
                condition=(Q(first=None) | Q(first__lte=LARGEST)) & (Q(second=None) | Q(second__lte=LARGEST)),
                name="casework_reminder_small_numbers",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(ReminderState.SENT, ReminderState.HELD), sent_at__isnull=False)
                | (~Q(state__in=(ReminderState.SENT, ReminderState.HELD)) & Q(sent_at=None)),
                name="casework_reminder_sent_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReminderState.GIVEN_UP) | ~Q(refused=""), name="casework_reminder_given_up_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=("not_before",), condition=Q(state="waiting"), name="casework_reminder_waiting"),
            models.Index(fields=("account", "created_at"), name="casework_reminder_own"),
        ]

    @property
    def said(self) -> Said:
        return Said(Sentence(self.sentence), tuple(number for number in (self.first, self.second) if number is not None))


class ReminderChoice(models.Model):
    """Which ways a holder wants to be reminded, and when. Hours are those of Asia/Shanghai, 0–23; without a row the
    defaults hold. What the law makes due on a day stands in the page whatever is chosen here."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reminder_choice")
    in_page = models.BooleanField(_("在平台内提示"), default=True)
    email = models.BooleanField(_("电子邮件"), default=False)
    sms = models.BooleanField(_("短信"), default=False)
    messenger = models.BooleanField(_("政务即时通讯"), default=False)
    quiet_from = models.PositiveSmallIntegerField(_("免打扰起"), default=21)
    quiet_to = models.PositiveSmallIntegerField(_("免打扰止"), default=7)
    digest_hour = models.PositiveSmallIntegerField(_("每日提示时间"), default=8)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("提醒方式")
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__lte=23, quiet_to__lte=23, digest_hour__lte=23), name="casework_reminderchoice_hours"
            ),
        ]

    def wants(self, channel: str) -> bool:
        return bool(getattr(self, channel))
