"""The row changes of many new rows at once: what ``stage_changes`` stores, made by column and without a database.

Each row still has a change of its own, its own place in the chain and its own key: one row's personal values can be
destroyed while the chain verifies, and its history reads as if it had been entered by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from qingyuan.foundation import bulk
from qingyuan.foundation.audit.keys import fresh_keys, seal_column
from qingyuan.foundation.audit.models import RecordKey, RowChange, WriteEntry
from qingyuan.foundation.audit.tags import ChangeChain, canonical, quoted
from qingyuan.foundation.audit.writing import ENCRYPTED, StagedChanges, StagedMismatch
from qingyuan.foundation.crypto.ring import configured_suite
from qingyuan.foundation.crypto.suites import Aead, suite_of
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.ids import text_of

CREATE = RowChange.Kind.CREATE.value
EMPTY = (None, "")


@dataclass(frozen=True)
class Creations:
    """New rows by column: ``values[name][n]`` is what row ``row_ids[n]`` has there, plain as in ``RowDelta``."""

    row_ids: Sequence[UUID]
    compartment: Compartment | str
    values: Mapping[str, Sequence[Any]] = field(repr=False)
    personal: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PreparedChanges:
    """Changes and keys ready to be stored, and where the chain stands before and after them."""

    lots: tuple[bulk.Lot, ...]
    before: tuple[int, str]
    after: tuple[int, str]


def prepare_creations(staged: StagedChanges, rows: Creations) -> PreparedChanges:
    """The changes of ``rows`` as the next of ``staged``; nothing is stored and ``staged`` stays as it is.

    The rows are new: their ids were made just now and have no key yet.
    """
    number, _, head = staged.root.partition(":")
    chain = ChangeChain(
        staged.entry_id, suite_of(int(number) if number else configured_suite()), count=staged.count, head=head
    )
    ids = [text_of(row_id) for row_id in rows.row_ids]
    keys, lot = _keys(rows, ids)
    texts = list(_texts(rows, ids, keys))
    hashes = chain.extend_all(CREATE, ids, texts)
    changes = bulk.prepare(
        RowChange,
        len(texts),
        {
            "entry_id": bulk.Each(staged.entry_id),
            "position": range(staged.count, chain.count),
            "row_id": rows.row_ids,
            "kind": bulk.Each(CREATE),
            "before": bulk.Each(""),
            "after": texts,
            "hash": hashes,
        },
    )
    after = (chain.count, chain.root if chain.count else "")
    return PreparedChanges((lot, changes), (staged.count, staged.root), after)


def store_creations(staged: StagedChanges, prepared: PreparedChanges) -> None:
    """Store them inside the caller's transaction. Raises StagedMismatch when others came first or the entry is written."""
    if prepared.before != (staged.count, staged.root) or WriteEntry.objects.filter(pk=staged.entry_id).exists():
        raise StagedMismatch
    bulk.store(*prepared.lots)
    staged.count, staged.root = prepared.after


def _keys(rows: Creations, ids: Sequence[str]) -> tuple[list[Aead | None], bulk.Lot]:
    """A key for each row that has a personal value, None for any other; and the keys as they are stored."""
    columns = [rows.values[name] for name in rows.personal if name in rows.values]
    named = [n for n, values in enumerate(zip(*columns, strict=True)) if any(value not in EMPTY for value in values)]
    aeads, wrapped = fresh_keys([ids[n] for n in named], rows.compartment)
    lot = bulk.prepare(
        RecordKey,
        len(named),
        {
            "row_id": [rows.row_ids[n] for n in named],
            "compartment": bulk.Each(str(rows.compartment)),
            "wrapped": wrapped,
        },
    )
    keys: list[Aead | None] = [None] * len(ids)
    for n, aead in zip(named, aeads, strict=True):
        keys[n] = aead
    return keys, lot


def _texts(rows: Creations, ids: Sequence[str], keys: Sequence[Aead | None]) -> Iterator[str]:
    """``canonical`` of each row's values, put together from its columns' texts."""
    columns = [
        _personal(name, rows.values[name], ids, keys) if name in rows.personal else _plain(name, rows.values[name])
        for name in sorted(rows.values)
    ]
    if not columns:
        yield from ("{}" for _row in rows.row_ids)
    for parts in zip(*columns, strict=True):
        yield f"{{{','.join(parts)}}}"


def _plain(name: str, values: Sequence[Any]) -> list[str]:
    head = quoted(name) + ":"
    classes = set(map(type, values))
    if classes == {str}:
        return [head + quoted(value) for value in values]
    if len(classes) == 1 and list not in classes:
        known_texts = {value: head + canonical(value) for value in set(values)}
        return [known_texts[value] for value in values]
    known: dict[tuple[type, Any], str] = {}
    made = []
    for value in values:
        if isinstance(value, list):
            made.append(head + canonical(value))
            continue
        key = (value.__class__, value)
        text = known.get(key)
        if text is None:
            text = known[key] = head + canonical(value)
        made.append(text)
    return made


def _personal(name: str, values: Sequence[Any], ids: Sequence[str], keys: Sequence[Aead | None]) -> list[str]:
    head, enclosed = quoted(name) + ":", f'{quoted(name)}:{{"{ENCRYPTED}":"'
    made = [head + canonical(value) if value in EMPTY else "" for value in values]
    filled = [(n, aead) for n, (text, aead) in enumerate(zip(made, keys, strict=True)) if not text and aead is not None]
    sealed = seal_column(
        name, [ids[n] for n, _aead in filled], [aead for _n, aead in filled], [_clear(values[n]) for n, _aead in filled]
    )
    for (n, _aead), text in zip(filled, sealed, strict=True):
        made[n] = f'{enclosed}{text}"}}'
    return made


def _clear(value: Any) -> str:
    return quoted(value) if value.__class__ is str else canonical(value)
