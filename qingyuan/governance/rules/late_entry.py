"""How much of a number is still to be entered: rows of a day that reach the ledgers only after it. Pure.

On every month-end of the year some rows of the days before stood on paper only. How many is known by now: what is known today of
that day, less what stood there on its evening. So many are thought to be missing today. A month-end counts once its late rows had
``SETTLES`` days to come in; the last ``LOOKS_BACK`` of them tell, each as much as the others. While a unit has few, what is usual
in the city counts for one more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import starmap
from typing import Final

from qingyuan.governance.rules.chances import of_events
from qingyuan.governance.scoring.numbers import Inputs, Number

#: Days after which what was late for a month-end is thought to have come in.
SETTLES: Final = 28
#: How many month-ends tell how late the unit enters.
LOOKS_BACK: Final = 6
#: Late rows of one month-end hang together (one folder not yet typed in), so many of them tell as much as so many that do not.
TOGETHER: Final = 0.4
#: What is thought beforehand, in late rows of one month-end: none late so far is not none ever.
_RARELY: Final = 0.05


@dataclass(frozen=True)
class Look:
    """One month-end: the number as it stood on its evening, and as it is known today."""

    then: Number
    now: Number


@dataclass(frozen=True)
class Late:
    """Late rows of all ``looks`` month-ends together.

    came   new rows (a person, a return, a meeting) entered after the day
    fixed  rows that stood there as missing and turned out done, or not due at all
    usual  the same of one month-end in the city's towns on average; None where that is not known
    """

    came: int
    fixed: int
    looks: int
    usual: tuple[float, float] | None = None

    @property
    def came_chances(self) -> tuple[float, ...]:
        """Cumulated chances of 0, 1, 2 … rows that are still to come."""
        return self._chances(self.came_mean)

    @property
    def fixed_chances(self) -> tuple[float, ...]:
        return self._chances(self.fixed_mean)

    @property
    def came_mean(self) -> float:
        """How many rows are thought to be still to come."""
        return self._mean(self.came, 0)

    @property
    def fixed_mean(self) -> float:
        return self._mean(self.fixed, 1)

    def beside(self, city: Late, towns: int) -> Late:
        """With what is usual: as late as the ``towns`` of the city on average."""
        if not city.looks:
            return self
        return replace(self, usual=(city.came / city.looks / towns, city.fixed / city.looks / towns))

    @property
    def _seen(self) -> int:
        return self.looks + (self.usual is not None)

    def _mean(self, late: int, which: int) -> float:
        return (late + (self.usual[which] if self.usual else 0.0)) / self._seen if self._seen else 0.0

    def _chances(self, mean: float) -> tuple[float, ...]:
        if not self._seen:
            return (1.0,)
        return of_events(round(TOGETHER * mean * self._seen + _RARELY, 6), TOGETHER * self._seen, 1.0)


NOTHING_KNOWN: Final = Late(0, 0, 0)


def looked_at(ends: Sequence[date], on: date) -> tuple[date, ...]:
    """Of these month-ends those that tell on day ``on`` how late rows are entered."""
    settled = sorted(day for day in ends if (on - day).days >= SETTLES)
    # At the end of January a year's count is only a month old: fewer rows can be late for it than for any later one.
    grown = settled[1:] if len(settled) > 1 and settled[0].month == 1 else settled
    return tuple(grown[-LOOKS_BACK:])


def late_by_key(days: Sequence[tuple[Inputs, Inputs]]) -> dict[str, Late]:
    """By number: what was late on these month-ends, each as it stood on its evening and as it is known today.

    A month-end at which less than half of what is known of it today stood there tells nothing: the unit had not begun to
    keep its ledgers here (the system came later, a year was brought in as a whole).
    """
    begun = [(then, now) for then, now in days if _whole_of(then, now) * 2 >= _whole_of(now, now) > 0]
    keys = {key for _then, now in begun for key in now}
    return {key: late_of([Look(then[key], now[key]) for then, now in begun if key in then and key in now]) for key in keys}


def _whole_of(numbers: Inputs, keys: Inputs) -> Decimal:
    return sum((_whole(numbers[key]) for key in keys if key in numbers), Decimal(0))


def late_of(looks: Sequence[Look]) -> Late:
    """What was late on these month-ends, of one number."""
    if not looks:
        return NOTHING_KNOWN
    both = list(starmap(_between, ((look.then, look.now) for look in looks)))
    return Late(sum(came for came, _fixed in both), sum(fixed for _came, fixed in both), len(looks))


def _between(then: Number, now: Number) -> tuple[int, int]:
    grown = _whole(now) - _whole(then)
    came = int(max(Decimal(0), grown))
    if now.denominator is None:
        return came, 0
    done = int((now.numerator or 0) - (then.numerator or 0))
    # A late row that came done is one of those that came; what is done beyond them stood there as missing.
    return came, max(0, done - came) + int(max(Decimal(0), -grown))


def _whole(number: Number) -> Decimal:
    """What the number counts in all: of a share its base, of a plain count the count."""
    if number.not_available:
        return Decimal(0)
    return (number.value if number.denominator is None else number.denominator) or Decimal(0)
