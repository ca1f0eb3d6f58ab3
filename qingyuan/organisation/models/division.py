"""Administrative divisions and their history as a closure table (house.md §1)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingyuan.organisation.enums import Level


class DivisionQuerySet(models.QuerySet["Division"]):
    def on(self, day: date) -> DivisionQuerySet:
        """Divisions that exist on ``day``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)

    def under(self, ancestor_id: int, day: date) -> DivisionQuerySet:
        """``ancestor_id`` and everything below it as the tree stood on ``day``."""
        paths = DivisionPath.objects.on(day).filter(ancestor_id=ancestor_id)
        return self.filter(pk__in=paths.values("descendant_id"))

    def children_of(self, parent_id: int, day: date) -> DivisionQuerySet:
        paths = DivisionPath.objects.on(day).filter(ancestor_id=parent_id, depth=1)
        return self.filter(pk__in=paths.values("descendant_id"))

    def above(self, division_id: int, day: date) -> DivisionQuerySet:
        """``division_id`` and its ancestors, the root first."""
        paths = DivisionPath.objects.on(day).filter(descendant_id=division_id)
        return self.filter(pk__in=paths.values("ancestor_id")).order_by("code")


class Division(models.Model):
    code = models.CharField(_("区划代码"), max_length=12)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("级别"), max_length=12, choices=Level.choices)
    kind = models.CharField(_("类别"), max_length=20, blank=True)
    urban = models.BooleanField(_("城镇"), null=True)
    grid_x = models.SmallIntegerField(_("示意图列"), null=True)
    grid_y = models.SmallIntegerField(_("示意图行"), null=True)
    valid_from = models.DateField(_("生效日"))
    valid_to = models.DateField(_("失效日"), null=True, blank=True)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("行政区划")
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(fields=("code", "valid_from"), name="organisation_division_code_from_unique"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="organisation_division_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DivisionPathQuerySet(models.QuerySet["DivisionPath"]):
    def on(self, day: date) -> DivisionPathQuerySet:
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


class DivisionPath(models.Model):
    """``descendant`` stood under ``ancestor`` at ``depth`` in [valid_from, valid_to). Depth 0 is the division itself."""

    ancestor = models.ForeignKey(Division, models.PROTECT, related_name="+")
    descendant = models.ForeignKey(Division, models.PROTECT, related_name="+")
    depth = models.SmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = DivisionPathQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("ancestor", "descendant", "valid_from"), name="organisation_divisionpath_pair_from_unique"
            ),
        ]
        indexes = [models.Index(fields=("descendant", "ancestor"), name="organisation_path_up")]
