"""Which places, schools and patches one may name in what one records: those one may read."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.db.models import Model, QuerySet

from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.scope import visible_to

M = TypeVar("M", bound=Model)


def readable(queryset: QuerySet[M], ledger: str, by: Actor, on: date) -> QuerySet[M]:
    """The rows of ``ledger`` that ``by`` may read on day ``on``."""
    return visible_to(by, queryset, compartment=Compartment.INTERNAL, ledger=ledger, on=on)
