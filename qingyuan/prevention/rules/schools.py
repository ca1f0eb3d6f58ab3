"""Pure rules of schools and lessons, and the day on which a school has given its class hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from qingyuan.casework.rules import Done
from qingyuan.foundation.words import Problem
from qingyuan.prevention.rules.common import listed_before_closed, order_of_days, problem
from qingyuan.reference import catalogue

BANDS = ("p1_3", "p4_6", "j7_9", "s10_12", "v1_3")
WHOLE = "whole"
# Which grade bands a school of a stage can have; what is not here has no pupils of the lesson's kind.
BANDS_OF_STAGE: Mapping[str, frozenset[str]] = {
    "primary": frozenset({"p1_3", "p4_6"}),
    "junior": frozenset({"j7_9"}),
    "nine_year": frozenset({"p1_3", "p4_6", "j7_9"}),
    "senior": frozenset({"s10_12"}),
    "complete": frozenset({"j7_9", "s10_12"}),
    "vocational": frozenset({"v1_3"}),
}
MOST_HOURS = Decimal(8)
"""More class hours than a school day has."""


def lessons_in_scope(stage: str) -> bool:
    """Whether schools of ``stage`` owe class hours: primary, middle and secondary vocational ones do."""
    code = catalogue.get_list("school_stages").code(stage)
    return code is not None and code.extra.get("lessons_in_scope") == "yes"


def check_school(values: Mapping[str, Any]) -> list[Problem]:
    found = listed_before_closed(values)
    allowed = BANDS_OF_STAGE.get(str(values.get("stage") or ""))
    for band in BANDS:
        column = f"pupils_{band}"
        count = values.get(column)
        if count is not None and count < 0:
            found.append(problem(column, values, _("人数不能是负数。")))
        elif count and allowed is not None and band not in allowed:
            found.append(problem(column, values, _("这个学段没有这一年级段的学生:请核对学段或人数。")))
    if values.get("demonstration") and not values.get("awarded_on"):
        found.append(problem("awarded_on", values, _("示范学校要写命名日期,请对照命名文件补上。")))
    if not values.get("demonstration") and (values.get("awarded_on") or values.get("expires_on")):
        found.append(problem("demonstration", values, _("写了命名日期或有效期,请补示范学校级别。")))
    return found + order_of_days(values, "awarded_on", "expires_on", _("有效期早于命名日期,请核对。"))


def check_lesson(values: Mapping[str, Any]) -> list[Problem]:
    found: list[Problem] = []
    hours, pupils = values.get("hours"), values.get("pupils")
    if hours is not None and hours <= 0:
        found.append(problem("hours", values, _("课时应大于 0。")))
    elif hours is not None and hours > MOST_HOURS:
        found.append(problem("hours", values, _("一天不会超过 8 课时:一行只登一天,请分开登记。")))
    if pupils is not None and pupils < 0:
        found.append(problem("pupils", values, _("人次不能是负数。")))
    return found


def taught(band: str, stage: str) -> bool:
    """Whether a school of ``stage`` has that grade band."""
    allowed = BANDS_OF_STAGE.get(stage)
    return band == WHOLE or allowed is None or band in allowed


def hours_until(lessons: Iterable[tuple[date, Decimal, UUID]], opens: date, last_day: date) -> Decimal:
    """Class hours given within the window; hours to different grade bands on one day each count."""
    return sum((hours for day, hours, _row in lessons if opens <= day <= last_day), Decimal(0))


def reached(lessons: Iterable[tuple[date, Decimal, UUID]], opens: date, last_day: date, required: int) -> Done | None:
    """The lesson with which ``required`` hours are reached inside the window; None while they are not."""
    given = Decimal(0)
    for day, hours, row_id in sorted(lessons, key=lambda lesson: (lesson[0], lesson[2])):
        if opens <= day <= last_day:
            given += hours
            if given >= required:
                return Done(day=day, row_id=row_id)
    return None
