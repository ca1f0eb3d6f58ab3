from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.ledgers.models import LedgerRow, listed
from qingyuan.prevention.models.place import Place


class Activity(LedgerRow):
    """One activity of publicity or teaching. Whoever was there is counted, never listed.

    ``place_name`` is what the organiser wrote; ``place`` the unit of the directory it was recognised as, which is what
    coverage counts.
    """

    held_on = models.DateField(_("活动日期"))
    title = models.CharField(_("活动名称"), max_length=120)
    theme = models.CharField(_("主题"), max_length=20)
    place_name = models.CharField(_("地点"), max_length=80, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="activities", null=True)
    kind = models.CharField(_("六进类别"), max_length=20)
    audience = models.CharField(_("对象"), max_length=20)
    form = models.CharField(_("形式"), max_length=20)
    reach = models.PositiveIntegerField(_("受教育人次"))
    reach_basis = models.CharField(_("人数怎么来"), max_length=20)
    handed_out = models.PositiveIntegerField(_("发放资料(份)"), null=True, blank=True)
    evidence = models.CharField(_("佐证材料"), max_length=200, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = _("宣传教育活动")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(condition=~Q(reach_basis=""), name="prevention_activity_reach_has_basis"),
        ]
        indexes = [
            listed("prevention_activity_listed", by="division", dated="held_on"),
            models.Index(fields=("place", "held_on"), name="prevention_activity_place"),
        ]
