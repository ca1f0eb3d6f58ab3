"""Reads of dues, always through ``visible_to``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count

from qingyuan.casework.models import Due
from qingyuan.casework.models.due import DueQuerySet
from qingyuan.casework.papers.queries import Citing, papers_citing
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import visible_to

LEDGER = "test-dues"

__all__ = ["LEDGER", "Citing", "behind", "dues", "papers_citing"]


def dues(actor: Actor, on: date, *, action: Action = Action.READ) -> DueQuerySet:
    """The dues ``actor`` may take ``action`` on."""
    queryset: Any = visible_to(
        actor,
        Due.objects.select_related("division", "unit"),
        compartment=Compartment.COMMUNITY,
        ledger=LEDGER,
        on=on,
        action=action,
    )
    return queryset  # type: ignore[no-any-return]


def behind(actor: Actor, on: date, due_ids: Sequence[UUID]) -> tuple[DueQuerySet, list[dict[str, Any]]]:
    """The dues behind a number that ``actor`` may open, and for the rest how many and whose (mission line 5)."""
    mine = dues(actor, on).filter(pk__in=list(due_ids))
    others = (
        Due.objects.filter(pk__in=list(due_ids))
        .exclude(pk__in=mine.values("pk"))
        .values("unit_id", "unit__name")
        .annotate(count=Count("pk"), people=Count("person", distinct=True))
        .order_by("unit__name")
    )
    return mine, [dict(other) for other in others]
