"""Checking a file: every row is read, resolved, compared with the ledger and staged, in short batches with progress."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.foundation.words import Problem, in_chinese
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Draft, Ledger, Writing
from qingyuan.ledgers.entering import allowed
from qingyuan.ledgers.fitting import misfits
from qingyuan.ledgers.importing import beside, collecting, forgetting, recognising, staging
from qingyuan.ledgers.importing.promote import NotReady
from qingyuan.ledgers.importing.receive import content_of
from qingyuan.ledgers.importing.returning import RECORD, Back, Returning, returning_for
from qingyuan.ledgers.importing.staging import Difference, Staged
from qingyuan.ledgers.keys import earlier_keys_of, keys_of, missing_key_columns
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.models import ImportBatch, StagedBlock
from qingyuan.ledgers.models.imports import BatchState, RowState
from qingyuan.ledgers.presenting import mask_id_number, plain_text
from qingyuan.ledgers.reading.header import HeaderMatch
from qingyuan.ledgers.reading.parts import place_of
from qingyuan.ledgers.reading.reader import RowReading
from qingyuan.ledgers.reading.text import address
from qingyuan.ledgers.reading.unreadable import UnreadableFile
from qingyuan.ledgers.writing import changed_columns
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may

CHUNK = 1000
STALE_AFTER = timedelta(minutes=2)
HIDDEN = "***"


@dataclass
class Checker:
    """One run over one batch: remembers what the file itself has shown so far."""

    ledger: Ledger
    batch: ImportBatch
    writing: Writing
    seen: dict[str, int] = field(default_factory=dict)
    allowed: dict[tuple[Action, int | None, int | None, int | None], str] = field(default_factory=dict)
    stretches: Sequence[dict[str, Any]] = ()
    returning: Returning | None = None
    places: Mapping[str, int] = field(default_factory=dict)

    def judge(self, readings: Sequence[RowReading]) -> list[Staged]:
        """What each row of a chunk is: new, changed, same or bad."""
        back = self.returning.drafts(readings) if self.returning else [None] * len(readings)
        drafts = [one.draft if one else self._draft(reading) for reading, one in zip(readings, back, strict=True)]
        judged = [draft for draft, one in zip(drafts, back, strict=True) if one is None or one.row is not None]
        if self.ledger.prepare is not None:
            self.ledger.prepare(judged, self.writing)
        for draft in judged:
            self._rules(draft)
        keys = self._keys(drafts)
        existing = self._existing([key for key in keys if key]) | self._standing_earlier(drafts, keys)
        found = [
            self._comes_back(reading, one, key, existing.get(key))
            if one is not None
            else self._verdict(reading, draft, key, existing.get(key))
            for reading, draft, key, one in zip(readings, drafts, keys, back, strict=True)
        ]
        for staged in found:
            if staged.state == RowState.BAD:
                self._point(staged.draft)
        return found

    def _point(self, draft: Draft) -> None:
        """Say in which cell each problem is, also where a rule and not the reader found it."""
        draft.problems = [
            replace(problem, address=address(draft.number, self.places[problem.column]))
            if not problem.address and problem.column in self.places
            else problem
            for problem in draft.problems
        ]

    def _draft(self, reading: RowReading) -> Draft:
        values: dict[str, Any] = reading.values
        return Draft(
            number=reading.number,
            values=values,
            division_id=values.get("division") or self.batch.division_id,
            unit_id=self.batch.unit_id,
            problems=[*reading.problems, *(self.returning.lacking() if self.returning else ())],
        )

    def _rules(self, draft: Draft) -> None:
        checked = self.ledger.check(draft.values) if self.ledger.check is not None else ()
        if found := [*misfits(self.ledger, draft.values), *checked]:
            told = {problem.column for problem in draft.problems}
            draft.problems += [problem for problem in found if problem.column not in told]
        if not draft.problems:
            reason = self._refusal(draft)
            if reason:
                draft.problems.append(Problem(column="", address="", value="", message=reason))

    def _refusal(self, draft: Draft) -> str:
        """Why the writer may not enter this row; empty when allowed."""
        action = Action.CREATE if draft.target_id is None else Action.CHANGE
        where = (action, draft.division_id, draft.unit_id, draft.caseworker_id)
        if where not in self.allowed:
            decision = may(
                self.writing.by,
                action,
                compartment=self.ledger.compartment,
                ledger=self.ledger.code,
                on=self.writing.on,
                division_id=draft.division_id,
                unit_id=draft.unit_id,
                caseworker_id=draft.caseworker_id,
            )
            self.allowed[where] = "" if decision.allowed else decision.reason
        return self.allowed[where]

    def _keys(self, drafts: Sequence[Draft]) -> list[str]:
        """The key of each draft; empty where one cannot be told."""
        whole = [n for n, draft in enumerate(drafts) if not (draft.problems or missing_key_columns(self.ledger, draft))]
        keys = [""] * len(drafts)
        for n, key in zip(whole, keys_of(self.ledger, [drafts[n] for n in whole]), strict=True):
            keys[n] = key
        return keys

    def _existing(self, keys: Sequence[str]) -> dict[str, Any]:
        # Most rows of a large file are new: one look at the index tells, before any is built.
        found = list(self.ledger.model.everything.filter(key__among=keys).values_list("key", flat=True))
        if not found:
            return {}
        rows = self.ledger.with_related(self.ledger.model.objects.filter(key__among=found))
        return {row.key: row for row in rows}

    def _standing_earlier(self, drafts: Sequence[Draft], keys: Sequence[str]) -> dict[str, Any]:
        """Rows that still stand under the index key that is being replaced, by the key they will have."""
        earlier = earlier_keys_of(self.ledger, [draft for draft, key in zip(drafts, keys, strict=True) if key])
        return {earlier[key]: row for key, row in self._existing(list(earlier)).items()} if earlier else {}

    def _verdict(self, reading: RowReading, draft: Draft, key: str, row: Any | None) -> Staged:
        notes = _notes(reading) if reading.notes else {}
        staged = Staged(draft.number, RowState.BAD, draft, reading.raw, notes, key=key)
        if draft.problems:
            return staged
        if key in self.seen:
            draft.refuse(self._key_column(), self._repeated(self.seen[key]))
            return staged
        self.seen[key] = draft.number
        if row is None:
            staged.state = RowState.NEW
            return staged
        if not allowed(self.ledger, self.writing.by, Action.CHANGE, self.writing.on, row).allowed:
            draft.refuse(self._key_column(), _("别的单位或同事已登记这一条,您不能修改:请与其核对。"))
            return staged
        draft.target_id, draft.target_version = row.pk, row.version
        draft.values = {name: value for name, value in draft.values.items() if value not in (None, "", [])}
        changed = changed_columns(self.ledger, row, draft.values)
        if changed and self.ledger.sealed:
            # What stands in a sealed row is not shown beside the file, nor overwritten unseen.
            draft.refuse(self._key_column(), _("已登记并封存,与本表不一致:请写明目的和条款打开那一条,核对后修改。"))
            return staged
        staged.state = RowState.CHANGED if changed else RowState.SAME
        staged.differences = [self._difference(name, row, draft) for name in changed]
        return staged

    def _comes_back(self, reading: RowReading, back: Back, key: str, other: Any | None) -> Staged:
        """A row of our own export: changed or same, for it is there already; bad when it would become another's equal."""
        staged = Staged(back.draft.number, RowState.BAD, back.draft, list(reading.raw))
        row, draft = back.row, back.draft
        if row is not None and not draft.problems:
            if key in self.seen:
                draft.refuse(self._key_column(), self._repeated(self.seen[key]))
            elif other is not None and other.pk != row.pk:
                draft.refuse(self._key_column(), _("改成这样就和台账里另一条相同了,请打开那一条核对。"))
            self.seen.setdefault(key, draft.number)
        back.cover()
        if row is None or draft.problems:
            return staged
        changed = changed_columns(self.ledger, row, draft.values)
        staged.key = row.key
        staged.state = RowState.CHANGED if changed else RowState.SAME
        staged.differences = [self._difference(name, row, draft) for name in changed]
        return staged

    def _repeated(self, number: int) -> str:
        if not self.stretches:
            return _("与本表第 %(row)d 行重复,请删去一行。") % {"row": number}
        return _("与“%(place)s”的一条重复,请删去一条。") % {"place": place_of(self.stretches, number)}

    def _key_column(self) -> str:
        names = {column.name for column in self.ledger.columns}
        return next((name for name in self.ledger.natural_key if name in names), self.ledger.dated_by)

    @in_chinese
    def _difference(self, name: str, row: Any, draft: Draft) -> Difference:
        column = self.ledger.column(name)
        now, new = column.value_of(row), draft.values[name]
        if column.personal and self.ledger.shields(row):
            return Difference(name, HIDDEN, HIDDEN)
        if column.kind == Kind.ID_NUMBER:
            return Difference(name, mask_id_number(str(now)), mask_id_number(str(new)))
        return Difference(name, plain_text(column, now), plain_text(column, new))


def check(*, batch_id: UUID | str, by: Actor, sheet: str = "") -> ImportBatch:
    """Check a waiting batch and leave it CHECKED, or FAILED with a message that says what to do.

    Raises NotReady when another worker has it, Interrupted when the process that reads was ended (the batch waits again).
    A run that died is taken up again from the start.
    """
    batch = _take(batch_id)
    ledger = registry.get(batch.ledger)
    try:
        with collecting.rarely():
            _run(ledger, batch, Writing(by=by, on=clock.today(), batch_id=batch.id), sheet)
    except UnreadableFile as error:
        batch.state, batch.message, batch.finished_at = BatchState.FAILED, str(error), clock.now()
        batch.save(update_fields=["state", "message", "finished_at", "found", "sheet", "source", "reading"])
    except beside.Interrupted as error:
        # Nothing is wrong with the file: it waits to be checked once more.
        batch.state, batch.message = BatchState.WAITING, str(error)
        batch.save(update_fields=["state", "message"])
        raise
    return batch


def _run(ledger: Ledger, batch: ImportBatch, writing: Writing, sheet: str) -> None:
    StagedBlock.objects.filter(batch=batch).delete()
    with beside.opened(content_of(batch), batch.filename) as book:
        plan = recognising.plan_for(ledger, batch, book.workbook, writing)
        table = book.table(ledger, plan, sheet)
        if table.header.missing_required and table.header.record is None:
            with transaction.atomic():
                closed = forgetting.remembered(batch)
            kept = {forgetting.CLOSED: closed} if closed else {}
            batch.found, batch.sheet = _found(table) | kept, table.header.sheet  # somebody may say which column it is
            headers = "、".join(f"“{ledger.column(name).header}”" for name in table.header.missing_required)
            missing = _("表里缺少 %(headers)s 栏,请补上这一栏,或下载模板来填。") % {"headers": headers}
            raise UnreadableFile(missing + table.doubt)
        _stage(ledger, batch, writing, plan, table)
    with transaction.atomic():
        # Somebody was sealed while the file waited or was read: their rows are never shown.
        closed = forgetting.remembered(batch)
        batch.filename = ImportBatch.objects.get(pk=batch.pk).filename
        if closed:
            forgetting.close_rows(batch, forgetting.Closed.of(ledger, closed))
        batch.sheet = table.sheet_words
        batch.found = _found(table) | plan.found() | ({forgetting.CLOSED: closed} if closed else {})
        batch.rows_total = batch.rows_done
        batch.state = BatchState.CHECKED
        if not batch.rows_done:
            batch.state, batch.message = BatchState.FAILED, _("表头认出来了,但下面没有数据行。")
            batch.finished_at = clock.now()
        batch.save()


def _stage(ledger: Ledger, batch: ImportBatch, writing: Writing, plan: recognising.Plan, table: beside.Table) -> None:
    """Judge and stage every row, a chunk at a time; the next chunk may be read beside meanwhile."""
    checker = Checker(
        ledger,
        batch,
        writing,
        stretches=[stretch.as_json() for stretch in table.stretches],
        returning=returning_for(ledger, writing, table.header),
        places={} if table.stretches else _places(table.header),
    )
    counts = dict.fromkeys(RowState.values, 0)
    batch.rows_done = 0
    for chunk in _chunks(plan.rows(table)):
        staged = checker.judge(chunk)
        batch.rows_done += len(staged)
        _store(ledger, batch, staged, counts)


def _store(ledger: Ledger, batch: ImportBatch, staged: Sequence[Staged], counts: dict[str, int]) -> None:
    """One short transaction a chunk, so that no page waits for the import."""
    blocks = staging.close(ledger, batch, staged)
    for block in blocks:
        counts[block.state] += block.count
    with transaction.atomic():
        StagedBlock.objects.bulk_create(blocks)
        batch.new_count, batch.changed_count = counts[RowState.NEW], counts[RowState.CHANGED]
        batch.same_count, batch.bad_count = counts[RowState.SAME], counts[RowState.BAD]
        batch.heartbeat_at = clock.now()
        batch.save(update_fields=["new_count", "changed_count", "same_count", "bad_count", "rows_done", "heartbeat_at"])


def _take(batch_id: UUID | str) -> ImportBatch:
    with transaction.atomic():
        stale = Q(state=BatchState.CHECKING, heartbeat_at__lt=clock.now() - STALE_AFTER)
        claimed = ImportBatch.objects.filter(Q(state=BatchState.WAITING) | stale, pk=batch_id).update(
            state=BatchState.CHECKING, heartbeat_at=clock.now(), message=""
        )
        if not claimed:
            raise NotReady(_("这一批正在核对,或者已经核对完。"))
    return ImportBatch.objects.get(pk=batch_id)


def _chunks(rows: Iterable[RowReading]) -> Iterator[list[RowReading]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _notes(reading: RowReading) -> dict[str, str]:
    return {note.column: note.message for note in reading.notes}


def _places(header: HeaderMatch) -> dict[str, int]:
    """In which column of a simple sheet each column of the ledger stands, and the record number."""
    places = {name: index for index, name in header.columns.items()}
    return places if header.record is None else places | {RECORD.name: header.record}


def _found(table: beside.Table) -> dict[str, Any]:
    """What the importer took as header, columns and data, for the page to show before anything is entered."""
    header = table.header
    return {
        "sheet": header.sheet,
        "header_rows": list(header.header_rows),
        "data_start": header.data_start,
        "columns": {str(index): name for index, name in header.columns.items()},
        "record": header.record,
        "labels": ["/".join(str(part) for part in label) for label in header.labels],
        "units": dict(header.units),
        "unknown": list(header.unknown),
        "parts": [stretch.as_json() for stretch in table.stretches],
        "titles": list(header.titles),
        "skipped": {str(reason): count for reason, count in table.skipped.items()},
        "warnings": [str(warning) for warning in table.warnings],
        "terms": [
            {
                "column": term.column,
                "typed": term.typed,
                "count": term.count,
                "suggestions": [[found.value, found.label] for found in term.suggestions],
            }
            for term in table.unknown_terms.values()
        ],
    }
