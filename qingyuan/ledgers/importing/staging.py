"""Staged rows as ciphertext, a block at a time: values, problems, differences, and bad rows as typed.

A block holds up to a thousand rows of one state, by column, what repeats written once, compressed and encrypted under
the ledger's compartment key in one piece. What is said of the block in the clear is where it stands and how many rows it holds, so that a page
of bad rows opens one block or two.
"""

from __future__ import annotations

import heapq
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from qingyuan.foundation.crypto import decrypt_bytes, encrypt_bytes
from qingyuan.foundation.words import Problem
from qingyuan.ledgers.codec import dump_many, dump_one, load_many, loader_of
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Draft, Ledger, Writing
from qingyuan.ledgers.models import ImportBatch, StagedBlock
from qingyuan.ledgers.models.imports import RowState
from qingyuan.ledgers.stowing import UNSAID, Lines, Stowed, prepare_lines

AAD: Final = "ledgers.StagedBlock.payload"
QUICK: Final = 1
"""zlib's level: half the bytes to encrypt and store for a few microseconds a row."""
FIRST_MARK: Final = 48
"""The character for a column's first value; a block has at most a thousand rows, so that every mark is a character."""
FEW: Final = 3
"""A value must stand so often, on the average, for its column to be written by marks."""
_LISTS: Final = {list, tuple, type(None)}
_TEXTS: Final = {str}
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

Packed = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """One column of a row that is already in the ledger: what stands there and what the file says."""

    column: str
    now: str
    file: str


@dataclass(slots=True)
class Staged:
    """A staged row, opened. ``raw`` is a bad row as typed, by column index, for giving it back."""

    number: int
    state: str
    draft: Draft
    raw: list[Any] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    key: str = ""


def close(ledger: Ledger, batch: ImportBatch, rows: Sequence[Staged]) -> list[StagedBlock]:
    """The blocks of a chunk of rows in the file's order, one for each state there is."""
    by_state: dict[str, list[Staged]] = {}
    for row in rows:
        by_state.setdefault(row.state, []).append(row)
    return [_close(ledger, batch, str(state), some) for state, some in by_state.items()]


def stream(ledger: Ledger, batch: ImportBatch, *states: str) -> Iterator[Staged]:
    """Opened rows of ``batch`` in the given states, in the file's order.

    Read a block at a time rather than by a cursor: on SQLite an open cursor holds an old snapshot, and a caller that
    writes between two rows while someone else writes too would be refused («database is locked») without waiting.
    """
    if len(states) == 1:
        return _of_state(ledger, batch, states[0])
    return heapq.merge(*(_of_state(ledger, batch, state) for state in states), key=lambda row: row.number)


def page(ledger: Ledger, batch: ImportBatch, state: str, first: int, count: int) -> list[Staged]:
    """Opened rows of one state from position ``first``, at most ``count``; opens only the blocks they stand in."""
    found: list[Staged] = []
    passed = 0
    blocks = batch.blocks.filter(state=state).order_by("first")
    for pk, size in blocks.values_list("pk", "count"):
        if passed >= first + count:
            break
        if passed + size > first:
            rows = open_block(ledger, StagedBlock.objects.get(pk=pk))
            found += rows[max(0, first - passed) : first + count - passed]
        passed += size
    return found


def keys(ledger: Ledger, batch: ImportBatch) -> Iterator[str]:
    """The natural key of every row of ``batch`` that has one, in no order; a block at a time, nothing else of it is read."""
    blocks, last = batch.blocks.order_by("pk"), 0
    while (block := blocks.filter(pk__gt=last).first()) is not None:
        yield from filter(None, _opened(ledger, block)["key"])
        last = block.pk


def any_in(batch: ImportBatch, state: str) -> bool:
    """Whether ``batch`` has a row in ``state``."""
    return batch.blocks.filter(state=state).exists()


def payloads(batch: ImportBatch, state: str) -> Iterator[bytes]:
    """The blocks of one state as they are stored, in the file's order; see ``stream`` for why not by a cursor."""
    last = 0
    blocks = batch.blocks.filter(state=state).order_by("first").values_list("first", "payload")
    while (found := blocks.filter(first__gt=last).first()) is not None:
        last = found[0]
        yield bytes(found[1])


def lines_of(ledger: Ledger, payload: bytes) -> Lines:
    """The rows of a block of new rows by column, without a draft for any of them."""
    packed = _open_payload(ledger, payload)
    count = len(packed["number"])
    return Lines(
        count,
        _columns(packed["values"], count, _loaders(ledger.columns)),
        _columns(packed["extra"], count, lambda name: partial(_typed, name)),
        packed["division"],
        packed["unit"],
    )


def stowed_of(ledger: Ledger, payload: bytes, writing: Writing, count: int, at: datetime) -> Iterator[Stowed]:
    """The rows of a block of new rows, ``count`` at a time, ready to be stored; each is taken in before the next is made."""
    lines = lines_of(ledger, payload)
    for first in range(0, lines.count, count):
        yield prepare_lines(ledger, lines.between(first, first + count), writing, at)


def open_block(ledger: Ledger, block: StagedBlock) -> list[Staged]:
    """The rows of a block; the inverse of ``close``."""
    packed = _opened(ledger, block)
    count = block.count
    values = _unpack(packed["values"], count, _loaders(ledger.columns))
    extra = _unpack(packed["extra"], count, lambda name: partial(_typed, name))
    rows = []
    for n in range(count):
        target = packed["target"][n] if packed["target"] else None
        draft = Draft(
            number=packed["number"][n],
            values=values[n],
            extra=extra[n],
            division_id=packed["division"][n],
            unit_id=packed["unit"][n],
            caseworker_id=packed["caseworker"][n],
            target_id=UUID(target[0]) if target else None,
            target_version=target[1] if target else None,
        )
        rows.append(Staged(draft.number, block.state, draft, key=packed["key"][n]))
    for n, problems in packed["problems"]:
        rows[n].draft.problems = [Problem(*problem) for problem in problems]
    for n, notes in packed["notes"]:
        rows[n].notes = notes
    for n, differences in packed["differences"]:
        rows[n].differences = [Difference(*difference) for difference in differences]
    for n, raw in enumerate(packed["raw"]):
        rows[n].raw = raw
    return rows


def _opened(ledger: Ledger, block: StagedBlock) -> Packed:
    return _open_payload(ledger, bytes(block.payload))


def _open_payload(ledger: Ledger, payload: bytes) -> Packed:
    packed: Packed = json.loads(zlib.decompress(decrypt_bytes(ledger.compartment, payload, AAD)))
    return packed


def _of_state(ledger: Ledger, batch: ImportBatch, state: str) -> Iterator[Staged]:
    blocks = batch.blocks.filter(state=state).order_by("first")
    last = 0
    while (block := blocks.filter(first__gt=last).first()) is not None:
        yield from open_block(ledger, block)
        last = block.first


def _close(ledger: Ledger, batch: ImportBatch, state: str, rows: Sequence[Staged]) -> StagedBlock:
    drafts = [row.draft for row in rows]
    targets = [[str(draft.target_id), draft.target_version] if draft.target_id else None for draft in drafts]
    packed = {
        "number": [row.number for row in rows],
        "key": [row.key for row in rows],
        "values": _pack([draft.values for draft in drafts]),
        "extra": _pack([draft.extra for draft in drafts]),
        "division": [draft.division_id for draft in drafts],
        "unit": [draft.unit_id for draft in drafts],
        "caseworker": [draft.caseworker_id for draft in drafts],
        "target": targets if any(targets) else None,
        "problems": [
            (n, [[p.column, p.address, p.value, str(p.message), str(p.hint)] for p in draft.problems])
            for n, draft in enumerate(drafts)
            if draft.problems
        ],
        "notes": [(n, row.notes) for n, row in enumerate(rows) if row.notes],
        "differences": [
            (n, [[d.column, d.now, d.file] for d in row.differences]) for n, row in enumerate(rows) if row.differences
        ],
        # Only a bad row is given back as typed.
        "raw": [[_as_typed(cell) for cell in row.raw] for row in rows] if state == RowState.BAD else [],
    }
    text = json.dumps(packed, ensure_ascii=False, default=str, separators=(",", ":"))
    return StagedBlock(
        batch=batch,
        state=state,
        first=rows[0].number,
        count=len(rows),
        payload=encrypt_bytes(ledger.compartment, zlib.compress(text.encode(), QUICK), AAD),
    )


def _pack(rows: Sequence[Mapping[str, Any]]) -> Packed:
    """Rows by column: a column that every row has as a list, any other with the places where it stands."""
    first = list(rows[0])
    if all(list(row) == first for row in rows):  # as almost always: every row of a file has the same columns
        columns = zip(*(row.values() for row in rows), strict=True)
        return {"whole": {name: _coded(values) for name, values in zip(first, columns, strict=False)}, "partly": {}}
    names = dict.fromkeys(name for row in rows for name in row)
    whole: Packed = {}
    partly: Packed = {}
    for name in names:
        if all(name in row for row in rows):
            whole[name] = _coded([row[name] for row in rows])
        else:
            places = [n for n, row in enumerate(rows) if name in row]
            partly[name] = [places, dump_many([rows[n][name] for n in places])]
    return {"whole": whole, "partly": partly}


def _unpack(packed: Packed, count: int, loader: Callable[[str], Callable[[Any], Any] | None]) -> list[dict[str, Any]]:
    names, columns = [], []
    for name, values in packed["whole"].items():
        names.append(name)
        columns.append(_decoded(loader(name), values))
    rows = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)] or [
        {} for _n in range(count)
    ]
    for name, (places, values) in packed["partly"].items():
        for n, value in zip(places, load_many(loader(name), values), strict=True):
            rows[n][name] = value
    return rows


def _columns(
    packed: Packed, count: int, loader: Callable[[str], Callable[[Any], Any] | None]
) -> dict[str, Sequence[Any]]:
    """Columns as ``_pack`` gave them; where a row has not the column, ``UNSAID`` stands."""
    found: dict[str, Sequence[Any]] = {name: _decoded(loader(name), values) for name, values in packed["whole"].items()}
    for name, (places, values) in packed["partly"].items():
        column = [UNSAID] * count
        for n, value in zip(places, load_many(loader(name), values), strict=True):
            column[n] = value
        found[name] = column
    return found


def _coded(values: Sequence[Any]) -> Any:
    """A column dumped: in which few values stand many times as these values and one character a row."""
    if set(map(type, values)) <= _LISTS:
        distinct = {None if value is None else tuple(value): None for value in values}
        if len(distinct) * FEW > len(values) or not all(one is None or set(map(type, one)) <= _TEXTS for one in distinct):
            return dump_many(values)
        marks = {value: chr(FIRST_MARK + n) for n, value in enumerate(distinct)}
        at = [marks[None if value is None else tuple(value)] for value in values]
        return {"of": [one if one is None else list(one) for one in distinct], "at": "".join(at)}
    dumped = dump_many(values)
    # 1, 1.0 and True are equal: only values of one kind are told apart by what they are.
    if len(set(map(type, dumped)) - {type(None)}) != 1 or list in set(map(type, dumped)):
        return dumped
    known = dict.fromkeys(dumped)
    if len(known) * FEW > len(dumped):
        return dumped
    marks = {value: chr(FIRST_MARK + n) for n, value in enumerate(known)}
    return {"of": list(known), "at": "".join([marks[value] for value in dumped])}


def _decoded(load: Callable[[Any], Any] | None, column: Any) -> list[Any]:
    """The inverse of ``_coded``; each row has a list of its own. A column staged by an earlier version is a plain list."""
    if isinstance(column, list):
        return load_many(load, column)
    known = {chr(FIRST_MARK + n): value for n, value in enumerate(load_many(load, column["of"]) if load else column["of"])}
    if any(value.__class__ is list for value in known.values()):
        return [None if known[mark] is None else list(known[mark]) for mark in column["at"]]
    return [known[mark] for mark in column["at"]]


def _loaders(columns: Sequence[Column]) -> Callable[[str], Callable[[Any], Any] | None]:
    """How a column's values are read back; None where JSON keeps them as they are."""
    typed = {column.name: load for column in columns if (load := loader_of(column.kind)) is not None}
    return typed.get


def _as_typed(cell: Any) -> Any:
    return dump_one(cell) if isinstance(cell, int | float | bool) else str(cell or "")


def _typed(name: str, value: Any) -> Any:
    """Extra attributes are ids and dates: uuids end in ``_id`` and are 36 characters, dates are ISO."""
    if isinstance(value, str) and name.endswith("_id") and len(value) == 36:
        return UUID(value)
    if isinstance(value, str) and ISO_DATE.fullmatch(value):
        return date.fromisoformat(value)
    return value
