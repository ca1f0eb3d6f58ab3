"""Dynamic control (动态管控) and its end after three years (戒毒条例第七条第二款)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.rehabilitation.models.client import Client
from qingyuan.rehabilitation.models.rows import ClientRow


class Control(ClientRow):
    """From which day three years are counted and on what that rests; the day it is decided to end, and the certificate's number.

    With ``ended_on`` the person is sealed: nobody's list, search, file or interface has the name any more.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="controls")
    starts_on = models.DateField(_("起算日期"))
    basis = models.CharField(_("起算依据"), max_length=12)
    relapsed_on = models.DateField(_("重新起算日期"), null=True, blank=True)
    ended_on = models.DateField(_("停止动态管控日期"), null=True, blank=True)
    certificate_number = models.CharField(_("证明编号"), max_length=60, blank=True)

    class Meta(ClientRow.Meta):
        verbose_name = _("动态管控")
        constraints = [
            *ClientRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gt=F("starts_on")), name="rehabilitation_control_ends_after"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, certificate_number="") | (Q(ended_on__isnull=False) & ~Q(certificate_number="")),
                name="rehabilitation_control_end_has_certificate",
            ),
        ]
