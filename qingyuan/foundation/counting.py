"""Many lists counted in one statement, each no further than is worth it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from qingyuan.foundation.paging import MOST_COUNTED

AT_ONCE: Final = 100
"""Lists counted by one statement: SQLite joins at most 500."""


@dataclass(frozen=True)
class Much:
    """How many rows a list has and the latest of their moments; with ``more`` it has at least so many, and nobody looked further."""

    count: int = 0
    more: bool = False
    latest: datetime | None = None


def how_much(lists: Sequence[QuerySet[Any]], moments: tuple[str, ...] = (), most: int = MOST_COUNTED) -> list[Much]:
    """Of each list how many rows it has, up to ``most``, and the latest of its columns ``moments`` (DateTimeFields)."""
    found = [Much()] * len(lists)
    parts: list[tuple[str, tuple[Any, ...]]] = []
    for place, rows in enumerate(lists):
        asked = rows.select_related(None).order_by().values_list(*(moments or ("pk",)))[: most + 1]
        try:
            sql, params = asked.query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            continue
        columns = [connection.ops.quote_name(f"m{number}") for number in range(len(moments) or 1)]
        told = ", ".join([str(place), "COUNT(*)", *(f"MAX({columns[number]})" for number in range(len(moments)))])
        parts.append((f"SELECT {told} FROM (WITH listed({', '.join(columns)}) AS ({sql}) SELECT * FROM listed) AS one", params))
    for start in range(0, len(parts), AT_ONCE):
        lot = parts[start : start + AT_ONCE]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(sql for sql, _params in lot), [one for _sql, params in lot for one in params])
            for place, count, *latest in cursor.fetchall():
                known = [_moment(one) for one in latest if one is not None]
                found[place] = Much(min(count, most), count > most, max(known, default=None))
    return found


def _moment(value: Any) -> datetime:
    """A stored moment as the database gives it without Django: SQLite's text is UTC without saying so."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
