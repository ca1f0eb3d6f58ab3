"""Places beside each other: clearly higher, clearly lower, no clear difference, or not comparable.

**Which error is held**: if all places are alike (in each stratum), at most ``LEVEL`` of such tables call *any* place higher or
lower (family-wise, by Bonferroni over the comparable places). Places that differ leave the bar of each other place where it is.

One person's several tests are alike, so that counts scatter more than draws do. Where it is known how many people stand behind
the counts, how much more is taken from the places' own spread (winsorised, so that one truly different place does not hide
itself; Spiegelhalter 2005), on the safe side and never more than one person's share, and all counts are divided by it before
they are judged. Where cases are not people's (schools, venues, units), each is a draw of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import sqrt
from statistics import NormalDist
from typing import Final

from qingyuan.indicators.fair.exact import Counts, chance_of

LEVEL: Final = 0.05
BAR: Final = 30
"""Fewer due than this and one single case moves the rate by more than 3 %."""
FEWEST: Final = 3
"""Beside fewer places there is nothing to compare with."""
ENOUGH_FOR_SPREAD: Final = 10
_WINSOR: Final = 0.1
_SAFE: Final = 0.84
"""Four times in five the true spread is no larger than so many of its own deviations above the one found."""
_SIZES: Final = ((300, "large"), (100, "middle"), (0, "small"))


class Group(StrEnum):
    HIGHER = "higher"
    SAME = "same"
    LOWER = "lower"
    INCOMPARABLE = "incomparable"


@dataclass(frozen=True)
class Place:
    """``counts``: (done, due) by stratum (one stratum where like need not be set against like); ``people`` behind ``due``,
    where it is known; ``within``: only places of the same class are set beside it."""

    key: int
    counts: Mapping[str, Counts]
    people: int | None = None
    within: str = ""

    @property
    def done(self) -> int:
        return sum(done for done, _due in self.counts.values())

    @property
    def due(self) -> int:
        return sum(due for _done, due in self.counts.values())

    @property
    def size(self) -> str:
        """'large', 'middle' or 'small', by what was due."""
        return next(name for least, name in _SIZES if self.due >= least)


@dataclass(frozen=True)
class Standing:
    """``expected``: what would have been done at the pace of all, stratum by stratum; ``chance``: of a count so far from it
    if all were alike, not yet held against the number of places. Both None where it is not compared."""

    key: int
    group: Group
    done: int
    due: int
    expected: float | None = None
    chance: float | None = None

    @property
    def difference(self) -> float | None:
        """Percentage points above or below what was to be expected of this place's own mix."""
        return None if self.expected is None or not self.due else 100 * (self.done - self.expected) / self.due


@dataclass(frozen=True)
class FairTable:
    """``spread``: by how much counts scatter more than draws do (1 = no more); ``bar``: the chance below which one place is
    called different, so that the whole table errs at most ``LEVEL``."""

    standings: Sequence[Standing]
    spread: float = 1.0
    bar: float = LEVEL
    centre: float | None = None
    by_key: Mapping[int, Standing] = field(default_factory=dict)

    @property
    def compared(self) -> int:
        return sum(1 for one in self.standings if one.group is not Group.INCOMPARABLE)

    @property
    def ranks(self) -> bool:
        """Whether there is anything to rank: without a clear difference all places are tied."""
        return any(one.group in {Group.HIGHER, Group.LOWER} for one in self.standings)

    @property
    def z(self) -> float:
        """Where the lines of the picture lie, in standard deviations."""
        return NormalDist().inv_cdf(1 - self.bar / 2)


@dataclass(frozen=True)
class _Field:
    """What each place is measured against."""

    able: Sequence[Place]
    wholes: Mapping[str, Mapping[str, Counts]]
    spread: float
    bar: float

    def standing(self, place: Place) -> Standing:
        if not any(one is place for one in self.able):
            return Standing(place.key, Group.INCOMPARABLE, place.done, place.due)
        return _standing(place, self.able, self.wholes[place.within], self.spread, self.bar)


def compare(places: Sequence[Place]) -> FairTable:
    """Every place in the order given."""
    field_ = _field(places)
    standings = [field_.standing(place) for place in places]
    whole = _whole(field_.able)
    done, due = sum(done for done, _ in whole.values()), sum(due for _, due in whole.values())
    centre = done / due if due else None
    return FairTable(standings, field_.spread, field_.bar, centre, {one.key: one for one in standings})


def possible_groups(places: Sequence[Place], key: int, counts: Iterable[Counts]) -> frozenset[Group]:
    """Which groups a place could be in if its (done, due) were any of ``counts``, the other places as they are."""
    found = set()
    for one in counts:
        moved = [replace(place, counts={"": one}) if place.key == key else place for place in places]
        own = next(place for place in moved if place.key == key)
        found.add(_field(moved).standing(own).group)
    return frozenset(found)


def _field(places: Sequence[Place]) -> _Field:
    classes = _classes(places)
    large = {name: [place for place in members if place.due >= BAR] for name, members in classes.items()}
    able = [place for place in places if place.due >= BAR and len(large[place.within]) >= FEWEST]
    wholes = {name: _whole(members) for name, members in large.items()}
    return _Field(able, wholes, _spread(able, wholes), LEVEL / max(len(able), 1))


def _classes(places: Iterable[Place]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        found[place.within].append(place)
    return found


def _whole(places: Iterable[Place]) -> dict[str, Counts]:
    found: dict[str, Counts] = {}
    for place in places:
        for stratum, (done, due) in place.counts.items():
            all_done, all_due = found.get(stratum, (0, 0))
            found[stratum] = (all_done + done, all_due + due)
    return found


def _expected(place: Place, whole: Mapping[str, Counts]) -> float:
    return sum(due * whole[stratum][0] / whole[stratum][1] for stratum, (_done, due) in place.counts.items() if due)


def _spread(able: Sequence[Place], wholes: Mapping[str, Mapping[str, Counts]]) -> float:
    """By how much the places scatter more than draws; one person's whole share where there are too few to tell."""
    most = _ceiling(able)
    scores = sorted(score for place in able if (score := _score(place, wholes[place.within])) is not None)
    if most == 1.0 or len(scores) < ENOUGH_FOR_SPREAD:
        return most
    cut = int(_WINSOR * len(scores))
    held = [min(max(score, scores[cut]), scores[-1 - cut]) for score in scores]
    # Holding back the ends makes the spread of mere draws smaller than one; this is by how much.
    found = sum(score * score for score in held) / len(held) / _HELD_VARIANCE
    surely = found * (1 + _SAFE * sqrt(2 / len(held)))
    return min(max(1.0, surely), most)


def _ceiling(able: Sequence[Place]) -> float:
    """One person's share: whoever is tested twelve times weighs at most as much as twelve."""
    known = [place for place in able if place.people]
    people = sum(place.people or 0 for place in known)
    return max(1.0, sum(place.due for place in known) / people) if people else 1.0


def _score(place: Place, whole: Mapping[str, Counts]) -> float | None:
    """The count's distance from what was expected, in standard deviations of draws without return."""
    variance = 0.0
    for stratum, (_done, due) in place.counts.items():
        all_done, all_due = whole[stratum]
        if all_due > 1:
            variance += due * (all_done / all_due) * (1 - all_done / all_due) * (all_due - due) / (all_due - 1)
    return (place.done - _expected(place, whole)) / sqrt(variance) if variance > 0 else None


def _held_variance() -> float:
    """The variance of a standard normal whose outer tenths are held at their bounds."""
    normal = NormalDist()
    at = normal.inv_cdf(1 - _WINSOR)
    return (1 - 2 * _WINSOR) - 2 * at * normal.pdf(at) + 2 * _WINSOR * at * at


_HELD_VARIANCE: Final = _held_variance()


def _standing(place: Place, able: Sequence[Place], whole: Mapping[str, Counts], spread: float, bar: float) -> Standing:
    expected = _expected(place, whole)
    strata = [stratum for stratum, (_done, due) in place.counts.items() if due]
    own = [_thinned(place.counts[stratum], spread) for stratum in strata]
    others = [_thinned(_less(whole[stratum], place.counts[stratum]), spread) for stratum in strata]
    together = [(a + c, b + d) for (a, b), (c, d) in zip(own, others, strict=True)]
    chance = chance_of(own, together)
    group = Group.SAME
    if chance <= bar:
        group = Group.HIGHER if place.done > expected else Group.LOWER
    return Standing(place.key, group, place.done, place.due, expected, chance)


def _less(whole: Counts, own: Counts) -> Counts:
    return whole[0] - own[0], whole[1] - own[1]


def _thinned(counts: Counts, spread: float) -> Counts:
    """As many independent cases as these scattered ones are worth."""
    done, due = counts
    if spread == 1.0:
        return counts
    fewer = max(1, round(due / spread)) if due else 0
    return (min(fewer, round(done * fewer / due)), fewer) if due else (0, 0)
