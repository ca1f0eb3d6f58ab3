"""What every row of every ledger has."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.ids import new_id
from qingyuan.organisation.models import Division, Unit


class RowQuerySet(models.QuerySet[Any]):
    def live(self) -> Self:
        landed = Q(batch_id=None) | ~Q(batch_id__in=InFlight.objects.values("batch_id"))
        return self.filter(landed, voided_at=None)


class InFlight(models.Model):
    """A large import on its way in: its rows are stored but nobody sees them until this line is gone."""

    batch_id = models.UUIDField(primary_key=True)
    since = models.DateTimeField()


class LiveRows(models.Manager[Any]):
    """The rows that count: not voided (those stay in ``everything`` with their reason), not of an import in flight."""

    def get_queryset(self) -> RowQuerySet:
        return RowQuerySet(self.model, using=self._db).live()


def listed(name: str, *, by: str, dated: str, codes: tuple[str, ...] = ()) -> models.Index:
    """The index of a ledger's list: its pages in their order (the newest day first), how many there are and when one was
    last entered or changed are told from the index alone, however long the ledger is.

    ``by``: the column by which most of its readers are given their rows, ``unit`` or ``division``; ``dated``: the
    column of the ledger's ``dated_by``; ``codes``: the columns by which a list that grows long is narrowed, so that few rows
    among a million are found in the index too.
    """
    other = "division" if by == "unit" else "unit"
    told = ("voided_at", "batch_id", "recorded_at", "changed_at")
    return models.Index(fields=(by, f"-{dated}", "id", other, *told, *codes), name=name)


class LedgerRow(models.Model):
    """``key`` is a keyed digest of the natural key, so that duplicates are found without opening a name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=32, db_index=True, editable=False)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("所属单位"))
    batch_id = models.UUIDField(null=True, editable=False, db_index=True)
    recorded_at = models.DateTimeField(_("登记时间"), editable=False)
    recorded_by_id = models.BigIntegerField(null=True, editable=False)
    changed_at = models.DateTimeField(_("修改时间"), null=True, editable=False)
    voided_at = models.DateTimeField(_("作废时间"), null=True, editable=False)
    void_reason = models.CharField(_("作废原因"), max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[models.Manager[Any]] = LiveRows()
    everything: ClassVar[models.Manager[Any]] = RowQuerySet.as_manager()

    class Meta:
        abstract = True
        default_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=("key",), condition=Q(voided_at=None), name="%(app_label)s_%(class)s_key_unique_live"
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None) | ~Q(void_reason=""), name="%(app_label)s_%(class)s_void_has_reason"
            ),
        ]
