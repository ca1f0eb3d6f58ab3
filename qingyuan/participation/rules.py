"""Pure rules of volunteers, associations, staff and counts of reports: one row in, what is wrong and what to write out."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem

STATES: Final = ("confirmed", "unfounded", "unclear", "pending")
#: The 31 characters of a unified social credit code (GB 32100—2015: no I, O, S, V, Z) and the weights of its first 17.
CREDIT: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT_FORM: Final = re.compile(rf"[{CREDIT}]{{18}}")
LONGEST_CONTRACT_DAYS: Final = 366 * 5
MOST_YUAN: Final = Decimal(50_000_000)


def credit_check(first: str) -> str:
    """The check character of the first 17 characters of a unified social credit code (GB 32100—2015)."""
    total = sum(CREDIT.index(char) * weight for char, weight in zip(first, WEIGHTS, strict=True))
    return CREDIT[(31 - total % 31) % 31]


def check_volunteer(values: Mapping[str, Any]) -> list[Problem]:
    return _ends_after(values, "joined_on", "left_on", _("退出日期早于登记日期,请核对。"))


def check_association(values: Mapping[str, Any]) -> list[Problem]:
    problems = _ends_after(values, "registered_on", "closed_on", _("注销日期早于成立日期,请核对登记证书。"))
    code = str(values.get("registration") or "")
    if code and not _CREDIT_FORM.fullmatch(code):
        problems.append(_problem("registration", code, _("统一社会信用代码是 18 位数字和大写字母(没有 I、O、S、V、Z):请对照登记证书。")))
    elif code and credit_check(code[:17]) != code[17]:
        problems.append(_problem("registration", code, _("统一社会信用代码的最后一位与前 17 位不符:请对照登记证书。")))
    return problems


def check_contract(values: Mapping[str, Any]) -> list[Problem]:
    problems = _ends_after(values, "starts_on", "ends_on", _("终止日期早于起始日期,请对照合同。"))
    starts, ends, amount = values.get("starts_on"), values.get("ends_on"), values.get("amount_yuan")
    if not problems and starts and ends and (ends - starts).days > LONGEST_CONTRACT_DAYS:
        problems.append(_problem("ends_on", ends, _("合同期超过五年,请对照合同核对年份。")))
    if amount is not None and amount <= 0:
        problems.append(_problem("amount_yuan", amount, _("合同金额应大于 0。")))
    elif amount is not None and amount > MOST_YUAN:
        problems.append(_problem("amount_yuan", amount, _("金额大得不合常理:这一栏以元为单位,请核对有没有把“万元”填成“元”。")))
    return problems


def check_staff(values: Mapping[str, Any]) -> list[Problem]:
    return _ends_after(values, "started_on", "ended_on", _("离岗日期早于到岗日期,请核对。"))


def check_reports(values: Mapping[str, Any]) -> list[Problem]:
    """The states make up what was received; more cannot be answered than came in."""
    received = values.get("received")
    if received is None or any(values.get(name) is None for name in STATES):
        return []
    problems: list[Problem] = []
    total = sum(int(values[name]) for name in STATES)
    if any(int(values[name]) < 0 for name in (*STATES, "received")):
        problems.append(_problem("received", received, _("件数不能是负数。")))
    elif total != received:
        message = _("属实、不实、无法查证、正在查证相加是 %(total)d,应等于受理件数 %(received)d。")
        problems.append(_problem("received", received, message % {"total": total, "received": received}))
    answered = values.get("answered")
    if answered is not None and answered > received:
        problems.append(_problem("answered", answered, _("已答复不能多于受理件数。")))
    return problems


def not_in_future(values: Mapping[str, Any], names: tuple[str, ...], on: date) -> list[Problem]:
    """Dates of things that happened cannot lie after ``on``."""
    return [
        _problem(name, values[name], _("日期在今天之后,请核对。"))
        for name in names
        if isinstance(values.get(name), date) and values[name] > on
    ]


def month_end(day: date) -> date:
    """The last day of the month of ``day``."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def first_day_out(last_day: date | None) -> date | None:
    """The day from which someone no longer counts: the day after the last one; None while nobody has gone."""
    return None if last_day is None else date.fromordinal(last_day.toordinal() + 1)


def _ends_after(values: Mapping[str, Any], start: str, end: str, message: str) -> list[Problem]:
    first, last = values.get(start), values.get(end)
    return [_problem(end, last, message)] if first and last and last < first else []


def _problem(column: str, value: object, message: str) -> Problem:
    return Problem(column=column, address="", value=str(value or ""), message=message)
