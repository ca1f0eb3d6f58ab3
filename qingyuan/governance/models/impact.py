"""The impact assessment as it was signed off: content and digest stand, every year a new one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.ids import new_id
from qingyuan.governance.models.guarded import Guarded, GuardedQuerySet


class ImpactSignOff(Guarded):
    """``content`` is the assessment's canonical JSON, ``content_hash`` its SHA-256 in hex. Kept three years at least (PIPL56)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    content = models.TextField(_("内容"))
    content_hash = models.CharField(_("校验值"), max_length=64)
    signed_on = models.DateField(_("签认日期"))
    signed_at = models.DateTimeField(_("签认时间"))
    conclusion = models.CharField(_("结论"), max_length=300)
    signed_by_id = models.BigIntegerField(null=True)
    signed_by_name = models.CharField(_("签认人"), max_length=40)

    objects: ClassVar[models.Manager[ImpactSignOff]] = GuardedQuerySet["ImpactSignOff"].as_manager()

    class Meta:
        verbose_name = _("个人信息保护影响评估签认")
        ordering = ("-signed_at",)
