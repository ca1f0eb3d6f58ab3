"""The help compartment: referrals with the person's consent, reviews of support, and why somebody was away.

What stands here is encrypted under the compartment's own key; the person's caseworker and supervisor read it, and of a referral
the receiving unit exactly what the consent lists, as long as it holds.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.guarded import Guarded, GuardedQuerySet
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import Unit
from qingyuan.rehabilitation.enums import HelpKind, ReferralState
from qingyuan.rehabilitation.models.case import Absence, CarePlan
from qingyuan.rehabilitation.models.client import Client

HOME = Compartment.HELP


class Referral(Guarded):
    """One need handed to one unit on the person's signed consent: which fields, until which day. A withdrawal stops it at once."""

    movable: ClassVar[frozenset[str]] = frozenset(
        {
            *("state", "answer", "answered_at", "answered_by_id", "answered_by_name"),
            *("outcome", "closed_on", "closed_at", "closed_by_id", "closed_by_name"),
            *("withdrawn_on", "withdrawn_at", "withdrawn_by_id", "withdrawn_by_name"),
        }
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="referrals")
    kind = models.CharField(_("需要"), max_length=12, choices=HelpKind.choices)
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("转介给"))
    need = EncryptedTextField(_("需要什么帮助"), compartment=HOME)
    fields = models.JSONField(_("同意给对方看的"), default=list)
    consent_on = models.DateField(_("本人签字日期"))
    consent_until = models.DateField(_("同意到哪天"))
    consent_paper_number = models.CharField(_("同意书编号"), max_length=60)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField(_("转介人"), max_length=40)
    state = models.CharField(_("状态"), max_length=10, choices=ReferralState.choices, default=ReferralState.WAITING)
    answer = EncryptedTextField(_("答复"), compartment=HOME, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered_by_id = models.BigIntegerField(null=True)
    answered_by_name = models.CharField(_("答复人"), max_length=40, blank=True)
    outcome = EncryptedTextField(_("办理结果"), compartment=HOME, blank=True, default="")
    closed_on = models.DateField(_("办结日期"), null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by_id = models.BigIntegerField(null=True)
    closed_by_name = models.CharField(_("办结人"), max_length=40, blank=True)
    withdrawn_on = models.DateField(_("撤回同意日期"), null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_id = models.BigIntegerField(null=True)
    withdrawn_by_name = models.CharField(_("登记撤回的人"), max_length=40, blank=True)

    objects = GuardedQuerySet["Referral"].as_manager()

    class Meta:
        verbose_name = _("帮扶转介")
        ordering = ("-made_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(consent_until__gte=F("consent_on")), name="rehabilitation_referral_consent_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by_name="") | (Q(answered_at__isnull=False) & ~Q(answered_by_name="")),
                name="rehabilitation_referral_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by_name="", closed_on=None)
                | (Q(closed_at__isnull=False, closed_on__isnull=False) & ~Q(closed_by_name="")),
                name="rehabilitation_referral_closed_whole",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by_name="", withdrawn_on=None)
                | (Q(withdrawn_at__isnull=False, withdrawn_on__isnull=False, state=ReferralState.WITHDRAWN) & ~Q(withdrawn_by_name="")),
                name="rehabilitation_referral_withdrawn_whole",
            ),
        ]
        indexes = [models.Index(fields=("to_unit", "state"), name="rehabilitation_referral_inbox")]

    def __str__(self) -> str:
        return f"referral {self.pk}"


class SupportReview(Guarded):
    """What help is needed (帮扶评估), with reasons, on a set day; what the person says against it, and what was answered.

    A review of need for support. There is no grade, letter, colour or likelihood in it."""

    movable: ClassVar[frozenset[str]] = frozenset(
        {"objection", "objected_on", "objection_answer", "answered_at", "answered_by_id", "answered_by_name"}
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="support_reviews")
    plan = models.ForeignKey(CarePlan, models.PROTECT, related_name="+", null=True)
    set_on = models.DateField(_("约定日期"), null=True)
    held_on = models.DateField(_("评估日期"))
    needs = models.JSONField(_("需要的帮助"), default=list)
    reasons = EncryptedTextField(_("理由"), compartment=HOME)
    next_on = models.DateField(_("下次评估日期"))
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField(_("评估人"), max_length=40)
    objection = EncryptedTextField(_("本人异议"), compartment=HOME, blank=True, default="")
    objected_on = models.DateField(_("提出日期"), null=True)
    objection_answer = EncryptedTextField(_("对异议的答复"), compartment=HOME, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered_by_id = models.BigIntegerField(null=True)
    answered_by_name = models.CharField(_("答复人"), max_length=40, blank=True)

    objects = GuardedQuerySet["SupportReview"].as_manager()

    class Meta:
        verbose_name = _("帮扶评估")
        ordering = ("-held_on", "-made_at")
        constraints = [
            models.UniqueConstraint(fields=("client", "held_on"), name="rehabilitation_supportreview_once_a_day"),
            models.CheckConstraint(condition=Q(next_on__gt=F("held_on")), name="rehabilitation_supportreview_next_later"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by_name="") | (Q(answered_at__isnull=False) & ~Q(answered_by_name="")),
                name="rehabilitation_supportreview_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"support review {self.pk}"


class AbsenceReason(models.Model):
    """Why somebody was away. The ledger of absences has no column for it and no page beside this compartment says it."""

    absence = models.OneToOneField(Absence, models.PROTECT, primary_key=True, related_name="+")
    why = EncryptedTextField(_("事由"), compartment=HOME)
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)
    recorded_by_name = models.CharField(_("登记人"), max_length=40)

    class Meta:
        verbose_name = _("离开的事由")

    def __str__(self) -> str:
        return f"reason of {self.pk}"
