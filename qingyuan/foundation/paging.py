"""One page of a long list by its keys, and how many rows there are, counted no further than is worth it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

MOST_COUNTED: Final = 10_000
"""A list is counted up to here; of a longer one a page says «10 000 or more», and the whole number only when asked for it."""

MOST_NARROWED: Final = 1_000
"""As far is a list counted that is narrowed by a code: of each row an index tells it, but most rows read are none of those wanted."""
MOST_TURNED: Final = 100_000
"""Nobody turns further than so many rows, page by page: what lies behind is reached by its days, its place or from the other end."""


@dataclass(frozen=True)
class KeyPage:
    """Page ``number`` (from 1) of a list: the keys of its rows, the first being row ``start`` (from 0).

    ``total`` is how many rows the list has; with ``more`` it has at least so many, and nobody counted further. ``deepest``:
    the list goes on, but is not turned further.
    """

    keys: list[Any]
    number: int
    start: int
    total: int
    more: bool = False
    deepest: bool = False


def counted(queryset: QuerySet[Any], most: int = MOST_COUNTED) -> tuple[int, bool]:
    """How many rows ``queryset`` has, and whether there are more than that: no more than ``most`` are counted."""
    found = queryset.select_related(None).order_by()[: most + 1].count()
    return min(found, most), found > most


def key_page(queryset: QuerySet[Any], number: int, per_page: int, *, exact: bool = False, most: int = MOST_COUNTED) -> KeyPage:
    """Page ``number`` of an ordered ``queryset``; behind the last page it is the last one, and behind ``MOST_TURNED`` rows the
    page that ends there.

    A page that is not full tells by itself how many rows there are. A full one is counted up to ``most`` rows, one that
    lies further behind only says that there are so many. ``exact``: the whole number, whatever it costs; pages are then
    counted to from the nearer end.
    """
    if exact:
        return _exactly(queryset, max(number, 1), per_page)
    deepest = MOST_TURNED // per_page
    number = min(max(number, 1), deepest)
    start = (number - 1) * per_page
    keys = list(queryset.select_related(None).values_list("pk", flat=True)[start : start + per_page + 1])
    if not keys and number > 1:
        return _exactly(queryset, number, per_page)
    if len(keys) <= per_page:
        return KeyPage(keys, number, start, start + len(keys))
    until = start + per_page
    total, more = (until, True) if until >= most else counted(queryset, most)
    return KeyPage(keys[:per_page], number, start, total, more, number == deepest)


def _exactly(queryset: QuerySet[Any], number: int, per_page: int) -> KeyPage:
    total = queryset.select_related(None).order_by().count()
    number = min(number, max(-(-total // per_page), 1))
    start = (number - 1) * per_page
    return KeyPage(keys_of(queryset, start, start + per_page, total), number, start, total)


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
