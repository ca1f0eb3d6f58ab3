"""Where a unit's tables come from again and again, how each is read, and in which columns another system wants them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import Unit


class Source(models.Model):
    """A table that comes to a unit regularly: «龙洞镇尿检登记表».

    ``whole``: each file holds everything there is, so that a row which is no longer in it is a question; else each file
    holds only its own days. ``every_months``: how often it comes, 0 = irregularly.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("所属单位"))
    ledger = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    whole = models.BooleanField(default=False)
    every_months = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("ledger", "title")
        constraints = [
            models.UniqueConstraint(
                fields=("unit", "ledger", "title"), condition=Q(retired_at=None), name="ledgers_source_title_unique"
            ),
        ]


class SavedRecipe(models.Model):
    """How the tables of a source are read. ``content`` is ``importing.recipe.Recipe`` as JSON: header texts and column
    names, nothing out of a row. ``digest`` recognises a header that is the same."""

    source = models.OneToOneField(Source, models.PROTECT, related_name="saved")
    digest = models.CharField(max_length=64, db_index=True)
    content = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by_id = models.BigIntegerField(null=True)


class OwnLayout(models.Model):
    """A unit's own export layout, bound from the blank workbook of the system it fills; ``content`` as in a layout file."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("所属单位"))
    ledger = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    content = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by_id = models.BigIntegerField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("ledger", "title")
        constraints = [
            models.UniqueConstraint(
                fields=("unit", "ledger", "title"), condition=Q(retired_at=None), name="ledgers_ownlayout_title_unique"
            ),
        ]
