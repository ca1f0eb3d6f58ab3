"""The same file laid down for two different things: a question to the unit, by what the files hold. Pure.

Two files are the same when their bytes are, or when they are pictures that differ in no more than ``NEAR`` of the 256 signs
of ``documents.likeness`` (saved anew, made smaller, a little brighter). Not asked about, because honest people do it:

* one file for two clauses of one assessment, and what answered an order laid down again for an assessment
* a paper handed round: the same file from ``HANDED_ROUND`` units or more
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Final

#: Signs out of 256 in which two saved copies of one picture differ at most; ``benchmarks/gaming.py`` prints what that finds.
NEAR: Final = 12
#: The same file from so many units is a paper that was given to all of them.
HANDED_ROUND: Final = 4


@dataclass(frozen=True)
class Laid:
    """A file as a unit laid it down. ``kind`` and ``matter``: for an order, an assessment …, and which one.

    ``signs``: of a picture; None for anything else and for a picture too plain to be told from others.
    """

    row: str
    unit: int
    kind: str
    matter: str
    digest: str
    signs: int | None = None


@dataclass(frozen=True)
class Copied:
    """Asked of ``unit`` about its own files ``rows``; ``elsewhere``: how many like them others laid down; ``exact``: byte for byte.

    ``group`` is the same for all units that are asked about the same files.
    """

    unit: int
    rows: tuple[str, ...]
    of: int
    elsewhere: int
    exact: bool
    group: str


def copied(files: Sequence[Laid], asked: Set[str] = frozenset()) -> list[Copied]:
    """Groups of like files that stand for different things, one for each unit concerned; none wholly asked about before."""
    of: dict[int, int] = defaultdict(int)
    for one in files:
        of[one.unit] += 1
    found = []
    for group in _groups(files):
        units = {one.unit for one in group}
        if len(units) >= HANDED_ROUND or not _stands_for_two(group):
            continue
        exact = len({one.digest for one in group}) == 1
        name = min(one.row for one in group)
        for unit in sorted(units):
            mine = tuple(sorted(one.row for one in group if one.unit == unit))
            if not asked >= set(mine):
                found.append(Copied(unit, tuple(row for row in mine if row not in asked), of[unit], len(group) - len(mine), exact, name))
    return found


def _stands_for_two(group: Sequence[Laid]) -> bool:
    """Whether two of them are of two units, or of two matters of one kind."""
    if len({one.unit for one in group}) > 1:
        return True
    matters: dict[str, set[str]] = defaultdict(set)
    for one in group:
        matters[one.kind].add(one.matter)
    return any(len(some) > 1 for some in matters.values())


def _groups(files: Sequence[Laid]) -> Iterable[list[Laid]]:
    """Files that are like one another, directly or through others; only those that have a like."""
    head = list(range(len(files)))

    def root(at: int) -> int:
        while head[at] != at:
            head[at] = head[head[at]]
            at = head[at]
        return at

    first: dict[str, int] = {}
    for at, one in enumerate(files):
        head[root(at)] = root(first.setdefault(one.digest, at))
    pictures = [(at, one.signs) for at, one in enumerate(files) if one.signs is not None]
    for number, (at, signs) in enumerate(pictures):
        for other, theirs in pictures[number + 1 :]:
            if (signs ^ theirs).bit_count() <= NEAR:
                head[root(at)] = root(other)
    groups: dict[int, list[Laid]] = defaultdict(list)
    for at, one in enumerate(files):
        groups[root(at)].append(one)
    return [group for group in groups.values() if len(group) > 1]
