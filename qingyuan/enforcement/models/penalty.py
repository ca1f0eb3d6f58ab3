from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.enforcement.models.person_row import PersonRow
from qingyuan.ledgers.models import listed


class Penalty(PersonRow):
    """An administrative decision about drug use. Sealed from entry: a row is opened alone, for a stated purpose."""

    # Nobody searches a sealed ledger by a part of a name: nothing is stored that would help to.
    surname_bucket = None
    initials_bucket = None
    document_number = models.CharField(_("决定书文号"), max_length=60)
    act = models.CharField(_("违法行为"), max_length=20)
    kind = models.CharField(_("处罚种类"), max_length=20)
    decided_on = models.DateField(_("决定日期"))
    days = models.PositiveSmallIntegerField(_("拘留天数"), null=True, blank=True)
    fine_yuan = models.DecimalField(_("罚款(元)"), max_digits=10, decimal_places=2, null=True, blank=True)

    class Meta(PersonRow.Meta):
        verbose_name = _("行政处罚")
        constraints = [
            *PersonRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(fine_yuan=None) | Q(fine_yuan__gte=0), name="enforcement_penalty_fine_not_negative"
            ),
        ]
        indexes = [
            listed("enforcement_penalty_listed", by="unit", dated="decided_on"),
            models.Index(fields=("unit", "document_number"), name="enforcement_penalty_document"),
        ]
