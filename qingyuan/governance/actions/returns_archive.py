"""Bringing in the signed returns of past years, which were filed on paper before the platform came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from qingyuan.foundation import audit, clock
from qingyuan.foundation.ids import new_id
from qingyuan.foundation.words import Problem
from qingyuan.governance.actions.returns import LEDGER, CellsWrong, publish_cells, publish_dues, read_cells
from qingyuan.governance.enums import Move, ReturnState
from qingyuan.governance.forms.catalogue import get_form
from qingyuan.governance.models import Return, ReturnStep
from qingyuan.governance.permissions import may_generate_returns, require
from qingyuan.governance.rules.returns import check_cells
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division, Unit
from qingyuan.reference.periods import Period

CHUNK = 500


@dataclass(frozen=True)
class PaperReturn:
    """One signed paper return: who filed and reviewed it, on which day it was filed and locked."""

    form: str
    unit: Unit
    month: Period
    cells: Mapping[str, Any]
    filler_name: str
    reviewer_name: str
    filed_on: date
    locked_on: date


@transaction.atomic
def archive(*, papers: Sequence[PaperReturn], city: Division, by: Actor) -> list[Return]:
    """Enter locked returns that are not there yet; the same papers again add nothing. Numbers are checked as in a form.

    Raises CellsWrong with every problem (nothing is entered), NotAllowed.
    """
    at = clock.now()
    require(may_generate_returns(by, city.pk, clock.today()))
    present = set(Return.objects.values_list("form", "unit_id", "period"))
    fresh = [_row(paper, by) for paper in papers if (paper.form, paper.unit.pk, str(paper.month)) not in present]
    problems = [problem for filed in fresh for problem in _wrong(filed)]
    if problems:
        raise CellsWrong(problems)
    Return.objects.bulk_create(fresh, batch_size=CHUNK)
    ReturnStep.objects.bulk_create([_step(filed, filed.locked_at or at, by) for filed in fresh], batch_size=CHUNK)
    publish_dues(fresh, at=at, known=False)
    publish_cells(fresh, at=at, known=False)
    if fresh:
        audit.record_write(
            by=by, act="returns.archive", ledger=LEDGER, rows=[], division_id=city.pk, summary=f"+{len(fresh)}"
        )
    return fresh


def _row(paper: PaperReturn, by: Actor) -> Return:
    form = get_form(paper.form)
    return Return(
        series_id=new_id(),
        form=paper.form,
        unit=paper.unit,
        division_id=paper.unit.division_id,
        period=str(paper.month),
        state=ReturnState.LOCKED,
        cells=read_cells(form, paper.cells),
        filler_name=paper.filler_name[:40],
        reviewer_name=paper.reviewer_name[:40],
        due_on=form.due_on(paper.month),
        first_submitted_on=paper.filed_on,
        submitted_at=_noon(paper.filed_on),
        locked_at=_noon(paper.locked_on),
        locked_by_name=by.name,
    )


def _wrong(filed: Return) -> list[Problem]:
    form = get_form(filed.form)
    return check_cells(form.cells, form.checks, {code: filed.values.get(code) for code in form.codes})


def _step(filed: Return, at: datetime, by: Actor) -> ReturnStep:
    return ReturnStep(
        filed=filed,
        step=Move.LOCK,
        from_state=ReturnState.DRAFT,
        to_state=ReturnState.LOCKED,
        by_id=by.account_id,
        by_name=by.name,
        by_unit=by.unit_name,
        at=at,
        reason="纸质报表补录",
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=clock.ZONE)
