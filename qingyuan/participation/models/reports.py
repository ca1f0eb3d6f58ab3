"""How many reports came in and how far they got: cells of counts. What was said and by whom is never here (mission line 1)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.ledgers.models import LedgerRow


class ReportCount(LedgerRow):
    """Reports received in a month through one channel about one kind of matter, by how they stand when counted."""

    month = models.DateField(_("月份"), help_text=_("当月最后一天"))
    channel = models.CharField(_("举报渠道"), max_length=20)
    category = models.CharField(_("举报内容类别"), max_length=20)
    received = models.PositiveIntegerField(_("受理件数"))
    confirmed = models.PositiveIntegerField(_("查证属实"))
    unfounded = models.PositiveIntegerField(_("查证不实"))
    unclear = models.PositiveIntegerField(_("无法查证"))
    pending = models.PositiveIntegerField(_("正在查证"))
    answered = models.PositiveIntegerField(_("已答复"))

    class Meta(LedgerRow.Meta):
        verbose_name = _("举报受理计数")
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(received=F("confirmed") + F("unfounded") + F("unclear") + F("pending")),
                name="participation_reportcount_states_add_up",
            ),
            models.CheckConstraint(
                condition=Q(answered__lte=F("received")), name="participation_reportcount_answered_within"
            ),
        ]
