from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.ledgers.models import LedgerRow


class Place(LedgerRow):
    """A unit of one of the six classes of 六进: a community, school, village, workplace, grid (for homes) or venue.

    ``setting`` names a trade (entertainment, transport …), never persons. A home is never listed: the class 家庭 is
    counted by the grid (网格、楼栋) in which homes are visited. ``listed_on`` starts the yearly plan, ``closed_on`` ends it.
    """

    name = models.CharField(_("点位名称"), max_length=80)
    kind = models.CharField(_("六进类别"), max_length=20)
    setting = models.CharField(_("高危行业(场所)"), max_length=20, blank=True)
    listed_on = models.DateField(_("列入日期"))
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = _("六进点位")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gt=F("listed_on")),
                name="prevention_place_closed_after_listed",
            ),
        ]
        indexes = [models.Index(fields=("name",), name="prevention_place_name")]
