"""Units, posts and the terms in which people hold them (duties attach to the post-holder's term, S25)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.enums import Zone
from qingyuan.organisation.enums import Responsibility
from qingyuan.organisation.models.division import Division


class Unit(models.Model):
    code = models.CharField(_("单位代码"), max_length=30, unique=True)
    name = models.CharField(_("单位名称"), max_length=80)
    short_name = models.CharField(_("简称"), max_length=30, blank=True)
    kind = models.CharField(_("单位类别"), max_length=30, help_text=_("代码表 unit_kinds"))
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("所在区划"), related_name="units")
    zone = models.CharField(_("网区"), max_length=12, choices=[(z.value, z.value) for z in Zone])
    superior = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("上级单位"), related_name="subordinates"
    )
    is_member = models.BooleanField(_("禁毒委成员单位"), default=False)
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("单位")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.short_name or self.name


class Post(models.Model):
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name=_("单位"))
    title = models.CharField(_("职务"), max_length=60)
    responsibility = models.CharField(_("责任"), max_length=12, choices=Responsibility.choices)

    class Meta:
        verbose_name = _("岗位")
        ordering = ("unit", "pk")

    def __str__(self) -> str:
        return self.title


class PostTermQuerySet(models.QuerySet["PostTerm"]):
    def on(self, day: date) -> PostTermQuerySet:
        return self.filter(Q(end=None) | Q(end__gt=day), start__lte=day)


class PostTerm(models.Model):
    """A public servant in a public post: the name is a work name, not a personal file."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="terms", verbose_name=_("岗位"))
    holder_name = models.CharField(_("任职人"), max_length=40)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="terms")
    start = models.DateField(_("任职起"))
    end = models.DateField(_("任职止"), null=True, blank=True)

    objects = PostTermQuerySet.as_manager()

    class Meta:
        verbose_name = _("任期")
        ordering = ("start",)
        constraints = [
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gt=F("start")), name="organisation_postterm_ends_after_start"
            ),
        ]
