"""The natural key of a row as a keyed digest: equal rows are found without opening a name or a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from qingyuan.foundation.crypto import blind_index, blind_index_many
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
