"""For migrations: values that stood clear are encrypted where they stand, in either database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from qingyuan.foundation.crypto import looks_encrypted

ROWS_PER_READ: Final = 500


def overwrite_what_is_deleted(apps: Any, editor: Any) -> None:
    """Pages that SQLite lets go of in this connection are zeroed, so that the clear values do not stay in the file."""
    if editor.connection.vendor == "sqlite":
        with editor.connection.cursor() as cursor:
            cursor.execute("pragma secure_delete = on")
            cursor.fetchall()


def encrypting(app: str, columns: dict[str, tuple[str, ...]]) -> Callable[[Any, Any], None]:
    """A step that encrypts ``columns`` (model → its columns), whose fields are encrypted by now. A second run finds nothing."""

    def encrypt(apps: Any, editor: Any) -> None:
        for model, names in columns.items():
            _encrypt(apps.get_model(app, model), names, editor.connection)

    return encrypt


def _encrypt(model: Any, names: tuple[str, ...], link: Any) -> None:
    quote, key = link.ops.quote_name, model._meta.pk
    table, pk = quote(model._meta.db_table), quote(key.column)
    fields = [model._meta.get_field(name) for name in names]
    sets = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    with link.cursor() as cursor:
        for page in _pages(cursor, table, pk, [quote(field.column) for field in fields]):
            lines = [(pk_value, values, [_sealed(f, v) for f, v in zip(fields, values, strict=True)]) for pk_value, *values in page]
            changed = [(*sealed, pk_value) for pk_value, values, sealed in lines if sealed != values]
            if changed:
                cursor.executemany(f"update {table} set {sets} where {pk} = %s", changed)


def _sealed(field: Any, value: str | None) -> str | None:
    return value if not value or looks_encrypted(value) else str(field.prepare(value))


def _pages(cursor: Any, table: str, pk: str, columns: list[str]) -> Iterator[list[Any]]:
    """Rows in the order of their keys, page by page."""
    wanted, last = ", ".join((pk, *columns)), None
    while True:
        after = f"where {pk} > %s" if last is not None else ""
        cursor.execute(
            f"select {wanted} from {table} {after} order by {pk} limit {ROWS_PER_READ}",
            [] if last is None else [last],
        )
        page = cursor.fetchall()
        if not page:
            return
        yield page
        last = page[-1][0]
