"""The only writers of returns: each step is one row of the procedure table, written down with who, when and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import encrypted_names
from qingyuan.foundation.ids import new_id
from qingyuan.foundation.words import Problem
from qingyuan.governance.enums import Move, ReturnState
from qingyuan.governance.facts import RETURN_DUES, RETURNS, CellRow, DueRow
from qingyuan.governance.forms.catalogue import ReturnForm, all_forms, get_form
from qingyuan.governance.models import Return, ReturnCell, ReturnStep
from qingyuan.governance.models.returned import cell_id
from qingyuan.governance.permissions import may_generate_returns, may_take, require
from qingyuan.governance.queries.returns import levels_of
from qingyuan.governance.rules.returns import MoveRefused, check_cells, read_number, transition, why_not_remind
from qingyuan.ledgers import publishing
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division, DivisionPath, Unit
from qingyuan.reference.periods import Period

LEDGER = "returns"
CHUNK = 500


class CellsWrong(ValueError):
    """The numbers cannot be taken; ``problems`` says which and what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(problem.message for problem in problems))


class ReturnMoved(ValueError):
    """Someone else moved the return on since it was read; read it again and repeat."""


@dataclass(frozen=True)
class _Moment:
    """When a step is taken; ``on`` decides rights and whether it is in time."""

    at: datetime

    @property
    def on(self) -> date:
        return clock.day_of(self.at)


def _moment(at: datetime | None) -> _Moment:
    return _Moment(at or clock.now())


@transaction.atomic
def generate_due(*, city: Division, month: Period, by: Actor, at: datetime | None = None) -> list[Return]:
    """A draft for every unit under ``city`` that must file for ``month``, with its day; what is there already stays.

    So a return that never comes has a row too. Raises NotAllowed.
    """
    moment = _moment(at)
    require(may_generate_returns(by, city.pk, moment.on))
    present = set(Return.objects.filter(period=str(month)).values_list("form", "unit_id"))
    fresh = [
        Return(
            series_id=new_id(),
            form=form.code,
            unit=unit,
            division_id=unit.division_id,
            period=str(month),
            due_on=form.due_on(month),
        )
        for form in all_forms()
        if form.valid_from <= month.start
        for unit in filers(form, city, month.last_day)
        if (form.code, unit.pk) not in present
    ]
    Return.objects.bulk_create(fresh, batch_size=CHUNK)
    publish_dues(fresh, at=moment.at, known=False)
    if fresh:
        audit.record_write(
            by=by, act="returns.generate", ledger=LEDGER, rows=[], division_id=city.pk, summary=f"{month} +{len(fresh)}"
        )
    return fresh


@transaction.atomic
def save_draft(
    *, filed: Return, cells: Mapping[str, Any], by: Actor, note: str = "", at: datetime | None = None
) -> Return:
    """Keep what has been filled in so far; cells may still be empty. Raises CellsWrong for what is not a number."""
    moment = _moment(at)
    return _move(filed, Move.SAVE, by, moment, changes={"cells": read_cells(get_form(filed.form), cells), "note": note})


@transaction.atomic
def submit(*, filed: Return, reviewer_name: str, by: Actor, at: datetime | None = None) -> Return:
    """Send the return up; ``reviewer_name`` is who reviewed it in the unit. Raises CellsWrong, NotAllowed, MoveRefused."""
    moment = _moment(at)
    form = get_form(filed.form)
    problems = check_cells(form.cells, form.checks, {code: filed.values.get(code) for code in form.codes})
    if not reviewer_name.strip():
        problems.append(Problem("reviewer_name", "", "", _("请填写本单位审核人。")))
    if problems:
        raise CellsWrong(problems)
    changes = {
        "filler_id": by.account_id,
        "filler_name": by.name,
        "reviewer_name": reviewer_name.strip()[:40],
        "submitted_at": moment.at,
        "first_submitted_on": filed.first_submitted_on or moment.on,
        "level": 0,
    }
    moved = _move(filed, Move.SUBMIT, by, moment, changes=changes)
    publish_dues([moved], at=moment.at)
    return moved


@transaction.atomic
def send_back(*, filed: Return, reason: str, by: Actor, at: datetime | None = None) -> Return:
    """Back to the unit, with the reason it will read. Raises NotAllowed, MoveRefused."""
    return _move(filed, Move.SEND_BACK, by, _moment(at), reason=reason, changes={"level": 0})


@transaction.atomic
def approve(*, filed: Return, by: Actor, at: datetime | None = None, reason: str = "") -> Return:
    """One level up; at the last level the return is approved and waits to be locked. Raises NotAllowed, MoveRefused."""
    return _move(filed, Move.APPROVE, by, _moment(at), reason=reason, changes={"level": filed.level + 1})


@transaction.atomic
def lock(*, filed: Return, by: Actor, at: datetime | None = None) -> Return:
    """From here the return does not change and its numbers are published; a corrected version replaces the old one's."""
    moment = _moment(at)
    Return.objects.filter(series_id=filed.series_id, state=ReturnState.LOCKED, superseded_at=None).update(
        superseded_at=moment.at
    )
    moved = _move(filed, Move.LOCK, by, moment, changes={"locked_at": moment.at, "locked_by_name": by.name})
    publish_cells([moved], at=moment.at)
    return moved


@transaction.atomic
def correct(*, filed: Return, reason: str, by: Actor, at: datetime | None = None) -> Return:
    """A new version beside the locked one, which stays and counts until the new one is locked.

    Returns the new draft. Raises NotAllowed, MoveRefused (also when a correction is open already).
    """
    moment = _moment(at)
    row = transition(filed.state, Move.CORRECT, at_top=True, reason=reason)
    require(may_take(by, filed, Move.CORRECT, levels_of(filed.unit, get_form(filed.form)), moment.on))
    if filed.superseded_at is not None or Return.objects.filter(series_id=filed.series_id).exclude(
        state=ReturnState.LOCKED
    ).exists():
        raise MoveRefused(_("这张表已有更正在办或已被更正，请打开最新的一版。"))
    fresh = Return.objects.create(
        series_id=filed.series_id,
        form=filed.form,
        unit_id=filed.unit_id,
        division_id=filed.division_id,
        period=filed.period,
        version=filed.version + 1,
        cells=dict(filed.cells),
        due_on=filed.due_on,
        first_submitted_on=filed.first_submitted_on,
        correction_reason=reason.strip()[:200],
    )
    _write_down(fresh, Move.CORRECT, row.from_state, row.to_state, by, moment, reason)
    _audit(fresh, Move.CORRECT, by, None, _snapshot(fresh), reason)
    return fresh


@transaction.atomic
def remind(*, filed: Return, by: Actor, at: datetime | None = None) -> Return:
    """Ask the unit for a return whose day has come: it reads so in its list of work, once a day at most.

    Raises NotAllowed, MoveRefused.
    """
    moment = _moment(at)
    asked = filed.reminded_at
    asked_on = clock.day_of(asked) if asked else None
    if why := why_not_remind(due_on=filed.due_on, reminded_on=asked_on, today=moment.on):
        raise MoveRefused(why)
    return _move(filed, Move.REMIND, by, moment, changes={})


def filers(form: ReturnForm, city: Division, on: date) -> list[Unit]:
    """The units under ``city`` that must file ``form``: in each division those of the first of its kinds found there."""
    below = DivisionPath.objects.on(on).filter(ancestor=city).values("descendant_id")
    units = Unit.objects.filter(kind__in=form.unit_kinds, closed_on=None, division_id__in=below).order_by("code")
    by_division: dict[int, list[Unit]] = {}
    for unit in units:
        by_division.setdefault(unit.division_id, []).append(unit)
    chosen: list[Unit] = []
    for found in by_division.values():
        first = min(form.unit_kinds.index(unit.kind) for unit in found)
        chosen += [unit for unit in found if form.unit_kinds.index(unit.kind) == first]
    return chosen


def read_cells(form: ReturnForm, cells: Mapping[str, Any]) -> dict[str, str | None]:
    """Typed numbers as exact text. Raises CellsWrong for what is not a number or not a cell of the form."""
    read: dict[str, str | None] = {}
    problems: list[Problem] = []
    for code, typed in cells.items():
        if code not in form.codes:
            problems.append(Problem(code, "", str(typed), _("这张表没有这一格。")))
            continue
        try:
            number = read_number(typed)
        except ValueError:
            words = _("“%(title)s”要填数字。") % {"title": form.cell(code).title}
            problems.append(Problem(code, "", str(typed), words))
            continue
        read[code] = None if number is None else format(number, "f")
    if problems:
        raise CellsWrong(problems)
    return read


def publish_cells(returns: Iterable[Return], *, at: datetime, known: bool = True) -> None:
    """Publish every cell of locked returns as a fact of its own."""
    rows = [row for filed in returns for row in _cell_rows(filed)]
    names = [ReturnCell(pk=pk, series_id=series, code=code) for pk, series, code in rows_of_names(returns)]
    ReturnCell.objects.bulk_create(names, ignore_conflicts=True, batch_size=CHUNK)
    publishing.publish(RETURNS, rows, at=at, known=known)


def rows_of_names(returns: Iterable[Return]) -> list[tuple[UUID, UUID, str]]:
    return [(cell_id(filed.series_id, code), filed.series_id, code) for filed in returns for code in filed.cells]


def publish_dues(returns: Iterable[Return], *, at: datetime, known: bool = True) -> None:
    """Publish what is owed and whether it came, one fact per series."""
    rows = [
        DueRow(
            id=filed.series_id,
            division_id=filed.division_id,
            unit_id=filed.unit_id,
            happened_on=filed.last_day,
            form=filed.form,
            due_on=filed.due_on,
            submitted_on=filed.first_submitted_on,
            on_time=filed.on_time,
        )
        for filed in returns
    ]
    publishing.publish(RETURN_DUES, rows, at=at, known=known)


def _cell_rows(filed: Return) -> list[CellRow]:
    return [
        CellRow(
            id=cell_id(filed.series_id, code),
            division_id=filed.division_id,
            unit_id=filed.unit_id,
            happened_on=filed.last_day,
            form=filed.form,
            cell=code,
            value=Decimal(text),
            state=str(filed.state),
            on_time=filed.on_time,
        )
        for code, text in filed.cells.items()
        if text is not None
    ]


def _move(
    filed: Return, step: Move, by: Actor, moment: _Moment, *, changes: Mapping[str, Any], reason: str = ""
) -> Return:
    """Take one step of the table on the row as it was read; the row, the step and the audit in one transaction."""
    levels = levels_of(filed.unit, get_form(filed.form))
    row = transition(filed.state, step, at_top=filed.level >= len(levels) - 1, reason=reason)
    require(may_take(by, filed, step, levels, moment.on))
    before = _snapshot(filed)
    values = {**changes, "state": row.to_state, "moved": filed.moved + 1}
    if not Return.objects.filter(pk=filed.pk, moved=filed.moved, state=filed.state).update(**values):
        raise ReturnMoved(_("这张表刚被别人办理过，请刷新后再办。"))
    filed.refresh_from_db()
    _write_down(filed, step, row.from_state, row.to_state, by, moment, reason)
    _audit(filed, step, by, before, _snapshot(filed), reason)
    return filed


def _write_down(
    filed: Return, step: Move, before: str, after: str, by: Actor, moment: _Moment, reason: str
) -> None:
    ReturnStep.objects.create(
        filed=filed,
        step=step,
        from_state=before,
        to_state=after,
        level=filed.level,
        by_id=by.account_id,
        by_name=by.name,
        by_unit=by.unit_name,
        at=moment.at,
        reason=reason.strip()[:300],
    )


def _snapshot(filed: Return) -> dict[str, Any]:
    return {
        "state": str(filed.state),
        "version": filed.version,
        "level": filed.level,
        "reviewer_name": filed.reviewer_name,
        "note": filed.note,
        **{f"cell:{code}": text for code, text in filed.cells.items()},
    }


def _audit(
    filed: Return, step: Move, by: Actor, before: dict[str, Any] | None, after: dict[str, Any], reason: str
) -> None:
    audit.record_write(
        by=by,
        act=f"returns.{step.value}",
        ledger=LEDGER,
        rows=[
            audit.RowDelta(
                row_id=filed.pk,
                compartment=Compartment.INTERNAL,
                before=before,
                after=after,
                personal=encrypted_names(Return),
            )
        ],
        division_id=filed.division_id,
        reason=reason.strip()[:200],
        summary=f"{filed.form} {filed.period} v{filed.version}",
    )
