"""The natural key of a row as a keyed digest: equal rows are found without opening a name or a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from qingyuan.foundation.crypto import blind_index, blind_index_many, earlier_index_keys, indexing_as, keyring
from qingyuan.ledgers.codec import dump_many, dump_one
from qingyuan.ledgers.declaration import Draft, Ledger


def key_of(ledger: Ledger, draft: Draft, values: Mapping[str, Any] | None = None) -> str:
    """32 hex characters over the key columns: columns, attributes the room resolved, or the row's unit and division.

    ``values`` replaces the draft's own where a row is changed. Raises KeyError when a key column is none of these.
    """
    known = _known(draft) | dict(draft.values if values is None else values)
    return blind_index(ledger.compartment, _purpose(ledger), _text(ledger, known))


def keys_of(ledger: Ledger, drafts: Sequence[Draft]) -> list[str]:
    """``key_of`` for many drafts."""
    names = [(name, f"{name}=") for name in ledger.natural_key]
    texts = ["\x1f".join([f"{head}{dump_one(_said(draft, name))}" for name, head in names]) for draft in drafts]
    return blind_index_many(ledger.compartment, _purpose(ledger), texts)


def keys_of_columns(ledger: Ledger, said: Mapping[str, Sequence[Any]]) -> list[str]:
    """``key_of`` for many rows by column; ``said`` holds columns, what the room resolved, and the rows' units and divisions."""
    columns = [[f"{name}={value}" for value in dump_many(said[name])] for name in ledger.natural_key]
    texts = columns[0] if len(columns) == 1 else list(map("\x1f".join, zip(*columns, strict=True)))
    return blind_index_many(ledger.compartment, _purpose(ledger), texts)


def earlier_keys_of_columns(ledger: Ledger, said: Mapping[str, Sequence[Any]]) -> list[str]:
    """``earlier_keys_of`` for many rows by column, of a ledger whose rows hold nothing made with the index key but their key."""
    assert ledger.indexes is None
    found: list[str] = []
    for index_key in earlier_index_keys(ledger.compartment):
        with indexing_as(ledger.compartment, index_key):
            found += keys_of_columns(ledger, said)
    return found


def earlier_keys_of(ledger: Ledger, drafts: Sequence[Draft]) -> dict[str, str]:
    """While index keys are being rotated: the keys under which equal rows may still stand → the drafts' own keys."""
    found: dict[str, str] = {}
    for index_key in earlier_index_keys(ledger.compartment):
        own = keys_of(ledger, drafts)
        with indexing_as(ledger.compartment, index_key):
            found |= dict(zip(keys_of(ledger, [_indexed(ledger, draft) for draft in drafts]), own, strict=True))
    return found


def standing(ledger: Ledger, row: Any, draft: Draft) -> Draft:
    """The row as a draft: what ``draft`` leaves out is what the row already says, its indexes made now."""
    resolved = {name: getattr(row, name) for name in ledger.natural_key if hasattr(row, name)}
    stood = {column.name: column.stored_value_of(row) for column in ledger.columns}
    plain = {name: value.pk if hasattr(value, "pk") else value for name, value in resolved.items()}
    whole = Draft(number=draft.number, values=plain | stood | draft.values, extra=resolved | draft.extra)
    whole.division_id, whole.unit_id = row.division_id, row.unit_id
    if ledger.indexes is not None:
        indexes = _indexes(ledger, whole)
        whole.extra |= indexes
        whole.values |= {name: value for name, value in indexes.items() if name in whole.values}
    return whole


def every_key_of(ledger: Ledger, row: Any) -> set[str]:
    """The keys the row has or had under any index key of the ring: files checked earlier know it by one of those."""
    found = {row.key}
    for index_key in keyring().index_keys_ever(str(ledger.compartment)):
        with indexing_as(ledger.compartment, index_key):
            found.add(key_of(ledger, standing(ledger, row, Draft(number=0, values={}))))
    return found


def index_anew(ledger: Ledger, drafts: Sequence[Draft]) -> None:
    """What a draft resolved when it was checked may be of an earlier index key: what is stored is of the one that writes."""
    for draft in drafts if ledger.indexes else ():
        draft.extra |= _indexes(ledger, draft)


def _indexed(ledger: Ledger, draft: Draft) -> Draft:
    """The same draft with indexes of the key now in force, for its key alone."""
    if ledger.indexes is None:
        return draft
    indexes = _indexes(ledger, draft)
    values = draft.values | {name: value for name, value in indexes.items() if name in draft.values}
    copy = Draft(number=draft.number, values=values, extra=draft.extra | indexes)
    copy.division_id, copy.unit_id = draft.division_id, draft.unit_id
    return copy


def _indexes(ledger: Ledger, draft: Draft) -> dict[str, Any]:
    assert ledger.indexes is not None
    return ledger.indexes(draft.values) if draft.values.get("name") else {}


def missing_key_columns(ledger: Ledger, draft: Draft) -> list[str]:
    """The key columns that have no value."""
    return [name for name in ledger.natural_key if _said(draft, name, None) in (None, "")]


def _purpose(ledger: Ledger) -> str:
    return f"key:{ledger.code}"


def _text(ledger: Ledger, known: Mapping[str, Any]) -> str:
    return "\x1f".join([f"{name}={dump_one(known[name])}" for name in ledger.natural_key])


_UNKNOWN: Final = object()


def _said(draft: Draft, name: str, otherwise: Any = _UNKNOWN) -> Any:
    """``(_known(draft) | draft.values)[name]``, without putting the two together for every row."""
    for known in (draft.values, draft.extra):
        if name in known:
            return known[name]
    if name in _OWN:
        return getattr(draft, name)
    if otherwise is _UNKNOWN:
        raise KeyError(name)
    return otherwise


_OWN: Final = frozenset({"unit_id", "division_id"})


def _known(draft: Draft) -> dict[str, Any]:
    return {"unit_id": draft.unit_id, "division_id": draft.division_id} | draft.extra
