"""The results paragraph of the year (S1, S2) for any division and period: sentences whose every number opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qingyuan.indicators.disclosure import Shown
from qingyuan.indicators.enums import IndicatorKind
from qingyuan.indicators.matrix import Matrix
from qingyuan.indicators.queries import evaluate
from qingyuan.indicators.value import Value
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.reference import catalogue as codes
from qingyuan.reference.periods import Period
from qingyuan.situation.queries.figures import CLOSED, FEW, NOT_SHOWN, Figure, Fragment, Sentence, compared, number
from qingyuan.situation.queries.showing import Asked, state_of
from qingyuan.situation.queries.slices import split_is_open


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
    asked: Asked

    def __post_init__(self) -> None:
        self.own = self.asked.is_own(self.division.pk)
        self.notes: list[str] = []

    def matrix(self, code: str, breakdown: str = "") -> Matrix:
        return evaluate(self.asked.query(code, of=self.division.pk, breakdown=breakdown))

    def value(self, code: str) -> Value:
        return self.matrix(code).value(self.division.pk)

    def state(self, value: Value, part: str = "value") -> Shown:
        """How a figure or one of its parts is shown; a slice is told only of figures that count no people."""
        if self.own or not value.indicator.people:
            return Shown.EXACT
        beyond = part not in ("value", "numerator", "denominator") and value.indicator.term(part).people
        return state_of(value.indicator.code, self.division.pk, self.asked, every_part=beyond)

    def figure(self, value: Value, *, part: str = "value", unit: str = "", breakdown: str = "") -> Figure:
        amount, indicator = value.amount(part), value.indicator
        state = self.state(value, part)
        closed = state is not Shown.EXACT
        unit = unit or (indicator.unit if part == "value" else str(indicator.term(part).unit))
        text = number(amount, indicator.decimals if part == "value" else 0)
        if closed:
            # A rate over few people says nothing as a number; a count of few is «fewer than five».
            rate = part == "value" and indicator.denominator is not None
            text = str(NOT_SHOWN) if rate else FEW if state is Shown.FEW else CLOSED
            unit = unit if text == FEW else ""
        elif amount is None:
            text, unit = CLOSED, ""
        return Figure(
            text=text,
            indicator=indicator.code,
            part=part,
            division_id=self.division.pk,
            period=self.asked.period,
            unit=unit,
            slice=value.slice or "",
            breakdown=breakdown,
            change="" if closed or part != "value" else value.change.words(),
            caution=value.interval.words() if value.interval and value.interval.small_sample and not closed else "",
            returned=indicator.kind is IndicatorKind.EXTERNAL,
            closed=closed,
        )


def results(
    *, division: Division, period: Period, reader: Actor, on: date, known: date | None = None
) -> Results:
    """The paragraph for ``division`` over ``period`` as ``reader`` may read it on day ``on``; ``known``: as known then.

    Raises BadQuery for a period an indicator does not have.
    """
    teller = _Teller(division, Asked(period, reader, on, known))
    sentences = [
        _cases(teller),
        _people_dealt_with(teller),
        _registered(teller),
        _newly_found(teller),
        _measures(teller),
    ]
    if on < period.end:
        teller.notes.append(_("本期尚未结束,数字截至 %(day)s。") % {"day": on.isoformat()})
    return Results(division, period, tuple(sentences), tuple(teller.notes))


def _cases(teller: _Teller) -> Sentence:
    cases, weight = teller.value("E01"), teller.value("E04")
    parts: list[Fragment] = [_("破获毒品案件 "), teller.figure(cases), *_compared(cases, teller)]
    parts += [_(";缴获各类毒品 "), teller.figure(weight), *_compared(weight, teller)]
    by_drug = teller.matrix("E04", "drug")
    values = [by_drug.value(teller.division.pk, slice_=code) for code in by_drug.slices]
    largest = sorted((v for v in values if v.value), key=lambda v: v.value or Decimal(0), reverse=True)[:2]
    for position, value in enumerate(largest):
        name = codes.get_list("drugs").said(value.slice or "")
        parts += [_(",其中%(drug)s ") % {"drug": name} if position == 0 else _("、%(drug)s ") % {"drug": name}]
        parts.append(teller.figure(value, breakdown="drug"))
    return (*parts, _("。"))


def _people_dealt_with(teller: _Teller) -> Sentence:
    """Isolation decisions from the ledgers; detention and handling from the signed police return."""
    isolation, detained, handled = (teller.value(code) for code in ("R26", "AD01", "E09"))
    parts: list[Fragment] = [_("新决定强制隔离戒毒 "), teller.figure(isolation), *_compared(isolation, teller)]
    if detained.value is None and handled.value is None:
        teller.notes.append(_("行政拘留、查处人次以公安月报为准;本级、本期没有已锁定的报表。"))
        return (*parts, _("。"))
    parts += [_(";行政拘留吸毒人员 "), teller.figure(detained), *_compared(detained, teller)]
    parts += [_(",查处吸毒人员 "), teller.figure(handled), *_compared(handled, teller), _("(上报数)。")]
    return tuple(parts)


def _registered(teller: _Teller) -> Sentence:
    """Current users, those in contact, and how many towns; a list of towns is not given here, so no cell can be told."""
    users = teller.value("G09")
    parts: list[Fragment] = [_("现有吸毒人员 "), teller.figure(users), *_compared(users, teller)]
    if teller.division.level not in {"town", "village"}:
        towns = teller.value("G13")
        parts += [_(",涉及 "), teller.figure(towns, part="numerator", unit=_("个")), pgettext("句中", "乡镇(街道)")]
        few = _small_towns(teller)
        if few:
            parts.append(_(",其中 %(few)d 个不足 5 人") % {"few": few})
    return (*parts, _("。"))


def _newly_found(teller: _Teller) -> Sentence:
    new, rural = teller.value("G11"), teller.value("G11R")
    parts: list[Fragment] = [_("新发现 "), teller.figure(new), *_compared(new, teller)]
    rural_count, new_count = rural.amount("numerator"), new.value
    split = split_is_open(new_count, rural_count) and teller.state(rural) is Shown.EXACT
    if new_count and (teller.own or split):
        share = teller.figure(rural)
        parts += [_(",其中农村 "), teller.figure(rural, part="numerator"), _(",占比 "), share]
        if rural.previous is not None:
            parts.append(_("(去年同期 %(before)s%%)") % {"before": number(rural.previous, rural.indicator.decimals)})
        if share.caution:
            parts.append(f"({share.caution})")
    return (*parts, _("。"))


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
        _("。"),
    )


def _compared(value: Value, teller: _Teller) -> tuple[str, ...]:
    """``,同比 +4.1%`` where a comparison may be made and says nothing about few people."""
    if value.value is None or value.previous is None or teller.state(value) is not Shown.EXACT:
        return ()
    words = compared(value.change)
    if not words:
        return ()  # there is nothing to compare with; the indicator's page says why
    if words[0].isdigit():
        return (_(",为去年同期的 %(times)s") % {"times": words},)
    return (
        _(",同比 %(change)s") % {"change": words} if words[0] in "+−" else _(",同比%(change)s") % {"change": words},
    )


def _small_towns(teller: _Teller) -> int:
    matrix = evaluate(teller.asked.query("G09", below=teller.division.pk))
    values = (matrix.value(place).value for place in matrix.places)
    return sum(1 for value in values if value is not None and 0 < value < 5)
