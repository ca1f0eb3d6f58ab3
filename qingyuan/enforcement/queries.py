"""Reads of exhibits and operations for pages, always through ``visible_to``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from qingyuan.enforcement.models import Case, Movement, Operation, Party, Seizure
from qingyuan.enforcement.rules.custody import Balance, Stage, Step, balance, problem_of
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.queries import city_pack
from qingyuan.organisation.scope import visible_to

DAYS_TO_STORE = "exhibit.days_to_store"
MAJOR = ("major", "extreme")


def _seen(actor: Actor, queryset: QuerySet[Any], ledger: str, on: date, action: Action = Action.READ) -> QuerySet[Any]:
    return visible_to(actor, queryset, compartment=Compartment.ENFORCEMENT, ledger=ledger, on=on, action=action)


@dataclass(frozen=True)
class Exhibit:
    """One exhibit with what became of it; ``problem`` is "" when everything is somewhere."""

    row_ids: tuple[UUID, ...]
    case_number: str
    place: str
    number: str
    kind: str
    drug: str
    measure: str
    last_on: date
    balance: Balance
    problem: str


def exhibits(actor: Actor, on: date, *, action: Action = Action.READ) -> list[Exhibit]:
    """The exhibits of the actor's unit, those that do not come out first, then by case and number."""
    movements = _seen(actor, Movement.objects.select_related("case", "division"), "exhibits", on, action)
    found: dict[tuple[UUID, str], list[Movement]] = defaultdict(list)
    for movement in movements.order_by("moved_on", "turn"):
        found[movement.case_id, movement.exhibit].append(movement)
    days = city_pack().number(DAYS_TO_STORE, on)
    made = [_exhibit(steps, on, days) for steps in found.values()]
    return sorted(made, key=lambda one: (not one.problem, one.case_number, one.number))


def _exhibit(movements: Sequence[Movement], on: date, days_to_store: int) -> Exhibit:
    first, last = movements[0], movements[-1]
    steps = [Step(Stage(one.stage), one.moved_on, one.quantity, one.turn) for one in movements]
    result = balance(steps)
    return Exhibit(
        row_ids=tuple(one.pk for one in movements),
        case_number=first.case.number,
        place=first.division.name,
        number=first.exhibit,
        kind=first.kind,
        drug=next((one.drug for one in movements if one.drug), ""),
        measure=first.measure,
        last_on=last.moved_on,
        balance=result,
        problem=problem_of(result, on=on, last_step=last.moved_on, days_to_store=days_to_store),
    )


def operation_named(actor: Actor, operation_id: UUID, on: date) -> Operation | None:
    """The operation, if ``actor`` may read it."""
    found: Operation | None = (
        _seen(actor, Operation.objects.select_related("unit"), "operations", on).filter(pk=operation_id).first()
    )
    return found


@dataclass(frozen=True)
class Results:
    """What was counted in a span of days; no target stands beside it. ``until`` is the last day, None = to this day."""

    title: str
    start: date
    until: date | None
    cracked: int
    major: int
    caught: int
    grams: Decimal


def operation_results(actor: Actor, operation: Operation, on: date) -> list[Results]:
    """One line a phase and the whole, from the rows of the operation's cases that ``actor`` may read.

    A case counts on the day it was cracked, a person on the day of capture, a seizure on its own day.
    """
    cases = _seen(actor, Case.objects.all(), "cases", on).filter(operation_number=operation.number)
    parties = _seen(actor, Party.objects.all(), "parties", on).filter(case__in=cases.values("pk"))
    seizures = _seen(actor, Seizure.objects.all(), "seizures", on).filter(case__in=cases.values("pk"))

    def counted(title: str, start: date, until: date | None) -> Results:
        solved = cases.filter(_within("cracked_on", start, until)).aggregate(
            all=Count("pk"), major=Count("pk", filter=Q(tier__in=MAJOR))
        )
        weighed = seizures.filter(_within("seized_on", start, until)).aggregate(grams=Sum("net_g"))
        caught = parties.filter(_within("caught_on", start, until)).count()
        return Results(title, start, until, solved["all"], solved["major"], caught, weighed["grams"] or Decimal(0))

    return [counted(*phase) for phase in phases(operation)]


def phases(operation: Operation) -> Iterable[tuple[str, date, date | None]]:
    """The phases that have dates, each up to the day before the next begins, and the whole operation last."""
    start = operation.starts_on
    spans: list[tuple[str, date, date | None]] = []
    for title, until in (
        (_("动员部署"), operation.launch_until),
        (_("集中打击"), operation.strike_until),
    ):
        if until is not None:
            spans.append((title, start, until))
            start = date.fromordinal(until.toordinal() + 1)
    if spans and (operation.ends_on is None or start <= operation.ends_on):
        spans.append((_("总结验收"), start, operation.ends_on))
    return [*spans, (_("全程"), operation.starts_on, operation.ends_on)]


def _within(column: str, start: date, until: date | None) -> Q:
    after = Q(**{f"{column}__gte": start})
    return after & Q(**{f"{column}__lte": until}) if until is not None else after
