"""Scoring one sheet many times where few numbers differ: a clause whose numbers are the same is scored once. Pure."""

from __future__ import annotations

from qingyuan.governance.scoring.clauses import by_hand_key, decided_key, score_clause
from qingyuan.governance.scoring.numbers import Inputs, Number
from qingyuan.governance.scoring.refs import parse_ref
from qingyuan.governance.scoring.scheme import Clause, Scheme
from qingyuan.governance.scoring.tree import ClauseScore


class Remembering:
    """``score_clause`` that knows a clause again by the very numbers it reads. It holds them, so that no other takes their place."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, ...], tuple[tuple[Number | None, ...], ClauseScore]] = {}
        self._keys: dict[int, tuple[Clause, tuple[str, ...]]] = {}

    def __call__(self, clause: Clause, inputs: Inputs, scheme: Scheme) -> ClauseScore:
        known = self._keys.get(id(clause))
        if known is None:
            known = self._keys[id(clause)] = clause, (*keys_of(clause), by_hand_key(clause), decided_key(clause))
        numbers = tuple(inputs.get(key) for key in known[1])
        asked = (id(clause), *map(id, numbers))
        found = self._kept.get(asked)
        if found is None:
            found = self._kept[asked] = numbers, score_clause(clause, inputs, scheme)
        return found[1]


def keys_of(clause: Clause) -> tuple[str, ...]:
    """The inputs a clause reads, by key."""
    return tuple(dict.fromkeys(parse_ref(text, clause=clause.id, name=name).key for name, text in clause.inputs.items()))
