"""How long a measure lasts and by when a person has to report.

社区戒毒: three years from the report day (戒毒条例第十四条第二款). 强制隔离戒毒: two years from the decision
(戒毒条例第二十七条). 社区康复: what the decision says, three years at most (戒毒条例第三十七条).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from qingyuan.reference.clocks import Answer, start
from qingyuan.reference.packs import NATIONAL, get_pack
from qingyuan.reference.periods import add_months
from qingyuan.reference.statutes import Citation, cite

CD_MONTHS = 36
CID_MONTHS = 24
CR_MONTHS_MAX = 36
_REPORT_CLOCKS = {"CD": "D20", "CR": "D50"}
_TERM_ARTICLES = {"CD": "DR14(2)", "CR": "DR37", "CID": "DR27"}
_FIXED_MONTHS = {"CD": CD_MONTHS, "CID": CID_MONTHS}


class BadTerm(ValueError):
    """The measure has no term of this kind, or the decision's length is not allowed; the message says why."""


@dataclass(frozen=True)
class MeasureTerm:
    """``[start, end)``. ``last_day`` is the day printed as the end of the term; a paper that prints another day is
    authoritative (compare with ``differs_from``)."""

    measure: str
    start: date
    end: date
    last_day: date
    confirmed: bool
    note: str
    citation: Citation

    def differs_from(self, printed_last_day: date) -> bool:
        """Whether a printed end lies more than one day from the computed one: worth a warning, never a correction."""
        return abs((printed_last_day - self.last_day).days) > 1


def measure_term(measure: str, start: date, months: int | None = None, pack: str = NATIONAL) -> MeasureTerm:
    """The term of CD, CR or CID from the day it runs (report day; for CID the decision day).

    ``months`` is the length set in a CR decision and must be left out for the others.

    Raises:
        BadTerm: another measure, a CR without months or over three years, months given where the law fixes them.
    """
    length = _length(measure, months)
    anniversary = add_months(start, length)
    rule = get_pack(pack).require("term.last_day", start)
    last_day = anniversary - timedelta(days=1) if rule.value == "day_before" else anniversary
    return MeasureTerm(
        measure=measure,
        start=start,
        end=last_day + timedelta(days=1),
        last_day=last_day,
        confirmed=rule.confirmed,
        note=rule.note,
        citation=cite(_TERM_ARTICLES[measure]),
    )


def report_due(measure: str, received_on: date, pack: str = NATIONAL) -> Answer:
    """By when a person who received a CD or CR decision has to report.

    A day that has passed is a fact to look into, not a finding: 无正当理由 is for people to decide, and time in
    custody is not counted against anyone (公安机关办理行政案件程序规定第二百二十一条).

    Raises:
        BadTerm: the measure has no report window.
    """
    clock = _REPORT_CLOCKS.get(measure)
    if clock is None:
        raise BadTerm(f"代码 {measure} 的措施没有报到期限，只有社区戒毒和社区康复需要报到。")
    return start(clock, received_on, pack)


def _length(measure: str, months: int | None) -> int:
    if measure == "CR":
        if months is None:
            raise BadTerm("社区康复的期限以决定书为准，请填写决定书上的月数。")
        if not 1 <= months <= CR_MONTHS_MAX:
            raise BadTerm(f"社区康复不超过三年（{CR_MONTHS_MAX} 个月），填写的是 {months} 个月，请核对决定书。")
        return months
    fixed = _FIXED_MONTHS.get(measure)
    if fixed is None:
        raise BadTerm(f"代码 {measure} 的措施没有法定期限可推算。")
    if months is not None and months != fixed:
        raise BadTerm(f"该措施的期限由法律规定为 {fixed} 个月，不能改为 {months} 个月。")
    return fixed
