"""The published facts with their versions, and the outbox of partitions to refresh."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class FactRow(models.Model):
    """One version of one published row. A correction closes the old version and adds a new one (house.md §1).

    ``data`` holds only columns the ledger publishes; ``partition`` is the month of ``happened_on``.
    """

    fact = models.CharField(max_length=40)
    partition = models.CharField(max_length=7)
    row_id = models.UUIDField()
    happened_on = models.DateField()
    until = models.DateField(null=True)
    division_id = models.BigIntegerField()
    unit_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    data = models.JSONField()

    class Meta:
        indexes = [
            models.Index(fields=("fact", "partition"), name="ledgers_factrow_partition"),
            models.Index(fields=("row_id",), name="ledgers_factrow_row"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("fact", "row_id"), condition=Q(superseded_at=None), name="ledgers_factrow_one_current"
            ),
        ]


class OutboxEntry(models.Model):
    """A partition whose file no longer equals its rows; written in the transaction that changed them."""

    fact = models.CharField(max_length=40)
    partition = models.CharField(max_length=7)
    created_at = models.DateTimeField()
