"""Who a person is, as a value: the citizen identity number (GB 11643-1999) and the name, with their masks."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999 §4.4
CHECK_DIGITS: Final = "10X98765432"  # indexed by the weighted sum modulo 11
REASON_EXCEL: Final = "Excel 只留 15 位，后三位已变成 0，无法还原：请从原件补录"
REASON_CHECK: Final = "校验位不符：请对照原件"
REASON_OLD: Final = "这是 15 位旧号码，没有世纪和校验位，不能自动换算：请从新证件补录 18 位号码"
REASON_FORM: Final = "身份号码应为 17 位数字加 1 位校验码（数字或 X）：请对照原件"
REASON_BIRTH: Final = "第 7 至 14 位不是有效的出生日期：请对照原件"
REASON_EMPTY: Final = "身份号码为空：请从原件补录"
EARLIEST_BIRTH_YEAR: Final = 1850
MOST_STARS: Final = 3
COMPOUND_SURNAMES: Final = frozenset(
    "欧阳 司马 上官 诸葛 皇甫 尉迟 公孙 慕容 长孙 宇文 司徒 司空 夏侯 东方 端木 百里 令狐 轩辕 南宫 西门 独孤 澹台 淳于 申屠 公冶 "
    "宗政 濮阳 太叔 单于 仲孙 钟离 闻人 赫连 呼延 东郭 拓跋 完颜 纳兰 第五 万俟".split()
)
_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]{2}")
_NAME_DOTS = re.compile(r"[•・‧∙⋅･]|(?<=[^\x00-\u024f])\.(?=[^\x00-\u024f])")
_SPACES = re.compile(r"\s+")
_SPACE_BY_HAN = re.compile(r"(?<=[^\x00-\u024f]) | (?=[^\x00-\u024f])")


class BadIdentityNumber(ValueError):
    """Not an identity number; ``reason_zh`` says why and what to do. The number itself is never in the message."""

    def __init__(self, reason_zh: str) -> None:
        super().__init__(reason_zh)
        self.reason_zh = reason_zh


@dataclass(frozen=True)
class IdentityNumber:
    """A checked 18-character number. Its repr and str are masked; ``text`` is the clear number."""

    text: str

    def __repr__(self) -> str:
        return f"IdentityNumber({self.masked()!r})"

    def __str__(self) -> str:
        return self.masked()

    @property
    def area(self) -> str:
        """First six digits: the division that first gave the number, not where the person lives."""
        return self.text[:6]

    @property
    def birth_date(self) -> date:
        return _birth_date(self.text)

    @property
    def sex(self) -> Literal["1", "2"]:
        """GB/T 2261.1: "1" male, "2" female."""
        return "1" if int(self.text[16]) % 2 else "2"

    def age_on(self, day: date) -> int:
        """Full years on ``day``; the birthday itself completes the year."""
        born = self.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def masked(self) -> str:
        return f"{self.text[:4]} **** {self.text[-4:]}"


def parse(raw: object, *, from_original: bool = False) -> IdentityNumber:
    """Read an identity number from a cell or a form.

    Full-width characters, blanks, a leading apostrophe and a small x are mended. ``from_original``: a person has typed
    it from the paper just now, so a number that rightly ends in 000 is believed when its check digit holds; in a sheet
    it is taken for one that Excel has rounded. Raises BadIdentityNumber with the reason in Chinese.
    """
    if isinstance(raw, float):
        raise BadIdentityNumber(REASON_EXCEL)
    text = _mend("" if raw is None else str(raw))
    if not text:
        raise BadIdentityNumber(REASON_EMPTY)
    if _SCIENTIFIC.fullmatch(text):
        raise BadIdentityNumber(REASON_EXCEL)
    if len(text) == 15 and text.isascii() and text.isdigit():
        raise BadIdentityNumber(REASON_OLD)
    if not _NUMBER.fullmatch(text):
        raise BadIdentityNumber(REASON_FORM)
    holds = check_digit(text[:17]) == text[17]
    if text.endswith("000") and not (from_original and holds):
        raise BadIdentityNumber(REASON_EXCEL)
    _birth_date(text)
    if not holds:
        raise BadIdentityNumber(REASON_CHECK)
    return IdentityNumber(text)


def check_digit(first17: str) -> str:
    """The 18th character for the first 17 digits. Raises BadIdentityNumber unless given exactly 17 digits."""
    if len(first17) != 17 or not (first17.isascii() and first17.isdigit()):
        raise BadIdentityNumber(REASON_FORM)
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first17, strict=True))
    return CHECK_DIGITS[total % 11]


def normalise_name(raw: str) -> str:
    """One spelling per name: half-width letters, one middle dot, no blanks between Chinese characters."""
    text = unicodedata.normalize("NFKC", raw)
    text = _SPACES.sub(" ", _NAME_DOTS.sub("·", text)).strip()
    # Letters that stand together now may compose: the result must be its own normal form.
    return unicodedata.normalize("NFKC", _SPACE_BY_HAN.sub("", text))


def surname(name: str) -> str:
    """The family name of a normalised Chinese name; the first character when nothing better is known."""
    name = normalise_name(name)
    return name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[:1]


def mask_name(name: str) -> str:
    """The surname and one star per hidden character, three at most: 何立新 becomes 何**."""
    name = normalise_name(name)
    kept = surname(name)
    return kept + "*" * min(len(name) - len(kept), MOST_STARS)


def _mend(raw: str) -> str:
    text = unicodedata.normalize("NFKC", raw).strip().lstrip("'’‘`")
    return _SPACES.sub("", text).replace("-", "").upper()


def _birth_date(text: str) -> date:
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        raise BadIdentityNumber(REASON_BIRTH) from None
    if born.year < EARLIEST_BIRTH_YEAR:
        raise BadIdentityNumber(REASON_BIRTH)
    return born
