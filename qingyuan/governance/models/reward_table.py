"""Tables of what follows from a result: as published, one text per version, never changed; and on the desk, every edit kept."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.ids import new_id
from qingyuan.governance.enums import DraftState
from qingyuan.governance.models.desk import DeskDraft, DeskRevision
from qingyuan.governance.models.guarded import Guarded, GuardedQuerySet


class PublishedRewardTable(Guarded):
    """``content`` is the canonical text of the table, ``content_hash`` its SHA-256 in hex: what every entry it gives keeps."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(_("代号"), max_length=40)
    version = models.CharField(_("版次"), max_length=20)
    title = models.CharField(_("名称"), max_length=120)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True)
    content = models.TextField(_("内容"))
    content_hash = models.CharField(_("校验值"), max_length=64)
    published_at = models.DateTimeField(_("发布时间"))
    published_by_id = models.BigIntegerField(null=True)
    published_by_name = models.CharField(_("发布人"), max_length=40)

    objects: ClassVar[models.Manager[PublishedRewardTable]] = GuardedQuerySet["PublishedRewardTable"].as_manager()

    class Meta:
        verbose_name = _("奖惩规则表")
        ordering = ("code", "valid_from", "published_at")
        constraints = [
            models.UniqueConstraint(fields=("code", "version"), name="governance_rewardtable_version_unique"),
            models.UniqueConstraint(fields=("code", "valid_from"), name="governance_rewardtable_day_unique"),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="governance_rewardtable_days"),
        ]


class RewardDraft(DeskDraft):
    """A table being written. ``begun_from``: code and version of the table it was begun from, empty for a new one."""

    begun_from = models.CharField(_("由哪一版起草"), max_length=61, blank=True)
    published = models.ForeignKey(PublishedRewardTable, models.PROTECT, null=True, related_name="drafts", verbose_name=_("发布为"))

    class Meta(DeskDraft.Meta):
        verbose_name = _("奖惩规则表草稿")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=DraftState.PUBLISHED) | Q(published__isnull=False), name="governance_rewarddraft_published_has_table"
            ),
        ]


class RewardRevision(DeskRevision):
    draft = models.ForeignKey(RewardDraft, models.PROTECT, related_name="revisions")

    objects: ClassVar[models.Manager[RewardRevision]] = GuardedQuerySet["RewardRevision"].as_manager()

    class Meta(DeskRevision.Meta):
        verbose_name = _("规则表草稿的修改")
        constraints = [models.UniqueConstraint(fields=("draft", "number"), name="governance_rewardrevision_number_unique")]
