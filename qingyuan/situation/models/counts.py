"""Count rows: how many, by town and month; never who (house.md §1)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.ledgers.models import LedgerRow


class RegistrationCount(LedgerRow):
    """Stock of registered users at the end of a month, and those newly found in it. Source: the police return."""

    month = models.DateField(_("月份"), help_text=_("当月最后一天"))
    registered = models.PositiveIntegerField(_("登记累计"))
    abstinent = models.PositiveIntegerField(_("戒断三年未发现复吸"))
    dead = models.PositiveIntegerField(_("死亡"))
    left = models.PositiveIntegerField(_("离境"))
    current = models.PositiveIntegerField(_("现有"))
    in_contact = models.PositiveIntegerField(_("其中在控"))
    newly_found = models.PositiveIntegerField(_("当月新发现"))
    newly_found_rural = models.PositiveIntegerField(_("其中农村"))

    class Meta(LedgerRow.Meta):
        verbose_name = _("在册人数")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(current=F("registered") - F("abstinent") - F("dead") - F("left")),
                name="situation_registrationcount_identity",
            ),
        ]


class Population(LedgerRow):
    """Resident population of a division at the end of a year."""

    year = models.PositiveSmallIntegerField(_("年份"))
    resident = models.PositiveIntegerField(_("常住人口"))
    source = models.CharField(_("来源"), max_length=120)

    class Meta(LedgerRow.Meta):
        verbose_name = _("人口")
