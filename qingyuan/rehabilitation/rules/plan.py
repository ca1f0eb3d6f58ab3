"""Pure rules of goals and encouragements: values in, problems out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem

#: Days within which the supervisor looks at a plan that was written or rewritten; no law sets them (a convention of this platform).
LOOK_WITHIN: Final = 7
MOST_GOALS: Final = 20
#: What is no longer looked at: it was reached, or nobody wants it any more.
SETTLED: Final = frozenset({"reached", "dropped"})
CERTIFICATE, FEWER_VISITS = "certificate", "fewer_visits"
#: The columns of a plan and of a goal whose change the supervisor looks at again.
PLAN_WORDS: Final = ("made_on", "knowledge", "persuasion", "skills", "other", "review_on")
GOAL_WORDS: Final = ("set_on", "number", "goal", "own_words", "by_on")


def check_goal(values: Mapping[str, Any]) -> list[Problem]:
    found = []
    begun, by, outcome, looked = (values.get(name) for name in ("set_on", "by_on", "outcome", "looked_on"))
    if begun and by and by <= begun:
        found.append(_problem("by_on", by, _("到哪天要在定下日期之后。")))
    number = values.get("number")
    if number is not None and not 1 <= number <= MOST_GOALS:
        found.append(_problem("number", number, _("序号从 1 起,最多 20。")))
    if outcome and not looked:
        found.append(_problem("looked_on", "", _("有评估结果的,请填评估日期。")))
    if looked and not outcome:
        found.append(_problem("outcome", "", _("有评估日期的,请选评估结果。")))
    if looked and begun and looked < begun:
        found.append(_problem("looked_on", looked, _("评估日期早于定下日期,请核对。")))
    return found


def check_encouragement(values: Mapping[str, Any]) -> list[Problem]:
    """A certificate says of how many days; fewer visits rest on a line of the agreement."""
    found = []
    kind, days = values.get("kind"), values.get("days")
    if kind == CERTIFICATE and not days:
        found.append(_problem("days", days, _("守约证明请填满了几天。")))
    if kind != CERTIFICATE and days is not None:
        found.append(_problem("days", days, _("只有守约证明填天数,请删去或者改方式。")))
    if kind == FEWER_VISITS and not (values.get("basis") or "").strip():
        found.append(_problem("basis", "", _("减少见面次数的,请写协议里哪一条写明可以;法定检测次数不能减。")))
    return found


def rewritten(before: Mapping[str, Any], after: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    """Whether a change touched one of the columns ``names`` (a column that ``after`` leaves out stays as it was)."""
    return any(name in after and (after[name] or None) != (before.get(name) or None) for name in names)


def _problem(column: str, value: object, message: str) -> Problem:
    return Problem(column=column, address="", value=str(value or ""), message=message)
