"""What every method would give every town, before one is chosen: the same computation that a proposal is made by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_UP, Decimal

from django.utils.translation import gettext as _

from qingyuan.governance.queries import targets as reads
from qingyuan.governance.scoring.catalogue import KnownInput
from qingyuan.governance.targets_rules import (
    METHOD_WORDS,
    SMALL_BASE,
    TOWN_METHODS,
    BadShares,
    Decomposition,
    Limits,
    Method,
    closer,
    decompose_whole,
    grown,
)
from qingyuan.indicators import catalogue
from qingyuan.organisation.models import Division
from qingyuan.organisation.queries import towns


@dataclass(frozen=True)
class Asked:
    """A total over the towns. ``total`` None: last year's figure with ``growth`` (0.05 = 5 % more). Amounts by division id.

    ``weights`` replaces the figures a method follows.
    """

    indicator: str
    total: Decimal | None
    lot: Decimal = Decimal(1)
    growth: Decimal = Decimal(0)
    floors: Mapping[int, Decimal] = field(default_factory=dict)
    caps: Mapping[int, Decimal] = field(default_factory=dict)
    weights: Mapping[int, Decimal] | None = None


@dataclass(frozen=True)
class Column:
    """One method. ``base``: what its shares follow, by division id; ``refused``: why it cannot be used here."""

    method: Method
    base: Mapping[int, Decimal]
    amounts: Mapping[int, Decimal]
    words: str
    refused: str = ""


@dataclass(frozen=True)
class Comparison:
    """``last``: last year's figure; ``people``: residents; ``staff``: full-time workers. By division id, year before."""

    city_id: int
    year: int
    total: Decimal
    towns: tuple[Division, ...]
    last: Mapping[int, Decimal]
    people: Mapping[int, Decimal]
    staff: Mapping[int, Decimal]
    columns: tuple[Column, ...]


def total_of(city: Division, year: int, asked: Asked) -> Decimal:
    """The total asked for, or last year's figure of all towns with its growth, rounded up to whole lots. Raises BadShares."""
    if asked.total is not None:
        return asked.total
    last = sum(reads.amounts(city, *reads.split_code(asked.indicator), year - 1).values(), Decimal(0))
    if last <= 0:
        raise BadShares(_("上年没有这个数,不能按增幅推算:请直接填全市目标。"))
    return (last * (1 + asked.growth) / asked.lot).quantize(Decimal(1), rounding=ROUND_UP) * asked.lot


def split(city: Division, year: int, method: Method, asked: Asked, known: KnownInput, on: date) -> tuple[Decomposition, dict[int, Decimal]]:
    """The shares of one method by division code, and the bases they follow by division id.

    Raises BadShares (what to change), TargetRefused.
    """
    places = {town.pk: town for town in towns(city.pk, on)}
    based = dict(asked.weights or reads.bases(city, method, asked.indicator, year))
    base = {place: based.get(place, Decimal(0)) for place in places}
    limits = Limits(lot=asked.lot, floors=_by_code(asked.floors, places), caps=_by_code(asked.caps, places))
    weights = grown(_by_code(base, places), asked.growth)
    return decompose_whole(total_of(city, year, asked), weights, method, limits, of=known), base


def compare(city: Division, year: int, asked: Asked, known: KnownInput, on: date) -> Comparison:
    """Every method side by side. Raises BadShares where there is no total, TargetRefused for what may be no target."""
    places = tuple(towns(city.pk, on))
    total = total_of(city, year, asked)
    columns = tuple(_column(city, year, method, asked, known, on) for method in TOWN_METHODS)
    figure = reads.amounts(city, *reads.split_code(asked.indicator), year - 1)
    return Comparison(
        city_id=city.pk,
        year=year,
        total=total,
        towns=places,
        last=figure,
        people=reads.bases(city, Method.POPULATION, asked.indicator, year),
        staff=reads.bases(city, Method.CAPACITY, asked.indicator, year),
        columns=columns,
    )


def _column(city: Division, year: int, method: Method, asked: Asked, known: KnownInput, on: date) -> Column:
    try:
        made, base = split(city, year, method, asked, known, on)
    except BadShares as refusal:
        return Column(method, {}, {}, METHOD_WORDS[method], str(refusal))
    codes = {town.code: town.pk for town in towns(city.pk, on)}
    return Column(
        method,
        base,
        {codes[share.town]: share.amount for share in made.shares},
        METHOD_WORDS[method],
    )


#: How rates are given: one for all, or by what each lacked last year.
RATE_METHODS = {
    Method.EQUAL: "各乡镇同一比率，按上年分母加权核对",
    Method.LAST_YEAR: "各乡镇缩小同样比例的差距，按上年分母加权核对",
}


def rates(city: Division, year: int, method: Method, asked: Asked, on: date) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
    """Every town's rate and the bases they average by, both by division id.

    Raises BadShares, also for a method that gives no rates.
    """
    if method not in RATE_METHODS:
        raise BadShares(_("比率只能各乡镇同一比率,或者按上年差距分。"))
    if asked.total is None:
        raise BadShares(_("比率要填全市目标。"))
    based = dict(asked.weights or reads.rate_bases(city, asked.indicator, year))
    base = {town.pk: based.get(town.pk, Decimal(0)) for town in towns(city.pk, on)}
    if method is Method.EQUAL:
        return dict.fromkeys(base, asked.total), base
    if catalogue.get(reads.split_code(asked.indicator)[0]).unit != "%":
        raise BadShares(_("这个比率没有最高值,不能按差距分:请用同一比率。"))
    codes = {town.code: town.pk for town in towns(city.pk, on)}
    last = reads.last_rates(city, asked.indicator, year)
    by_code = {code: base[pk] for code, pk in codes.items()}
    # One or two people make such a town's rate: it takes the city's, and its own cannot be told from its share.
    steady = {code: last[pk] for code, pk in codes.items() if pk in last and base[pk] > SMALL_BASE}
    made = closer(asked.total, by_code, steady)
    return {codes[code]: rate for code, rate in made.items()}, base


def compare_rates(city: Division, year: int, asked: Asked, on: date) -> Comparison:
    """The ways of giving a rate side by side. Raises BadShares where no total is asked."""
    if asked.total is None:
        raise BadShares(_("比率要填全市目标。"))
    columns = []
    for method, words in RATE_METHODS.items():
        try:
            given, base = rates(city, year, method, asked, on)
        except BadShares as refusal:
            columns.append(Column(method, {}, {}, words, str(refusal)))
        else:
            columns.append(Column(method, base, given, words))
    last = reads.last_rates(city, asked.indicator, year)
    return Comparison(city.pk, year, asked.total, tuple(towns(city.pk, on)), last, {}, {}, tuple(columns))


def _by_code(amounts: Mapping[int, Decimal], places: Mapping[int, Division]) -> dict[str, Decimal]:
    return {places[place].code: amount for place, amount in amounts.items() if place in places}
