"""Pure rules of patches, rounds and eradications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem
from qingyuan.prevention.rules.common import listed_before_closed, order_of_days, problem

WITNESSES_NEEDED = 2


def check_patch(values: Mapping[str, Any]) -> list[Problem]:
    found = listed_before_closed(values)
    area = values.get("area_mu")
    if area is not None and area <= 0:
        found.append(problem("area_mu", values, _("面积应大于 0 亩。")))
    return found


def check_survey(values: Mapping[str, Any]) -> list[Problem]:
    found: list[Problem] = []
    plants = values.get("plants") or 0
    if plants < 0:
        found.append(problem("plants", values, _("株数不能是负数。")))
    elif values.get("found") and not plants:
        found.append(problem("plants", values, _("发现了就要写株数;没有发现的,“发现原植物”填否(零报告)。")))
    elif plants and not values.get("found"):
        found.append(problem("found", values, _("写了株数,“发现原植物”应填是。")))
    if plants and not values.get("plant"):
        found.append(problem("plant", values, _("请写明是罂粟、大麻还是其他原植物。")))
    if not [name for name in values.get("surveyors") or [] if name]:
        found.append(problem("surveyors", values, _("请写踏查的工作人员。")))
    return found + order_of_days(values, "surveyed_on", "reported_on", _("报告日期早于踏查日期,请核对。"))


def check_eradication(values: Mapping[str, Any]) -> list[Problem]:
    found: list[Problem] = []
    plants = values.get("plants")
    if plants is not None and plants <= 0:
        found.append(problem("plants", values, _("铲除株数应大于 0。")))
    witnesses = {name for name in values.get("witnesses") or [] if name}
    if len(witnesses) < WITNESSES_NEEDED:
        found.append(problem("witnesses", values, _("须两名工作人员在场见证,请补另一名。")))
    rechecked, result = values.get("rechecked_on"), values.get("recheck_result")
    if rechecked and not result:
        found.append(problem("recheck_result", values, _("写了复查日期,请补复查结果。")))
    if result and not rechecked:
        found.append(problem("rechecked_on", values, _("写了复查结果,请补复查日期。")))
    found += order_of_days(values, "found_on", "eradicated_on", _("铲除日期早于发现日期,请核对。"))
    return found + order_of_days(values, "eradicated_on", "rechecked_on", _("复查日期早于铲除日期,请核对。"))
