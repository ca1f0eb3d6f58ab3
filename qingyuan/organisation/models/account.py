"""Accounts and the roles granted to them, with dates."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.organisation.enums import Role
from qingyuan.organisation.models.division import Division
from qingyuan.organisation.models.unit import Unit


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=username)


class Account(AbstractBaseUser):
    """Someone who works here. There is no superuser: nobody passes around ``visible_to``."""

    username = models.CharField(_("账号"), max_length=40, unique=True)
    name = models.CharField(_("姓名"), max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="accounts", verbose_name=_("单位"))
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # While ``code_until`` is set the password is a code given by the security officer: it opens once, for a new password.
    code_until = models.DateTimeField(_("一次性口令有效至"), null=True, editable=False)
    code_used_at = models.DateTimeField(_("一次性口令用掉的时间"), null=True, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = AccountManager()

    class Meta:
        verbose_name = _("账号")
        ordering = ("username",)
        constraints = [
            models.CheckConstraint(
                condition=Q(code_used_at=None) | Q(code_until__isnull=False), name="organisation_account_code_used_was_given"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def must_set_password(self) -> bool:
        """Whether the password is a one-time code that waits for a real one."""
        return self.code_until is not None


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def on(self, day: date) -> RoleGrantQuerySet:
        return self.filter(Q(end=None) | Q(end__gt=day), start__lte=day)

    def not_ended_by(self, day: date) -> RoleGrantQuerySet:
        """In force on ``day`` or some time after it."""
        return self.filter(Q(end=None) | Q(end__gt=day))


class RoleGrant(models.Model):
    account = models.ForeignKey(Account, models.PROTECT, related_name="grants", verbose_name=_("账号"))
    role = models.CharField(_("角色"), max_length=24, choices=Role.choices)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划范围"))
    start = models.DateField(_("起"))
    end = models.DateField(_("止"), null=True, blank=True)
    granted_by = models.CharField(_("授权人"), max_length=40)
    reason = models.CharField(_("事由"), max_length=200, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("授权")
        constraints = [
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gt=F("start")), name="organisation_rolegrant_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=("account", "role", "division", "start"), name="organisation_rolegrant_unique"
            ),
        ]
