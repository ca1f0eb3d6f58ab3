"""What is written at a desk before a second person publishes it: the text as it stands, and every edit of it kept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.ids import new_id
from qingyuan.governance.enums import DraftState
from qingyuan.governance.models.guarded import Guarded
from qingyuan.organisation.models import Division


class DeskDraft(models.Model):
    """``content`` is the canonical text of what is written, ``revision`` the number of the edit it came of."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("地区"))
    content = EncryptedTextField(_("内容"), compartment=Compartment.INTERNAL)
    revision = models.PositiveIntegerField(_("修改次数"), default=1)
    state = models.CharField(_("状态"), max_length=10, choices=DraftState.choices, default=DraftState.OPEN)
    sent_back = EncryptedTextField(_("退回理由"), compartment=Compartment.INTERNAL, blank=True)
    begun_at = models.DateTimeField(_("起草时间"))
    changed_at = models.DateTimeField(_("最后修改"))
    changed_by_name = models.CharField(_("修改人"), max_length=40)

    class Meta:
        abstract = True
        ordering = ("-changed_at",)


class DeskRevision(Guarded):
    """One edit: what it was, whose, when, and the whole content after it. ``place`` is the key of what was edited."""

    id = models.BigAutoField(primary_key=True)
    number = models.PositiveIntegerField(_("序号"))
    place = models.CharField(max_length=12, blank=True)
    words = EncryptedTextField(_("做了什么"), compartment=Compartment.INTERNAL)
    content = EncryptedTextField(_("内容"), compartment=Compartment.INTERNAL)
    made_at = models.DateTimeField(_("时间"))
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(_("修改人"), max_length=40)

    class Meta:
        abstract = True
        ordering = ("-number",)
