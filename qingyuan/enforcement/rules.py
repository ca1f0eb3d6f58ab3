"""Pure rules of cases and seizures."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem

# Ten tonnes: more than a year of a whole province; a number above is a unit mistaken (grams typed for milligrams …).
IMPLAUSIBLE_G = Decimal(10_000_000)


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
