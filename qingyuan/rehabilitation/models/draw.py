"""Who is tested on a surprise day, drawn so that nobody could have chosen: commitment, frozen list, revealed seed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import Division, Unit


class TestDraw(models.Model):
    """One draw of one unit. ``frozen`` and ``drawn`` hold what clients are called on this list alone (``draws.lot_of``); ``seed`` is empty to everybody
    until it is revealed, ``seed_hash`` is what was published before."""

    __test__ = False  # the name is no test class

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    test_on = models.DateField(_("抽检日期"))
    size = models.PositiveSmallIntegerField(_("抽取人数"))
    seed = EncryptedTextField(_("种子"), compartment=Compartment.COMMUNITY)
    seed_hash = models.CharField(_("种子校验值"), max_length=64)
    committed_at = models.DateTimeField(_("公布校验值时间"))
    committed_by_id = models.BigIntegerField(null=True)
    committed_by_name = models.CharField(max_length=40)
    frozen = models.JSONField(default=list)
    list_hash = models.CharField(_("名单校验值"), max_length=64, blank=True)
    frozen_at = models.DateTimeField(_("名单锁定时间"), null=True)
    drawn = models.JSONField(default=list)
    revealed_at = models.DateTimeField(_("公布种子时间"), null=True)

    class Meta:
        verbose_name = _("随机抽检")
        ordering = ("-test_on", "-committed_at")
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="rehabilitation_draw_of_somebody"),
            models.CheckConstraint(
                condition=Q(revealed_at=None) | Q(frozen_at__isnull=False), name="rehabilitation_draw_frozen_first"
            ),
            models.CheckConstraint(
                condition=Q(frozen_at=None, list_hash="") | (Q(frozen_at__isnull=False) & ~Q(list_hash="")),
                name="rehabilitation_draw_list_has_hash",
            ),
        ]
        indexes = [models.Index(fields=("unit", "-test_on"), name="rehabilitation_draw_unit")]
