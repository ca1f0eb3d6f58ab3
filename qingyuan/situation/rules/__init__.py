"""Pure rules of count rows. Stock identity: domain §4.3 (6)."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem
from qingyuan.reference.catalogue import get_list

PARTS = ("registered", "abstinent", "dead", "left")
FIRST_YEAR: Final = 1998  # the first year of the national report; an older year is a slip
#: Catchments and flows beyond these are a wrong unit (万人 or 万立方米 typed as persons or m³).
LEAST_SERVED, MOST_SERVED = 500, 30_000_000
LEAST_PER_HEAD, MOST_PER_HEAD = Decimal("0.01"), Decimal(5)  # m³ per person and day, rain and industry included
LOAD_PLACES: Final = Decimal("0.0001")


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


def change_range(value: Decimal, base: Decimal) -> tuple[Fraction, Fraction]:
    """The least and the greatest change in per cent that two printed, rounded figures allow. ``base`` above nought.

    A figure printed 5.4 may be anything from 5.35 to 5.45. Where the base may be nought there is no greatest.
    """
    half_value, half_base = _half_unit(value), _half_unit(base)
    low, high = Fraction(value) - half_value, Fraction(value) + half_value
    least_base, most_base = Fraction(base) - half_base, Fraction(base) + half_base
    least = (low / most_base - 1) * 100
    most = (high / least_base - 1) * 100 if least_base > 0 else Fraction(10**9)
    return least, most


def change_agrees(value: Decimal, base: Decimal, printed: Decimal) -> bool:
    """Whether a printed change follows from two printed figures, rounding of all three allowed (domain §4.3)."""
    least, most = change_range(value, base)
    half = _half_unit(printed)
    return least - half <= Fraction(printed) <= most + half


def change_text(value: Decimal, base: Decimal) -> str:
    """The change as it would be printed with one decimal, sign included."""
    change = (Decimal(100) * (value - base) / base).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{change:+f}%"


def check_population(values: Mapping[str, Any]) -> list[Problem]:
    """A year's residents of a place: a year that is one, a number that is not below nought."""
    problems: list[Problem] = []
    year, resident = values.get("year"), values.get("resident")
    if year is not None and not FIRST_YEAR <= year <= 2100:
        problems.append(Problem("year", "", str(year), _("年份填四位数,例如 2022。")))
    if resident is not None and resident < 0:
        problems.append(Problem("resident", "", str(resident), _("人口不能是负数。")))
    return problems


def check_published(values: Mapping[str, Any]) -> list[Problem]:
    """One figure as printed: its unit is one the publisher uses, and a printed change follows from its stated base."""
    problems: list[Problem] = []
    year, unit = values.get("year"), values.get("measure_unit")
    if year is not None and not FIRST_YEAR <= year <= 2100:
        problems.append(Problem("year", "", str(year), _("年份填四位数,例如 2022。")))
    code = get_list("published_indicators").code(str(values.get("indicator") or ""))
    known = code.extra.get("units", "").split(";") if code is not None else []
    if unit and known and unit not in known:
        message = _("“%(title)s”公布时用的单位是 %(units)s:请对照原文核对单位和量级。")
        problems.append(
            Problem("measure_unit", "", unit, message % {"title": str(code), "units": "、".join(known)})
        )
    value, base, printed = (values.get(name) for name in ("value", "comparable_base", "printed_change"))
    if value is not None and value < 0:
        problems.append(Problem("value", "", str(value), _("数值不能是负数。")))
    elif base is not None and base <= 0:
        problems.append(Problem("comparable_base", "", str(base), _("可比基数应大于 0。")))
    elif value is not None and base is not None and printed is not None and not change_agrees(value, base, printed):
        problems.append(Problem("printed_change", "", str(printed), change_problem(value, base, printed)))
    return problems


def change_problem(value: Decimal, base: Decimal, printed: Decimal) -> str:
    message = _("按基数 %(base)s 算得 %(computed)s,与公布的 %(printed)s%% 不符:请核对,口径调整的填可比基数和基数说明。")
    return message % {"base": f"{base:f}", "computed": change_text(value, base), "printed": f"{printed:+f}"}


def _half_unit(number: Decimal) -> Fraction:
    """Half a unit of the last printed place."""
    exponent = number.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return Fraction(1, 2 * 10**places)


def load_of(*, concentration: Decimal, flow: Decimal, served: int) -> Decimal:
    """mg per 1 000 persons and day from ng/L, m³/d and persons: C × Q × 10⁻³ mg/d over P/1 000 (domain §6).

    100 ng/L in 100 000 m³ of 300 000 people are 33.3. No factor of excretion is applied.
    """
    return (concentration * flow / served).quantize(LOAD_PLACES, ROUND_HALF_UP)


def mass_of(*, concentration: Decimal | None, flow: Decimal) -> Decimal:
    """mg a day through the works; nought where nothing could be quantified (the lower bound)."""
    return Decimal(0) if concentration is None else concentration * flow / 1000


def check_water(values: Mapping[str, Any]) -> list[Problem]:
    """A sample has a concentration or is below the limit, never both; population and flow are of one size."""
    problems: list[Problem] = []
    found, below = values.get("concentration"), values.get("below_limit")
    served, flow, load = values.get("served"), values.get("flow"), values.get("load")
    if below and found is not None:
        problems.append(Problem("concentration", "", str(found), _("已选低于定量限,浓度请留空。")))
    if not below and found is None:
        problems.append(Problem("concentration", "", "", _("请填浓度(ng/L);低于定量限的,在“低于定量限”填“是”。")))
    if found is not None and found < 0:
        problems.append(Problem("concentration", "", str(found), _("浓度不能是负数。")))
    if served is not None and not LEAST_SERVED <= served <= MOST_SERVED:
        problems.append(Problem("served", "", str(served), _("服务人口以“人”为单位:请核对有没有把“万人”填成“人”。")))
    elif served and flow is not None and not LEAST_PER_HEAD <= flow / served <= MOST_PER_HEAD:
        problems.append(Problem("flow", "", str(flow), _("流量以 m³/d 为单位,与服务人口相比不合常理:请核对有没有把“万立方米”填成“立方米”。")))
    if problems or load is None or found is None or not served or flow is None:
        return problems
    computed = load_of(concentration=found, flow=flow, served=served)
    if abs(load - computed) > max(Decimal("0.05"), computed / 100):
        message = _("千人均日负荷应等于浓度×流量÷服务人口,算得 %(computed)s;留空由系统计算。")
        return [Problem("load", "", str(load), message % {"computed": f"{computed.normalize():f}"})]
    return problems
