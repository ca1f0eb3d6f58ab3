"""Words that stand encrypted, read through: what an index of words would give away is looked for row by row instead.

A title or what was decided may name somebody, so no index of its words is kept. Among the rows a reader sees anyway the
newest are opened one after the other (about ten microseconds each); whoever looks further back narrows by period or number.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import QuerySet

#: Rows that one search opens: some fifty milliseconds.
MOST_READ: Final = 3_000


def holding(rows: QuerySet[Any], columns: Iterable[str], text: str, *, most: int | None = MOST_READ) -> list[Any]:
    """Keys of those among the first ``most`` of ``rows`` (None: all), in their order, of which a column holds ``text``, letter case aside."""
    wanted, names = text.casefold(), list(columns)
    if not wanted or not names:
        return []
    lines = rows.select_related(None).values_list("pk", *names)[:most]
    return [key for key, *words in lines if any(wanted in (word or "").casefold() for word in words)]
