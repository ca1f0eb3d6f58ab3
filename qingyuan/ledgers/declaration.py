"""``Ledger``: the one declaration from which template, import, list, form, detail, export, API and facts come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Q, QuerySet

from qingyuan.foundation import audit, bulk
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import encrypted_names
from qingyuan.foundation.words import Problem
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.facts import FactTable
from qingyuan.ledgers.models import LedgerRow
from qingyuan.organisation.actor import Actor


@dataclass(slots=True)
class Draft:
    """One row on its way in: values by column name, plus what the room resolved (``extra`` model attributes)."""

    number: int
    values: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)
    division_id: int | None = None
    unit_id: int | None = None
    caseworker_id: int | None = None
    problems: list[Problem] = field(default_factory=list)
    target_id: UUID | None = None
    target_version: int | None = None

    def refuse(self, column: str, message: str, hint: str = "") -> None:
        """Note what is wrong with ``column`` and what to do; the row will not be taken."""
        value = self.values.get(column)
        shown = "" if value is None else str(value)
        self.problems.append(Problem(column=column, address="", value=shown, message=message, hint=hint))


@dataclass(frozen=True)
class Writing:
    """Who writes, on which day, from which import batch (None = by hand or API) and why."""

    by: Actor
    on: date
    batch_id: UUID | None = None
    reason: str = ""
    staged: audit.StagedChanges | None = None

    @property
    def in_flight(self) -> bool:
        """A chunk of a large import: rows are stored unseen, their audit is staged, everything else follows later."""
        return self.staged is not None


class Prepare(Protocol):
    def __call__(self, drafts: Sequence[Draft], writing: Writing) -> None: ...


class Create(Protocol):
    def __call__(self, *, drafts: Sequence[Draft], writing: Writing) -> list[Any]: ...


class Stow(Protocol):
    def __call__(self, *, drafts: Sequence[Draft], writing: Writing) -> Sequence[bulk.Lot]: ...


class Change(Protocol):
    def __call__(self, *, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None: ...


class Follow(Protocol):
    def __call__(self, *, rows: Sequence[Any], writing: Writing) -> None: ...


class Void(Protocol):
    def __call__(self, *, rows: Sequence[Any], writing: Writing) -> None: ...


@dataclass(frozen=True)
class Retention:
    """When a row's life ends, in words with the article; the clock engine reads ``months`` (None = set by archive rule)."""

    text: str
    article: str = ""
    months: int | None = None


@dataclass(frozen=True)
class Ledger:
    """``natural_key``: the columns that make two lines the same row. ``dated_by``: the column that dates a row.

    ``prepare`` resolves references for a batch of drafts and adds problems; ``check`` is a pure rule over one row's
    values; ``create``, ``change`` and ``void`` are the room's own actions, the only writers; ``follow`` is what
    ``create`` does for rows that are in (dues, places), called by itself for rows that came in flight.
    ``sealed``: rows are closed from entry (mission line 4). Nobody lists, searches, sorts, filters or exports them; one row
    at a time is opened by the whole value of one of the columns ``opened_by``, after purpose and article were stated and
    written to the read audit. Figures count them.
    ``shielded``: whether a row's personal columns are masked even for those who read clear (minors).

    ``stow`` lets a large import go in fast: it names what ``create`` inserts beside the rows (people not known yet),
    prepared and not stored, so that the rows can be prepared outside a transaction. Without it every chunk of a large
    import goes through ``create``. ``gathered_by``: the attribute by which rows are brought together for ``follow``.
    ``indexes``: the attributes of a row that are made with the index key, from its clear values; asked when a row is
    stored, and again for every row when index keys are rotated.
    ``followed``: which rows have anything to follow (None = all), so that a large import looks at no others.
    """

    code: str
    title: str
    room: str
    model: type[LedgerRow]
    columns: tuple[Column, ...]
    natural_key: tuple[str, ...]
    compartment: Compartment
    purpose: str
    legal_basis: str
    retention: Retention
    dated_by: str
    create: Create
    change: Change
    void: Void
    facts: FactTable | None = None
    prepare: Prepare | None = None
    follow: Follow | None = None
    followed: Q | None = None
    stow: Stow | None = None
    gathered_by: str = "pk"
    indexes: Callable[[Mapping[str, Any]], dict[str, Any]] | None = None
    check: Callable[[Mapping[str, Any]], list[Problem]] | None = None
    caseload_field: str = "caseworker_id"
    select_related: tuple[str, ...] = ()
    ordering: tuple[str, ...] = ()
    unit_label: str = "条"
    importable: bool = True
    sealed: bool = False
    opened_by: tuple[str, ...] = ()
    shielded: Callable[[Any], bool] | None = None

    def with_related(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """``rows`` together with what they are shown with; ``select_related`` without names would follow everything."""
        return rows.select_related(*self.select_related) if self.select_related else rows

    def column(self, name: str) -> Column:
        """The column called ``name``; KeyError names the ledger."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.code} has no column {name}")

    @property
    def personal_columns(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns if column.personal)

    @property
    def leaves_trace(self) -> bool:
        """Whether reading its rows is written down (mission line 6): people's compartments, and whatever holds names."""
        return self.compartment not in {Compartment.PUBLIC, Compartment.INTERNAL} or bool(self.personal_columns)

    @property
    def audited_as_personal(self) -> frozenset[str]:
        """The columns whose values the audit keeps under the row's own key: of a sealed ledger all of them, of any other
        those of persons and those that stand encrypted."""
        if self.sealed:
            return frozenset(column.name for column in self.columns)
        encrypted = encrypted_names(self.model)
        return self.personal_columns | {column.name for column in self.columns if column.stored and column.where in encrypted}

    @property
    def read_with_the_row(self) -> frozenset[str]:
        """Columns that stand encrypted and are of no person (a title, what was decided): whoever may open a row reads them,
        on the row and in its history. A sealed ledger has none."""
        return frozenset() if self.sealed else self.audited_as_personal - self.personal_columns

    def shields(self, row: Any) -> bool:
        """Whether the row's personal columns stay masked until one of them is shown by a logged act."""
        return self.shielded is not None and self.shielded(row)

    @property
    def comes_back(self) -> bool:
        """Whether its export can be imported again: somebody types its rows, and they are listed at all."""
        return self.importable and not self.sealed

    @property
    def listed_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.listed)
