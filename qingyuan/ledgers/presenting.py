"""A row as a person may read it: the same masks in list, detail, export, document and API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.foundation.identity import mask_name
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.kinds import Kind
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.scope import reads_clear
from qingyuan.reference import catalogue


@dataclass(frozen=True)
class Cell:
    """``text`` is what the reader sees; ``raw`` a sortable, typed value for spreadsheets (None when masked)."""

    column: Column
    text: str
    raw: Any
    masked: bool = False

    @property
    def exported(self) -> Any:
        """What a sheet is given: the typed value where the reader sees one."""
        return self.text if self.masked or self.raw is None else self.raw

    @property
    def numeric(self) -> bool:
        return self.column.kind in {Kind.INTEGER, Kind.DECIMAL, Kind.QUANTITY}


def cells(ledger: Ledger, row: Any, actor: Actor, *, listed_only: bool = True) -> list[Cell]:
    """The row's cells as ``actor`` reads them."""
    clear = reads_clear(actor, compartment=ledger.compartment, ledger=ledger.code) and not ledger.shields(row)
    columns = ledger.listed_columns if listed_only else ledger.columns
    return [cell(column, column.value_of(row), clear=clear) for column in columns]


def cell(column: Column, value: Any, *, clear: bool) -> Cell:
    """One value; ID numbers and phones are masked even in clear rows (showing them is a logged act)."""
    if value in (None, "", []):
        return Cell(column, "", None)
    if column.kind == Kind.ID_NUMBER:
        return Cell(column, mask_id_number(str(value)), None, masked=True)
    if column.kind == Kind.PHONE:
        return Cell(column, mask_phone(str(value)), None, masked=True)
    if column.personal and not clear:
        text = mask_name(str(value)) if column.kind == Kind.PERSON_NAME else "***"
        return Cell(column, text, None, masked=True)
    text = plain_text(column, value)
    raw = value if column.kind in {Kind.INTEGER, Kind.DECIMAL, Kind.QUANTITY, Kind.DATE} else text
    return Cell(column, text, raw)


def plain_text(column: Column, value: Any) -> str:
    """A value in the words of the page's language; a file is made in Chinese (``foundation.words.in_chinese``)."""
    if value is None:
        return ""
    if column.kind == Kind.CODE:
        code = catalogue.get_list(column.code_list).code(str(value))
        return code.said if code else str(value)
    if column.kind == Kind.BOOLEAN:
        return _("是") if value else _("否")
    if column.kind == Kind.DATE and isinstance(value, date):
        return value.isoformat()
    if column.kind in {Kind.DECIMAL, Kind.QUANTITY}:
        return number_text(Decimal(str(value)))
    if column.kind == Kind.STAFF:
        return "、".join(value) if isinstance(value, list | tuple) else str(value)
    return str(value)


def mask_id_number(text: str) -> str:
    """First four and last four characters (GB 11643 numbers: enough to tell two clients apart, not to find one)."""
    return f"{text[:4]} **** {text[-4:]}"


def mask_phone(text: str) -> str:
    return f"{text[:3]}****{text[-4:]}" if len(text) >= 7 else "***"


def number_text(value: Decimal) -> str:
    """A decimal without trailing zeros and without exponent."""
    text = f"{value.normalize():f}"
    return text
