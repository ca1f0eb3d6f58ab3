"""What a ledger column holds. One word per kind: it decides how a cell is read, checked, shown and written."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """Kinds of column; the value is the stable word used in data and addresses."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    QUANTITY = "quantity"  # a mass, kept in grams as an exact Decimal
    DATE = "date"
    CODE = "code"  # a code of one of the reference lists
    DIVISION = "division"
    UNIT = "unit"
    PERSON_NAME = "person_name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    BOOLEAN = "boolean"
    STAFF = "staff"  # names of those who acted, in order
