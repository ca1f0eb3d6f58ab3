"""Many new rows of one table at once, past model instances: prepared by column, then sent in one statement.

``prepare`` needs no database and no transaction, so that whoever waits for the lock waits only while ``store`` runs.
Nothing that a model's ``save`` or a signal would do happens; the database's own constraints hold as ever.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connections, models
from django.db.models.functions import Cast

from qingyuan.foundation.crypto import encrypt_many, looks_encrypted
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.ids import uuid_of

DATABASE: Final = "default"
_NUMBERS: Final = {int, type(None)}
_TRUTHS: Final = {bool, type(None)}
_JSON: Final = json.JSONEncoder().encode
"""As Django writes JSON for SQLite."""


class BulkOutsideTransaction(RuntimeError):
    """Rows were to be stored outside a transaction, so that some could stay without the others."""

    def __init__(self) -> None:
        super().__init__("批量写入必须在 transaction.atomic() 内进行")


@dataclass(frozen=True)
class Lot:
    """Rows of one table, ready: ``rows`` are the driver's parameters in the order of ``columns``."""

    model: type[models.Model]
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]] = field(repr=False)


@dataclass(frozen=True)
class Each:
    """One value that all rows of a lot have."""

    value: Any = field(repr=False)


@dataclass(frozen=True)
class Ready:
    """Values that are the driver's parameters already, in the form in which both SQLite and a copy take them as text."""

    values: Sequence[Any] = field(repr=False)


def prepare(model: type[models.Model], count: int, values: Mapping[str, Sequence[Any] | Each | Ready]) -> Lot:
    """``count`` rows of ``model``; ``values`` holds a value for each row (or ``Each``, ``Ready``) by attribute name.

    A field that is not named gets its default, one that the database numbers by itself is left to it. Raises KeyError
    for a name that is no field, so that no value is lost in silence.
    """
    fields = [one for one in model._meta.concrete_fields if not (one.primary_key and isinstance(one, models.AutoField))]
    unknown = set(values) - {one.attname for one in fields}
    if unknown:
        raise KeyError(f"{model.__name__}: {sorted(unknown)}")
    columns = [(one, _parameters(one, count, values.get(one.attname))) for one in fields]
    # A column in which nothing stands need not be sent: it is NULL by itself.
    sent = [(one, column) for one, column in columns if not _stands_empty(one, column)]
    return Lot(
        model, tuple(str(one.column) for one, _column in sent), list(zip(*(column for _one, column in sent), strict=True))
    )


def store(*lots: Lot) -> None:
    """Insert ``lots`` in this order inside the caller's transaction. Raises IntegrityError; then nothing must stay."""
    connection = connections[DATABASE]
    if not connection.in_atomic_block:
        raise BulkOutsideTransaction
    for lot in lots:
        if lot.rows:
            send = _copy if connection.vendor == "postgresql" else _insert
            send(connection, lot)


def read(rows: models.QuerySet[Any], names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """``rows.values_list(*names)``, made ready by column: what a column repeats is converted once."""
    compiler = rows.values_list(*map(_as_text, _fields(rows.model, names))).query.get_compiler(using=DATABASE)
    found = [row for some in compiler.execute_sql(chunked_fetch=False) or () for row in some]
    if not found:
        return iter(())
    columns: list[Sequence[Any]] = list(zip(*found, strict=True))
    expressions = [selected[0] for selected in compiler.select[: compiler.col_count]]
    for at, (converters, expression) in compiler.get_converters(expressions).items():
        columns[at] = _converted(columns[at], converters, expression, compiler.connection)
    for at, one in enumerate(_fields(rows.model, names)):
        if _comes_as_text(one):
            days = {text: None if text is None else date.fromisoformat(text) for text in set(columns[at])}
            columns[at] = [days[text] for text in columns[at]]
    return zip(*columns, strict=True)


def _fields(model: type[models.Model], names: Sequence[str]) -> list[models.Field[Any, Any]]:
    by_name = {one.attname: one for one in model._meta.concrete_fields}
    return [by_name[name] for name in names]


def _comes_as_text(one: models.Field[Any, Any]) -> bool:
    """SQLite's driver would make a day of each cell; as text each distinct day is made once."""
    plain = isinstance(one, models.DateField) and not isinstance(one, models.DateTimeField)
    return plain and connections[DATABASE].vendor == "sqlite"


def _as_text(one: models.Field[Any, Any]) -> Any:
    return Cast(one.attname, models.TextField()) if _comes_as_text(one) else one.attname


def _converted(values: Sequence[Any], converters: Sequence[Any], expression: Any, connection: Any) -> list[Any]:
    if isinstance(expression.output_field, models.UUIDField) and not connection.features.has_native_uuid_field:
        return [None if value is None else uuid_of(int(value, 16)) for value in values]
    known: dict[Any, Any] = {}
    for value in set(values):
        made = value
        for convert in converters:
            made = convert(made, expression, connection)
        known[value] = made
    return [known[value] for value in values]


def _insert(connection: Any, lot: Lot) -> None:
    names, marks = _names(connection, lot), ", ".join(["%s"] * len(lot.columns))
    table = connection.ops.quote_name(lot.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", lot.rows)


def _copy(connection: Any, lot: Lot) -> None:
    table = connection.ops.quote_name(lot.model._meta.db_table)
    statement = f"COPY {table} ({_names(connection, lot)}) FROM STDIN"
    # Django translates the driver's errors only for the calls it knows; a copy is none of them.
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in lot.rows:
            copy.write_row(row)


def _names(connection: Any, lot: Lot) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in lot.columns)


def _parameters(one: models.Field[Any, Any], count: int, values: Sequence[Any] | Each | Ready | None) -> Sequence[Any]:
    connection = connections[DATABASE]
    if isinstance(values, Ready):
        return _as_many(one, count, values.values)
    if values is None or isinstance(values, Each):
        value = one.get_default() if values is None else values.value
        return [one.get_db_prep_save(value, connection)] * count
    _as_many(one, count, values)
    # Text goes as it is; encrypting a column at once asks for its key once.
    if isinstance(one, EncryptedTextField):
        return _encrypted(one, values, connection)
    while isinstance(one, models.ForeignKey):
        one = one.target_field
    if isinstance(one, models.CharField | models.TextField):
        if set(map(type, values)) == {str}:
            return values
        return [value if value.__class__ is str else one.get_db_prep_save(value, connection) for value in values]
    classes = set(map(type, values))
    if classes <= _NUMBERS and isinstance(one, models.IntegerField):
        return values
    if isinstance(one, models.UUIDField) and not connection.features.has_native_uuid_field:
        return [value.hex if value.__class__ is UUID else one.get_db_prep_save(value, connection) for value in values]
    if isinstance(one, models.JSONField):
        if one.encoder is None and connection.vendor == "sqlite":
            return _json(values)
        return [one.get_db_prep_save(value, connection) for value in values]
    if classes <= _TRUTHS and connection.vendor == "sqlite":
        # As SQLite keeps them; its driver would look for an adapter for each.
        return [None if value is None else int(value) for value in values]
    if len(classes - {type(None)}) == 1 and list not in classes:
        known = {value: one.get_db_prep_save(value, connection) for value in set(values)}
        return [known[value] for value in values]
    return _each_once(one, values, connection)


def _as_many(one: models.Field[Any, Any], count: int, values: Sequence[Any]) -> Sequence[Any]:
    if len(values) != count:
        raise ValueError(f"{one.attname}: {len(values)} != {count}")
    return values


def _stands_empty(one: models.Field[Any, Any], column: Sequence[Any]) -> bool:
    return one.null and not one.has_db_default() and not any(value is not None for value in column)


def _json(values: Sequence[Any]) -> list[str | None]:
    """Lists of texts are the same few in most rows (who acted): each is encoded once."""
    known: dict[tuple[Any, ...], str] = {}
    made: list[str | None] = []
    for value in values:
        if value.__class__ is list and all(one.__class__ is str for one in value):
            key = tuple(value)
            text = known.get(key)
            if text is None:
                text = known[key] = _JSON(value)
            made.append(text)
        else:
            made.append(None if value is None else _JSON(value))
    return made


def _encrypted(one: EncryptedTextField, values: Iterable[Any], connection: Any) -> list[Any]:
    found = list(values)
    clear = [n for n, value in enumerate(found) if value and value.__class__ is str and not looks_encrypted(value)]
    # Plain texts, no ``CipherText``: the driver takes a text as it is, and looks for an adapter for anything else.
    for n, sealed in zip(clear, encrypt_many(one.compartment, [found[n] for n in clear], one.aad), strict=True):
        found[n] = sealed
    if len(clear) == len(found):
        return found
    told = set(clear)
    return [
        value if n in told or value is None or value == "" else one.get_db_prep_save(value, connection)
        for n, value in enumerate(found)
    ]


def _each_once(one: models.Field[Any, Any], values: Iterable[Any], connection: Any) -> list[Any]:
    """Days, numbers and references repeat: each distinct value is made ready once."""
    known: dict[tuple[type, Any], Any] = {}
    made = []
    for value in values:
        key = (value.__class__, value)
        parameter = known.get(key)
        if parameter is None:
            parameter = known[key] = one.get_db_prep_save(value, connection)
        made.append(parameter)
    return made
