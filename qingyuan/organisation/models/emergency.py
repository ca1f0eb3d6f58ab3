"""Emergency looks (紧急查阅): a few named rows opened to one account for a few hours, inside its own compartment."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.guarded import Guarded, GuardedQuerySet
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.enums import EmergencyVerdict, Role
from qingyuan.organisation.models.unit import Unit


class EmergencyLookQuerySet(GuardedQuerySet["EmergencyLook"]):
    def live_at(self, moment: datetime) -> EmergencyLookQuerySet:
        """Open at ``moment``: by the clock, without anybody closing it."""
        return self.filter(Q(closed_at=None) | Q(closed_at__gt=moment), opened_at__lte=moment, until__gt=moment)

    def unreviewed(self) -> EmergencyLookQuerySet:
        return self.filter(reviewed_at=None)

    def overdue_on(self, day: date) -> EmergencyLookQuerySet:
        return self.unreviewed().filter(review_by__lt=day)


class EmergencyLook(Guarded):
    """``role`` and ``unit``: on what the account stood when it opened. ``article``: the key of an article of reference.

    ``until`` (a moment) is when it ends by itself; ``closed_at`` when its owner was done before. ``review_by`` is the last
    day on which a second person should have looked at it.
    """

    movable: ClassVar[frozenset[str]] = frozenset(
        {"closed_at", "reviewed_by", "reviewed_by_id", "reviewed_at", "verdict", "remark"}
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("查阅人"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    role = models.CharField(_("角色"), max_length=24, choices=Role.choices)
    compartment = models.CharField(_("数据分区"), max_length=12, choices=[(c.value, c.label) for c in Compartment])
    reason = EncryptedTextField(_("事由"), compartment=Compartment.INTERNAL)
    article = models.CharField(_("条款"), max_length=20)
    opened_at = models.DateTimeField(_("打开时间"))
    until = models.DateTimeField(_("自动合上"))
    closed_at = models.DateTimeField(_("提前合上"), null=True)
    review_by = models.DateField(_("复核期限"))
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("复核人")
    )
    reviewed_at = models.DateTimeField(_("复核时间"), null=True)
    verdict = models.CharField(_("复核意见"), max_length=10, choices=EmergencyVerdict.choices, blank=True)
    remark = EncryptedTextField(_("复核说明"), compartment=Compartment.INTERNAL, blank=True)

    objects = EmergencyLookQuerySet.as_manager()

    class Meta:
        verbose_name = _("紧急查阅")
        ordering = ("-opened_at", "-id")
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("opened_at")), name="organisation_emergencylook_ends_later"),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, verdict="")
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(verdict="") & ~Q(remark="")),
                name="organisation_emergencylook_reviewed_whole",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("account")),
                name="organisation_emergencylook_second_person",
            ),
        ]
        indexes = [models.Index(fields=("account", "until"), name="organisation_emergency_live")]

    def __str__(self) -> str:
        return f"emergency look {self.pk}"


class EmergencyRow(Guarded):
    """One row that a look opens; ``subject``: the person's own row, from which the others were found."""

    look = models.ForeignKey(EmergencyLook, models.PROTECT, related_name="rows", verbose_name=_("紧急查阅"))
    ledger = models.CharField(_("台账"), max_length=60)
    row_id = models.UUIDField(_("记录编号"), db_index=True)
    subject = models.BooleanField(_("本人"), default=False)

    objects = GuardedQuerySet["EmergencyRow"].as_manager()

    class Meta:
        verbose_name = _("紧急查阅的行")
        constraints = [
            models.UniqueConstraint(fields=("look", "row_id"), name="organisation_emergencyrow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ledger} {self.row_id}"
