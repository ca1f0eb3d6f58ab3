"""An office's own Word templates: one live version for each unit and kind; older ones stay and can be taken up again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.enums import PaperKind
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.guarded import Guarded, GuardedQuerySet
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import Division, Unit


class PaperTemplateQuerySet(GuardedQuerySet["PaperTemplate"]):
    def live(self) -> PaperTemplateQuerySet:
        return self.filter(live=True)


class PaperTemplate(Guarded):
    """The file is written once; only whether it is the one in use moves. ``path`` names an encrypted file."""

    movable: ClassVar[frozenset[str]] = frozenset({"live"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    kind = models.CharField(_("文种"), max_length=10, choices=PaperKind.choices)
    version = models.PositiveSmallIntegerField(_("版本"))
    digest = models.CharField(_("模板校验值"), max_length=64)
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=120)
    file_name = EncryptedTextField(_("文件名"), compartment=Compartment.INTERNAL, blank=True)
    uploaded_at = models.DateTimeField(_("上传时间"))
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_by_name = models.CharField(_("上传人"), max_length=40)
    live = models.BooleanField(_("在用"), default=True)

    objects = PaperTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("公文模板")
        ordering = ("kind", "-version")
        constraints = [
            models.UniqueConstraint(fields=("unit", "kind", "version"), name="casework_papertemplate_version_unique"),
            models.UniqueConstraint(
                fields=("unit", "kind"), condition=Q(live=True), name="casework_papertemplate_one_live"
            ),
        ]
