"""A year's assessment as it was archived: the file and the one hash that stands for it, written once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.ids import new_id
from qingyuan.governance.enums import ArchiveBasis
from qingyuan.governance.models.guarded import Guarded, GuardedQuerySet
from qingyuan.organisation.models import Division


class AssessmentArchive(Guarded):
    """``path`` names an encrypted file in the upload folder, ``digest`` its SHA-256, ``root_hash`` the hash over all its parts.

    A further archive of the same year gets the next ``serial``; the earlier one stays.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    year = models.PositiveSmallIntegerField(_("年度"))
    serial = models.PositiveSmallIntegerField(_("次序"))
    on = models.DateField(_("得分算到"))
    basis = models.CharField(_("依据"), max_length=12, choices=ArchiveBasis.choices, default=ArchiveBasis.LIVE)
    letters = models.PositiveSmallIntegerField(_("责任书份数"))
    root_hash = models.CharField(_("根校验值"), max_length=64)
    digest = models.CharField(_("文件校验值"), max_length=64)
    size = models.PositiveIntegerField(_("字节数"))
    path = models.CharField(max_length=120)
    fact_version = models.PositiveBigIntegerField()
    kept_at = models.DateTimeField(_("归档时间"))
    kept_by_id = models.BigIntegerField(null=True)
    kept_by_name = models.CharField(_("归档人"), max_length=40)

    objects: ClassVar[models.Manager[AssessmentArchive]] = GuardedQuerySet["AssessmentArchive"].as_manager()

    class Meta:
        verbose_name = _("考核档案")
        ordering = ("-year", "-serial")
        constraints = [
            models.UniqueConstraint(fields=("city", "year", "serial"), name="governance_archive_serial_unique"),
            models.UniqueConstraint(fields=("city", "year", "root_hash"), name="governance_archive_root_unique"),
        ]
