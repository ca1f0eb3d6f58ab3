"""Names, identity numbers and telephone numbers in cells."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.foundation import identity
from qingyuan.ledgers.reading.outcomes import EMPTY, Cell, Fault, Outcome, Parsed
from qingyuan.ledgers.reading.text import EMPTY_WORDS, EXACT_FLOAT, clean, folded, number_text

_LONGEST_NAME: Final = 40
_IN_NAME = re.compile(r"[0-9@#$%^&*_=+<>{}\[\]\\|~`!?。!?/]")
_BRACKETED = re.compile(r"[((【\[].*?[))】\]]")
_STAFF_SEPARATOR = re.compile(r"[、,,;;/\n&+]|\s+[和及与]\s+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0\d{2,3})?-?([2-9]\d{6,7})(-\d{1,6})?")
_SERVICE = re.compile(r"[48]00\d{7}|1\d{4}|1[12]\d")
_PHONE_NOISE = re.compile(r"[\s()转—–]+")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?e\+?\d{1,2}", re.IGNORECASE)
_TWO_PHONES = re.compile(r"\d{7,}\s*[/、,,;;\s]\s*\d{7,}")


def parse_id_number(cell: Cell) -> Outcome:
    """The 18 characters, checked. A number Excel has rounded is refused: its end cannot be restored."""
    if isinstance(cell, bool | date | datetime | time | timedelta):
        return Fault(identity.REASON_FORM)
    if isinstance(cell, int | float):
        if abs(cell) >= EXACT_FLOAT:
            return Fault(identity.REASON_EXCEL)
        cell = number_text(float(cell))
    if clean(cell) in EMPTY_WORDS:
        return EMPTY
    try:
        return Parsed(identity.parse(clean(cell)).text)
    except identity.BadIdentityNumber as error:
        return Fault(error.reason_zh)


def parse_name(cell: Cell) -> Outcome:
    """One person's name in its one spelling."""
    if not isinstance(cell, str):
        return Fault(_("这里要填姓名,不是数字或日期:请对照原件"))
    name = identity.normalise_name(clean(cell))
    if not name or name in EMPTY_WORDS:
        return EMPTY
    if _IN_NAME.search(name):
        return Fault(_("姓名里有数字或符号:请对照原件"))
    if len(name) > _LONGEST_NAME:
        return Fault(_("姓名太长:一格只填一个人的姓名"))
    if re.search(r"[、,,;;\n]", clean(cell)):
        return Fault(_("一格里有几个姓名:请一人一行"))
    return Parsed(name)


def parse_staff(cell: Cell) -> Outcome:
    """Names of those who acted, as a tuple in the order written, each once."""
    if not isinstance(cell, str):
        return Fault(_("这里要填姓名,不是数字或日期:请对照原件"))
    text = _BRACKETED.sub("", clean(cell))
    if not text or text in EMPTY_WORDS:
        return EMPTY
    names: list[str] = []
    for part in _staff_parts(text):
        outcome = parse_name(part)
        if isinstance(outcome, Fault):
            return outcome
        if isinstance(outcome.value, str) and outcome.value not in names:
            names.append(outcome.value)
    return Parsed(tuple(names)) if names else EMPTY


def parse_phone(cell: Cell) -> Outcome:
    """One telephone number: digits, and dashes for a landline's area and extension."""
    if isinstance(cell, bool | date | datetime | time | timedelta):
        return Fault(_("这不是电话号码:请对照原件"))
    if isinstance(cell, str) and cell.isascii() and _MOBILE.fullmatch(cell):
        return Parsed(cell)
    text = number_text(float(cell)) if isinstance(cell, int | float) else folded(cell).lstrip("'")
    if not text or text in EMPTY_WORDS:
        return EMPTY
    if _TWO_PHONES.search(text):
        return Fault(_("一格里有两个号码:请只留常用的一个"))
    if _SCIENTIFIC.fullmatch(text):
        return Fault(_("号码变成了科学计数法:请把这一列设成“文本”后重填"))
    digits = _PHONE_NOISE.sub("-" if "转" in text else "", text)
    digits = re.sub(r"^(\+?86|0086)-?(?=1)", "", digits)
    mobile = digits.replace("-", "")
    if _MOBILE.fullmatch(mobile):
        return Parsed(mobile)
    if _LANDLINE.fullmatch(digits) or _SERVICE.fullmatch(mobile):
        return Parsed(digits)
    if mobile.isdigit() and mobile.startswith("1"):
        return Fault(_("手机号应为 11 位,这里有 %(count)s 位:请对照原件") % {"count": len(mobile)})
    return Fault(_("这不是电话号码:请填 11 位手机号,或带区号的座机号"))


def _staff_parts(text: str) -> list[str]:
    """Split at marks; blanks split only where the parts are whole names («李 秀» is one name, «李秀 王平» are two)."""
    parts: list[str] = []
    for part in _STAFF_SEPARATOR.split(text):
        words = part.split()
        whole = len(words) > 1 and all(len(word) > 1 and not word.isascii() for word in words)
        parts.extend(words if whole else [part])
    return [part for part in parts if part.strip()]
