"""Pure rules of a clinic's rows: values in, problems with what to do out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.foundation import identity
from qingyuan.foundation.words import Problem

TAKEN, MISSED = "taken", "missed"
NEVER, BEFORE, UNKNOWN = "never", "before", "unknown"
INJECTED: Final = "inject"
YOUNGEST_USE: Final = 5


def check_agreement(values: Mapping[str, Any]) -> list[Problem]:
    problems = _ended(values, "signed_on", "ended_on", "end_reason")
    if not values.get("confidentiality"):
        message = _("自愿戒毒协议应当约定个人信息保密:签好这一条再登记(戒毒条例第十条)。")
        problems.append(_problem("confidentiality", values.get("confidentiality"), message))
    signed, ends = values.get("signed_on"), values.get("ends_on")
    if signed and ends and ends < signed:
        problems.append(_problem("ends_on", ends, _("约定期满早于签订日期,请核对协议。")))
    return problems


def check_enrolment(values: Mapping[str, Any]) -> list[Problem]:
    return _ended(values, "enrolled_on", "left_on", "left_reason")


def check_dose(values: Mapping[str, Any]) -> list[Problem]:
    """A dose was taken or it was not: a missed day has no milligrams, a taken one has."""
    came, dose = values.get("attendance"), values.get("dose_mg")
    if dose is not None and dose <= 0:
        return [_problem("dose_mg", dose, _("剂量应大于零,请核对。"))]
    if came == MISSED and dose is not None:
        return [_problem("dose_mg", dose, _("没有到诊就没有剂量:请删去剂量,或者改到诊情况。"))]
    if came == TAKEN and dose is None:
        return [_problem("dose_mg", "", _("到诊服药的请填剂量。"))]
    return []


def check_entry(values: Mapping[str, Any]) -> list[Problem]:
    """Answers of one entry that cannot be true together."""
    problems: list[Problem] = []
    if values.get("treated_before") == NEVER and values.get("maintenance_before") == BEFORE:
        problems.append(_problem("treated_before", "", _("以前参加过维持治疗,就不是首次接受治疗,请核对这两项。")))
    if values.get("route") == INJECTED and values.get("injecting") == NEVER:
        problems.append(_problem("injecting", "", _("通常使用方式是注射,注射史就不是“从未”,请核对这两项。")))
    used = [values.get(name) for name in ("substance", "second_substance", "third_substance")]
    for place, name in ((1, "second_substance"), (2, "third_substance")):
        if used[place] and used[place] != UNKNOWN and used[place] in used[:place]:
            problems.append(_problem(name, "", _("同一类物质只填一次,请删去重复的。")))
    return problems + _first_use(values)


def _first_use(values: Mapping[str, Any]) -> list[Problem]:
    age, entered = values.get("first_use_age"), values.get("entered_on")
    if age is None:
        return []
    try:
        now = identity.parse(values.get("id_number"), from_original=True).age_on(entered) if entered else age
    except identity.BadIdentityNumber:
        now = age  # the reader has already said what is wrong with the number
    if not YOUNGEST_USE <= age <= now:
        return [_problem("first_use_age", age, _("首次使用年龄与出生日期不符,请核对;问不到的空着。"))]
    return []


def covers(*, enrolled_on: date, left_on: date | None, day: date) -> bool:
    """Whether the person is in maintenance treatment on ``day``, the first and the last day included."""
    return enrolled_on <= day and (left_on is None or day <= left_on)


def not_in_future(values: Mapping[str, Any], names: tuple[str, ...], on: date) -> list[Problem]:
    """Dates of things that happened cannot lie after ``on``."""
    return [
        _problem(name, values[name], _("日期在今天之后,请核对。"))
        for name in names
        if isinstance(values.get(name), date) and values[name] > on
    ]


def _ended(values: Mapping[str, Any], begin: str, end: str, why: str) -> list[Problem]:
    problems: list[Problem] = []
    began, ended, reason = values.get(begin), values.get(end), values.get(why)
    if began and ended and ended < began:
        problems.append(_problem(end, ended, _("结束早于开始,请核对两个日期。")))
    if ended and not reason:
        problems.append(_problem(why, "", _("有结束日期,请填原因。")))
    if reason and not ended:
        problems.append(_problem(end, "", _("有原因,请填结束日期。")))
    return problems


def _problem(column: str, value: object, message: str) -> Problem:
    return Problem(column=column, address="", value="" if value is None else str(value), message=message)
