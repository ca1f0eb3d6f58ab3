"""A programme of several years beside what the figures say and what the yearly targets ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from qingyuan.governance.models import Programme, ProgrammeChange, ProgrammeGoal, ProgrammeReview, TargetPlan
from qingyuan.governance.permissions import may_keep_programmes
from qingyuan.governance.queries.targets import number_text, split_code
from qingyuan.indicators import catalogue
from qingyuan.indicators.catalogue import UnknownIndicator
from qingyuan.indicators.definition import VALUE
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Division
from qingyuan.reference import periods
from qingyuan.situation.queries import Reading, read


@dataclass(frozen=True)
class YearOfGoal:
    """One year of a goal. ``aim`` None in the base year; ``amount`` None where unknown, closed or still to come.

    ``target``: the city's target of that year, where one is set; ``apart``: it asks less than the programme does.
    """

    year: int
    aim: Decimal | None
    amount: Decimal | None
    text: str
    running: bool
    target: Decimal | None
    apart: bool
    reached: bool | None


@dataclass(frozen=True)
class GoalLine:
    goal: ProgrammeGoal
    title: str
    unit: str
    code: str
    part: str
    years: tuple[YearOfGoal, ...]


def programmes(actor: Actor, on: date) -> QuerySet[Programme]:
    """Those of the cities that ``actor`` reads."""
    cities = Programme.objects.order_by().values_list("city_id", flat=True).distinct()
    return Programme.objects.filter(city_id__in=[pk for pk in cities if may_read(actor, pk, on)])


def may_read(actor: Actor, city_id: int, on: date) -> bool:
    return may_keep_programmes(actor, city_id, on, Action.READ).allowed


def programme(actor: Actor, on: date, programme_id: UUID) -> Programme | None:
    found = Programme.objects.filter(pk=programme_id).select_related("city").first()
    return found if found is not None and may_read(actor, found.city_id, on) else None


def lines(found: Programme, reader: Actor, on: date) -> list[GoalLine]:
    """Every goal with its years from the base year on; figures as ``reader`` may read them."""
    goals = found.goals.prefetch_related("steps").order_by("indicator")
    totals = {
        (plan.indicator, plan.year): plan.total
        for plan in TargetPlan.objects.filter(
            city_id=found.city_id, year__range=(found.first_year, found.last_year), indicator__in=[g.indicator for g in goals]
        ).order_by("-over")  # where both are decomposed the one over the towns stands
    }
    return [line for goal in goals if (line := _line(found, goal, totals, reader, on)) is not None]


def _line(
    found: Programme, goal: ProgrammeGoal, totals: dict[tuple[str, int], Decimal], reader: Actor, on: date
) -> GoalLine | None:
    code, part = split_code(goal.indicator)
    try:
        indicator = catalogue.get(code)
    except UnknownIndicator:
        return None
    aims = {step.year: step.value for step in goal.steps.all()}
    term = indicator.term(part) if part != VALUE else None
    years = []
    for year in range(found.first_year - 1, found.last_year + 1):
        text, amount = _figure(found.city, code, part, year, reader, on)
        aim, target = aims.get(year), totals.get((goal.indicator, year))
        falls = indicator.better == "down"
        years.append(
            YearOfGoal(
                year=year,
                aim=aim,
                amount=amount,
                text=text,
                running=year == on.year,
                target=target,
                apart=aim is not None and target is not None and (target > aim if falls else target < aim),
                reached=None if aim is None or amount is None else (amount <= aim if falls else amount >= aim),
            )
        )
    title = f"{indicator.title}·{term.title}" if term else indicator.title
    return GoalLine(goal, title, term.unit if term else indicator.unit, code, part, tuple(years))


def figures_until(found: Programme, year: int, reader: Actor, on: date) -> list[dict[str, Any]]:
    """Every goal's years up to ``year``, as printed for ``reader``: what a review keeps."""
    return [
        {
            "indicator": line.goal.indicator,
            "title": line.title,
            "unit": line.unit,
            "years": [
                {
                    "year": one.year,
                    "aim": "" if one.aim is None else number_text(one.aim),
                    "actual": one.text,
                    "reached": one.reached,
                }
                for one in line.years
                if one.year <= year
            ],
        }
        for line in lines(found, reader, on)
    ]


def review(found: Programme, review_id: UUID) -> ProgrammeReview | None:
    return found.reviews.filter(pk=review_id).select_related("programme__city").first()


def changed(found: Programme) -> dict[tuple[int, int], Decimal]:
    """What decided reviews set anew: the value first adopted, by goal id and year."""
    changes = ProgrammeChange.objects.filter(review__programme=found, review__decided_at__isnull=False)
    first: dict[tuple[int, int], Decimal] = {}
    for one in changes.order_by("review__decided_at"):
        first.setdefault((one.goal_id, one.year), one.before)
    return first


def _figure(city: Division, code: str, part: str, year: int, reader: Actor, on: date) -> tuple[str, Decimal | None]:
    """What the figure says of a year, and nothing for years to come."""
    if year > on.year:
        return "", None
    reading: Reading = read(code=code, division=city, period=periods.year(year), reader=reader, on=on)
    if part == VALUE:
        return reading.text, reading.amount
    found = reading.part(part)
    return (found.text, found.amount) if found else ("", None)
