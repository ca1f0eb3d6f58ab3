"""Sums over months stay closed where one of them, less another, would tell a few people. Pure.

January to October less January to September is October. A reader may ask for any run of months, so what is shown of one
place over a year is a drawing of its month ends: a run that is shown joins the end before it to its last end, and whatever
ends are joined by any way round can be told apart exactly. Month ends between which 1–4 people stand must therefore never
be joined (``joined``). The ends are taken in order and only ever judged by what came before them: a later month never
closes an earlier figure.

Towns add up to their city, so the same must hold for what all other towns and the city tell together about one town. That is
checked exactly, as linear arithmetic: what is joined in every other place (the city is taken to be known in full) must be
joined here too. Where it is not, one more place is left out at that month end, the smallest first.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Final, TypeVar

K = TypeVar("K", bound=Hashable)
#: The counts of one month: everything of people that is shown together, such as a numerator and its denominator.
Month = tuple[int, ...]
#: For the ends of months 0 (before the first) to n: ends with the same number are joined.
Ends = tuple[int, ...]
# 0/1 matrices of a year have minors far below this, so that a rank reckoned with remainders is the rank.
_PRIME: Final = 2**61 - 1


def shows(ends: Ends, first: int, last: int) -> bool:
    """Whether the run of months ``first`` to ``last`` (counted from 0) may be shown."""
    return ends[first] == ends[last + 1]


def joined(
    months: Mapping[K, Sequence[Month]], *, own: Collection[K] = (), adds_up: bool = False, smallest: int
) -> dict[K, Ends]:
    """Which month ends of each place are joined for a reader whose own places are ``own``.

    ``months`` has the same months for every place. ``adds_up``: their sum is known to the reader, month by month.
    """
    drawings = {place: _Drawing(counts, smallest, place in own) for place, counts in months.items()}
    for month in range(max(map(len, months.values()), default=0)):
        for drawing in drawings.values():
            drawing.take(month)
        if adds_up:
            _hold(drawings, month)
    return {place: tuple(drawing.ends) for place, drawing in drawings.items()}


class _Drawing:
    """The joined ends of one place. End 0 and whatever is far enough from the last of its kind carry the number 0."""

    def __init__(self, counts: Sequence[Month], smallest: int, own: bool) -> None:
        self.counts, self.smallest, self.own = counts, smallest, own
        self.ends = [0]
        # What came since the last end with the number 0, and the same before the latest month was taken.
        self.since: Month = ()
        self._before: Month = ()

    def take(self, month: int) -> None:
        counts = self.counts[month]
        self._before = tuple(map(sum, zip(self.since, counts, strict=True))) if self.since else counts
        if self.own or all(count == 0 or count >= self.smallest for count in self._before):
            self.ends.append(0)
            self.since = ()
        else:
            self.ends.append(self.ends[-1] if not any(counts) else month + 1)
            self.since = self._before

    @property
    def is_alone(self) -> bool:
        return self.ends[-1] == len(self.ends) - 1

    def leave_out(self) -> None:
        """The latest end is joined to no other."""
        self.ends[-1] = len(self.ends) - 1
        self.since = self._before


def _hold(drawings: Mapping[K, _Drawing], month: int) -> None:
    """Leaves out places at the latest end until no place is told by all the others."""
    while (told := _told(drawings)) is not None:
        others = [place for place, one in drawings.items() if place != told and not one.own and not one.is_alone]
        if not others:
            return  # nobody beside it: it is the sum itself, which the reader knows or which is judged by itself
        drawings[min(others, key=lambda place: _size(drawings[place].counts[month]))].leave_out()


def _size(counts: Month) -> tuple[bool, int]:
    """Smallest first; a month without anybody is left out only when there is nothing else."""
    return not any(counts), sum(counts)


def _told(drawings: Mapping[K, _Drawing]) -> K | None:
    closed = {place: tuple(one.ends) for place, one in drawings.items() if not one.own}
    drawn = list(closed.values())
    for place, ends in closed.items():
        if drawn.count(ends) > 1 or not any(ends):
            continue
        others = _Space(len(ends))
        for other in set(drawn) - {ends}:
            others.extend(_indicators(other))
        if not all(others.has(vector) for vector in _indicators(ends)):
            return place
    return None


def _indicators(ends: Ends) -> Iterable[list[int]]:
    for number in set(ends):
        yield [int(end == number) for end in ends]


class _Space:
    """Vectors that can be put together from the given ones, and from all ones (the sum of everything is known)."""

    def __init__(self, length: int) -> None:
        self._rows: dict[int, list[int]] = {}
        self.extend([[1] * length])

    def extend(self, vectors: Iterable[list[int]]) -> None:
        for vector in vectors:
            rest = self._reduced(vector)
            lead = next((index for index, value in enumerate(rest) if value), None)
            if lead is not None:
                inverse = pow(rest[lead], -1, _PRIME)
                self._rows[lead] = [value * inverse % _PRIME for value in rest]

    def has(self, vector: list[int]) -> bool:
        return not any(self._reduced(vector))

    def _reduced(self, vector: list[int]) -> list[int]:
        rest = vector
        for index in range(len(vector)):
            if rest[index] and index in self._rows:
                factor = rest[index]
                rest = [(a - factor * b) % _PRIME for a, b in zip(rest, self._rows[index], strict=True)]
        return rest
