"""Counts, amounts and masses as people type them, kept exact."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.ledgers.reading.dates import small_number
from qingyuan.ledgers.reading.outcomes import EMPTY, Cell, Fault, Outcome, Parsed
from qingyuan.ledgers.reading.text import EMPTY_WORDS, EXACT_FLOAT, folded, number_text

GRAMS: Final = {
    **dict.fromkeys(("g", "克", "公克", "gram", "grams"), Decimal(1)),
    **dict.fromkeys(("kg", "千克", "公斤"), Decimal(1000)),
    **dict.fromkeys(("mg", "毫克"), Decimal("0.001")),
    **dict.fromkeys(("μg", "ug", "mcg", "微克"), Decimal("0.000001")),
    **dict.fromkeys(("t", "吨"), Decimal(1_000_000)),
}
"""Grams in one of each unit of mass; legal units of measurement only."""

MARKET_UNITS: Final = frozenset({"斤", "市斤", "两", "市两", "钱", "磅", "盎司", "lb", "oz"})
PIECE_UNITS: Final = frozenset("粒 片 颗 枚 丸 支 株 棵 瓶 包 袋 盒 张 份 毫升 升 ml l".split())
COUNTERS: Final = frozenset("人 人次 次 起 件 场 份 名 个 户 宗 例 位 张 条 所 家 处 亩 期 项 天 日 年 岁".split())
_APPROXIMATE = re.compile(r"^(约|大约|近|将近|大概|≈|~)\s*")
_NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d{1,2})?|[+-]?\.\d+"
_AMOUNT = re.compile(rf"({_NUMBER})\s*(\D*)")
_MASS_PART = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*([^\d\s.,+-]+)\s*")
_BAD_GROUPING = re.compile(r"[\d,.]+")
_BIGGEST: Final = Decimal(10) ** 15
_MOST_DIGITS: Final = 20  # well inside the 28 digits that Decimal arithmetic keeps exact
_MULTIPLIERS: Final = {"万": Decimal(10_000), "千": Decimal(1000), "百": Decimal(100), "亿": Decimal(100_000_000)}


def parse_number(cell: Cell, *, unit: str = "", whole: bool = False) -> Outcome:
    """A Decimal, or an int when ``whole``. ``unit`` is what the column counts; another unit in the cell is refused."""
    outcome = _number(cell, unit)
    if isinstance(outcome, Fault) or outcome.value is None:
        return outcome
    value = outcome.value
    if not isinstance(value, Decimal):
        return outcome
    if not whole:
        return Parsed(value, outcome.note)
    if value != value.to_integral_value():
        return Fault(_("这里要填整数:请对照原件"))
    return Parsed(int(value), outcome.note)


def parse_mass(cell: Cell, *, unit: str = "") -> Outcome:
    """Grams as an exact Decimal. ``unit`` is the unit of the header, for cells that hold a bare number."""
    outcome = _mass(cell, unit)
    if isinstance(outcome, Fault) or not isinstance(outcome.value, Decimal):
        return outcome
    if outcome.value < 0:
        return Fault(_("重量不能是负数:请对照原件"))
    return outcome


def mass_unit(text: str) -> str:
    """The unit of mass a header names, "" when it names none."""
    unit = _unit_key(text)
    return unit if unit in GRAMS else ""


def tidy(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent."""
    value = value.normalize()
    exponent = value.as_tuple().exponent
    return value.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else value


def _number(cell: Cell, unit: str) -> Outcome:
    if not isinstance(cell, str):
        return _plain_number(cell)
    text = folded(cell)
    if not text or text in EMPTY_WORDS:
        return EMPTY
    text, note = _without_about(text)
    match = _AMOUNT.fullmatch(text.casefold())
    if match is None:
        return _chinese_or_fault(text, unit)
    value = Decimal(match.group(1).replace(",", ""))
    suffix = match.group(2).strip()
    if suffix[:1] in _MULTIPLIERS and suffix[:1]:
        value *= _MULTIPLIERS[suffix[0]]
        note = note or _("按 %(value)s 记") % {"value": f"{tidy(value):f}"}
        suffix = suffix[1:].strip()
    return _wrong_unit(suffix, unit) or _too_long(value) or Parsed(tidy(value), note)


def _too_long(value: Decimal) -> Fault | None:
    if abs(value) >= _BIGGEST or len(value.as_tuple().digits) > _MOST_DIGITS:
        return Fault(_("数太大或位数太多,Excel 只留 15 位:请对照原件"))
    return None


def _plain_number(cell: int | float | bool | datetime | date | time | timedelta) -> Outcome:
    if isinstance(cell, bool):
        return Fault(_("这里要填数,不是真假值:请对照原件"))
    if isinstance(cell, int):
        return _too_long(Decimal(cell)) or Parsed(Decimal(cell))
    if isinstance(cell, float):
        if cell != cell or abs(cell) >= EXACT_FLOAT:
            return Fault(_("数太大或位数太多,Excel 只留 15 位:请对照原件"))
        return Parsed(Decimal(number_text(cell)))
    return Fault(_("这一格被设成了日期或时间:请把格式改成“数值”后重填"))


def _without_about(text: str) -> tuple[str, str]:
    rest = _APPROXIMATE.sub("", text)
    return (rest, _("原文有“约”字,按所写的数记")) if rest != text else (text, "")


def _chinese_or_fault(text: str, unit: str) -> Outcome:
    digits = text.rstrip(unit) if unit else text
    value = small_number(digits) if len(digits) <= 3 else None
    if value is not None:
        return Parsed(Decimal(value))
    if _BAD_GROUPING.fullmatch(text):
        return Fault(_("“%(text)s”的小数点或千分位不对:请改成普通数字,如 1200.5") % {"text": text})
    return Fault(_("这里要填数,不认识“%(text)s”:请改成阿拉伯数字") % {"text": text[:40]})


def _wrong_unit(suffix: str, unit: str) -> Fault | None:
    if not suffix or suffix == unit.casefold():
        return None
    if not unit and suffix in COUNTERS:
        return None
    if suffix == "%":
        return Fault(_("这里不填百分数:请改成普通数字"))
    if unit:
        return Fault(_("单位是“%(found)s”,这一栏要“%(unit)s”:请换算后只填数字") % {"found": suffix, "unit": unit})
    return Fault(_("数后面的“%(found)s”不认识:请只填数字") % {"found": suffix[:20]})


def _mass(cell: Cell, unit: str) -> Outcome:
    if not isinstance(cell, str):
        number = _plain_number(cell)
        return number if isinstance(number, Fault) else _in_grams(number.value, unit, "")
    text = folded(cell)
    if not text or text in EMPTY_WORDS:
        return EMPTY
    text, note = _without_about(text)
    match = _AMOUNT.fullmatch(text.casefold())
    if match is not None:
        value = Decimal(match.group(1).replace(",", ""))
        return _in_grams(value, _unit_key(match.group(2)) or unit, note)
    return _sum_of_parts(text.casefold(), note)


def _in_grams(value: object, unit: str, note: str) -> Outcome:
    unit = _unit_key(unit)
    if not isinstance(value, Decimal):
        return EMPTY
    if not unit:
        return Fault(_("没有写单位:请写成“350 克”或“1.2 公斤”"))
    factor = GRAMS.get(unit)
    if factor is None:
        return _not_a_mass(unit)
    return _too_long(value) or Parsed(tidy(value * factor), note)


def _sum_of_parts(text: str, note: str) -> Outcome:
    """``1公斤350克``: parts, each with its own unit, from large to small."""
    total, position, last = Decimal(0), 0, Decimal("Infinity")
    for part in _MASS_PART.finditer(text):
        factor = GRAMS.get(_unit_key(part.group(2)))
        if part.start() != position or factor is None or factor >= last:
            break
        total += Decimal(part.group(1).replace(",", "")) * factor
        position, last = part.end(), factor
    if position and position == len(text):
        return _too_long(total) or Parsed(tidy(total), note)
    unknown = _MASS_PART.match(text)
    if unknown and _unit_key(unknown.group(2)) not in GRAMS:
        return _not_a_mass(_unit_key(unknown.group(2)))
    return Fault(_("认不出这个重量:请写成“350 克”或“1.2 公斤”"))


def _not_a_mass(unit: str) -> Fault:
    if unit in MARKET_UNITS:
        return Fault(_("“%(unit)s”不是法定计量单位,各地算法不一:请换算成克或公斤再填") % {"unit": unit})
    if unit in PIECE_UNITS:
        return Fault(_("“%(unit)s”不是重量单位:请填称量的重量,如“350 克”") % {"unit": unit})
    return Fault(_("重量单位“%(unit)s”不认识:请用克、公斤或毫克") % {"unit": unit[:20]})


def _unit_key(text: str) -> str:
    return folded(text).casefold().strip(" .()").replace("µ", "μ")
