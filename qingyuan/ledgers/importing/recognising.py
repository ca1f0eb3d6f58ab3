"""Which table this is: one that a source's recipe or an export layout describes, one that somebody put right by hand, or
one that is read as the reader finds it. ``check`` asks here once and reads by the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from qingyuan.foundation.words import Problem
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Ledger, Writing
from qingyuan.ledgers.importing import recipe as recipes
from qingyuan.ledgers.importing.recipe import Recipe
from qingyuan.ledgers.importing.resolving import resolvers_for
from qingyuan.ledgers.layouts.choosing import layouts_for
from qingyuan.ledgers.layouts.layout import recipe_of
from qingyuan.ledgers.models import ImportBatch, SavedRecipe, Source
from qingyuan.ledgers.reading.cells import Reading, parse_cell
from qingyuan.ledgers.reading.header import (
    SEARCHED_ROWS,
    HeaderMatch,
    Vocabulary,
    find_header,
    find_headers,
    is_serial,
    record_place,
)
from qingyuan.ledgers.reading.levels import MOST_LEVELS, Grid
from qingyuan.ledgers.reading.open import Sheet, Workbook
from qingyuan.ledgers.reading.outcomes import Fault, Outcome
from qingyuan.ledgers.reading.reader import RowReading
from qingyuan.ledgers.reading.text import key


class How(StrEnum):
    """How a batch came to be read; kept in ``ImportBatch.reading``."""

    FOUND = ""  # as the reader finds it
    SAVED = "saved"  # by the recipe of its source
    LAYOUT = "layout"  # as our own export layout writes it
    HAND = "hand"  # somebody said which column is which
    PLAIN = "plain"  # somebody said: by no recipe


class HasRows(Protocol):
    """A table being read, here or in another process."""

    @property
    def header(self) -> HeaderMatch: ...

    def rows(self) -> Iterator[RowReading]: ...


@dataclass
class Plan:
    """How one file is read. ``headers``: the one the recipe means first, then those of the other sheets, which the reader
    takes along where they hold the same list; none: as the reader finds it."""

    ledger: Ledger
    reading: Reading
    recipe: Recipe = field(default_factory=Recipe)
    headers: Sequence[HeaderMatch] = ()
    first: date | None = None
    last: date | None = None
    _answers: dict[tuple[str, date], Outcome] = field(default_factory=dict)

    def rows(self, table: HasRows) -> Iterator[RowReading]:
        """The table's rows, with the value of every column that only the recipe knows."""
        here = set(table.header.columns.values())
        absent = [
            (column, self.recipe.defaults[column.name])
            for column in self.ledger.columns
            if column.name in self.recipe.defaults and column.name not in here
        ]
        for row in table.rows():
            day = row.values.get(self.ledger.dated_by)
            if isinstance(day, date):
                self.first = min(day, self.first or day)
                self.last = max(day, self.last or day)
            for column, text in absent:
                self._fill(row, column, text, day if isinstance(day, date) else self.reading.day)
            yield row

    def found(self) -> dict[str, Any]:
        """What the page shows besides what the reader found: the days the file covers."""
        if self.first is None or self.last is None:
            return {}
        return {"span": [self.first.isoformat(), self.last.isoformat()]}

    def _fill(self, row: RowReading, column: Column, text: str, day: date) -> None:
        asked = (column.name, day)
        if asked not in self._answers:
            self._answers[asked] = parse_cell(column, text, replace(self.reading, day=day))
        outcome = self._answers[asked]
        if isinstance(outcome, Fault):
            row.problems.append(Problem(column.name, "", text, outcome.message, outcome.hint))
            return
        row.values[column.name] = outcome.value


def plan_for(ledger: Ledger, batch: ImportBatch, workbook: Workbook, writing: Writing) -> Plan:
    """How ``batch`` is to be read; notes on the batch (unsaved) by whose recipe and from which source it is."""
    recipe, headers = _chosen(ledger, batch, workbook, writing)
    resolvers = resolvers_for(ledger, writing.by, writing.on, batch.source)
    words = {name: dict(known) for name, known in recipe.words.items()}
    for name, known in resolvers.synonyms.items():
        words.setdefault(name, {}).update(known)
    reading = Reading(day=writing.on, year_hint=writing.on.year, resolvers=replace(resolvers, synonyms=words))
    return Plan(ledger, reading, recipe, headers)


def _chosen(
    ledger: Ledger, batch: ImportBatch, workbook: Workbook, writing: Writing
) -> tuple[Recipe, Sequence[HeaderMatch]]:
    how = How(batch.reading.get("how", ""))
    if how is How.PLAIN:
        return Recipe(), ()
    if how is How.HAND:
        recipe = Recipe.from_json(batch.reading["recipe"])
        return recipe, _and_others(header_by(recipe, workbook, ledger.columns), recipe, workbook, ledger.columns)
    texts = texts_of(workbook)
    for kind, title, recipe, source in _known(ledger, batch.unit_id, writing.on, first=batch.source_id):
        header = _equal_header(recipe, workbook, ledger.columns, texts)
        if header is not None:
            batch.source = source or batch.source
            batch.reading = {"how": kind, "title": title, "recipe": recipe.as_json()}
            applied = recipes.applied(recipe, header, ledger.columns)
            return recipe, _and_others(applied, recipe, workbook, ledger.columns)
    batch.reading = {}
    return Recipe(), ()


def ledger_of(workbook: Workbook, ledgers: Sequence[Ledger], unit_id: int | None, on: date) -> Ledger | None:
    """The ledger of ``ledgers`` for which the unit has a recipe that knows this file; None when no recipe does."""
    texts = texts_of(workbook)
    for ledger in ledgers:
        for _how, _title, recipe, _source in _known(ledger, unit_id, on):
            if _equal_header(recipe, workbook, ledger.columns, texts) is not None:
                return ledger
    return None


def _known(
    ledger: Ledger, unit_id: int | None, on: date, first: UUID | None = None
) -> Iterator[tuple[How, str, Recipe, Source | None]]:
    """Every recipe the unit has for the ledger, that of the source ``first`` before all; then the layouts it may use."""
    if unit_id is None:
        return
    saved = SavedRecipe.objects.filter(
        source__unit_id=unit_id, source__ledger=ledger.code, source__retired_at=None
    ).select_related("source")
    for one in sorted(saved, key=lambda each: (each.source_id != first, -each.saved_at.timestamp())):
        yield How.SAVED, one.source.title, Recipe.from_json(one.content), one.source
    for layout in layouts_for(ledger.code, unit_id, on):
        yield How.LAYOUT, layout.title, recipe_of(layout, ledger), None


def texts_of(workbook: Workbook) -> frozenset[str]:
    """What stands at the beginnings of the sheets, comparably: a recipe of which one header is nowhere need not be tried."""
    return frozenset(
        key(cell) for sheet in workbook.sheets for row in sheet.head(SEARCHED_ROWS) for cell in row if isinstance(cell, str)
    )


def _equal_header(
    recipe: Recipe, workbook: Workbook, columns: Sequence[Column], texts: frozenset[str]
) -> HeaderMatch | None:
    """The header of the workbook that equals the recipe's, in the recipe's sheet if it can be."""
    for slot in recipe.columns:
        text = recipes.text_of(slot)
        if text not in texts and not texts.issuperset(text.split("/")):
            return None
    found = [
        header
        for header in find_headers(workbook, recipes.vocabulary(columns, recipe))
        if recipes.digest_of(recipes.slots_of(recipes.labels_of(header))) == recipe.digest
    ]
    return next((header for header in found if header.sheet == recipe.sheet), found[0] if found else None)


def _and_others(
    best: HeaderMatch | None, recipe: Recipe, workbook: Workbook, columns: Sequence[Column]
) -> tuple[HeaderMatch, ...]:
    """``best`` and, as the recipe reads them, the headers of the other sheets: a workbook of twelve months is told once."""
    if best is None:
        return ()
    found = find_headers(workbook, recipes.vocabulary(columns, recipe))
    return best, *(recipes.applied(recipe, header, columns) for header in found if header.sheet != best.sheet)


def header_by(recipe: Recipe, workbook: Workbook, columns: Sequence[Column]) -> HeaderMatch | None:
    """The header as the recipe reads it: where a person pointed, else where its texts stand; None when nowhere.

    Raises UnreadableFile for a sheet that is not there.
    """
    if recipe.rows is not None:
        return recipes.applied(recipe, pointed_at(workbook.sheet(recipe.sheet), recipe.rows, columns), columns)
    known = recipes.vocabulary(columns, recipe)
    header = (
        find_header(workbook.sheet(recipe.sheet), known)
        if recipe.sheet
        else next(iter(find_headers(workbook, known)), None)
    )
    return recipes.applied(recipe, header, columns) if header else None


def pointed_at(sheet: Sheet, rows: tuple[int, int], columns: Sequence[Column]) -> HeaderMatch:
    """The rows ``rows`` (first and last, from 1) as a header, each column recognised where its text says so.

    Raises BadRecipe when they are no header: outside the sheet's beginning, too many, empty, or somebody's data.
    """
    grid = Grid(sheet.head(SEARCHED_ROWS), sheet.merged)
    first, last = rows
    if not 1 <= first <= last <= len(grid.rows) or last - first >= MOST_LEVELS:
        raise recipes.BadRecipe(
            recipes.where_is_the_header(most=min(len(grid.rows), SEARCHED_ROWS), levels=MOST_LEVELS)
        )
    typed_data = any(not isinstance(cell, str) for row in grid.rows[first - 1 : last] for cell in row)
    paths = grid.paths(first - 1, last - first + 1)
    texts = ["".join(path) for path in paths if path]
    if len(texts) < 2 or typed_data or recipes.looks_like_data(texts):
        raise recipes.BadRecipe(recipes.not_a_header(first))
    end = last
    while end < len(grid.rows) and grid.continues(end):
        end += 1
    vocabulary = Vocabulary(columns)
    found: dict[int, str] = {}
    units: dict[str, str] = {}
    claims = sorted(
        (claim for index, path in enumerate(paths) for claim in vocabulary.claims(index, path)),
        key=lambda claim: (-claim.weight, claim.at),
    )
    for claim in claims:
        if claim.at not in found and claim.name not in found.values():
            found[claim.at] = claim.name
            if claim.unit:
                units[claim.name] = claim.unit
    return HeaderMatch(
        sheet=sheet.name,
        header_rows=tuple(range(first, end + 1)),
        data_start=end + 1,
        columns={index: found[index] for index in sorted(found)},
        labels=tuple(paths),
        units=units,
        unknown=tuple(text for index, text in enumerate(map("/".join, paths)) if text and index not in found),
        repeated=(),
        missing_required=tuple(c.name for c in columns if c.required and c.name not in found.values()),
        titles=(),
        serial_columns=tuple(index for index, path in enumerate(paths) if index not in found and is_serial(path)),
        score=0.0,
        record=record_place(paths),
    )
