"""Keys by which a program of one's own acts as one's account; only their digest is kept."""

from __future__ import annotations

import hashlib
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.organisation.models.account import Account


def digest_of(key: str) -> str:
    """What is kept of a key: 64 hex characters, from which it cannot be told."""
    return hashlib.sha256(key.encode()).hexdigest()


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def valid_on(self, day: date) -> ApiTokenQuerySet:
        """Not withdrawn, not past their last day, of accounts that are in use."""
        return self.filter(withdrawn_at=None, last_day__gte=day, account__is_active=True)

    def with_key(self, key: str) -> ApiTokenQuerySet:
        return self.filter(digest=digest_of(key))


class ApiToken(models.Model):
    """``digest`` is the SHA-256 of the key in hex; ``hint`` its first letters, by which its owner knows it."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="tokens", verbose_name=_("账号"))
    purpose = models.CharField(_("用途"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(_("开头"), max_length=12)
    first_day = models.DateField(_("起"))
    last_day = models.DateField(_("有效至"))
    withdrawn_at = models.DateTimeField(_("停用时间"), null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("接口令牌")
        ordering = ("-first_day", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="organisation_apitoken_ends_after_start"),
        ]
