"""The next points that cost least: duties already due by law or plan, with what each brings. Nothing else is ever listed.

Four lists of rows are looked at and no other: test windows standing open, planned windows standing open, tasks of the unit's plan of
the year, returns not yet filed. A row is there because a schedule, a plan or a form put it there; no row here proposes an act upon
a person, and a task whose words do is left to its own list (``rules.next_points.acts_on_people``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from qingyuan.casework.queries import dues as dues_visible
from qingyuan.governance.forms.catalogue import get_form
from qingyuan.governance.models import Letter, Return
from qingyuan.governance.queries.inputs import Numbers, figures_of, own_inputs, refs_of
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.rules.next_points import acts_on_people, worth
from qingyuan.governance.rules.remembering import Remembering
from qingyuan.indicators import catalogue
from qingyuan.ledgers import queries as ledger_queries
from qingyuan.ledgers import registry
from qingyuan.organisation.actor import Actor

TESTS, RETURNS, TASKS = "test_dues", "return_dues", "unit_tasks"
#: Ledgers of planned windows; each publishes a fact of its own name.
PLANS: Final = ("survey_plan", "reach_plan", "lesson_plan")
_OPEN: Final = "open"


@dataclass(frozen=True)
class Duty:
    """Rows of one list that end on one day. ``fact`` says which list; ``rows`` are the ids; points for one act and for all."""

    fact: str
    title: str
    last_day: date
    rows: tuple[UUID, ...]
    each: Decimal
    all: Decimal


def next_points(letter: Letter, on: date, reader: Actor) -> list[Duty]:
    """For the unit itself: what brings most for one act first. The caller has checked that the reader belongs to it."""
    scheme = scheme_of(letter.scheme)
    refs = refs_of(scheme, on)
    codes = [ref.code for ref in refs if ref.source == "indicator"]
    own = own_inputs([letter], refs, on)[letter.pk].numbers
    inputs: Numbers = {**figures_of([letter], codes, on)[letter.pk], **own}
    found, scorer = [], Remembering()
    due = (*_tests(letter, on, reader), *_plans(letter, on, reader), *_tasks(letter, on, reader), *_returns(letter, on))
    for fact, title, last_day, rows in due:
        keys = _counted_by(codes, fact, on)
        kind = letter.unit.kind
        total = worth(scheme, inputs, keys, len(rows), on, unit_kind=kind, scorer=scorer) if keys else Decimal(0)
        if total > 0:
            found.append(Duty(fact, title, last_day, rows, total / len(rows), total))
    return sorted(found, key=lambda duty: (-duty.each, duty.last_day, duty.title))


def _counted_by(codes: list[str], fact: str, on: date) -> list[str]:
    """The numbers of the sheet that count this list; never one that counts something coercive."""
    indicators = [catalogue.get(code, on) for code in codes]
    return [f"indicator:{one.code}" for one in indicators if one.facts == {fact} and one.proportion and not one.coercive]


Rows = Iterator[tuple[str, str, date, tuple[UUID, ...]]]


def _tests(letter: Letter, on: date, reader: Actor) -> Rows:
    """Test windows of the town that stand open, by the day they end."""
    opened = dues_visible(reader, on).open_on(on).filter(unit_id=letter.unit_id)
    by_day: dict[date, list[UUID]] = {}
    for closes_on, pk in opened.order_by("closes_on", "pk").values_list("closes_on", "pk"):
        by_day.setdefault(closes_on - timedelta(days=1), []).append(pk)
    for day, rows in by_day.items():
        yield TESTS, "", day, tuple(rows)


def _plans(letter: Letter, on: date, reader: Actor) -> Rows:
    for code in PLANS:
        rows = ledger_queries.rows(registry.get(code), reader, on).order_by("last_day", "label", "pk")
        opened = rows.filter(unit_id=letter.unit_id, outcome=_OPEN, opens_on__lte=on, last_day__gte=on)
        by_window: dict[tuple[str, date], list[UUID]] = {}
        for label, day, pk in opened.values_list("label", "last_day", "pk"):
            by_window.setdefault((label, day), []).append(pk)
        for (label, day), found in by_window.items():
            yield code, label, day, tuple(found)


def _tasks(letter: Letter, on: date, reader: Actor) -> Rows:
    """Tasks of the unit's plan of the letter's year that are not done, their day not yet past; one line each."""
    rows = ledger_queries.rows(registry.get(TASKS), reader, on).order_by("due_on", "item", "pk")
    opened = rows.filter(unit_id=letter.unit_id, plan__year=letter.year, done_on=None, due_on__gte=on)
    for task, done_when, day, pk in opened.values_list("task", "done_when", "due_on", "pk"):
        if not acts_on_people(f"{task} {done_when}"):
            yield TASKS, task, day, (pk,)


def _returns(letter: Letter, on: date) -> Rows:
    """Returns the unit has still to file, their day not yet past."""
    open_ones = Return.objects.filter(unit_id=letter.unit_id, first_submitted_on=None, superseded_at=None, due_on__gte=on)
    for filed in open_ones.order_by("due_on", "pk"):
        yield RETURNS, get_form(filed.form).title, filed.due_on, (filed.pk,)
