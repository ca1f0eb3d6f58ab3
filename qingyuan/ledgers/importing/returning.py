"""Rows of our own export on their way back: found by their number, then held cell by cell against what was exported.

An export shows its reader masks where the row has an ID number, and its hidden last column says which row a line is. A
cell that still says what this actor is shown means «unchanged», whatever a parser would make of it; a masked cell that
says anything else is refused, because nobody can change what he does not see. All other cells are read as ever, and an
emptied one empties. The number opens nothing: rows are looked for among those the actor may read and change, and a number
of any other row is answered like a number of none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem
from qingyuan.ledgers import queries
from qingyuan.ledgers.codec import same
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Draft, Ledger, Writing
from qingyuan.ledgers.entering import caseworker_of
from qingyuan.ledgers.presenting import Cell, cells
from qingyuan.ledgers.reading.header import RECORD_HEADER, HeaderMatch
from qingyuan.ledgers.reading.outcomes import Cell as Raw
from qingyuan.ledgers.reading.reader import RowReading
from qingyuan.ledgers.reading.text import clean, is_blank, number_text, typed
from qingyuan.ledgers.sheets.values import written
from qingyuan.organisation.enums import Action

RECORD: Final = Column("record", RECORD_HEADER, max_length=36)
"""The column as our workbooks have it; it belongs to no ledger."""


@dataclass
class Back:
    """A line that says which row it is. ``row`` is None when there is none for this actor; ``masked`` are the columns
    whose values the actor is not shown."""

    draft: Draft
    row: Any | None = None
    masked: frozenset[str] = frozenset()

    def cover(self) -> None:
        """Forget what the actor is not shown, once the rules have looked: nothing of it is staged, shown or written."""
        for name in self.masked:
            self.draft.values.pop(name, None)
        self.draft.problems = [
            replace(problem, value="") if problem.column in self.masked else problem for problem in self.draft.problems
        ]


@dataclass
class Returning:
    """One run over one file that carries record numbers. ``at``: where the number stands in a line as typed, ``places``
    where each column does, ``missing`` the required columns the export did not have."""

    ledger: Ledger
    writing: Writing
    at: int
    places: Mapping[str, int]
    missing: Sequence[str]
    _seen: dict[UUID, int] = field(default_factory=dict)

    def drafts(self, readings: Sequence[RowReading]) -> list[Back | None]:
        """For each line what comes back by it; None for one without a number, which is a new row."""
        numbers = [_number(reading.raw[self.at]) for reading in readings]
        rows = self._rows({number for number in numbers if number is not None})
        return [
            None if is_blank(reading.raw[self.at]) else self._back(reading, number, rows)
            for reading, number in zip(readings, numbers, strict=True)
        ]

    def lacking(self) -> list[Problem]:
        """What is wrong with a new row below an export that has not every required column."""
        message = _("没有清源记录号的行按新增读:请补上“%(header)s”一栏,或下载模板来填。")
        return [Problem(name, "", "", message % {"header": self.ledger.column(name).header}) for name in self.missing]

    def _rows(self, numbers: set[UUID]) -> dict[UUID, Any]:
        """Those of the numbered rows that the actor may both read and change."""
        if not numbers:
            return {}
        by, on = self.writing.by, self.writing.on
        read = set(queries.rows(self.ledger, by, on).filter(pk__in=numbers).values_list("pk", flat=True))
        may_change = queries.rows(self.ledger, by, on, action=Action.CHANGE)
        return {row.pk: row for row in may_change.filter(pk__in=read)}

    def _back(self, reading: RowReading, number: UUID | None, rows: Mapping[UUID, Any]) -> Back:
        row = rows.get(number) if number is not None else None
        if row is None:
            message = _("清源记录号对不上您可以修改的任何一条:请用自己导出的表,不要改动这一栏;新增的行这一栏留空。")
            return self._refused(reading, message)
        if row.pk in self._seen:
            message = _("与本表第 %(row)d 行是同一条记录:请删去一行;新增的行请清空清源记录号。")
            return self._refused(reading, message % {"row": self._seen[row.pk]})
        self._seen[row.pk] = reading.number
        return self._draft(reading, row)

    def _refused(self, reading: RowReading, message: str) -> Back:
        problem = Problem(RECORD.name, "", typed(reading.raw[self.at]), message)
        return Back(Draft(number=reading.number, values={}, problems=[problem]))

    def _draft(self, reading: RowReading, row: Any) -> Back:
        """The row as it stands with what the line changes of it."""
        shown = {cell.column.name: cell for cell in cells(self.ledger, row, self.writing.by, listed_only=False)}
        values = {column.name: _plain(column.value_of(row)) for column in self.ledger.columns}
        problems: list[Problem] = []
        for name, place in self.places.items():
            column, raw = self.ledger.column(name), reading.raw[place]
            if stands(column, raw, shown[name]):
                continue
            told = self._told(column, shown[name], reading, row)
            problems += told
            if not told:
                values[name] = reading.values.get(name)
        draft = Draft(
            number=reading.number,
            values=values,
            division_id=values.get("division") or row.division_id,
            unit_id=row.unit_id,
            caseworker_id=caseworker_of(self.ledger, row),
            problems=problems,
            target_id=row.pk,
            target_version=row.version,
        )
        return Back(draft, row, frozenset(name for name, cell in shown.items() if cell.masked))

    def _told(self, column: Column, shown: Cell, reading: RowReading, row: Any) -> list[Problem]:
        """Why a cell that says something else than was exported is not taken; nothing when it is."""
        text = typed(reading.raw[self.places[column.name]])
        if shown.masked:
            message = _("这一格导出时是遮盖的,只能原样留着“%(mask)s”:要改,请打开这一条,在页面上改。")
            return [Problem(column.name, "", text, message % {"mask": shown.text})]
        found = [problem for problem in reading.problems if problem.column == column.name]
        if found or column.editable or same(column.kind, column.stored_value_of(row), reading.values.get(column.name)):
            return found
        message = _("这一栏登记以后不能改,原来是“%(stands)s”:请改回;登错了的,请作废重登。")
        return [Problem(column.name, "", text, message % {"stands": shown.text})]


def returning_for(ledger: Ledger, writing: Writing, header: HeaderMatch) -> Returning | None:
    """How the lines of one of our own exports come back; None for any other file."""
    if header.record is None:
        return None
    places = {name: index for index, name in header.columns.items()}
    return Returning(ledger, writing, header.record, places, header.missing_required)


def stands(column: Column, raw: Raw, shown: Cell) -> bool:
    """Whether a cell says what the export said, as a sheet keeps it."""
    return typed(raw) == _as_kept(written(column.kind, shown.exported))


def _as_kept(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        return number_text(float(value))
    return clean(str(value))


def _number(raw: Raw) -> UUID | None:
    """The number of a row as it was exported; None for anything else."""
    try:
        return UUID(clean(typed(raw)))
    except ValueError:
        return None


def _plain(value: Any) -> Any:
    """A value as the reader would have it: a division or unit by its id, an empty text as nothing."""
    return value.pk if hasattr(value, "pk") else None if value == "" else value
