"""Figures: the paragraph, the catalogue and one indicator, closed as on the page."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from qingyuan.api.asking import Place, PlaceQuery, actor_of, day_of, division_of, period_of, today
from qingyuan.api.errors import NotHere, Refusal, Refused
from qingyuan.foundation.words import in_chinese
from qingyuan.indicators import catalogue
from qingyuan.indicators.catalogue import UnknownIndicator
from qingyuan.indicators.query import BadQuery
from qingyuan.organisation.actor import Actor
from qingyuan.situation.permissions import may_read_figures
from qingyuan.situation.queries import Reading, Series, read, read_all, results, series, slices, towns

router = Router(tags=["figures"])
NO = {401: Refusal, 403: Refusal, 404: Refusal, 422: Refusal}


class FigureOut(Schema):
    """``text`` is what a reader sees; ``closed`` = it rests on few people and is not for this reader."""

    text: str
    unit: str
    indicator: str
    part: str
    slice: str
    change: str
    returned: bool
    closed: bool


class SituationOut(Schema):
    division: str
    name: str
    period: str
    text: str
    figures: list[FigureOut]
    notes: list[str]


class PartOut(Schema):
    key: str
    title: str
    text: str
    unit: str
    amount: Decimal | None
    closed: bool


class ReadingOut(Schema):
    """``value`` null where nothing is known or the figure is closed; ``closed`` tells which."""

    code: str
    title: str
    kind: str
    unit: str
    division: str
    period: str
    text: str
    value: Decimal | None
    last_year: str
    change: str
    interval: str
    returned: bool
    closed: bool
    parts: list[PartOut]


class MonthOut(Schema):
    month: str
    value: Decimal | None
    last_year: Decimal | None
    closed: bool


class PlaceOut(Schema):
    division: str
    name: str
    text: str
    value: Decimal | None
    closed: bool


class SliceOut(Schema):
    """One code of a breakdown by its Chinese name; a yes/no column has the codes true and false, said as 是 and 否."""

    code: str
    name: str
    text: str
    value: Decimal | None
    last_year: str
    change: str


class IndicatorOut(Schema):
    reading: ReadingOut
    months: list[MonthOut]
    places: list[PlaceOut]
    breakdowns: dict[str, list[SliceOut]]


class OneIndicator(Place):
    known: Annotated[str, Field(max_length=10, description="截至某日所知,2022-10-13")] = ""


@router.get("/situation", response={200: SituationOut, **NO}, summary="成绩与毒情段落")
def situation(request: HttpRequest, place: PlaceQuery) -> SituationOut:
    reader, on = _reader(request), today()
    division, period = division_of(reader, place.division, on), period_of(place.period, on)
    report = results(division=division, period=period, reader=reader, on=on)
    return SituationOut(
        division=division.code,
        name=division.name,
        period=str(period),
        text=division.name + report.text(),
        figures=[
            FigureOut(
                text=one.text,
                unit=one.unit,
                indicator=one.indicator,
                part=one.part,
                slice=one.slice,
                change=one.change,
                returned=one.returned,
                closed=one.closed,
            )
            for one in report.figures()
        ],
        notes=list(report.notes),
    )


@router.get("/indicators", response={200: list[ReadingOut], **NO}, summary="全部指标的数值")
def indicators(request: HttpRequest, place: PlaceQuery) -> list[ReadingOut]:
    reader, on = _reader(request), today()
    division, period = division_of(reader, place.division, on), period_of(place.period, on)
    return [_reading(one) for one in read_all(division=division, period=period, reader=reader, on=on)]


@router.get("/indicators/{code}", response={200: IndicatorOut, **NO}, summary="一个指标:数值、各月、各地、分项")
def indicator(request: HttpRequest, code: str, place: Annotated[OneIndicator, Query()]) -> IndicatorOut:
    reader, on = _reader(request), today()
    division, period = division_of(reader, place.division, on), period_of(place.period, on)
    known = day_of(place.known, "known")
    asked: dict[str, Any] = {"division": division, "period": period, "reader": reader, "on": on}
    try:
        item = catalogue.get(code, period.last_day)
        reading = read(code=code, known=known, **asked)
        return IndicatorOut(
            reading=_reading(reading),
            months=_months(series(code=code, known=known, **asked)),
            places=[
                PlaceOut(
                    division=one.division.code,
                    name=one.division.name,
                    text=one.text,
                    value=one.value,
                    closed=one.closed,
                )
                for one in towns(code=code, known=known, **asked)
            ],
            breakdowns={
                split.column: [
                    SliceOut(
                        code=one.code,
                        name=one.name,
                        text=one.text,
                        value=one.value,
                        last_year=one.before_text,
                        change=one.change,
                    )
                    for one in in_chinese(slices)(code=code, column=split.column, known=known, **asked)
                ]
                for split in item.breakdowns
            },
        )
    except UnknownIndicator:
        raise NotHere from None
    except BadQuery as error:
        raise Refused(422, str(error)) from error


def _reader(request: HttpRequest) -> Actor:
    reader = actor_of(request)
    decision = may_read_figures(reader)
    if not decision.allowed:
        raise Refused(403, decision.reason)
    return reader


def _reading(one: Reading) -> ReadingOut:
    return ReadingOut(
        code=one.indicator.code,
        title=one.indicator.title,
        kind=one.indicator.kind,
        unit=one.indicator.unit,
        division=one.division.code,
        period=str(one.period),
        text=one.text,
        value=one.amount,
        last_year=one.before_text,
        change=one.change,
        interval=one.interval,
        returned=one.returned,
        closed=one.closed,
        parts=[
            PartOut(
                key=part.key,
                title=part.title,
                text=part.text,
                unit=part.unit,
                amount=part.amount,
                closed=part.closed,
            )
            for part in one.parts
        ],
    )


def _months(found: Series) -> list[MonthOut]:
    return [
        MonthOut(month=str(month), value=now, last_year=before, closed=closed)
        for month, now, before, closed in zip(found.months, found.now, found.before, found.closed, strict=True)
    ]
