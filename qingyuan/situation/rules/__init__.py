"""Pure rules of count rows. Stock identity: domain §4.3 (6)."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem

PARTS = ("registered", "abstinent", "dead", "left")


def current_users(values: Mapping[str, Any]) -> int | None:
    """Registered less three years abstinent, dead and left the country; None while a part is missing."""
    if any(values.get(name) is None for name in PARTS):
        return None
    return int(values["registered"]) - int(values["abstinent"]) - int(values["dead"]) - int(values["left"])


def check_registration(values: Mapping[str, Any]) -> list[Problem]:
    problems: list[Problem] = []
    computed, typed = current_users(values), values.get("current")
    if computed is not None and computed < 0:
        problems.append(Problem("registered", "", str(values["registered"]), _("扣减项之和大于登记累计,请核对。")))
    elif computed is not None and typed is not None and typed != computed:
        message = _("现有应等于登记累计减戒断三年、死亡、离境,算得 %(computed)d。") % {"computed": computed}
        problems.append(Problem("current", "", str(typed), message))
    for part, whole in (("in_contact", "current"), ("newly_found_rural", "newly_found")):
        if values.get(part) is not None and values.get(whole) is not None and values[part] > values[whole]:
            problems.append(Problem(part, "", str(values[part]), _("“其中”数大于总数,请核对。")))
    return problems


def month_end(day: date) -> date:
    """The last day of the month of ``day``."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
