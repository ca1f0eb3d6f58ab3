"""A batch in the words and shapes of the wizard: what was recognised, bad cells with their reasons, old and new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.foundation.words import in_english, said
from qingyuan.ledgers import registry
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.importing import staging
from qingyuan.ledgers.importing.staging import Staged
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.models import ImportBatch
from qingyuan.ledgers.models.imports import BatchState
from qingyuan.ledgers.presenting import mask_id_number, mask_phone, plain_text
from qingyuan.ledgers.reading.parts import place_of
from qingyuan.ledgers.reading.rows import SKIP_WORDS, Skip
from qingyuan.organisation.models import Division
from qingyuan.reference import catalogue
from qingyuan.reference.catalogue import Code
from qingyuan.web import shapes

TONES = {
    BatchState.WAITING: "calm",
    BatchState.CHECKING: "calm",
    BatchState.CHECKED: "soon",
    BatchState.PROMOTING: "calm",
    BatchState.DONE: "good",
    BatchState.FAILED: "late",
    BatchState.DISCARDED: "grey",
}
_HIDDEN_FROM = 11  # shorter texts are no whole number; people need to see what they typed


def steps(now: int) -> list[shapes.Step]:
    """The four steps of the wizard with number ``now`` (from 1) being done; 5 = all done."""
    return shapes.steps([_("选文件"), _("认表头"), _("核对"), _("入库")], now)


@dataclass(frozen=True)
class Line:
    """A batch in a list of batches."""

    batch: ImportBatch
    title: str
    tone: str
    state: str


def lines(batches: Iterable[ImportBatch]) -> list[Line]:
    return [
        Line(
            batch,
            said(registry.get(batch.ledger).title),
            TONES[BatchState(batch.state)],
            str(BatchState(batch.state).label),
        )
        for batch in batches
    ]


@dataclass(frozen=True)
class BadCell:
    """``typed`` is what stands in the file, ``note`` how it was read; ``problems`` make it red."""

    header: str
    typed: str
    note: str = ""
    problems: Sequence[str] = ()
    terms: Sequence[Term] = ()


@dataclass(frozen=True)
class BadRow:
    number: str
    cells: list[BadCell]
    rest: list[str]
    """What is wrong with the row as a whole, or with a column the file does not have."""


@dataclass(frozen=True)
class Term:
    """A word no code list knows and one code it may mean; choosing it is remembered for the whole office."""

    column: str
    typed: str
    code: str
    label: str


@dataclass(frozen=True)
class UnknownTerm:
    column: str
    header: str
    typed: str
    count: int
    suggestions: list[Term]
    choices: list[tuple[str, str]]


@dataclass(frozen=True)
class Recognised:
    """What the importer took the file for."""

    sheet: str
    header_words: str
    skipped: list[str]
    columns: list[tuple[str, str]]
    unknown: list[str]
    warnings: list[str]
    terms: list[UnknownTerm] = field(default_factory=list)


def recognised(ledger: Ledger, batch: ImportBatch) -> Recognised:
    found = batch.found
    labels: list[str] = found.get("labels", [])
    columns = {column.name: column for column in ledger.columns}
    rows = found.get("header_rows", [])
    words = ""
    parts = found.get("parts", ())
    if rows and (len(parts) < 2 or len({part["sheet"] for part in parts}) == 1) and not any(part["turned"] for part in parts):
        span = str(rows[0]) if len(rows) == 1 else f"{rows[0]}—{rows[-1]}"
        words = _("表头在第 %(rows)s 行") % {"rows": span}
    return Recognised(
        sheet=batch.sheet,
        header_words=words,
        skipped=_skipped(found),
        columns=[
            (labels[int(index)] if int(index) < len(labels) else "", said(columns[name].header))
            for index, name in sorted(found.get("columns", {}).items(), key=lambda item: int(item[0]))
            if name in columns
        ],
        unknown=list(found.get("unknown", [])),
        warnings=list(found.get("warnings", [])),
        terms=[_unknown(columns[term["column"]], term, batch) for term in found.get("terms", []) if term["column"] in columns],
    )


def _skipped(found: Mapping[str, Any]) -> list[str]:
    """「跳过 2 行标题、5 行小计」"""
    titles = len(found.get("titles", []))
    said = [_("%(count)s 行标题") % {"count": titles}] if titles else []
    for reason, count in found.get("skipped", {}).items():
        if reason not in (Skip.BLANK, Skip.TITLE) and count:
            said.append(_("%(count)s 行%(kind)s") % {"count": count, "kind": SKIP_WORDS[Skip(reason)]})
    return said


def _unknown(column: Column, term: Mapping[str, Any], batch: ImportBatch) -> UnknownTerm:
    codes: list[Code] = catalogue.get_list(column.code_list).valid_on(clock.day_of(batch.created_at))
    return UnknownTerm(
        column=column.name,
        header=said(column.header),
        typed=term["typed"],
        count=term["count"],
        suggestions=_suggested(column, term),
        choices=[(code.code, code.said) for code in codes],
    )


def _suggested(column: Column, term: Mapping[str, Any]) -> list[Term]:
    names = catalogue.get_list(column.code_list)
    return [Term(column.name, term["typed"], code, names.said(code)) for code, _label in term["suggestions"]]


def file_columns(ledger: Ledger, batch: ImportBatch) -> list[tuple[int, Column]]:
    """The file's own order of columns, with their places in it."""
    known = {column.name: column for column in ledger.columns}
    found = sorted((int(index), name) for index, name in batch.found.get("columns", {}).items())
    return [(index, known[name]) for index, name in found if name in known]


def defaulted(ledger: Ledger, batch: ImportBatch) -> list[tuple[Column, str]]:
    """The columns that the file does not have and its recipe says for every row."""
    here = set(batch.found.get("columns", {}).values())
    said: dict[str, str] = batch.reading.get("recipe", {}).get("defaults", {})
    return [(column, said[column.name]) for column in ledger.columns if column.name in said and column.name not in here]


def bad_rows(ledger: Ledger, batch: ImportBatch, rows: Iterable[Staged]) -> list[BadRow]:
    columns = file_columns(ledger, batch)
    suggestions: dict[tuple[str, str], list[Term]] = {}
    for term in batch.found.get("terms", []):
        key = (term["column"], term["typed"])
        suggestions[key] = _suggested(ledger.column(term["column"]), term)
    return [_bad_row(columns, row, suggestions, place_of(batch.found.get("parts", ()), row.number)) for row in rows]


def _bad_row(
    columns: Sequence[tuple[int, Column]],
    row: Staged,
    suggestions: Mapping[tuple[str, str], list[Term]],
    place: str,
) -> BadRow:
    told: dict[str, list[str]] = {}
    for problem in row.draft.problems:
        told.setdefault(problem.column, []).append(problem.message)
    made = []
    for index, column in columns:
        raw = row.raw[index] if index < len(row.raw) else ""
        typed = _typed(column, raw)
        problems = told.pop(column.name, [])
        terms = suggestions.get((column.name, str(raw).strip()), []) if problems else []
        made.append(BadCell(said(column.header), typed, row.notes.get(column.name, ""), problems, terms))
    return BadRow(place, made, [text for texts in told.values() for text in texts])


def _typed(column: Column, raw: Any) -> str:
    text = f"{raw:.0f}" if isinstance(raw, float) and raw.is_integer() else str(raw)
    if len(text) < _HIDDEN_FROM:
        return text
    if column.kind == Kind.ID_NUMBER:
        return mask_id_number(text)
    return mask_phone(text) if column.kind == Kind.PHONE else text


@dataclass(frozen=True)
class Difference:
    number: str
    name: str
    header: str
    now: str
    file: str


def differences(ledger: Ledger, batch: ImportBatch, rows: Iterable[Staged]) -> list[Difference]:
    """One line per changed column: what stands there, what the file says."""
    opened = list(rows)
    places = _places(ledger.columns, opened)
    return [
        Difference(
            place_of(batch.found.get("parts", ()), row.number),
            _name(ledger, row),
            said(ledger.column(one.column).header),
            _stands(ledger.column(one.column), one.now) or "—",
            _value(ledger.column(one.column), row.draft.values.get(one.column), places),
        )
        for row in opened
        for one in row.differences
    ]


def _stands(column: Column, now: str) -> str:
    """What stands in the ledger, as the check wrote it down in Chinese, in the language of the page."""
    if column.kind == Kind.BOOLEAN:
        return {"是": _("是"), "否": _("否")}.get(now, now)
    if column.kind != Kind.CODE or not in_english():
        return now
    return next((code.said for code in catalogue.get_list(column.code_list) if code.name_zh == now), now)


@dataclass(frozen=True)
class NewRows:
    """Each row with its place in the file and (header, value) of every column."""

    headers: list[str]
    rows: list[tuple[str, list[tuple[str, str]]]]


def new_rows(ledger: Ledger, batch: ImportBatch, rows: Iterable[Staged]) -> NewRows:
    """New rows as they were read: the value that will stand in the ledger, not what was typed."""
    columns = [column for _index, column in file_columns(ledger, batch)]
    columns += [column for column, _text in defaulted(ledger, batch)]
    opened = list(rows)
    places = _places(columns, opened)

    def cells(row: Staged) -> list[tuple[str, str]]:
        return [(said(column.header), _value(column, row.draft.values.get(column.name), places)) for column in columns]

    parts = batch.found.get("parts", ())
    return NewRows(
        [said(column.header) for column in columns], [(place_of(parts, row.number), cells(row)) for row in opened]
    )


def _places(columns: Sequence[Column], rows: Sequence[Staged]) -> dict[int, str]:
    names = [column.name for column in columns if column.kind == Kind.DIVISION]
    ids = {row.draft.values.get(name) for row in rows for name in names}
    return dict(Division.objects.filter(pk__in=[pk for pk in ids if pk]).values_list("pk", "name"))


def _value(column: Column, value: Any, places: Mapping[int, str]) -> str:
    if value in (None, "", []):
        return "—"
    if column.kind == Kind.ID_NUMBER:
        return mask_id_number(str(value))
    if column.kind == Kind.PHONE:
        return mask_phone(str(value))
    if column.kind == Kind.DIVISION:
        return places.get(value, str(value))
    text = plain_text(column, value)
    return _("%(grams)s 克") % {"grams": text} if column.unit == "g" else text


def _name(ledger: Ledger, row: Staged) -> str:
    """What to call a row: the person's name, else the first text that makes it the row it is."""
    columns = sorted(ledger.columns, key=lambda column: column.kind != Kind.PERSON_NAME)
    values = (plain_text(column, row.draft.values.get(column.name)) for column in columns if column.kind != Kind.ID_NUMBER)
    return next((text for text in values if text), "")


def some(ledger: Ledger, batch: ImportBatch, state: str, first: int, count: int) -> list[Staged]:
    """Opened rows of one state from position ``first``, at most ``count``."""
    return staging.page(ledger, batch, state, first, count)
