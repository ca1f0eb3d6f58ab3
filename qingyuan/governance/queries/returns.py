"""Reads of returns: the levels one passes, lists for pages, the return behind a published number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.governance.enums import Move, ReturnState
from qingyuan.governance.forms.catalogue import ReturnForm, get_form
from qingyuan.governance.models import Return, ReturnCell, ReturnStep
from qingyuan.governance.models.returned import ReturnQuerySet
from qingyuan.governance.permissions import Level, OfficeOver, may_take, office_over, returns_visible
from qingyuan.governance.rules.returns import Cell, steps_from, why_not_remind
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Unit

OFFICES: Final = frozenset({"commission", "commission_office"})
_DEEPEST: Final = 8


@dataclass(frozen=True)
class Standing:
    """A return as a page shows it: its form, where it stands, what this actor can do with it and what was done."""

    filed: Return
    form: ReturnForm
    cells: tuple[tuple[Cell, Decimal | None], ...]
    levels: tuple[Level, ...]
    waits_for: str
    moves: tuple[Move, ...]
    steps: tuple[ReturnStep, ...]
    versions: tuple[Return, ...]


@dataclass(frozen=True)
class Elsewhere:
    """A return that stands behind a number but may not be opened: whose it is, so that the reader can ask."""

    unit_id: int
    unit_name: str
    form_title: str
    period: str


def levels_of(unit: Unit, form: ReturnForm) -> tuple[Level, ...]:
    """The levels above the filler, lowest first: the unit itself where the form says so, its superiors, the office."""
    levels: list[Level] = []
    if form.unit_review:
        levels.append(Level(unit.pk, unit.division_id, unit.label))
    above = unit.superior
    while above is not None and above.kind not in OFFICES and len(levels) < _DEEPEST:
        levels.append(Level(above.pk, above.division_id, above.label))
        above = above.superior
    return (*levels, Level(None, unit.division_id, _("禁毒办")))


def standing(actor: Actor, filed: Return, on: date) -> Standing:
    """Everything a page about one return shows; the caller has checked that ``actor`` may see it."""
    form = get_form(filed.form)
    levels = levels_of(filed.unit, form)
    values = filed.values
    moves = tuple(step for step in steps_from(filed.state) if may_take(actor, filed, step, levels, on).allowed)
    waiting = levels[min(filed.level, len(levels) - 1)].title if Move.APPROVE in steps_from(filed.state) else ""
    return Standing(
        filed=filed,
        form=form,
        cells=tuple((cell, values.get(cell.code)) for cell in form.cells),
        levels=levels,
        waits_for=waiting,
        moves=moves,
        steps=tuple(ReturnStep.objects.filter(filed__series_id=filed.series_id)),
        versions=tuple(Return.objects.filter(series_id=filed.series_id).order_by("version")),
    )


def returns(actor: Actor, on: date, *, form: str = "", period: str = "", unit_id: int | None = None) -> ReturnQuerySet:
    """The current versions that ``actor`` may see, narrowed; an open correction stands beside the locked one."""
    wanted = {"form": form, "period": period, "unit_id": unit_id}
    return returns_visible(actor, on).current().filter(**{name: value for name, value in wanted.items() if value})


def waiting_for(actor: Actor, on: date, *, due_by: date | None = None) -> list[Return]:
    """The returns on which ``actor`` has something to do now: file, mend, approve or lock; the earliest due first.

    ``due_by``: only those due by that day. What others have yet to fill in waits for them and is not read at all.
    """
    fill = Q(state__in=(ReturnState.DRAFT, ReturnState.SENT_BACK))
    wanted = returns_visible(actor, on).filter(~fill | Q(unit_id=actor.unit_id or 0)).exclude(state=ReturnState.LOCKED)
    if due_by is not None:
        wanted = wanted.filter(due_on__lte=due_by)
    open_ones = list(wanted.select_related("unit__superior").with_reminders().order_by("due_on"))
    office = office_over(actor, open_ones, on)
    return [filed for filed in open_ones if _is_turn_of(actor, filed, office, on)]


def _is_turn_of(actor: Actor, filed: Return, office: OfficeOver, on: date) -> bool:
    """The office may step in everywhere, but what a town has yet to review waits for the town."""
    levels = levels_of(filed.unit, get_form(filed.form))
    if filed.state == ReturnState.SUBMITTED and levels[min(filed.level, len(levels) - 1)].unit_id not in (
        None,
        actor.unit_id,
    ):
        return False
    steps = [step for step in steps_from(filed.state) if step != Move.REMIND]
    return any(may_take(actor, filed, step, levels, on, office).allowed for step in steps)


def may_remind(actor: Actor, filed: Return, on: date) -> bool:
    """Whether ``actor`` may ask the unit for this return today."""
    if Move.REMIND not in steps_from(filed.state):
        return False
    asked = filed.reminded_at
    asked_on = clock.day_of(asked) if asked else None
    if why_not_remind(due_on=filed.due_on, reminded_on=asked_on, today=on):
        return False
    return may_take(actor, filed, Move.REMIND, levels_of(filed.unit, get_form(filed.form)), on).allowed


def late(actor: Actor, on: date) -> ReturnQuerySet:
    """Returns past their day that were never filed."""
    return returns_visible(actor, on).late_on(on).with_reminders()


def behind(actor: Actor, on: date, row_ids: Sequence[UUID]) -> tuple[list[Return], list[Elsewhere]]:
    """The returns behind facts of «returns» (cells) or «return_dues» (series): those one may open, and whose the rest are."""
    series = set(ReturnCell.objects.filter(pk__in=list(row_ids)).values_list("series_id", flat=True)) | set(row_ids)
    concerned = Return.objects.filter(series_id__in=series, superseded_at=None).select_related("unit")
    newest = {filed.series_id: filed for filed in concerned.order_by("version")}
    open_ids = set(returns_visible(actor, on).filter(series_id__in=series).values_list("pk", flat=True))
    mine = [filed for filed in newest.values() if filed.pk in open_ids]
    others = [
        Elsewhere(filed.unit_id, filed.unit.name, get_form(filed.form).title, filed.period)
        for filed in newest.values()
        if filed.pk not in open_ids
    ]
    return mine, others
