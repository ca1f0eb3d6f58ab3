"""One figure of one place with everything that may stand beside it, for the page of an indicator and the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qingyuan.indicators import catalogue
from qingyuan.indicators.definition import DENOMINATOR, NUMERATOR, VALUE, Indicator, Term
from qingyuan.indicators.disclosure import Shown
from qingyuan.indicators.enums import IndicatorKind
from qingyuan.indicators.queries import evaluate
from qingyuan.indicators.value import Value
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.reference.periods import Period
from qingyuan.situation.queries.figures import CLOSED, closed_text, number
from qingyuan.situation.queries.showing import Asked, state_of


@dataclass(frozen=True)
class Part:
    """A number the figure is made of, or stands beside it. ``amount`` None where unknown or closed."""

    key: str
    title: str
    text: str
    unit: str
    amount: Decimal | None
    closed: bool


@dataclass(frozen=True)
class Reading:
    """``text`` and everything else is what this reader may see; ``amount`` None where unknown or closed."""

    indicator: Indicator
    division: Division
    period: Period
    text: str
    amount: Decimal | None
    before_text: str
    change: str
    interval: str
    small_sample: bool
    running: bool
    state: Shown
    parts: tuple[Part, ...]

    @property
    def closed(self) -> bool:
        return self.state is not Shown.EXACT

    @property
    def returned(self) -> bool:
        """From signed returns (上报数)."""
        return self.indicator.kind is IndicatorKind.EXTERNAL

    def part(self, key: str) -> Part | None:
        return next((part for part in self.parts if part.key == key), None)


def read(
    *,
    code: str,
    division: Division,
    period: Period,
    reader: Actor,
    on: date,
    known: date | None = None,
    among: int | None = None,
) -> Reading:
    """The figure as ``reader`` may read it; ``known``: as it was known at the end of that day.

    ``among``: the division it is asked beside or right below of, for whoever asks for many: one statement answers them all.
    Raises UnknownIndicator, BadQuery.
    """
    asked = Asked(period, reader, on, known)
    value = _value(code, division.pk, asked, among)
    state = state_of(code, division.pk, asked)
    beside = state_of(code, division.pk, asked, every_part=True)
    shown = state is Shown.EXACT
    interval = value.interval if shown else None
    return Reading(
        indicator=value.indicator,
        division=division,
        period=period,
        text=value.words() if shown else closed_text(state),
        amount=value.value if shown else None,
        before_text=number(value.previous, value.indicator.decimals) if shown else CLOSED,
        change=value.change.words() if shown else "",
        interval=interval.words() if interval else "",
        small_sample=bool(interval and interval.small_sample),
        running=value.running,
        state=state,
        parts=tuple(_part(value, term, state if _is_headline(term) else beside) for term in value.indicator.terms),
    )


def _value(code: str, place: int, asked: Asked, among: int | None) -> Value:
    if among is not None:
        matrix = evaluate(asked.query(code, below=among))
        if place in matrix.all_places:
            return matrix.value(place)
    return evaluate(asked.query(code, of=place)).value(place)


def read_all(
    *, division: Division, period: Period, reader: Actor, on: date, known: date | None = None
) -> list[Reading]:
    """Every indicator that has this kind of period, in the order of their codes."""
    offered = catalogue.catalogue().all(period.last_day)
    return [
        read(code=indicator.code, division=division, period=period, reader=reader, on=on, known=known)
        for indicator in sorted(offered, key=lambda item: item.code)
        if period.kind in indicator.period_kinds
    ]


def part_state(code: str, part: str, division_id: int, asked: Asked) -> Shown:
    """How the figure (``value``) or one of its terms is shown. Raises UnknownPart."""
    if part == VALUE:
        return state_of(code, division_id, asked)
    term = catalogue.get(code, asked.period.last_day).term(part)
    return state_of(code, division_id, asked, every_part=not _is_headline(term))


def _is_headline(term: Term) -> bool:
    return term.key in (NUMERATOR, DENOMINATOR)


def _part(value: Value, term: Term, state: Shown) -> Part:
    amount = value.terms[term.key]
    unit = "" if value.indicator.denominator is not None and term.unit == value.indicator.unit else term.unit
    if state is not Shown.EXACT:
        text = closed_text(Shown.FEW if term.key in value.few else Shown.HIDDEN)
        return Part(term.key, term.title, text, unit, None, closed=True)
    return Part(term.key, term.title, number(amount, _decimals(term)), unit, amount, closed=False)


def _decimals(term: Term) -> int:
    return 1 if term.unit in ("克", "千克") else 0
