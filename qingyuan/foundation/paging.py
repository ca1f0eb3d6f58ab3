"""One page of a long list by its keys, counted to from the nearer end."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet


def keys_of(queryset: QuerySet[Any], start: int, until: int, total: int) -> list[Any]:
    """The keys of rows ``start`` (from 0) up to ``until`` of an ordered ``queryset`` that has ``total`` rows.

    Where an index has the order, the filters and the key, the database walks through that index alone; and from the
    end, when that is nearer.
    """
    start, until = max(start, 0), min(until, total)
    if start >= until:
        return []
    keys = queryset.select_related(None).values_list("pk", flat=True)
    if start <= total - until:
        return list(keys[start:until])
    found = list(keys.reverse()[total - until : total - start])
    found.reverse()
    return found
