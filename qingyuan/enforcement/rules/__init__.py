"""Pure rules of this room's rows: values in, what is wrong and what to write instead out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem

# Ten tonnes: more than a year of a whole province; a number above is a unit mistaken (grams typed for milligrams …).
IMPLAUSIBLE_G = Decimal(10_000_000)
ADULT_AGE = 18  # 刑法第十七条、预防未成年人犯罪法第五十九条
STAFF_NEEDED = 2  # 公安机关缴获毒品管理规定、吸毒检测程序规定: two at every step
AT_LARGE = "at_large"
DETENTION_MOST_DAYS = 20  # 治安管理处罚法第十六条: several acts punished together


def check_case(values: Mapping[str, Any]) -> list[Problem]:
    filed, cracked = values.get("filed_on"), values.get("cracked_on")
    if filed and cracked and cracked < filed:
        return [Problem("cracked_on", "", str(cracked), _("破案日期早于立案日期,请核对。"))]
    return []


def check_seizure(values: Mapping[str, Any]) -> list[Problem]:
    weight = values.get("net_g")
    if weight is None:
        return []
    if weight <= 0:
        return [Problem("net_g", "", str(weight), _("净重应大于 0。"))]
    if weight > IMPLAUSIBLE_G:
        return [Problem("net_g", "", str(weight), _("净重超过 10 吨,请核对单位(克、千克)。"))]
    return []


def is_minor(said: bool | None, age: int | None) -> bool | None:
    """Whether the act was a minor's: as somebody said, else by the age on the row's own day; None = not known."""
    if said is not None or age is None:
        return said
    return age < ADULT_AGE


def check_identity(values: Mapping[str, Any], *, sex: str, age: int | None) -> list[Problem]:
    """What contradicts the ID number. ``sex`` and ``age`` are the number's own ("" and None without one)."""
    problems: list[Problem] = []
    if sex and values.get("sex") in {"1", "2"} and values["sex"] != sex:
        problems.append(_problem("sex", "", _("性别与身份证号不符,请对照原件。")))
    if age is not None and age < ADULT_AGE and values.get("minor") is False:
        problems.append(_problem("minor", "", _("按身份证号当时不满 18 周岁,请核对号码和日期,或留空由系统推算。")))
    return problems


def check_party(values: Mapping[str, Any]) -> list[Problem]:
    """A caught person has a day of capture, one at large has none; an outcome has its day."""
    problems: list[Problem] = []
    caught, outcome, day = values.get("caught_on"), values.get("outcome"), values.get("outcome_on")
    if not caught and outcome != AT_LARGE:
        problems.append(_problem("caught_on", "", _("没有抓获日期:请补上;还没有到案的,处理情况选“在逃”。")))
    if caught and outcome == AT_LARGE:
        problems.append(_problem("outcome", "", _("有抓获日期,处理情况不能是“在逃”:请改处理情况。")))
    if outcome and outcome != AT_LARGE and not day:
        problems.append(_problem("outcome_on", "", _("有处理情况,请填处理日期。")))
    if day and not outcome:
        problems.append(_problem("outcome", "", _("有处理日期,请填处理情况。")))
    if day and caught and day < caught:
        problems.append(_problem("outcome_on", str(day), _("处理日期早于抓获日期,请核对。")))
    return problems


def check_penalty(values: Mapping[str, Any]) -> list[Problem]:
    """The numbers of a decision fit its kind: days with a detention, an amount with a fine, neither with the others."""
    problems: list[Problem] = []
    kind, days, fine = values.get("kind"), values.get("days"), values.get("fine_yuan")
    detained = kind in {"detention", "detention_fine", "not_executed"}
    if kind and detained != bool(days):
        text = _("有行政拘留,请填拘留天数。") if detained else _("这种处罚没有拘留天数,请核对处罚种类。")
        problems.append(_problem("days", str(days or ""), text))
    if days and days > DETENTION_MOST_DAYS:
        problems.append(_problem("days", str(days), _("行政拘留合并执行最长 20 日,请核对。")))
    if kind and (kind in {"fine", "detention_fine"}) != bool(fine) and kind != "not_executed":
        text = _("没有罚款的处罚不填罚款金额,请核对处罚种类。") if fine else _("有罚款,请填罚款金额。")
        problems.append(_problem("fine_yuan", str(fine or ""), text))
    if fine is not None and fine < 0:
        problems.append(_problem("fine_yuan", str(fine), _("罚款不能小于 0。")))
    return problems


def check_movement(values: Mapping[str, Any]) -> list[Problem]:
    """A drug is weighed in grams and named; whatever moves passes through four eyes; only a stocktake may find nothing."""
    problems: list[Problem] = []
    kind, drug, quantity = values.get("kind"), values.get("drug"), values.get("quantity")
    if kind == "drug" and not drug:
        problems.append(_problem("drug", "", _("物品是毒品,请填毒品种类。")))
    if kind and kind != "drug" and drug:
        problems.append(_problem("drug", str(drug), _("物品类别不是毒品,毒品种类请留空。")))
    if kind == "drug" and values.get("measure") not in {None, "g", "ml"}:
        problems.append(_problem("measure", str(values["measure"]), _("毒品按净重以克计(液体按毫升),请换算。")))
    if quantity is not None and (quantity < 0 or (quantity == 0 and values.get("stage") != "counted")):
        problems.append(_problem("quantity", str(quantity), _("数量应大于 0;盘点没有实物的填 0。")))
    return problems + _two_people(values, "handlers", _("须两名经手人,请补另一名。"))


def check_operation(values: Mapping[str, Any]) -> list[Problem]:
    """The phases follow each other inside the operation."""
    order = ("starts_on", "launch_until", "strike_until", "ends_on")
    names = {"launch_until": _("动员部署截止"), "strike_until": _("集中打击截止"), "ends_on": _("结束日期")}
    problems: list[Problem] = []
    latest = values.get("starts_on")
    for name in order[1:]:
        day = values.get(name)
        if day and latest and day < latest:
            text = _("%(phase)s早于前一阶段,请核对各阶段日期。") % {"phase": names[name]}
            problems.append(_problem(name, str(day), text))
        latest = day or latest
    return problems


def check_linked_crime(values: Mapping[str, Any]) -> list[Problem]:
    happened, solved = values.get("happened_on"), values.get("solved_on")
    if happened and solved and solved < happened:
        return [_problem("solved_on", str(solved), _("破案日期早于发案日期,请核对。"))]
    return []


def check_enforcement_test(values: Mapping[str, Any]) -> list[Problem]:
    """Two testers; a forced test has its approval; a refusal has no result and anything else has one."""
    problems = _two_people(values, "testers", _("须两名检测人,请补另一名。"))
    compliance, result = values.get("compliance"), values.get("result")
    if compliance == "forced" and not values.get("approval_number"):
        problems.append(_problem("approval_number", "", _("强制检测须经批准,请填批准文书号。")))
    if compliance == "refused" and result:
        problems.append(_problem("result", str(result), _("拒绝而没有检测的,结果请留空。")))
    if compliance and compliance != "refused" and not result:
        problems.append(_problem("result", "", _("请填检测结果;拒绝而没有检测的,配合情况选“拒绝、尚未检测”。")))
    if values.get("method") in {"lab", "lab_retest"} and not values.get("institution"):
        problems.append(_problem("institution", "", _("实验室检测、复检请填检测机构。")))
    return problems


def not_in_future(values: Mapping[str, Any], names: tuple[str, ...], on: date) -> list[Problem]:
    """Dates of things that happened cannot lie after ``on``."""
    return [
        _problem(name, str(values[name]), _("日期在今天之后,请核对。"))
        for name in names
        if isinstance(values.get(name), date) and values[name] > on
    ]


def _two_people(values: Mapping[str, Any], column: str, message: str) -> list[Problem]:
    names = [name for name in values.get(column) or () if name]
    return [] if len(set(names)) >= STAFF_NEEDED else [_problem(column, "、".join(names), message)]


def _problem(column: str, value: str, message: str) -> Problem:
    return Problem(column, "", value, message)
