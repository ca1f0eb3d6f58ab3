"""What a laboratory found in the water of a treatment works: a catchment of thousands, never a person or a house."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.ledgers.models import LedgerRow


class WaterSample(LedgerRow):
    """One target in one day's composite sample. ``concentration`` in ng/L, ``flow`` in m³/d, ``load`` in mg per 1 000
    persons and day; below the limit of quantification there is no concentration and no load."""

    site = models.CharField(_("采样点"), max_length=60)
    served = models.PositiveIntegerField(_("服务人口"))
    sampled_on = models.DateField(_("采样日期"))
    target = models.CharField(_("标志物"), max_length=20)
    concentration = models.DecimalField(_("浓度(ng/L)"), max_digits=12, decimal_places=4, null=True, blank=True)
    below_limit = models.BooleanField(_("低于定量限"), default=False)
    flow = models.DecimalField(_("流量(m³/d)"), max_digits=14, decimal_places=2)
    load = models.DecimalField(_("千人均日负荷(mg)"), max_digits=14, decimal_places=4, null=True, blank=True)
    laboratory = models.CharField(_("检测机构"), max_length=60)

    class Meta(LedgerRow.Meta):
        verbose_name = _("污水监测")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(condition=Q(served__gte=1), name="situation_watersample_serves_people"),
            models.CheckConstraint(condition=Q(flow__gt=0), name="situation_watersample_flow_positive"),
            models.CheckConstraint(
                condition=Q(below_limit=True, concentration=None, load=None)
                | Q(below_limit=False, concentration__isnull=False, load__isnull=False),
                name="situation_watersample_limit_or_value",
            ),
        ]
        indexes = [models.Index(fields=("division", "sampled_on"), name="situation_watersample_place")]
