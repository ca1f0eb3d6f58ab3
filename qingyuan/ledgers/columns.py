"""A column of a ledger, declared once; every reader of the ledger (template, import, form, page, API, facts) uses it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qingyuan.foundation.enums import Sensitivity
from qingyuan.ledgers.kinds import Kind


class Publish(StrEnum):
    """Whether a column reaches the facts. A column nobody decided about is WITHHELD."""

    WITHHELD = "withheld"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Column:
    """``path`` is where the value stands on the row («client.name»); a dotted path is shown but not stored here.

    ``aliases`` are other headers offices use; ``code_list`` names a list of reference; ``unit`` is the unit kept
    (``g`` for masses); ``index`` names the blind-index attribute that lets an encrypted column be searched;
    ``month_enough``: a date column in which 2022年10月 says all there is to say; ``may_default``: a table that never says
    this column may be read with one value for all its rows (never people, days or results).
    """

    name: str
    header: str
    kind: Kind = Kind.TEXT
    required: bool = False
    aliases: tuple[str, ...] = ()
    code_list: str = ""
    unit: str = ""
    path: str = ""
    sensitivity: Sensitivity = Sensitivity.INTERNAL
    publish: Publish = Publish.WITHHELD
    help: str = ""
    example: str = ""
    filterable: bool = False
    searchable: bool = False
    listed: bool = True
    editable: bool = True
    index: str = ""
    max_length: int = 200
    month_enough: bool = False
    may_default: bool = False

    @property
    def where(self) -> str:
        return self.path or self.name

    @property
    def stored(self) -> bool:
        return "." not in self.where

    @property
    def lookup(self) -> str:
        return self.where.replace(".", "__")

    @property
    def personal(self) -> bool:
        return self.sensitivity in {Sensitivity.PERSONAL, Sensitivity.SENSITIVE}

    def stored_value_of(self, row: Any) -> Any:
        """Like ``value_of``, but a division or unit by its id: no query for each row."""
        if self.kind in {Kind.DIVISION, Kind.UNIT} and self.stored:
            return getattr(row, f"{self.where}_id")
        return self.value_of(row)

    def value_of(self, row: Any) -> Any:
        """The value on ``row``, following the path; None when a step is missing."""
        value: Any = row
        for step in self.where.split("."):
            if value is None:
                return None
            value = getattr(value, step)
        return value
