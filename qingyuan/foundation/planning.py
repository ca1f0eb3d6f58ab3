"""How much stands in each index, so that SQLite chooses its way by it. PostgreSQL keeps this by itself."""

from __future__ import annotations

from typing import Final

from django.db import connections

LOOKED_AT: Final = 20_000
"""Entries looked at in each index: enough that a few hundred keys are looked up one by one rather than in all that a large unit
has; under a second for a city."""


def refresh_statistics() -> None:
    """Look at the indexes of both databases anew; new connections choose by what was found.

    Without it SQLite takes every unit for a small one, and walks through all it has to find the fifty rows of a page.
    """
    for name in ("default", "audit"):
        connection = connections[name]
        if connection.vendor != "sqlite":
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit={LOOKED_AT}")
            cursor.execute("ANALYZE")
