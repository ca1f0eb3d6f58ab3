"""Parts of the frame that look the same on page after page, rendered once for what stands in them.

All that stands in a part is what it is kept by: the same words, links and numbers give the same markup, and no other's do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Final

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from qingyuan.reference import periods
from qingyuan.reference.periods import Period
from qingyuan.web.navigation import Group, Link

KEPT: Final = 1024
YEARS_BACK: Final = 3


@dataclass(frozen=True)
class PeriodChoices:
    """What the period picker offers for the year of the chosen period."""

    chosen: Period
    today: date

    @cached_property
    def year(self) -> int:
        return self.chosen.last_day.year

    def _begun(self, offered: list[Period]) -> list[Period]:
        return [period for period in offered if period.start <= self.today]

    @property
    def cumulative(self) -> list[Period]:
        ends = self._begun([periods.month(date(self.year, number, 1)) for number in range(2, 13)])
        return [periods.ytd(end) for end in ends]

    @property
    def months(self) -> list[Period]:
        return self._begun(periods.year(self.year).months())

    @property
    def quarters(self) -> list[Period]:
        return self._begun([periods.quarter(self.year, number) for number in range(1, 5)])

    @property
    def halves(self) -> list[Period]:
        return self._begun([periods.half(self.year, number) for number in (1, 2)])

    @property
    def years(self) -> list[Period]:
        first = min(self.year, self.today.year - YEARS_BACK)
        return [periods.year(number) for number in range(first, self.today.year + 1)]


@dataclass(frozen=True)
class PickedPlace:
    """A place of the picker; ``depth`` counts from the reader's own root."""

    code: str
    name: str
    depth: int


@dataclass(frozen=True)
class Picks:
    """What the two pickers show; ``code``: of the chosen place."""

    label: str
    code: str
    period: Period
    today: date
    places: tuple[PickedPlace, ...]


@dataclass(frozen=True)
class _Asked:
    """As much of a request as the links of a picker are made from."""

    GET: QueryDict


@lru_cache(maxsize=KEPT)
def ways(groups: tuple[Group, ...], language: str | None) -> SafeString:
    """The links of the road. ``language``: the one in force."""
    return render_to_string("web/_ways.html", {"groups": groups})


@lru_cache(maxsize=KEPT)
def phone_bar(links: tuple[Link, ...], language: str | None) -> SafeString:
    """The bar at the foot of a phone."""
    return render_to_string("web/_phone_bar.html", {"links": links})


def pickers(picks: Picks, query: str, language: str | None) -> SafeString:
    """The pickers of range and period; ``query``: the page's own question, which their links keep. A question may name
    somebody: only where nothing was asked is the part kept."""
    return _rendered(picks, query) if query else _pickers(picks, language)


@lru_cache(maxsize=KEPT)
def _pickers(picks: Picks, language: str | None) -> SafeString:
    return _rendered(picks, "")


def _rendered(picks: Picks, query: str) -> SafeString:
    given = {"picks": picks, "periods": PeriodChoices(picks.period, picks.today), "request": _Asked(QueryDict(query))}
    return render_to_string("web/_picks.html", given)
