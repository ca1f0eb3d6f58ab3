"""A joint inspection of a town's station (speech: 公安、政法委、司法、民政联合检查). Files drawn are counted, never named."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.ledgers.models import LedgerRow


class Inspection(LedgerRow):
    """One visit of one station. What was found stands encrypted: inspectors may have written about somebody."""

    inspected_on = models.DateField(_("检查日期"))
    document = models.CharField(_("检查记录编号"), max_length=60)
    police = models.BooleanField(_("公安参加"), default=False)
    politics_law = models.BooleanField(_("政法委参加"), default=False)
    justice = models.BooleanField(_("司法参加"), default=False)
    civil_affairs = models.BooleanField(_("民政参加"), default=False)
    files_drawn = models.PositiveSmallIntegerField(_("抽查档案数"))
    items_checked = models.PositiveSmallIntegerField(_("检查项数"))
    items_failed = models.PositiveSmallIntegerField(_("不合格项数"))
    problems = EncryptedTextField(_("存在问题"), compartment=Compartment.COMMUNITY, blank=True, default="")
    mend_by = models.DateField(_("整改期限"), null=True, blank=True)
    rechecked_on = models.DateField(_("复查日期"), null=True, blank=True)
    recheck_passed = models.BooleanField(_("复查合格"), null=True)
    # The visit whose signed findings these figures are; such a row is changed by the inspection alone.
    visit_id = models.UUIDField(null=True, editable=False, unique=True)

    class Meta(LedgerRow.Meta):
        verbose_name = _("联合检查")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(items_failed__lte=F("items_checked")), name="rehabilitation_inspection_failed_within"
            ),
            models.CheckConstraint(
                condition=Q(mend_by=None) | Q(mend_by__gte=F("inspected_on")),
                name="rehabilitation_inspection_mended_after",
            ),
            models.CheckConstraint(
                condition=Q(rechecked_on=None) | Q(rechecked_on__gte=F("inspected_on")),
                name="rehabilitation_inspection_rechecked_after",
            ),
        ]
