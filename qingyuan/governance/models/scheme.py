"""Assessment schemes: as published, one canonical text per version, never changed; and on the desk, every edit kept."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.ids import new_id
from qingyuan.governance.enums import DraftState
from qingyuan.governance.models.desk import DeskDraft, DeskRevision
from qingyuan.governance.models.guarded import Guarded, GuardedQuerySet


class PublishedScheme(Guarded):
    """``content`` is the canonical JSON text of the scheme, ``content_hash`` its SHA-256 in hex."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(_("代号"), max_length=40)
    version = models.CharField(_("版次"), max_length=20)
    year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("名称"), max_length=120)
    content = models.TextField(_("内容"))
    content_hash = models.CharField(_("校验值"), max_length=64)
    published_at = models.DateTimeField(_("发布时间"))
    published_by_id = models.BigIntegerField(null=True)
    published_by_name = models.CharField(_("发布人"), max_length=40)

    objects: ClassVar[models.Manager[PublishedScheme]] = GuardedQuerySet["PublishedScheme"].as_manager()

    class Meta:
        verbose_name = _("考核办法")
        ordering = ("-year", "code", "-published_at")
        constraints = [
            models.UniqueConstraint(fields=("code", "year", "version"), name="governance_scheme_version_unique"),
        ]


class SchemeDraft(DeskDraft):
    """A sheet being written."""

    begun_from = models.ForeignKey(PublishedScheme, models.PROTECT, null=True, related_name="+", verbose_name=_("由哪一版起草"))
    published = models.ForeignKey(PublishedScheme, models.PROTECT, null=True, related_name="drafts", verbose_name=_("发布为"))

    class Meta(DeskDraft.Meta):
        verbose_name = _("考核办法草稿")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=DraftState.PUBLISHED) | models.Q(published__isnull=False),
                name="governance_draft_published_has_scheme",
            ),
        ]


class SchemeRevision(DeskRevision):
    draft = models.ForeignKey(SchemeDraft, models.PROTECT, related_name="revisions")

    objects: ClassVar[models.Manager[SchemeRevision]] = GuardedQuerySet["SchemeRevision"].as_manager()

    class Meta(DeskRevision.Meta):
        verbose_name = _("草稿的修改")
        constraints = [models.UniqueConstraint(fields=("draft", "number"), name="governance_revision_number_unique")]
