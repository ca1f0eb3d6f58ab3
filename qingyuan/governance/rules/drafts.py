"""A sheet carried into another year or version; pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from qingyuan.governance.scoring.scheme import Clause, Scheme

_LEAP = (2, 29)


def next_version(version: str, taken: Collection[str]) -> str:
    """The version itself where it is free, else the next number that is."""
    number = int(version) if version.isdecimal() else 1
    while version in taken:
        number += 1
        version = str(number)
    return version


def for_year(scheme: Scheme, year: int, version: str = "") -> Scheme:
    """The sheet as it would hold from that year on: every date of it moved by the same number of years, its name with them."""
    by = year - scheme.valid_from.year
    groups = tuple(replace(group, clauses=_moved(group.clauses, by)) for group in scheme.groups)
    return replace(
        scheme,
        title=scheme.title.replace(str(scheme.valid_from.year), str(year)),
        version=version or scheme.version,
        valid_from=_later(scheme.valid_from, by),
        valid_to=_later(scheme.valid_to, by),
        groups=groups,
        vetoes=_moved(scheme.vetoes, by),
    )


def _moved(clauses: tuple[Clause, ...], by: int) -> tuple[Clause, ...]:
    if not by:
        return clauses
    return tuple(
        replace(
            clause,
            valid_from=clause.valid_from and _later(clause.valid_from, by),
            valid_to=clause.valid_to and _later(clause.valid_to, by),
        )
        for clause in clauses
    )


def _later(day: date, years: int) -> date:
    """The same day so many years on; of 29 February, the 28th where there is none."""
    if (day.month, day.day) == _LEAP:
        day = day.replace(day=28)
    return day.replace(year=day.year + years)
