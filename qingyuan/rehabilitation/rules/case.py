"""Pure rules of what happens while a measure is carried out, of releases and of dynamic control: values in, problems out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem

HELPS: Final = ("knowledge", "persuasion", "skills", "other")
TEAM_PARTS: Final = ("fulltime", "police", "medic", "family", "volunteer")
"""戒毒条例第十七条: the five kinds of people of a measure's group."""


def check_release(values: Mapping[str, Any]) -> list[Problem]:
    found = _in_order(values, ("released_on", "met_on"), _("接到日期早于实际出来日期,请核对。"))
    if values.get("met_on") and not values.get("released_on"):
        found.append(_problem("released_on", "", _("已经接到的,请填实际出来日期。")))
    if values.get("met_on") and not values.get("met_by"):
        found.append(_problem("met_by", "", _("已经接到的,请填接的人。")))
    return found


def check_team(values: Mapping[str, Any]) -> list[Problem]:
    return _in_order(values, ("joined_on", "left_on"), _("退出日期早于加入日期,请核对。"))


def check_plan(values: Mapping[str, Any]) -> list[Problem]:
    found = _in_order(values, ("made_on", "review_on"), _("下次评估日期要在制定日期之后。"), strictly=True)
    if not any((values.get(name) or "").strip() for name in HELPS):
        found.append(_problem("knowledge", "", _("四类帮助至少写一类打算做什么。")))
    return found


def check_absence(values: Mapping[str, Any]) -> list[Problem]:
    """A lawful absence has its paper and who has seen it; the paper says why, this ledger does not."""
    found = _in_order(values, ("left_on", "back_on"), _("返回日期早于离开日期,请核对。"))
    found += _in_order(values, ("left_on", "until_on"), _("报备至的日期早于离开日期,请核对。"))
    if values.get("lawful"):
        if not (values.get("document_number") or "").strip():
            found.append(_problem("document_number", "", _("认定合法的,请填凭证编号。")))
        if not values.get("seen_by"):
            found.append(_problem("seen_by", "", _("认定合法的,请填谁核看过凭证。")))
    return found


def check_suspension(values: Mapping[str, Any]) -> list[Problem]:
    return _in_order(values, ("stopped_on", "resumed_on"), _("恢复日期早于中止日期,请核对。"))


def check_move(values: Mapping[str, Any]) -> list[Problem]:
    found = _in_order(values, ("moved_on", "papers_on"), _("材料转送日期早于变更日期,请核对。"))
    return found + _in_order(values, ("moved_on", "arrived_on"), _("新执行地报到日期早于变更日期,请核对。"))


def check_credit(values: Mapping[str, Any]) -> list[Problem]:
    days = values.get("days")
    return [_problem("days", days, _("折抵天数要大于零,照决定书填写。"))] if days is not None and days <= 0 else []


def check_control(values: Mapping[str, Any]) -> list[Problem]:
    """The end of dynamic control has its certificate; three years are reckoned by the clock and looked into by a person."""
    found = _in_order(values, ("starts_on", "relapsed_on"), _("重新起算日期早于起算日期,请核对。"))
    began = max((day for day in (values.get("starts_on"), values.get("relapsed_on")) if day), default=None)
    ended, certificate = values.get("ended_on"), (values.get("certificate_number") or "").strip()
    if ended and began and ended <= began:
        found.append(_problem("ended_on", ended, _("停止日期要在起算日期之后。")))
    if ended and not certificate:
        found.append(_problem("certificate_number", "", _("停止动态管控的,请填证明编号。")))
    if certificate and not ended:
        found.append(_problem("ended_on", "", _("有证明编号的,请填停止动态管控日期。")))
    return found


def overlapping(first: date, last: date | None, others: list[tuple[date, date | None]]) -> bool:
    """Whether a pause ``[first, last)`` (None: goes on) meets one of the ``others``."""
    return any((last is None or began < last) and (ended is None or first < ended) for began, ended in others)


def _in_order(values: Mapping[str, Any], names: tuple[str, str], message: str, *, strictly: bool = False) -> list[Problem]:
    earlier, later = (values.get(name) for name in names)
    if not earlier or not later or later > earlier or (later == earlier and not strictly):
        return []
    return [_problem(names[1], later, message)]


def _problem(column: str, value: object, message: str) -> Problem:
    return Problem(column=column, address="", value=str(value or ""), message=message)
