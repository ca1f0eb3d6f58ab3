"""A test done in the community by two people. Medical tests live elsewhere, behind their wall (domain §1.2)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.ledgers.models import listed
from qingyuan.rehabilitation.models.client import Client
from qingyuan.rehabilitation.models.measure import Measure
from qingyuan.rehabilitation.models.rows import ClientRow


class CommunityTest(ClientRow):
    client = models.ForeignKey(Client, models.PROTECT, related_name="tests")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="tests")
    tested_on = models.DateField(_("检测日期"))
    sample = models.CharField(_("检测方式"), max_length=20)
    result = models.CharField(_("结果"), max_length=20)
    purpose = models.CharField(_("检测性质"), max_length=20)
    testers = models.JSONField(_("检测人"), default=list)
    note = EncryptedTextField(_("备注"), compartment=Compartment.COMMUNITY, blank=True, default="")

    class Meta(ClientRow.Meta):
        verbose_name = _("社区检测")
        indexes = [
            models.Index(fields=("measure", "tested_on"), name="rehabilitation_test_measure"),
            listed("rehabilitation_test_listed", by="unit", dated="tested_on", codes=("sample", "result", "client")),
        ]
