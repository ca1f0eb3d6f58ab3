"""Rows about a client: nobody sees those of a person who was sealed at the end of dynamic control."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models

from qingyuan.ledgers.models import LedgerRow
from qingyuan.ledgers.models.row import RowQuerySet
from qingyuan.rehabilitation.models.client import Client


class ClientRowQuerySet(RowQuerySet):
    def of_the_open(self) -> Self:
        """Those whose person is not sealed; told from the few who are."""
        return self.exclude(client_id__in=Client.objects.filter(sealed_on__isnull=False).values("pk"))


class LiveClientRows(models.Manager[Any]):
    def get_queryset(self) -> ClientRowQuerySet:
        return ClientRowQuerySet(self.model, using=self._db).live().of_the_open()


class EveryClientRow(models.Manager[Any]):
    """Voided rows too, as every ledger has them; of a sealed person none."""

    def get_queryset(self) -> ClientRowQuerySet:
        return ClientRowQuerySet(self.model, using=self._db).of_the_open()


class ClientRow(LedgerRow):
    """The base of every ledger row of this room that has a ``client``."""

    objects: ClassVar[models.Manager[Any]] = LiveClientRows()
    everything: ClassVar[models.Manager[Any]] = EveryClientRow()  # type: ignore[assignment]

    class Meta(LedgerRow.Meta):
        abstract = True
