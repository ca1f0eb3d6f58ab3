"""An indicator as its file says it: titles, reasons, terms and how it rolls up. Values only; ``loader`` builds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.indicators.enums import Better, IndicatorKind, Select
from qingyuan.indicators.formula import Formula

NUMERATOR: Final = "numerator"
DENOMINATOR: Final = "denominator"
VALUE: Final = "value"


@dataclass(frozen=True)
class Term:
    """One aggregate: the numerator, the denominator or a named part.

    ``dated_by`` is the date column that places a fact in a period. ``people``: the figure counts people, so 1 to
    ``smallest_count - 1`` of them are not shown outside the place concerned. ``coercive``: see ``coercion``.
    ``empty_is_zero``: nothing recorded means nought (nothing happened), not unknown (nobody reported).
    """

    key: str
    title: str
    expression: Formula
    where: Formula | None
    fact: str
    select: Select
    dated_by: str
    unit: str
    people: bool
    coercive: bool
    empty_is_zero: bool


@dataclass(frozen=True)
class Breakdown:
    """A column the figure may be split by; ``code_list`` is the reference list that names its codes."""

    column: str
    title: str
    code_list: str = ""


@dataclass(frozen=True)
class RollUp:
    """In words: how the figure of a higher place and of a longer period comes about.

    ``units``: what of it counts for one unit, by the unit that each fact names; empty where it is known by place only.
    """

    divisions: str
    periods: str
    units: str = ""


@dataclass(frozen=True)
class Indicator:
    """``proportion``: of whole counts, so that its interval follows from them; ``sample``: the part that says how many equal
    answers a weighted proportion rests on ('' = the denominator itself)."""

    code: str
    title: str
    title_en: str
    why_it_matters: str
    kind: IndicatorKind
    numerator: Term
    denominator: Term | None
    parts: tuple[Term, ...]
    unit: str
    scale: Decimal
    decimals: int
    better: Better
    monitor_only: bool
    proportion: bool
    sample: str
    smallest_count: int
    roll_up: RollUp
    includes: tuple[str, ...]
    excludes: tuple[str, ...]
    breakdowns: tuple[Breakdown, ...]
    period_kinds: tuple[str, ...]
    owner: str
    checked_by: str
    source: str
    valid_from: date

    @property
    def terms(self) -> tuple[Term, ...]:
        below = (self.denominator,) if self.denominator is not None else ()
        return (self.numerator, *below, *self.parts)

    def term(self, key: str) -> Term:
        """The term called ``key``; raises UnknownPart."""
        found = next((term for term in self.terms if term.key == key), None)
        if found is None:
            raise UnknownPart(self.code, key, tuple(term.key for term in self.terms))
        return found

    @property
    def counts(self) -> bool:
        """Whether the figure is a plain count of events or people: whole numbers, no base, no scale."""
        return self.denominator is None and self.decimals == 0 and self.scale == 1

    @property
    def by_unit(self) -> bool:
        """Whether it may be asked of a single unit and not only of a place."""
        return bool(self.roll_up.units)

    @property
    def coercive(self) -> bool:
        """Whether the figure itself counts something coercive. A denominator is free (mission line 3)."""
        return self.numerator.coercive

    @property
    def people(self) -> bool:
        """Whether any of its figures counts people, so that small counts stay closed."""
        return any(term.people for term in self.terms)

    @property
    def facts(self) -> frozenset[str]:
        return frozenset(term.fact for term in self.terms)

    def breakdown(self, column: str) -> Breakdown | None:
        return next((item for item in self.breakdowns if item.column == column), None)


class UnknownPart(LookupError):
    """The indicator has no part of that name."""

    def __init__(self, code: str, part: str, parts: tuple[str, ...]) -> None:
        what = _("%(code)s 没有“%(part)s”这一部分，有：%(parts)s。")
        super().__init__(what % {"code": code, "part": part, "parts": "、".join((VALUE, *parts))})


Definitions = Mapping[str, tuple[Indicator, ...]]
