"""Score trees of letters, kept per letter, day, closing, fact version and what was decided by hand."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from datetime import date
from typing import Final

from qingyuan.governance.models import Letter
from qingyuan.governance.queries.inputs import Numbers, known_at, of_towns, own_inputs, refs_of
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.governance.scoring.score import score
from qingyuan.governance.scoring.serialise import scheme_hash
from qingyuan.governance.scoring.tree import ScoreTree
from qingyuan.indicators import store

_KEPT: Final = 2048


class _Shelf:
    """A small thread-safe store of the trees used last; every key names all that the tree depends on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, ScoreTree] = OrderedDict()

    def get(self, key: Hashable) -> ScoreTree | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Hashable, tree: ScoreTree) -> None:
        with self._lock:
            self._kept[key] = tree
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


_shelf = _Shelf()


def tree_of(letter: Letter, on: date) -> ScoreTree:
    """The score of one letter on ``on``. Raises scoring's SchemeNotInForce, queries' SchemeChanged."""
    return trees_of([letter], on)[letter.pk]


def trees_of(letters: Sequence[Letter], on: date) -> dict[object, ScoreTree]:
    """By letter id; each indicator is asked once for a whole city."""
    found: dict[object, ScoreTree] = {}
    groups: dict[tuple[object, int], list[Letter]] = {}
    for letter in letters:
        groups.setdefault((letter.scheme_id, letter.city_id), []).append(letter)
    for (_scheme, city_id), members in groups.items():
        found.update(_of_group(members, scheme_of(members[0].scheme), city_id, on))
    return found


def trees_under(letters: Sequence[Letter], scheme: Scheme, on: date) -> dict[object, ScoreTree]:
    """What these letters would score by another sheet, from the same facts, returns and decisions; by letter id."""
    cities: dict[int, list[Letter]] = {}
    for letter in letters:
        cities.setdefault(letter.city_id, []).append(letter)
    found: dict[object, ScoreTree] = {}
    for city_id, members in cities.items():
        found.update(_of_group(members, scheme, city_id, on))
    return found


def _of_group(letters: Sequence[Letter], scheme: Scheme, city_id: int, on: date) -> dict[object, ScoreTree]:
    refs = refs_of(scheme, on)
    source, version = store.current(), store.version()
    known = known_at(city_id, on)
    towns = of_towns([ref.code for ref in refs if ref.source == "indicator"], city_id, on, known)
    own = own_inputs(letters, refs, on)
    by_kind, digest = _names_kinds(scheme), scheme_hash(scheme)
    found: dict[object, ScoreTree] = {}
    for letter in letters:
        key = (letter.pk, digest, on, known, source, version, own[letter.pk].stamp)
        tree = _shelf.get(key)
        if tree is None:
            inputs: Numbers = {**towns.get(letter.division_id, {}), **own[letter.pk].numbers}
            tree = score(scheme, inputs, on, unit_kind=letter.unit.kind if by_kind else "")
            _shelf.put(key, tree)
        found[letter.pk] = tree
    return found


def _names_kinds(scheme: Scheme) -> bool:
    """Whether some clause or annex is only for certain kinds of unit."""
    bands = [*(clause.only_for for clause in scheme.clauses()), *(annex.only_for for annex in scheme.annexes)]
    return any(only.unit_kinds for only in bands)
