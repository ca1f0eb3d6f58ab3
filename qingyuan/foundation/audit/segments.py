"""The shape of a chain as it is stored: runs that link on, and what lies between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from uuid import UUID

from qingyuan.foundation.audit.tags import GENESIS


@dataclass
class Segment:
    """Entries that stand one after the other and link on. An unsound entry (its own hash fails) is one by itself."""

    first_id: UUID
    first_seq: int
    first_prev: str
    last_id: UUID
    last_seq: int
    last_hash: str
    length: int
    sound: bool


class Segments:
    """Built by ``add`` in the order of ``seq``; then asked what is wrong."""

    def __init__(self) -> None:
        self._all: list[Segment] = []

    def add(
        self, entry_id: UUID, seq: int, prev_hash: str, entry_hash: str, *, sound: bool, genuine: bool = True
    ) -> bool:
        """Take the next entry by ``seq``. False when it counts as unsound, and so is judged by its neighbours.

        A false content that carries the seals of a real entry, but not in that entry's place, is a copy: unsound.
        """
        last = self.last
        fits = prev_hash == (last.last_hash if last else GENESIS)
        sound = sound and (genuine or fits)
        if last and last.sound and sound and fits and seq == last.last_seq + 1:
            last.last_id, last.last_seq, last.last_hash = entry_id, seq, entry_hash
            last.length += 1
        else:
            self._all.append(Segment(entry_id, seq, prev_hash, entry_id, seq, entry_hash, 1, sound))
        return sound

    @property
    def last(self) -> Segment | None:
        return self._all[-1] if self._all else None

    @property
    def stand_ins(self) -> list[Segment]:
        """Unsound entries that fill the place of one that is missing: changed, seal and all."""
        return [segment for segment in self._unsound if id(segment) in self._standing_in]

    @property
    def bypassed(self) -> list[Segment]:
        """Unsound entries whose neighbours link past them: inserted."""
        return [segment for segment in self._unsound if id(segment) not in self._standing_in]

    @cached_property
    def holes(self) -> list[tuple[Segment, int]]:
        """Each segment whose predecessor is gone, with how many entries are missing before it (at least that many)."""
        found = []
        for segment in self._orphans:
            stand_ins = len(self._unsound_before(segment))
            before = self._index[id(segment)] - stand_ins - 1
            gap = segment.first_seq - (self._all[before].last_seq if before >= 0 else 0) - 1 - stand_ins
            if gap > 0 or not stand_ins:
                found.append((segment, max(gap, 1)))
        return found

    @cached_property
    def moved(self) -> list[Segment]:
        """The fewest entries that, put back, give the order in which they were sealed; or that carry a false number."""
        order = {id(segment): rank for rank, segment in enumerate(self._in_sealed_order)}
        ranks = [order[id(segment)] for segment in self._sound]
        kept = _heaviest_rising(ranks, [segment.length for segment in self._sound])
        out_of_place = [segment for index, segment in enumerate(self._sound) if index not in kept]
        return out_of_place or self._renumbered

    @property
    def _sound(self) -> list[Segment]:
        return [segment for segment in self._all if segment.sound]

    @property
    def _unsound(self) -> list[Segment]:
        return [segment for segment in self._all if not segment.sound]

    @cached_property
    def _ends(self) -> dict[str, Segment]:
        return {segment.last_hash: segment for segment in self._sound}

    @cached_property
    def _orphans(self) -> list[Segment]:
        return [s for s in self._sound if s.first_prev != GENESIS and s.first_prev not in self._ends]

    @cached_property
    def _standing_in(self) -> set[int]:
        ids = {id(unsound) for orphan in self._orphans for unsound in self._unsound_before(orphan)}
        # At the very end nothing links back, so the last entries can only have been changed where they stand.
        for segment in reversed(self._all):
            if segment.sound:
                break
            ids.add(id(segment))
        return ids

    @property
    def _renumbered(self) -> list[Segment]:
        """In order and linked on, but with numbers that jump: only the numbers were touched."""
        return [
            segment
            for before, segment in pairwise(self._all)
            if before.sound and segment.sound and segment.first_prev == before.last_hash
        ]

    @cached_property
    def _in_sealed_order(self) -> list[Segment]:
        following = {segment.first_prev: segment for segment in self._sound}
        starts = [s for s in self._sound if s.first_prev == GENESIS or s.first_prev not in self._ends]
        ordered: list[Segment] = []
        for start in starts:
            segment: Segment | None = start
            while segment is not None:
                ordered.append(segment)
                segment = following.get(segment.last_hash)
        return ordered

    def _unsound_before(self, segment: Segment) -> list[Segment]:
        found: list[Segment] = []
        for index in range(self._index[id(segment)] - 1, -1, -1):
            if self._all[index].sound:
                break
            found.append(self._all[index])
        return found

    @cached_property
    def _index(self) -> dict[int, int]:
        return {id(segment): index for index, segment in enumerate(self._all)}


def _heaviest_rising(ranks: list[int], weights: list[int]) -> set[int]:
    """Indexes of a rising subsequence of ``ranks`` (a permutation) with the greatest total weight.

    A Fenwick tree holds the best (weight, last index) for every prefix of ranks: n log n, for a chain shuffled whole.
    """
    size = len(ranks)
    tree = [(0, -1)] * (size + 1)
    came_from: list[int] = []
    for index, rank in enumerate(ranks):
        best = (0, -1)
        place = rank
        while place > 0:
            best = max(best, tree[place])
            place -= place & -place
        came_from.append(best[1])
        candidate = (best[0] + weights[index], index)
        place = rank + 1
        while place <= size:
            tree[place] = max(tree[place], candidate)
            place += place & -place
    place, best = size, (0, -1)
    while place > 0:
        best = max(best, tree[place])
        place -= place & -place
    kept: set[int] = set()
    index = best[1]
    while index >= 0:
        kept.add(index)
        index = came_from[index]
    return kept
