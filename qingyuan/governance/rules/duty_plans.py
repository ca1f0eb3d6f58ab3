"""Pure rules of member units' plans and tasks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem

FIRST_YEAR: Final = 2008  # the Drug Control Law came into force; an older year is a slip
QUARTERS: Final = ("first_quarter", "second_quarter", "third_quarter", "fourth_quarter")


def check_plan(values: Mapping[str, Any]) -> list[Problem]:
    problems: list[Problem] = []
    year, adopted, filed = values.get("year"), values.get("adopted_on"), values.get("filed_on")
    if year is not None and not FIRST_YEAR <= year <= 2100:
        problems.append(_problem("year", year, _("年度填四位数的年份,例如 2022。")))
    elif year is not None and adopted and not year - 1 <= adopted.year <= year:
        problems.append(_problem("adopted_on", adopted, _("印发日期应在计划年度或者上一年,请核对。")))
    if adopted and filed and filed < adopted:
        problems.append(_problem("filed_on", filed, _("报禁毒办日期早于印发日期,请核对。")))
    budget = values.get("budget_yuan")
    if budget is not None and budget < 0:
        problems.append(_problem("budget_yuan", budget, _("经费不能是负数。")))
    return problems


def check_task(values: Mapping[str, Any]) -> list[Problem]:
    """Done means shown: a day without what proves it is not taken, nor proof without the day."""
    problems: list[Problem] = []
    year, due, done = values.get("year"), values.get("due_on"), values.get("done_on")
    evidence = (values.get("evidence") or "").strip()
    if year is not None and due and not year <= due.year <= year + 1:
        problems.append(_problem("due_on", due, _("完成时限应在计划年度内,跨年的最迟到下一年,请核对。")))
    if year is not None and done and done.year < year:
        problems.append(_problem("done_on", done, _("完成日期早于计划年度,请核对。")))
    if done and not evidence:
        problems.append(_problem("evidence", "", _("有完成日期,请填完成依据(文号、活动记录、照片编号等)。")))
    if evidence and not done:
        problems.append(_problem("done_on", "", _("有完成依据,请填完成日期。")))
    if values.get("item") is not None and values["item"] < 1:
        problems.append(_problem("item", values["item"], _("序号从 1 开始。")))
    return problems


def quarter_due(year: int, on: date) -> int:
    """How many quarters of ``year`` are over on ``on``: for so many a word on progress is owed (0–4)."""
    if on.year != year:
        return 4 if on.year > year else 0
    return (on.month - 1) // 3


def silent_quarters(values: Mapping[str, Any], on: date) -> tuple[str, ...]:
    """The quarters that are over and of which a task not yet done says nothing."""
    year, done = values.get("year"), values.get("done_on")
    if year is None or done is not None:
        return ()
    return tuple(name for name in QUARTERS[: quarter_due(year, on)] if not (values.get(name) or "").strip())


def _problem(column: str, value: object, message: str) -> Problem:
    return Problem(column=column, address="", value=str(value or ""), message=message)
