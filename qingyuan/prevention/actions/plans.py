"""The only writers of plans: windows follow from the directories, outcomes from what was done. Repeatable at will.

A plan row is never typed. ``roll`` lets a new year begin for everything that is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from qingyuan.casework.rules import Done, Slot, match
from qingyuan.foundation import clock
from qingyuan.foundation.ids import new_id
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.queries import city_pack
from qingyuan.prevention import queries
from qingyuan.prevention.actions.keeping import Keeper
from qingyuan.prevention.enums import PlanOutcome
from qingyuan.prevention.models import LessonPlan, Patch, Place, Planned, ReachPlan, School, SurveyPlan
from qingyuan.prevention.rules import plans as rules
from qingyuan.prevention.rules import schools as school_rules
from qingyuan.reference import calendars
from qingyuan.reference.packs import RulePack

REACH, LESSONS, SURVEYS = "reach_plan", "lesson_plan", "survey_plan"
ONE_DAY = timedelta(days=1)
SYSTEM = Actor(account_id=None, username="upkeep", name="按计划自动生成", unit_id=None)

reach_plan = Keeper(REACH)
lesson_plan = Keeper(LESSONS)
survey_plan = Keeper(SURVEYS)


@dataclass(frozen=True)
class _Window:
    """One window of one subject, with what its ledger says besides."""

    subject_id: UUID
    division_id: int
    unit_id: int
    span: rules.Span
    more: Mapping[str, Any] = field(default_factory=dict)


def settle_places(place_ids: Collection[UUID], writing: Writing) -> None:
    """Every place is to be reached once in each calendar year from the day it was listed."""
    for ids in queries.chunks(place_ids):
        windows = [
            _Window(place.pk, place.division_id, place.unit_id, span, {"kind": place.kind})
            for place in Place.objects.filter(pk__in=ids)
            for span in rules.asked_for(
                [rules.calendar_year(year) for year in _years(place.listed_on, writing.on)],
                since=place.listed_on,
                closed_on=place.closed_on,
                join_late=True,
            )
        ]
        _bring_in_line(REACH, ReachPlan, ids, windows, queries.visits(ids), writing)


def settle_patches(patch_ids: Collection[UUID], writing: Writing) -> None:
    """Every patch is to be walked in each round of the season; the rounds come from the rule pack."""
    pack = city_pack()
    for ids in queries.chunks(patch_ids):
        windows = [
            _Window(patch.pk, patch.division_id, patch.unit_id, span)
            for patch in Patch.objects.filter(pk__in=ids)
            for span in rules.asked_for(
                [span for year in _years(patch.listed_on, writing.on) for span in rounds(year, pack)],
                since=patch.listed_on,
                closed_on=patch.closed_on,
            )
        ]
        _bring_in_line(SURVEYS, SurveyPlan, ids, windows, queries.walks(ids), writing)


def settle_schools(school_ids: Collection[UUID], writing: Writing) -> None:
    """Every school in scope is to give the class hours of each school year it saw from the beginning."""
    pack = city_pack()
    for ids in queries.chunks(school_ids):
        given = queries.lessons(ids)
        windows: list[_Window] = []
        events: dict[UUID, list[Done]] = {}
        for school in School.objects.filter(pk__in=ids):
            if not school_rules.lessons_in_scope(school.stage):
                continue
            held = given.get(school.pk, [])
            spans = [span for year in _years(school.listed_on, writing.on) for span in school_years(year, writing.on)]
            for span in rules.asked_for(spans, since=school.listed_on, closed_on=school.closed_on):
                required = pack.number("lessons.hours", span.opens)
                hours = school_rules.hours_until(held, span.opens, span.last_day)
                more = {"stage": school.stage, "hours": hours, "required": required}
                windows.append(_Window(school.pk, school.division_id, school.unit_id, span, more))
                done = school_rules.reached(held, span.opens, span.last_day, required)
                if done is not None:
                    events.setdefault(school.pk, []).append(done)
        _bring_in_line(LESSONS, LessonPlan, ids, windows, events, writing)


def rounds(year: int, pack: RulePack) -> list[rules.Span]:
    """The rounds of one survey season as the rule pack cuts it."""
    windows = pack.require("survey.windows", date(year, 1, 1)).value
    return rules.season(year, rules.month_windows(windows))


def school_years(year: int, on: date) -> list[rules.Span]:
    """The school year that begins in ``year``, once it has begun."""
    return [
        rules.Span(position=year, label=span.label_zh, opens=span.start, last_day=span.last_day)
        for span in calendars.get_calendar("school").spans(year)
        if span.start <= on
    ]


def _years(since: date, on: date) -> range:
    """Calendar years from the one before ``since`` (a school year may have begun in it) to today's."""
    first = since if settings.QINGYUAN_DUES_FROM is None else max(since, settings.QINGYUAN_DUES_FROM)
    return range(first.year - 1, on.year + 1)


def _bring_in_line(
    code: str,
    model: type[Planned],
    subject_ids: Sequence[UUID],
    windows: Iterable[_Window],
    events: Mapping[UUID, Iterable[Done]],
    writing: Writing,
) -> None:
    """Make the plan rows of the subjects those that ``windows`` ask for, each with the outcome that ``events`` give it."""
    ledger, key = registry.get(code), model.subject
    wanted = {(window.subject_id, window.span.position): window for window in windows}
    answers = _answers(wanted, events)
    standing = {
        (getattr(row, key), row.position): row for row in model.objects.filter(**{f"{key}__in": list(subject_ids)})
    }
    by = replace(writing, batch_id=None, reason=writing.reason or gettext_noop("随台账自动生成"))
    fresh: list[Draft] = []
    changes: list[tuple[Any, Draft]] = []
    for place, window in wanted.items():
        values = _values(window, answers.get(place))
        row = standing.pop(place, None)
        if row is None:
            extra = {key: window.subject_id, "position": window.span.position}
            fresh.append(Draft(len(fresh) + 1, values, extra, window.division_id, window.unit_id))
        elif _differs(row, values, window):
            draft = Draft(len(changes) + 1, values, {}, window.division_id, window.unit_id)
            changes.append((row, draft))
    for row in standing.values():
        if row.outcome != PlanOutcome.CANCELLED:
            gone = {"outcome": PlanOutcome.CANCELLED.value, "done_on": None}
            changes.append((row, Draft(len(changes) + 1, gone, {}, row.division_id, row.unit_id)))
    if fresh:
        _writing.insert(ledger, fresh, by)
    if changes:
        _writing.change(ledger, changes, by)


def _answers(
    wanted: Mapping[tuple[UUID, int], _Window], events: Mapping[UUID, Iterable[Done]]
) -> dict[tuple[UUID, int], Done]:
    """Which event answers which window: casework's rule, subject by subject."""
    by_subject: dict[UUID, dict[UUID, tuple[UUID, int]]] = {}
    slots: dict[UUID, list[Slot]] = {}
    for place, window in wanted.items():
        mark = new_id()
        by_subject.setdefault(window.subject_id, {})[mark] = place
        slots.setdefault(window.subject_id, []).append(Slot(mark, window.span.opens, window.span.last_day + ONE_DAY))
    found: dict[tuple[UUID, int], Done] = {}
    for subject, marks in by_subject.items():
        for mark, done in match(slots[subject], events.get(subject, ())).items():
            found[marks[mark]] = done
    return found


def _values(window: _Window, answer: Done | None) -> dict[str, Any]:
    if answer is not None:
        outcome = PlanOutcome.DONE
    else:
        outcome = PlanOutcome.OPEN if window.span.needed else PlanOutcome.CANCELLED
    return {
        "label": window.span.label,
        "opens_on": window.span.opens,
        "last_day": window.span.last_day,
        "outcome": outcome.value,
        "done_on": None if answer is None else answer.day,
        **window.more,
    }


def _differs(row: Planned, values: Mapping[str, Any], window: _Window) -> bool:
    if (row.division_id, row.unit_id) != (window.division_id, window.unit_id):
        return True
    return any(getattr(row, name) != value for name, value in values.items())


@transaction.atomic
def roll() -> int:
    """Plan the running year, season and school year for all that is listed and has none yet. Returns for how many."""
    writing = Writing(by=SYSTEM, on=clock.today())
    return sum(_roll(*each, writing) for each in _ROLLED)


def _roll(
    listed: Callable[[date], Any], model: type[Planned], settle: Callable[..., None], begins: int, writing: Writing
) -> int:
    year = writing.on.year if writing.on.month >= begins else writing.on.year - 1
    planned = model.objects.filter(opens_on__year=year).values(model.subject)
    waiting = listed(writing.on).exclude(pk__in=planned).filter(listed_on__lte=date(year, begins, 1))
    ids = list(waiting.values_list("pk", flat=True))
    if ids:
        settle(ids, writing)
    return len(ids)


def _open(model: Any) -> Callable[[date], Any]:
    return lambda on: model.objects.filter(closed_on=None) | model.objects.filter(closed_on__gt=on)


def _schools(on: date) -> Any:
    stages = [stage for stage in school_rules.BANDS_OF_STAGE if school_rules.lessons_in_scope(stage)]
    return _open(School)(on).filter(stage__in=stages)


_ROLLED: tuple[tuple[Callable[[date], Any], type[Planned], Callable[..., None], int], ...] = (
    (_open(Place), ReachPlan, settle_places, 1),
    (_open(Patch), SurveyPlan, settle_patches, 1),
    (_schools, LessonPlan, settle_schools, 9),
)
