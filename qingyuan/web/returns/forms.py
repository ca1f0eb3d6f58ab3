"""The form of one return: a field per cell, with the relation it must keep and what is wrong beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem
from qingyuan.governance.forms.catalogue import ReturnForm
from qingyuan.governance.models import Return
from qingyuan.governance.rules.returns import names_in
from qingyuan.web.returns.words import number_text

REVIEWER = "reviewer_name"


@dataclass(frozen=True)
class CellField:
    """One number to fill in. ``rules`` are the relations it stands in; ``before`` the number of the locked version."""

    code: str
    title: str
    unit: str
    help: str
    value: str
    rules: tuple[str, ...]
    errors: tuple[str, ...]
    before: str
    last_month: str
    shown_only: bool


def cell_fields(
    filed: Return,
    form: ReturnForm,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Sequence[Problem] = (),
    before: Return | None = None,
    last_month: Return | None = None,
) -> list[CellField]:
    """``typed``: what was just sent, shown again as typed when it could not be taken."""
    values = filed.values
    previous = last_month.values if last_month is not None else {}
    earlier = before.values if before is not None else {}
    return [
        CellField(
            code=cell.code,
            title=cell.title,
            unit=cell.unit,
            help=cell.help,
            value=typed.get(cell.code, "") if typed is not None else number_text(values.get(cell.code)),
            rules=tuple(check.message for check in form.checks if cell.code in names_in(check.expression)),
            errors=tuple(problem.message for problem in problems if problem.column == cell.code),
            before=_before(number_text(earlier.get(cell.code)), number_text(values.get(cell.code))),
            last_month=number_text(previous.get(cell.code)),
            shown_only=cell.coercive,
        )
        for cell in form.cells
    ]


def _before(old: str, new: str) -> str:
    return _("原报 %(old)s") % {"old": old} if old and old != new else ""


def month_before(filed: Return) -> Return | None:
    """The same unit's locked return of the month before, to compare with while filling in."""
    previous = str(filed.month.previous())
    return Return.objects.locked().filter(form=filed.form, unit_id=filed.unit_id, period=previous).first()


def other_problems(form: ReturnForm, problems: Sequence[Problem]) -> list[str]:
    """What is wrong with none of the cells nor the reviewer."""
    return [problem.message for problem in problems if problem.column not in {*form.codes, REVIEWER}]
