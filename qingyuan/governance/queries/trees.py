"""Score trees of letters, kept per letter, day, closing, fact version and what was decided by hand."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from qingyuan.governance.models import Letter
from qingyuan.governance.queries.inputs import Numbers, figures_of, known_at, own_inputs, refs_of
from qingyuan.governance.queries.peers import beside_peers, compared_refs, peers_among
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
    for members in _groups(letters):
        found.update(_of_group(members, scheme_of(members[0].scheme), members[0].city_id, on))
    return found


def trees_under(letters: Sequence[Letter], scheme: Scheme, on: date) -> dict[object, ScoreTree]:
    """What these letters would score by another sheet, from the same facts, returns and decisions; by letter id."""
    groups: dict[tuple[int, int], list[Letter]] = {}
    for letter in letters:
        groups.setdefault((letter.city_id, letter.year), []).append(letter)
    found: dict[object, ScoreTree] = {}
    for (city_id, _year), members in groups.items():
        found.update(_of_group(members, scheme, city_id, on))
    return found


def numbers_of(letters: Sequence[Letter], on: date) -> dict[object, Numbers]:
    """By letter id: every number that the clauses of its sheet read, as its score of that day is made of them."""
    found: dict[object, Numbers] = {}
    for members in _groups(letters):
        scheme = scheme_of(members[0].scheme)
        keys = {ref.key for ref in refs_of(scheme, on)}
        for pk, given in _given(members, scheme, members[0].city_id, on).items():
            found[pk] = {key: number for key, number in given.numbers.items() if key in keys or key.startswith("manual:")}
    return found


def _groups(letters: Sequence[Letter]) -> list[list[Letter]]:
    """Letters that are scored by one sheet in one city and year."""
    groups: dict[tuple[object, int, int], list[Letter]] = {}
    for letter in letters:
        groups.setdefault((letter.scheme_id, letter.city_id, letter.year), []).append(letter)
    return list(groups.values())


@dataclass(frozen=True)
class _Given:
    """The numbers of one letter, and what beside the facts (whose version is in the key) tells them from others."""

    numbers: Numbers
    stamp: Hashable


def _given(letters: Sequence[Letter], scheme: Scheme, city_id: int, on: date) -> dict[object, _Given]:
    refs = refs_of(scheme, on)
    codes, known = [ref.code for ref in refs if ref.source == "indicator"], known_at(city_id, on)
    compared = compared_refs(scheme, on)
    beside = peers_among(letters) if compared else []
    every = list({one.pk: one for one in (*letters, *beside)}.values())
    figures, own = figures_of(every, codes, on, known), own_inputs(every, refs, on)
    numbers = {one.pk: {**figures[one.pk], **own[one.pk].numbers} for one in every}
    if not compared:
        return {one.pk: _Given(numbers[one.pk], own[one.pk].stamp) for one in letters}
    # A live peer's number moves this letter's place too: its stamp is part of this one's.
    stamp = tuple((one.pk, own[one.pk].stamp) for one in every)
    return {
        one.pk: _Given(beside_peers(one, [(peer, numbers[peer.pk]) for peer in beside], numbers[one.pk], compared), stamp)
        for one in letters
    }


def _of_group(letters: Sequence[Letter], scheme: Scheme, city_id: int, on: date) -> dict[object, ScoreTree]:
    source, version = store.current(), store.version()
    known = known_at(city_id, on)
    given = _given(letters, scheme, city_id, on)
    by_kind, digest = _names_kinds(scheme), scheme_hash(scheme)
    found: dict[object, ScoreTree] = {}
    for letter in letters:
        key = (letter.pk, digest, on, known, source, version, given[letter.pk].stamp)
        tree = _shelf.get(key)
        if tree is None:
            tree = score(scheme, given[letter.pk].numbers, on, unit_kind=letter.unit.kind if by_kind else "")
            _shelf.put(key, tree)
        found[letter.pk] = tree
    return found


def _names_kinds(scheme: Scheme) -> bool:
    """Whether some clause or annex is only for certain kinds of unit."""
    bands = [*(clause.only_for for clause in scheme.clauses()), *(annex.only_for for annex in scheme.annexes)]
    return any(only.unit_kinds for only in bands)
