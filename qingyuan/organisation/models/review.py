"""The yearly review of the policy table: who signed which table."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation import clock
from qingyuan.foundation.guarded import Guarded, GuardedQuerySet


class PolicyReview(Guarded):
    """``table`` is the whole table as it was signed and ``digest`` its SHA-256 in hex; neither ever changes."""

    table = models.TextField(_("权限总表"))
    digest = models.CharField(_("校验值"), max_length=64)
    remark = models.CharField(_("复核说明"), max_length=300)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("签字人"))
    signed_at = models.DateTimeField(_("签字时间"))
    next_due = models.DateField(_("下次复核期限"))

    objects = GuardedQuerySet["PolicyReview"].as_manager()

    class Meta:
        verbose_name = _("权限复核")
        ordering = ("-signed_at", "-pk")

    def __str__(self) -> str:
        return f"{clock.day_of(self.signed_at)} {self.digest[:12]}"
