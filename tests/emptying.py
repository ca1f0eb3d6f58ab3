"""After a test with transactions of its own the database is emptied: only of what the test put there.

Django empties every table there is, on PostgreSQL by making the files of two hundred tables and their indexes anew, and then
enters the kinds of objects and the permissions again that it has just thrown away. No test touches those, so they stay.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

# Made by migrating, from the models alone.
KEPT = frozenset({"django_content_type", "auth_permission"})


def only_what_is_filled() -> None:
    """From now on, for the databases of this thread, which is the one that empties them."""
    for connection in connections.all():
        connection.ops.sql_flush = _Emptying(connection, connection.ops.sql_flush)  # type: ignore[method-assign]


class _Emptying:
    """In the place of ``sql_flush``: the statements that empty ``tables``."""

    def __init__(self, connection: Any, plain: Any) -> None:
        self._connection, self._plain = connection, plain

    def __call__(self, style: Any, tables: list[str], **options: Any) -> list[str]:
        wanted = [table for table in tables if table not in KEPT]
        if self._connection.vendor != "postgresql" or options.get("reset_sequences"):
            return list(self._plain(style, wanted, **options))
        filled = filled_of(self._connection, wanted)
        # Foreign keys are looked at when all is gone.
        return ["set constraints all deferred", *(f'delete from "{table}"' for table in filled)] if filled else []


def filled_of(connection: Any, tables: list[str]) -> list[str]:
    """Those of ``tables`` that hold a row."""
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(f"select '{table}' where exists (select 1 from \"{table}\")" for table in tables))
        return [table for (table,) in cursor.fetchall()]
