"""The forms there are, who must file them and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.utils.translation import gettext as _

from qingyuan.governance.rules.returns import Cell, Check, names_in
from qingyuan.reference.calendars import get_calendar
from qingyuan.reference.periods import Period, PeriodKind

FOLDER: Final = Path(__file__).parent


class UnknownForm(LookupError):
    """No form has that code; the message names those there are."""


class BadForm(ValueError):
    """A form file that cannot be used; the message says where and what to change."""


@dataclass(frozen=True)
class ReturnForm:
    """``unit_kinds``: who files, in order of preference; of one division only the first kind found there files.

    ``unit_review``: the unit's own leader reviews it first. ``calendar`` fixes the day it must be in by.
    """

    code: str
    title: str
    unit_kinds: tuple[str, ...]
    calendar: str
    unit_review: bool
    basis: str
    cells: tuple[Cell, ...]
    checks: tuple[Check, ...]
    valid_from: date

    def cell(self, code: str) -> Cell:
        """KeyError when the form has no such cell."""
        for cell in self.cells:
            if cell.code == code:
                return cell
        raise KeyError(f"{self.code}.{code}")

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(cell.code for cell in self.cells)

    def due_on(self, period: Period) -> date:
        """The last day in time for a month. Raises BadForm for another kind of period."""
        if period.kind is not PeriodKind.MONTH:
            raise BadForm(_("%(form)s 按月填报，%(period)s 不是一个月。") % {"form": self.code, "period": period.label_zh})
        return get_calendar(self.calendar).month_span(period.start.year, period.start.month).report_by


def get_form(code: str) -> ReturnForm:
    """The form ``code``; raises UnknownForm."""
    found = _forms().get(code)
    if found is None:
        raise UnknownForm(_("没有报表 %(code)s。现有：%(codes)s") % {"code": code, "codes": "、".join(_forms())})
    return found


def all_forms() -> list[ReturnForm]:
    return list(_forms().values())


@cache
def _forms() -> dict[str, ReturnForm]:
    forms = [read_form(path.read_text(encoding="utf-8"), path.stem) for path in sorted(FOLDER.glob("*.yaml"))]
    return {form.code: form for form in forms}


def read_form(text: str, where: str) -> ReturnForm:
    """A form from YAML. Raises BadForm for a missing field, a doubled cell or a check over a cell it has not."""
    data: dict[str, Any] = yaml.safe_load(text)
    try:
        form = ReturnForm(
            code=data["code"],
            title=data["title"],
            unit_kinds=tuple(data["unit_kinds"]),
            calendar=data["calendar"],
            unit_review=data["unit_review"],
            basis=data["basis"],
            cells=tuple(Cell(**cell) for cell in data["cells"]),
            checks=tuple(Check(**check) for check in data.get("checks", ())),
            valid_from=data["valid_from"],
        )
    except (KeyError, TypeError) as error:
        raise BadForm(f"{where}:缺少或多出 {error}") from error
    if len(set(form.codes)) < len(form.codes):
        raise BadForm(f"{where}:单元格代码重复")
    for check in form.checks:
        if lacking := set(names_in(check.expression)) - set(form.codes):
            raise BadForm(f"{where}:校验 {check.expression} 用到没有的单元格 {'、'.join(sorted(lacking))}")
    return form
