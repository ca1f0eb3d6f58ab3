"""Pure rules of member units' plans and tasks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem
from qingyuan.governance.enums import NeedState

FIRST_YEAR: Final = 2008  # the Drug Control Law came into force; an older year is a slip
QUARTERS: Final = ("first_quarter", "second_quarter", "third_quarter", "fourth_quarter")


#: A task due within so many days of which nothing is done stands at risk; a request is answered within so many days.
RISK_DAYS: Final = 15
ANSWER_DAYS: Final = 7
#: Ledgers whose rows may show how far a task is: what units did, never about persons.
PROOFS: Final = (
    "activities", "lessons", "materials", "schools", "places", "patches", "survey_rounds", "eradications", "meetings",
    "associations", "service_contracts", "awareness_surveys", "safety_surveys", "wastewater",
)  # fmt: skip
#: Which states a step leads from and to, and which side takes it: True = the unit asked, False = the unit that asks.
NEED_STEPS: Final[Mapping[str, tuple[tuple[NeedState, ...], NeedState, bool]]] = {
    "promise": ((NeedState.ASKED, NeedState.REFUSED, NeedState.PROMISED), NeedState.PROMISED, True),
    "refuse": ((NeedState.ASKED, NeedState.PROMISED), NeedState.REFUSED, True),
    "deliver": ((NeedState.ASKED, NeedState.PROMISED), NeedState.MET, True),
    "reopen": ((NeedState.MET,), NeedState.PROMISED, False),
    "withdraw": ((NeedState.ASKED, NeedState.PROMISED, NeedState.REFUSED), NeedState.WITHDRAWN, False),
}
_PERSONAL: Final = re.compile(r"1[3-9]\d{9}|\d{17}[\dXx]")


class TaskState(StrEnum):
    """Where a task stands by the days alone."""

    LATE = "late"
    RISK = "risk"
    RUNNING = "running"
    DONE = "done"
    DONE_LATE = "done_late"


class Risk(StrEnum):
    """Why a task is at risk."""

    SOON = "soon"
    SILENT = "silent"
    REFUSED = "refused"
    NEED_LATE = "need_late"


@dataclass(frozen=True)
class NeedDays:
    """A need as far as days go. Days are dates in Shanghai."""

    state: NeedState
    asked_on: date
    due_on: date
    promised_on: date | None

    @property
    def answer_by(self) -> date:
        """By when the unit asked owes its first answer: within a week, and no later than it is needed."""
        return min(self.due_on, self.asked_on + timedelta(days=ANSWER_DAYS))

    @property
    def owed_by(self) -> date | None:
        """By when the other unit owes its next word or deed: an answer within a week of being asked and no later than it is
        needed, then what it promised. None where nothing is owed."""
        if self.state == NeedState.ASKED:
            return self.answer_by
        return self.promised_on if self.state == NeedState.PROMISED else None

    def is_late(self, on: date) -> bool:
        return self.owed_by is not None and self.owed_by < on


@dataclass(frozen=True)
class Standing:
    """``days``: how many late, else how many are left (0 for what is done)."""

    state: TaskState
    days: int
    risks: tuple[Risk, ...] = ()


def standing(values: Mapping[str, Any], needs: Sequence[NeedDays], on: date) -> Standing:
    """Late, at risk, under way or done, from the task's days, its quarters and what it needs of others."""
    due, done = values["due_on"], values.get("done_on")
    if done is not None:
        return Standing(TaskState.DONE_LATE if done > due else TaskState.DONE, max((done - due).days, 0))
    if due < on:
        return Standing(TaskState.LATE, (on - due).days)
    risks = [
        *([Risk.SOON] if (due - on).days <= RISK_DAYS else []),
        *([Risk.SILENT] if silent_quarters(values, on) else []),
        *([Risk.REFUSED] if any(need.state == NeedState.REFUSED for need in needs) else []),
        *([Risk.NEED_LATE] if any(need.is_late(on) for need in needs) else []),
    ]
    return Standing(TaskState.RISK if risks else TaskState.RUNNING, (due - on).days, tuple(risks))


def names_a_person(text: str) -> bool:
    """A mobile or ID number: what is asked of another unit is about work, not about a person."""
    return _PERSONAL.search(text) is not None


def quarter_days(year: int, quarter: int) -> tuple[date, date]:
    """First and last day of a quarter (1–4)."""
    first = date(year, 3 * quarter - 2, 1)
    following = date(year + 1, 1, 1) if quarter == 4 else date(year, 3 * quarter + 1, 1)
    return first, following - timedelta(days=1)


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


def same_day_of(year: int, day: date) -> date:
    """The day of the same name in another year; 29 February becomes the 28th where that year has none."""
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


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
