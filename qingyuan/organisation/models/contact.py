"""Where an account's holder can be reached outside the platform: entered by the holder, proved by a code."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.organisation.enums import ContactChannel
from qingyuan.organisation.models.account import Account


class Contact(models.Model):
    """One address a channel. Nothing but a code is sent to it before ``verified_at``."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="contacts", verbose_name=_("账号"))
    channel = models.CharField(_("渠道"), max_length=12, choices=ContactChannel.choices)
    address = EncryptedTextField(_("联系地址"), compartment=Compartment.INTERNAL)
    entered_at = models.DateTimeField(_("填写时间"))
    verified_at = models.DateTimeField(_("核实时间"), null=True)
    code_digest = models.CharField(max_length=64, blank=True, editable=False)
    code_until = models.DateTimeField(null=True, editable=False)
    code_tries = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("联系方式")
        ordering = ("channel",)
        constraints = [
            models.UniqueConstraint(fields=("account", "channel"), name="organisation_contact_one_a_channel"),
            models.CheckConstraint(
                condition=Q(verified_at=None) | Q(code_digest=""), name="organisation_contact_verified_spent_its_code"
            ),
        ]
