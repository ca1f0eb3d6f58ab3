"""Small numbers stay closed, also against a reader who adds and subtracts what is shown. Pure; integers in, words out.

A count of 1–4 people (FEW) is shown as “<5” outside the place concerned. Where parts and their total stand together, one
hidden part is the total less the others, so further numbers are closed (HIDDEN), the smallest first, until no closed number
can be told exactly. The reader is taken to know this rule: that a FEW number lies between 1 and 4, that a HIDDEN part is not
below 5 (and in a single list not larger than the smallest part left open), and the reader's own numbers.

The check is exact. Sums that cross (towns by month, with both margins) are a network: every number is an arc between the
two sums it stands in, and a number can be another one if and only if it lies on a cycle along which each arc may still move
by one. Such networks have whole-number solutions, so nothing is lost by moving in ones (Cox 1995 uses the same for
controlled rounding). ``suppress`` is for one list, ``suppress_lines`` for tables, such as months beside their running total.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
SMALLEST: Final = 5
_OUTSIDE: Final = -1


class Shown(StrEnum):
    EXACT = "exact"
    FEW = "few"  # “<5”
    HIDDEN = "hidden"  # closed so that another cannot be worked out


@dataclass(frozen=True)
class Line(Generic[K]):
    """``parts`` add up to ``total``."""

    total: K
    parts: tuple[K, ...]


@dataclass(frozen=True)
class Suppressed(Generic[K]):
    """How each number of one list is shown. A number that is unknown is EXACT: there is nothing to close."""

    cells: Mapping[K, Shown]
    total: Shown


class _Total:
    """The key of the total in a one-line table; equal to nothing else."""


@dataclass(frozen=True)
class _Arc(Generic[K]):
    key: K
    tail: int
    head: int
    may_rise: bool
    may_fall: bool


def suppress(
    cells: Mapping[K, int | None], total: int | None, *, own: Collection[K] = (), smallest: int = SMALLEST
) -> Suppressed[K]:
    """Close one list of counts and its total for a reader whose own places are ``own``.

    ``total`` None = no total is shown beside the list. Counts that the total holds beyond the list (recorded on the higher
    place itself) are taken to be known to the reader.
    """
    known: dict[Hashable, int] = {key: count for key, count in cells.items() if count is not None}
    whole = _Total()
    lines: list[Line[Hashable]] = []
    if total is not None:
        lines.append(Line(whole, tuple(known)))
        known[whole] = sum(known.values())
    states = suppress_lines(known, lines, own=frozenset(own), smallest=smallest)
    by_line = states.get(whole, Shown.EXACT)
    few_by_itself = total is not None and by_line is Shown.EXACT and 0 < total < smallest
    return Suppressed(
        cells={key: states.get(key, Shown.EXACT) for key in cells},
        total=Shown.FEW if few_by_itself else by_line,
    )


def suppress_lines(
    counts: Mapping[K, int],
    lines: Sequence[Line[K]],
    *,
    own: Collection[K] = frozenset(),
    smallest: int = SMALLEST,
) -> dict[K, Shown]:
    """Close a table whose numbers stand in several sums; ``counts`` must satisfy every line, and each number may stand in
    two at most (raises ValueError otherwise)."""
    states = {
        key: Shown.FEW if 0 < count < smallest and key not in own else Shown.EXACT for key, count in counts.items()
    }
    signs = _signs(lines)
    while exposed := _exposed(counts, lines, signs, states, own, smallest):
        closing = set(_to_close(counts, lines, states, own, exposed, smallest))
        if not closing:
            break
        states.update(dict.fromkeys(closing, Shown.HIDDEN))
    return states


def told_exactly(
    counts: Mapping[K, int],
    lines: Sequence[Line[K]],
    states: Mapping[K, Shown],
    *,
    own: Collection[K] = frozenset(),
    smallest: int = SMALLEST,
) -> list[K]:
    """The closed numbers of which only one value is possible although all that may be closed is closed (the totals are the
    reader's own, and every part is small): such a table is not shown."""
    return _exposed(counts, lines, _signs(lines), states, own, smallest)


def _signs(lines: Sequence[Line[K]]) -> list[int]:
    """+1 or −1 for each line, so that a number standing in two has opposite signs: the condition of being a network."""
    standing: dict[K, list[tuple[int, int]]] = defaultdict(list)
    for index, line in enumerate(lines):
        standing[line.total].append((index, -1))
        for part in line.parts:
            standing[part].append((index, 1))
    if any(len(places) > 2 for places in standing.values()):
        raise ValueError("a number may stand in two sums at most")
    links: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for places in standing.values():
        if len(places) == 2:
            (first, one), (second, other) = places
            links[first].append((second, -one * other))
            links[second].append((first, -one * other))
    signs = [0] * len(lines)
    for start in range(len(lines)):
        if signs[start]:
            continue
        signs[start] = 1
        pending = [start]
        while pending:
            here = pending.pop()
            for there, relation in links[here]:
                if not signs[there]:
                    signs[there] = signs[here] * relation
                    pending.append(there)
                elif signs[there] != signs[here] * relation:
                    raise ValueError("these sums are not a table with margins")
    return signs


def _exposed(
    counts: Mapping[K, int],
    lines: Sequence[Line[K]],
    signs: Sequence[int],
    states: Mapping[K, Shown],
    own: Collection[K],
    smallest: int,
) -> list[K]:
    """Closed numbers of which only one value is possible."""
    arcs = list(_arcs(counts, lines, signs, states, own, smallest))
    leaving: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for index, arc in enumerate(arcs):
        if arc.may_rise:
            leaving[arc.tail].append((arc.head, index))
        if arc.may_fall:
            leaving[arc.head].append((arc.tail, index))
    return [
        arc.key
        for index, arc in enumerate(arcs)
        if states[arc.key] is not Shown.EXACT
        and not (arc.may_rise and _reaches(leaving, arc.head, arc.tail, index))
        and not (arc.may_fall and _reaches(leaving, arc.tail, arc.head, index))
    ]


def _arcs(
    counts: Mapping[K, int],
    lines: Sequence[Line[K]],
    signs: Sequence[int],
    states: Mapping[K, Shown],
    own: Collection[K],
    smallest: int,
) -> Iterator[_Arc[K]]:
    enters: dict[K, int] = {}
    leaves: dict[K, int] = {}
    for index, (line, sign) in enumerate(zip(lines, signs, strict=True)):
        for key, coefficient in ((line.total, -sign), *((part, sign) for part in line.parts)):
            (enters if coefficient > 0 else leaves)[key] = index
    totals = {line.total for line in lines}
    ceiling = _smallest_left_open(counts, states, own, totals, smallest) if len(lines) == 1 else None
    for key in {**enters, **leaves}:
        low, high = _bounds(key, counts[key], states[key], key in own, key in totals, smallest, ceiling)
        yield _Arc(
            key=key,
            tail=leaves.get(key, _OUTSIDE),
            head=enters.get(key, _OUTSIDE),
            may_rise=high is None or counts[key] < high,
            may_fall=counts[key] > low,
        )


def _bounds(
    key: K, count: int, state: Shown, mine: bool, is_total: bool, smallest: int, ceiling: int | None
) -> tuple[int, int | None]:
    """What the reader knows of one number by the way it is shown, before any sum is used."""
    if state is Shown.EXACT or mine:
        return count, count
    if state is Shown.FEW:
        return 1, smallest - 1
    return (0, None) if is_total else (smallest, ceiling)


def _smallest_left_open(
    counts: Mapping[K, int], states: Mapping[K, Shown], own: Collection[K], totals: Collection[K], smallest: int
) -> int | None:
    left = [
        counts[key]
        for key, state in states.items()
        if state is Shown.EXACT and key not in own and key not in totals and counts[key] >= smallest
    ]
    return min(left, default=None)


def _reaches(leaving: Mapping[int, list[tuple[int, int]]], start: int, goal: int, without: int) -> bool:
    seen = {start}
    pending = [start]
    while pending:
        here = pending.pop()
        if here == goal:
            return True
        for there, index in leaving.get(here, ()):
            if index != without and there not in seen:
                seen.add(there)
                pending.append(there)
    return False


def _to_close(
    counts: Mapping[K, int],
    lines: Sequence[Line[K]],
    states: Mapping[K, Shown],
    own: Collection[K],
    exposed: Sequence[K],
    smallest: int,
) -> Iterator[K]:
    """For each exposed number one more beside it: the smallest open part; failing that a total; failing that any open number
    of its lines, and at last a total shown as “<5”. Numbers further away when everything beside it is closed."""
    totals = {line.total for line in lines}
    helped: set[int] = set()
    for number in exposed:
        beside = [index for index, line in enumerate(lines) if number == line.total or number in line.parts]
        if not helped.isdisjoint(beside):
            continue
        helped.update(beside)
        near = {key for index in beside for key in (lines[index].total, *lines[index].parts)}
        far = {key for line in lines for key in (line.total, *line.parts)}
        for choice in (near - totals, near & totals, far - totals, far & totals):
            open_ones = [key for key in choice if states[key] is Shown.EXACT and key not in own]
            large = [key for key in open_ones if key in totals or counts[key] >= smallest]
            if large:
                yield min(large, key=lambda key: (counts[key], repr(key)))
                break
        else:
            yield from [key for key in near & totals if states[key] is Shown.FEW and key not in own][:1]
