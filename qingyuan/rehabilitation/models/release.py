"""A person who comes out and is to be met at the gate (必接必送): days and who met, nothing from inside."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.ledgers.models import listed
from qingyuan.rehabilitation.models.client import Client
from qingyuan.rehabilitation.models.rows import ClientRow


class Release(ClientRow):
    """One way out. ``met_on`` empty after ``released_on`` is a gap; how it came about is not asked here."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="releases")
    origin = models.CharField(_("从哪里出来"), max_length=10)
    expected_on = models.DateField(_("预计出来日期"))
    meeters = models.JSONField(_("安排接的人"), default=list)
    released_on = models.DateField(_("实际出来日期"), null=True, blank=True)
    met_on = models.DateField(_("接到日期"), null=True, blank=True)
    met_by = models.JSONField(_("接的人"), default=list)
    papers_on = models.DateField(_("收到移交文书日期"), null=True, blank=True)

    class Meta(ClientRow.Meta):
        verbose_name = _("出所衔接")
        constraints = [
            *ClientRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(met_on=None) | Q(met_on__gte=F("released_on")),
                name="rehabilitation_release_met_after_release",
            ),
        ]
        indexes = [
            models.Index(fields=("client", "expected_on"), name="rehabilitation_release_line"),
            listed("rehabilitation_release_listed", by="unit", dated="expected_on", codes=("origin",)),
        ]
