"""A ledger's rows as JSON, made from its declaration: what may be sent, what is answered, what is masked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import BaseModel, ConfigDict, create_model

from qingyuan.foundation.words import in_chinese
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.presenting import cells, number_text
from qingyuan.organisation.actor import Actor

Typed = str | int | float | bool | list[str] | None
LONGEST = 4000


class RowOut(Schema):
    """``texts`` are the words of the page; ``values`` typed ones, null where masked; ``masked`` names those columns."""

    id: UUID
    version: int
    division: str
    unit: str
    recorded_at: datetime
    values: dict[str, Any]
    texts: dict[str, str]
    masked: list[str]


class RowsOut(Schema):
    rows: list[RowOut]
    total: int
    page: int
    per_page: int
    pages: int


class Given(BaseModel):
    """What is sent; a name that is not known is refused rather than lost."""

    model_config = ConfigDict(extra="forbid")


class Reason(Given):
    """Why a row is voided or changed; ``version`` is the one the change was made from."""

    reason: str = Field("", max_length=200)
    version: int = Field(..., ge=1, le=2**31 - 1)


def values_model(ledger: Ledger, *, change: bool = False) -> type[Given]:
    """The values of a row of ``ledger``: every column by its name, as a form or a sheet would hold it."""
    columns = [column for column in ledger.columns if column.editable or not change]
    fields: dict[str, Any] = {}
    for column in columns:
        about = "。".join(text for text in (column.header, column.help, _list_note(column)) if text)
        start = ... if column.required and not change else None
        fields[column.name] = (_type_of(column, change=change), Field(start, description=about))
    name = f"{_camel(ledger.code)}{'Change' if change else 'New'}"
    return create_model(name, __base__=Given, **fields)


def typed(ledger: Ledger, given: Mapping[str, Any]) -> dict[str, str]:
    """JSON values as texts, for ``ledgers.entering`` to read like any other."""
    return {column.name: _text(given[column.name]) for column in ledger.columns if column.name in given}


def typed_now(ledger: Ledger, row: Any) -> dict[str, str]:
    """What the row says now, as one would type it."""
    return {column.name: _stored(column, column.value_of(row)) for column in ledger.columns if column.editable}


@in_chinese
def row_out(ledger: Ledger, row: Any, actor: Actor) -> RowOut:
    """The row with the masks of the page."""
    shown = cells(ledger, row, actor, listed_only=False)
    return RowOut(
        id=row.pk,
        version=row.version,
        division=row.division.code,
        unit=row.unit.name,
        recorded_at=row.recorded_at,
        values={one.column.name: None if one.masked else _raw(one.column, row) for one in shown},
        texts={one.column.name: one.text for one in shown},
        masked=[one.column.name for one in shown if one.masked],
    )


def _type_of(column: Column, *, change: bool) -> Any:
    known: dict[Kind, Any] = {
        Kind.INTEGER: int | str,
        Kind.DECIMAL: float | str,
        Kind.QUANTITY: float | str,
        Kind.BOOLEAN: bool | str,
        Kind.STAFF: list[str] | str,
    }
    kind = known.get(column.kind, str)
    return kind if column.required and not change else kind | None


def _list_note(column: Column) -> str:
    return f"代码表 {column.code_list}" if column.code_list else ""


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(str(one) for one in value)[:LONGEST]
    return str(value)[:LONGEST]


def _stored(column: Column, value: Any) -> str:
    if value is None or value == "":
        return ""
    if column.kind in {Kind.DIVISION, Kind.UNIT}:
        return str(getattr(value, "code", value))
    if column.kind in {Kind.DECIMAL, Kind.QUANTITY}:
        return number_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return _text(list(value) if isinstance(value, tuple) else value)


def _raw(column: Column, row: Any) -> Any:
    value = column.value_of(row)
    if column.kind in {Kind.DIVISION, Kind.UNIT}:
        return getattr(value, "code", value)
    return str(value) if isinstance(value, Decimal) else value


def _camel(code: str) -> str:
    return "".join(part.capitalize() for part in code.replace("_", "-").split("-"))
