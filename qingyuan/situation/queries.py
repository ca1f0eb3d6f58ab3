"""The results paragraph of the year (S1, S2) for any division and period: sentences whose every number opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from qingyuan.indicators import catalogue
from qingyuan.indicators.disclosure import Shown, suppress
from qingyuan.indicators.enums import IndicatorKind
from qingyuan.indicators.matrix import Matrix
from qingyuan.indicators.queries import evaluate
from qingyuan.indicators.query import BadQuery, IndicatorQuery
from qingyuan.indicators.value import Value
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.organisation.scope import in_own_scope
from qingyuan.reference import catalogue as codes
from qingyuan.reference.periods import Period, PeriodKind

FEW = "<5"
CLOSED = "—"
NOT_SHOWN = "(人数不足 5,不显示)"


@dataclass(frozen=True)
class Figure:
    """One number in a sentence: what it says, where it opens, and what a reader must know about it."""

    text: str
    indicator: str
    part: str
    division_id: int
    period: Period
    unit: str = ""
    slice: str = ""
    change: str = ""
    caution: str = ""
    returned: bool = False
    closed: bool = False

    def __str__(self) -> str:
        return self.text + (f" {self.unit}" if self.unit else "")


Fragment = str | Figure
Sentence = tuple[Fragment, ...]


@dataclass(frozen=True)
class Results:
    """``running`` months are not over yet; ``notes`` say what the reader must not overlook."""

    division: Division
    period: Period
    sentences: tuple[Sentence, ...]
    notes: tuple[str, ...]

    def text(self) -> str:
        return "".join(str(fragment) for sentence in self.sentences for fragment in sentence)

    def figures(self) -> list[Figure]:
        return [fragment for sentence in self.sentences for fragment in sentence if isinstance(fragment, Figure)]


@dataclass
class _Teller:
    """Answers for one reader, division and period; a figure that rests on few people is closed outside its place."""

    division: Division
    period: Period
    reader: Actor
    on: date

    def __post_init__(self) -> None:
        self.own = in_own_scope(self.reader, self.division.pk, self.on)
        self.notes: list[str] = []

    def matrix(self, code: str, breakdown: str | None = None) -> Matrix:
        return evaluate(
            IndicatorQuery(
                indicator=code,
                period=self.period,
                division_ids=(self.division.pk,),
                as_of=self.on,
                breakdown=breakdown,
            )
        )

    def value(self, code: str, slice_: str | None = None, breakdown: str | None = None) -> Value:
        return self.matrix(code, breakdown).value(self.division.pk, slice_=slice_)

    def figure(self, value: Value, *, part: str = "value", unit: str = "") -> Figure:
        amount, indicator = value.amount(part), value.indicator
        closed = rests_on_few(value, part) and not self.own
        unit = unit or (indicator.unit if part == "value" else str(indicator.term(part).unit))
        text = _number(amount, indicator.decimals if part == "value" else 0)
        if closed:
            # A rate over few people says nothing as a number; a count of few is «fewer than five».
            text, unit = (NOT_SHOWN, "") if part == "value" and indicator.denominator is not None else (FEW, unit)
        change = "" if closed or part != "value" else value.change.words()
        caution = value.interval.words() if value.interval and value.interval.small_sample and not closed else ""
        if amount is None:
            text, unit = CLOSED, ""
        return Figure(
            text=text,
            indicator=indicator.code,
            part=part,
            division_id=self.division.pk,
            period=self.period,
            unit=unit,
            slice=value.slice or "",
            change=change,
            caution=caution,
            returned=indicator.kind is IndicatorKind.EXTERNAL,
            closed=closed,
        )


def results(*, division: Division, period: Period, reader: Actor, on: date) -> Results:
    """The paragraph for ``division`` over ``period`` as ``reader`` may read it on day ``on``.

    Raises BadQuery for a period an indicator does not have.
    """
    teller = _Teller(division, period, reader, on)
    sentences = [_cases(teller), _people_dealt_with(teller), _registered(teller), _newly_found(teller), _measures(teller)]
    if on < period.end:
        teller.notes.append(_("本期尚未结束,数字截至 %(day)s。") % {"day": on.isoformat()})
    return Results(division, period, tuple(sentences), tuple(teller.notes))


def _cases(teller: _Teller) -> Sentence:
    cases, weight = teller.value("E01"), teller.value("E04")
    parts: list[Fragment] = [_("破获毒品案件 "), teller.figure(cases), *_compared(cases, teller)]
    parts += [_(";缴获各类毒品 "), teller.figure(weight), *_compared(weight, teller)]
    by_drug = teller.matrix("E04", breakdown="drug")
    values = [by_drug.value(teller.division.pk, slice_=code) for code in by_drug.slices]
    largest = sorted((v for v in values if v.value), key=lambda v: v.value or Decimal(0), reverse=True)[:2]
    for position, value in enumerate(largest):
        name = codes.get_list("drugs").label(value.slice or "")
        parts += [_(",其中%(drug)s ") % {"drug": name} if position == 0 else f"、{name} ", teller.figure(value)]
    return (*parts, "。")


def _people_dealt_with(teller: _Teller) -> Sentence:
    """Isolation decisions from the ledgers; detention and handling from the signed police return."""
    isolation, detained, handled = (teller.value(code) for code in ("R26", "AD01", "E09"))
    parts: list[Fragment] = [_("新决定强制隔离戒毒 "), teller.figure(isolation), *_compared(isolation, teller)]
    if detained.value is None and handled.value is None:
        teller.notes.append(_("行政拘留、查处人次以公安月报为准;本级、本期没有已锁定的报表。"))
        return (*parts, "。")
    parts += [_(";行政拘留吸毒人员 "), teller.figure(detained), *_compared(detained, teller)]
    parts += [_(",查处吸毒人员 "), teller.figure(handled), *_compared(handled, teller), _("(上报数)。")]
    return tuple(parts)


def _registered(teller: _Teller) -> Sentence:
    """Current users, those in contact, and how many towns; a list of towns is not given here, so no cell can be told."""
    users = teller.value("G09")
    parts: list[Fragment] = [_("现有吸毒人员 "), teller.figure(users), *_compared(users, teller)]
    if teller.division.level not in {"town", "village"}:
        towns = teller.value("G13")
        parts += [_(",涉及 "), teller.figure(towns, part="numerator", unit=_("个")), _("乡镇(街道)")]
        few = _small_towns(teller)
        if few:
            parts.append(_(",其中 %(few)d 个不足 5 人") % {"few": few})
    return (*parts, "。")


def _newly_found(teller: _Teller) -> Sentence:
    new, rural = teller.value("G11"), teller.value("G11R")
    parts: list[Fragment] = [_("新发现 "), teller.figure(new), *_compared(new, teller)]
    rural_count, new_count = rural.amount("numerator"), new.value
    split = _split(new_count, rural_count)
    if new_count and (teller.own or split):
        share = teller.figure(rural)
        parts += [_(",其中农村 "), teller.figure(rural, part="numerator"), _(",占比 "), share]
        if rural.previous is not None:
            parts.append(_("(去年同期 %(before)s%%)") % {"before": _number(rural.previous, rural.indicator.decimals)})
        if share.caution:
            parts.append(f"({share.caution})")
    return (*parts, "。")


def _measures(teller: _Teller) -> Sentence:
    carried, reported, tested = (teller.value(code) for code in ("R25", "R01", "R05"))
    return (
        _("正在执行社区戒毒社区康复 "),
        teller.figure(carried),
        *_compared(carried, teller),
        _(";报到率 "),
        teller.figure(reported),
        *_compared(reported, teller),
        _(",应检尽检率 "),
        teller.figure(tested),
        *_compared(tested, teller),
        "。",
    )


def _compared(value: Value, teller: _Teller) -> tuple[str, ...]:
    """``,同比 +4.1%`` where a comparison may be made and says nothing about few people."""
    if value.value is None or value.previous is None or (rests_on_few(value) and not teller.own):
        return ()
    if value.change.reason:
        return ()  # there is nothing to compare with; the table says why
    words = value.change.words()
    return (_(",同比 %(change)s") % {"change": words},) if words else ()


def rests_on_few(value: Value, part: str = "value") -> bool:
    """Whether the figure itself, or one of the two numbers a rate is made of, counts one to four people."""
    wanted = {"numerator", "denominator"} if part == "value" else {part}
    return not wanted.isdisjoint(value.few)


def _small_towns(teller: _Teller) -> int:
    matrix = evaluate(
        IndicatorQuery(indicator="G09", period=teller.period, children_of=teller.division.pk, as_of=teller.on)
    )
    values = (matrix.value(place).value for place in matrix.places)
    return sum(1 for value in values if value is not None and 0 < value < 5)


def _split(whole: Decimal | None, part: Decimal | None) -> bool:
    """Whether a part can be told beside its whole without telling a few people by subtraction."""
    if whole is None or part is None or whole == 0:
        return False
    shown = suppress({"part": int(part), "rest": int(whole - part)}, int(whole))
    return shown.cells["part"] is Shown.EXACT


def _number(amount: Decimal | None, decimals: int) -> str:
    return CLOSED if amount is None else f"{amount:,.{decimals}f}"


@dataclass(frozen=True)
class TownFigure:
    """One town on the map or in the table: its figure, or why it is closed."""

    division: Division
    text: str
    shade: float | None
    few: bool
    hidden: bool


def towns(*, code: str, division: Division, period: Period, reader: Actor, on: date) -> list[TownFigure]:
    """An indicator over the divisions right below ``division``, small numbers closed with complements.

    ``shade`` is 0–1 within the shown values, None where nothing may be shown. Raises BadQuery.
    """
    matrix = evaluate(IndicatorQuery(indicator=code, period=period, children_of=division.pk, as_of=on))
    divisions = {d.pk: d for d in Division.objects.filter(pk__in=matrix.places)}
    values = {place: matrix.value(place) for place in matrix.places}
    own = {place for place in matrix.places if in_own_scope(reader, place, on)}
    shown = _shown(values, matrix, own)
    top = max((v.value for place, v in values.items() if v.value and shown[place] is Shown.EXACT), default=None)
    return [
        TownFigure(
            division=divisions[place],
            text=FEW if shown[place] is Shown.FEW else CLOSED if shown[place] is Shown.HIDDEN else value.words(),
            shade=float(value.value / top) if top and value.value is not None and shown[place] is Shown.EXACT else None,
            few=shown[place] is Shown.FEW,
            hidden=shown[place] is Shown.HIDDEN,
        )
        for place, value in values.items()
    ]


def _shown(values: dict[int, Value], matrix: Matrix, own: set[int]) -> dict[int, Shown]:
    """How each place is shown: the people an indicator counts decide, whatever unit the figure has."""
    counts: dict[int, int | None] = {}
    for place, value in values.items():
        counted = value.numerator
        counts[place] = int(counted) if counted is not None and matrix.indicator.people else None
    whole = matrix.value(matrix.whole).numerator if matrix.whole is not None else None
    closed = suppress(counts, int(whole) if whole is not None and matrix.indicator.people else None, own=own)
    states = dict(closed.cells)
    for place, value in values.items():
        if rests_on_few(value) and place not in own and states[place] is Shown.EXACT:
            states[place] = Shown.FEW
    return states


@dataclass(frozen=True)
class Series:
    """Months of the period with the same months a year before; None where nothing is known or may be shown."""

    months: tuple[Period, ...]
    now: tuple[Decimal | None, ...]
    before: tuple[Decimal | None, ...]
    unit: str


def series(*, code: str, division: Division, period: Period, reader: Actor, on: date) -> Series:
    """An indicator month by month. Outside the place concerned, months that rest on few people are left out."""
    query = IndicatorQuery(indicator=code, period=period, division_ids=(division.pk,), as_of=on, months=True)
    matrix = evaluate(query)
    own = in_own_scope(reader, division.pk, on)
    months = tuple(month for month in period.months() if month.start <= on)
    return Series(
        months=months,
        now=tuple(_open(matrix.value(division.pk, month), own) for month in months),
        before=tuple(_open(matrix.value(division.pk, month.same_last_year()), own) for month in months),
        unit=matrix.indicator.unit,
    )


def _open(value: Value, own: bool) -> Decimal | None:
    return None if rests_on_few(value) and not own else value.value


def monthly_codes() -> Sequence[str]:
    """Indicators that have a month, in the order of their codes."""
    return [indicator.code for indicator in catalogue.catalogue().all() if PeriodKind.MONTH in indicator.period_kinds]


__all__ = ["BadQuery", "Figure", "Results", "Series", "TownFigure", "monthly_codes", "results", "series", "towns"]
