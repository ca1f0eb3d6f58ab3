"""Dates as offices write them. A date that could mean two days is refused, never guessed."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.ledgers.reading.outcomes import EMPTY, Cell, Fault, Outcome, Parsed
from qingyuan.ledgers.reading.text import EMPTY_WORDS, folded, number_text

EPOCH_1900: Final = date(1899, 12, 30)  # Excel counts a 29 February 1900 that never was; true from 1900-03-01 on
EPOCH_1904: Final = date(1904, 1, 1)
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
_FIRST_SERIAL_DAY: Final = date(1950, 1, 1)  # smaller whole numbers are more likely years or counts
_LAST_SERIAL_DAY: Final = date(2100, 1, 1)
_DIGITS: Final = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "O": 0,
    "o": 0,
    "Ο": 0,
}
_TENS: Final = {"十": 10, "廿": 20, "卅": 30}
_HAN = "〇零○OoΟ一二三四五六七八九十廿卅元"
_TOKEN = rf"[0-9{_HAN}]"
_GAP = re.compile(r"\s*([-/.年月日号、,·])\s*")
_SEPARATOR = r"[-/.年、,· ]"
_TIME = r"(?:上午|下午|早上|晚上|凌晨|中午)?\s*\d{1,2}\s*(?::|时|点)(?:\s*\d{1,2}\s*(?::|分)?(?:\s*\d{1,2}(?:\.\d+)?\s*秒?)?)?(?:Z|[+]\d\d:?\d\d)?"
_WEEKDAY = r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?"
_TAIL = rf"(?:[\sT]*{_WEEKDAY})?(?:[\sT]*{_TIME})?"
_FULL = re.compile(
    rf"({_TOKEN}{{4}}){_SEPARATOR}({_TOKEN}{{1,3}})(?:[-/.、,· ]|月)({_TOKEN}{{1,3}})(?:[日号]|(?=[\sT(]|$)){_TAIL}"
)
_COMPACT = re.compile(rf"(\d{{4}})(\d{{2}})(\d{{2}})(?:\d{{6}}|[\sT]{_TIME})?")
_MONTH_DAY = re.compile(rf"({_TOKEN}{{1,3}})[-/.月]({_TOKEN}{{1,3}})[日号]?")
_MONTH_ONLY = re.compile(rf"({_TOKEN}{{4}})(?:[-/.年]({_TOKEN}{{1,3}})月?份?|年)")
_SHORT_YEAR = re.compile(rf"({_TOKEN}{{2,3}})[-/.年]({_TOKEN}{{1,3}})[-/.月]({_TOKEN}{{1,3}})[日号]?{_TAIL}")
_REPUBLIC = re.compile(
    rf"(?:中华)?(?:民国|民國)\s*({_TOKEN}{{1,3}})[-/.年]({_TOKEN}{{1,3}})[-/.月]({_TOKEN}{{1,3}})[日号]?{_TAIL}"
)
_REPUBLIC_WORD = re.compile(r"民国|民國")
_MONTH = re.compile(rf"({_TOKEN}{{4}})[-/.年 ]({_TOKEN}{{1,3}})(?:月份?)?|(\d{{4}})(\d{{2}})")
_YEAR_LAST = re.compile(rf"\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{4}}{_TAIL}")
_FORMAL: Final = str.maketrans("壹贰叁肆伍陆柒捌玖拾貳參陸弐", "一二三四五六七八九十二三六二")
_RANGE = re.compile(r"\d.*(?:至|到|~|—|--|－|～).*\d")


def parse_date(
    cell: Cell, *, year_hint: int | None = None, date1904: bool = False, month_enough: bool = False
) -> Outcome:
    """A day from a cell. ``year_hint`` is the year of the batch, used only for days written without one and noted.

    ``date1904``: the workbook counts serial numbers from 1904. Times of day are left off. ``month_enough``: the column is
    of months, so that 2022年3月 is its first day; elsewhere a month is refused, because any day of it would be a guess.
    """
    if cell.__class__ is str and (day := _written_plainly(cell)) is not None:
        return Parsed(day)
    if month_enough and (month := _month_of(cell)) is not None:
        return month
    if isinstance(cell, datetime):
        return _plausible(cell.date())
    if isinstance(cell, date):
        return _plausible(cell)
    if isinstance(cell, bool | time | timedelta):
        return Fault(_("这不是日期:请写成 2022-09-03 的样子"))
    if isinstance(cell, int | float):
        if not isfinite(cell):  # a broken formula's result
            return Fault(_("这不是日期:请写成 2022-09-03 的样子"))
        return _from_number(cell, date1904=date1904)
    return _from_text(folded(cell), year_hint=year_hint, date1904=date1904)


def _written_plainly(text: str) -> date | None:
    """The day of a text like 2022-09-03, the notation of most files; None for any other, and for a day that is none."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-" or not text.isascii():
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year < LAST_YEAR else None


def make_date(year: int, month: int, day: int) -> Outcome:
    """A day that exists, or the reason why it does not."""
    if not 1 <= month <= 12:
        return Fault(_("没有 %(month)s 月:请对照原件改正") % {"month": month})
    if not FIRST_YEAR <= year < LAST_YEAR:
        return Fault(_("年份 %(year)s 不合理:请对照原件改正") % {"year": year})
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        if month == 2 and day == 29:
            return Fault(_("%(year)s 年 2 月没有 29 日:请对照原件改正") % {"year": year})
        return Fault(_("%(month)s 月没有 %(day)s 日:请对照原件改正") % {"month": month, "day": day})
    return Parsed(date(year, month, day))


def _plausible(day: date) -> Outcome:
    return make_date(day.year, day.month, day.day)


def _from_number(number: int | float, *, date1904: bool) -> Outcome:
    shown = number_text(number)
    if number == int(number) and len(shown) == 8:
        return make_date(int(shown[:4]), int(shown[4:6]), int(shown[6:]))
    if number == int(number) and FIRST_YEAR <= number < LAST_YEAR:
        return Fault(_("只写了年份:请写全年月日,如 2022-09-03"))
    serial = _from_serial(number, date1904=date1904)
    if serial is not None:
        note = _("%(typed)s → %(day)s(Excel 的日期序号)") % {"typed": shown, "day": serial.isoformat()}
        return Parsed(serial, note)
    if 1 <= number < 13 or (FIRST_YEAR <= number < LAST_YEAR):
        return Fault(_("“%(typed)s”存成了小数,末尾的 0 会丢,分不清日子:请写全年月日,如 2022-09-03") % {"typed": shown})
    return Fault(_("认不出这个日期:请写成 2022-09-03 的样子"))


def _from_serial(number: float, *, date1904: bool) -> date | None:
    if not 0 < number < 80_000:
        return None
    day = (EPOCH_1904 if date1904 else EPOCH_1900) + timedelta(days=int(number))
    return day if _FIRST_SERIAL_DAY <= day < _LAST_SERIAL_DAY else None


def _from_text(text: str, *, year_hint: int | None, date1904: bool) -> Outcome:
    if not text or text in EMPTY_WORDS:
        return EMPTY
    text = _GAP.sub(r"\1", text).translate(_FORMAL)
    if match := _FULL.fullmatch(text):
        return _from_tokens(*match.groups())
    if match := _COMPACT.fullmatch(text):
        return make_date(*(int(part) for part in match.groups()))
    if text.isascii() and text.isdigit() and len(text) == 5:
        return _from_number(int(text), date1904=date1904)
    return _without_full_year(text, year_hint)


def _without_full_year(text: str, year_hint: int | None) -> Outcome:
    if _REPUBLIC_WORD.search(text):
        return Fault(_("不认民国年份:请写成公历,如 2022-09-03"), _from_republic(text))
    if match := _MONTH_DAY.fullmatch(text):
        return _with_hint(match.group(1), match.group(2), year_hint)
    if match := _SHORT_YEAR.fullmatch(text):
        return _short_year(*match.groups())
    if _MONTH_ONLY.fullmatch(text):
        return Fault(_("没有写到日:请写全年月日,如 2022-09-03"))
    if _YEAR_LAST.fullmatch(text):
        return Fault(_("年份写在最后,分不清哪个是月、哪个是日:请写成 2022-09-03 的样子"))
    if _RANGE.search(text):
        return Fault(_("写的是一段时间,这里只能填一天:请分行填写"))
    return Fault(_("认不出这个日期:请写成 2022-09-03 的样子"))


def _short_year(year: str, month: str, day: str) -> Outcome:
    message = _("年份不足四位,分不清是公历还是民国:请写成四位年份,如 2022-09-03")
    century = _from_tokens(f"20{int(year):02d}", month, day) if year.isascii() and len(year) == 2 else Fault(message)
    return Fault(message, _iso(century))


def _from_republic(text: str) -> str:
    """The day of the common era that a year of the Republic may have meant, offered and never taken."""
    match = _REPUBLIC.fullmatch(text)
    year = 1 if match and match[1] == "元" else _positional(match[1]) if match else None
    if match is None or year is None:
        return ""
    return _iso(_from_tokens(str(year + 1911), match[2], match[3]))


def _iso(outcome: Outcome) -> str:
    return outcome.value.isoformat() if isinstance(outcome, Parsed) and isinstance(outcome.value, date) else ""


def _month_of(cell: Cell) -> Outcome | None:
    """The first day of a month written as one; None when the cell is something else, perhaps a whole day."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        text = number_text(cell)
        if len(text) != 6 or not text.isdigit():
            return None
    elif isinstance(cell, str):
        text = _GAP.sub(r"\1", folded(cell)).translate(_FORMAL)
    else:
        return None
    match = _MONTH.fullmatch(text)
    if match is None:
        return None
    if text.endswith(".1"):
        return Fault(_("“%(typed)s”分不清是 1 月还是 10 月:请写成 2022-01 的样子") % {"typed": text})
    outcome = _from_tokens(match[1] or match[3], match[2] or match[4], "1")
    if isinstance(outcome, Fault):
        return outcome
    return Parsed(outcome.value, _("只写到月,按这个月读"))


def _with_hint(month_text: str, day_text: str, year_hint: int | None) -> Outcome:
    month, day = small_number(month_text), small_number(day_text)
    if month is None or day is None:
        return Fault(_("认不出这个日期:请写成 2022-09-03 的样子"))
    if year_hint is None:
        return Fault(_("没有写年份:请写全年月日,如 2022-09-03"))
    outcome = make_date(year_hint, month, day)
    if isinstance(outcome, Fault):
        return outcome
    return Parsed(outcome.value, _("没有写年份,按 %(year)s 年") % {"year": year_hint})


def _from_tokens(year_text: str, month_text: str, day_text: str) -> Outcome:
    year, month, day = _positional(year_text), small_number(month_text), small_number(day_text)
    if year is None or month is None or day is None:
        return Fault(_("认不出这个日期:请写成 2022-09-03 的样子"))
    return make_date(year, month, day)


def _positional(text: str) -> int | None:
    if text.isascii() and text.isdigit():
        return int(text)
    digits = [_DIGITS.get(sign, int(sign) if sign.isdecimal() else None) for sign in text]
    if any(digit is None for digit in digits):
        return None
    return int("".join(str(digit) for digit in digits))


def small_number(text: str) -> int | None:
    """A number up to 99 in digits or Chinese numerals: 8, 〇八, 十二, 廿三, 三十一, 元 (of 元月). None when it is none."""
    if text == "元":
        return 1
    if text.isascii() and text.isdigit():
        return int(text)
    for sign, value in _TENS.items():
        if sign in text:
            before, _sign, after = text.partition(sign)
            tens = _positional(before) if before else 1
            units = _positional(after) if after else 0
            if tens is None or units is None or units > 9 or (before and value != 10):
                return None
            return tens * value + units
    return _positional(text) if text else None
