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
from qingyuan.foundation.audit.keys import RowCipher, fresh_ciphers
from qingyuan.foundation.audit.models import RecordKey, RowChange, WriteEntry
from qingyuan.foundation.audit.tags import ChangeChain, canonical, quoted
from qingyuan.foundation.audit.writing import ENCRYPTED, StagedChanges, StagedMismatch
from qingyuan.foundation.crypto import nonces
from qingyuan.foundation.crypto.ring import configured_suite
from qingyuan.foundation.crypto.suites import suite_of
from qingyuan.foundation.enums import Compartment

CREATE = RowChange.Kind.CREATE.value


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
    ciphers, keys = _keys(rows)
    texts = list(_texts(rows, ciphers))
    ids = [str(row_id) for row_id in rows.row_ids]
    hashes = [chain.extend_by(row_id, CREATE, "", text) for row_id, text in zip(ids, texts, strict=True)]
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
    return PreparedChanges((keys, changes), (staged.count, staged.root), after)


def store_creations(staged: StagedChanges, prepared: PreparedChanges) -> None:
    """Store them inside the caller's transaction. Raises StagedMismatch when others came first or the entry is written."""
    if prepared.before != (staged.count, staged.root) or WriteEntry.objects.filter(pk=staged.entry_id).exists():
        raise StagedMismatch
    bulk.store(*prepared.lots)
    staged.count, staged.root = prepared.after


def _keys(rows: Creations) -> tuple[dict[UUID, RowCipher], bulk.Lot]:
    """A key for each row that has a personal value."""
    columns = [rows.values[name] for name in rows.personal if name in rows.values]
    named = [row_id for n, row_id in enumerate(rows.row_ids) if any(column[n] not in (None, "") for column in columns)]
    ciphers, wrapped = fresh_ciphers(named, rows.compartment)
    lot = bulk.prepare(
        RecordKey,
        len(named),
        {"row_id": named, "compartment": bulk.Each(str(rows.compartment)), "wrapped": wrapped},
    )
    return dict(zip(named, ciphers, strict=True)), lot


def _texts(rows: Creations, ciphers: Mapping[UUID, RowCipher]) -> Iterator[str]:
    """``canonical`` of each row's values, put together from its columns' texts."""
    columns = [
        _personal(name, rows, ciphers) if name in rows.personal else _plain(name, rows.values[name])
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


def _personal(name: str, rows: Creations, ciphers: Mapping[UUID, RowCipher]) -> list[str]:
    head, enclosed = quoted(name) + ":", f'{quoted(name)}:{{"{ENCRYPTED}":"'
    values = rows.values[name]
    return [
        head + canonical(value)
        if value in (None, "")
        else f'{enclosed}{ciphers[row_id].encrypt(name, _clear(value), nonce)}"}}'
        for row_id, value, nonce in zip(rows.row_ids, values, nonces(len(values)), strict=True)
    ]


def _clear(value: Any) -> str:
    return quoted(value) if value.__class__ is str else canonical(value)
