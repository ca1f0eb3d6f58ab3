"""Pure rules of measures and tests: values in, problems or answers with their reason out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem
from qingyuan.reference import measure_terms
from qingyuan.reference.packs import NATIONAL
from qingyuan.rehabilitation.enums import MeasureKind

TESTERS_NEEDED = 2  # 吸毒检测程序规定: two staff at collection and testing (domain §1.2)

INSPECTORS = ("police", "politics_law", "justice", "civil_affairs")
INSPECTORS_NEEDED = 2  # "joint" in the speech's words names four departments; one alone is an ordinary visit


def check_measure(values: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a measure's dates, each with what to do."""
    problems: list[Problem] = []
    decided = values.get("decided_on")
    order = (
        ("served_on", _("送达日期早于决定日期,请核对决定书与送达回证。")),
        ("reported_on", _("报到日期早于决定日期,请核对报到登记。")),
        ("ended_on", _("结束日期早于决定日期,请核对。")),
    )
    for name, message in order:
        value = values.get(name)
        if value and decided and value < decided:
            problems.append(_problem(name, value, message))
    reported, agreed = values.get("reported_on"), values.get("agreement_on")
    ends = values.get("ends_on")
    if ends and (reported or decided) and ends < (reported or decided):
        problems.append(_problem("ends_on", ends, _("期满日期早于报到或决定日期,请对照决定书核对。")))
    if agreed and not reported:
        problems.append(_problem("agreement_on", agreed, _("有协议日期而没有报到日期,请补报到日期。")))
    if agreed and reported and agreed < reported:
        problems.append(_problem("agreement_on", agreed, _("协议早于报到,请核对协议签订日期。")))
    if values.get("ended_on") and not values.get("end_reason"):
        problems.append(_problem("end_reason", "", _("有结束日期,请填结束原因。")))
    if values.get("end_reason") and not values.get("ended_on"):
        problems.append(_problem("ended_on", "", _("有结束原因,请填结束日期。")))
    return problems


def check_test(values: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a test record itself (whether it fits a measure is asked of the rows)."""
    problems: list[Problem] = []
    testers = [name for name in values.get("testers") or [] if name]
    if len(set(testers)) < TESTERS_NEEDED:
        problems.append(_problem("testers", "、".join(testers), _("须两名检测人,请补另一名。")))
    return problems


def check_isolation(values: Mapping[str, Any]) -> list[Problem]:
    decided, released = values.get("decided_on"), values.get("released_on")
    if decided and released and released < decided:
        return [_problem("released_on", released, _("解除日期早于决定日期,请核对。"))]
    return []


def check_inspection(values: Mapping[str, Any]) -> list[Problem]:
    """A joint inspection is of two departments at least; what failed has words and a day by which it is mended."""
    problems: list[Problem] = []
    if sum(bool(values.get(name)) for name in INSPECTORS) < INSPECTORS_NEEDED:
        problems.append(_problem("police", "", _("联合检查至少有公安、政法委、司法、民政中的两个部门参加:请补填。")))
    checked, failed = values.get("items_checked"), values.get("items_failed")
    for name in ("files_drawn", "items_checked", "items_failed"):
        if values.get(name) is not None and values[name] < 0:
            problems.append(_problem(name, values[name], _("不能是负数,请核对。")))
    if checked is not None and failed is not None and failed > checked:
        problems.append(_problem("items_failed", failed, _("不合格项数多于检查项数,请核对检查记录。")))
    day, mend, again = values.get("inspected_on"), values.get("mend_by"), values.get("rechecked_on")
    if failed and not (values.get("problems") or "").strip():
        problems.append(_problem("problems", "", _("有不合格项,请写明存在什么问题。")))
    if failed and mend is None:
        problems.append(_problem("mend_by", "", _("有不合格项,请填整改期限。")))
    if day and mend and mend < day:
        problems.append(_problem("mend_by", mend, _("整改期限早于检查日期,请核对。")))
    if day and again and again < day:
        problems.append(_problem("rechecked_on", again, _("复查日期早于检查日期,请核对。")))
    if (again is None) != (values.get("recheck_passed") is None):
        column = "recheck_passed" if again else "rechecked_on"
        problems.append(_problem(column, "", _("复查日期和复查结果要一起填。")))
    return problems


def not_in_future(values: Mapping[str, Any], names: tuple[str, ...], on: date) -> list[Problem]:
    """Dates of things that happened cannot lie after ``on``."""
    return [
        _problem(name, values[name], _("日期在今天之后,请核对。"))
        for name in names
        if isinstance(values.get(name), date) and values[name] > on
    ]


def report_due(*, kind: str, decided_on: date, served_on: date | None, pack: str = NATIONAL) -> date | None:
    """The last day to report, counted from receiving the decision, or from the decision when no receipt is known.

    None for a measure without a report window. Source: DR14, DR38 (reference clocks D20, D50).
    """
    try:
        return measure_terms.report_due(kind, served_on or decided_on, pack).day
    except measure_terms.BadTerm:
        return None


def expected_end(
    *, kind: str, reported_on: date | None, printed_end: date | None, pack: str = NATIONAL
) -> date | None:
    """The printed end date when there is one (authoritative, domain §1.13), else the term the law fixes.

    Community rehabilitation lasts as long as its decision says, so without a printed end nothing is concluded.
    """
    if printed_end is not None or reported_on is None or kind != MeasureKind.COMMUNITY_DETOX:
        return printed_end
    return measure_terms.measure_term(kind, reported_on, pack=pack).last_day


def covers(*, reported_on: date | None, ended_on: date | None, day: date) -> bool:
    """Whether a measure is being carried out on ``day``: from the report day until the day it ended."""
    return reported_on is not None and reported_on <= day and (ended_on is None or day <= ended_on)


def _problem(column: str, value: object, message: str) -> Problem:
    return Problem(column=column, address="", value=str(value or ""), message=message)
