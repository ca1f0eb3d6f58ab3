"""Counting days as the law counts them: the start day is not counted; months end on the corresponding day.

Sources: 民法典第二百零一至二百零三条；公安机关办理行政案件程序规定第三十五条（节假日顺延，限制人身自由的期间不顺延）。
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from qingyuan.reference import holidays
from qingyuan.reference.periods import add_months


class TermUnit(StrEnum):
    DAY = "day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"


_UNIT_ZH = {TermUnit.DAY: "日", TermUnit.WORKING_DAY: "个工作日", TermUnit.MONTH: "个月", TermUnit.YEAR: "年"}


@dataclass(frozen=True)
class Counted:
    """A counted deadline.

    ``due`` is the last day that is still in time. ``nominal`` is that day before any roll-over. ``certain`` is False
    when the count needed a holiday arrangement that is not on file. ``explanation`` shows the count in Chinese.
    """

    trigger: date
    nominal: date
    due: date
    certain: bool
    explanation: str

    @property
    def rolled(self) -> bool:
        return self.due != self.nominal


class NoTerm(ValueError):
    """The term has no length that can be counted."""


def count(trigger: date, amount: int, unit: TermUnit = TermUnit.DAY, *, roll: bool) -> Counted:
    """Counts ``amount`` units from a day.

    ``roll`` moves a last day that is a day off to the next working day; custody terms pass False.

    Raises:
        NoTerm: the amount is not positive.
    """
    if amount <= 0:
        raise NoTerm("期限要大于零才能推算到期日。")
    nominal = _last_day(trigger, amount, unit)
    due = holidays.next_working_day(nominal) if roll else nominal
    uses_holidays = roll or unit is TermUnit.WORKING_DAY
    certain = not uses_holidays or all(holidays.known(day) for day in (trigger, nominal, due))
    return Counted(trigger, nominal, due, certain, _explain(trigger, amount, unit, nominal, due, certain))


def _last_day(trigger: date, amount: int, unit: TermUnit) -> date:
    match unit:
        case TermUnit.DAY:
            return trigger + timedelta(days=amount)
        case TermUnit.WORKING_DAY:
            return holidays.add_working_days(trigger, amount)
        case TermUnit.MONTH:
            return add_months(trigger, amount)
        case TermUnit.YEAR:
            return add_months(trigger, 12 * amount)


def _explain(trigger: date, amount: int, unit: TermUnit, nominal: date, due: date, certain: bool) -> str:
    text = f"{trigger} 当日不计，{amount} {_UNIT_ZH[unit]}届满日为 {nominal}"
    if due != nominal:
        text += f"，逢{holidays.holiday_name(nominal)}顺延至 {due}"
    if not certain:
        text += "（相关年份的放假安排尚未录入，仅按周末推算，请核对）"
    return text + "。"
