"""Numbers of headings (结构层次序数, GB/T 9704 7.3.3): 一、 （一） 1. （1）."""

from __future__ import annotations

from qingyuan.documents.model import BadDocument, Heading

_DIGITS = "零一二三四五六七八九"


def chinese_numeral(number: int) -> str:
    """1..99 in Chinese numerals: 10 is 十, 21 is 二十一.

    Raises BadDocument outside that range.
    """
    if not 1 <= number <= 99:
        raise BadDocument(f"同一层次的标题最多 99 个，收到第 {number} 个。请拆成几份公文或合并标题。")
    tens, units = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[units] if units else "")


def label(level: int, number: int) -> str:
    """The printed number of a heading, with its punctuation."""
    if level == 1:
        return f"{chinese_numeral(number)}、"
    if level == 2:
        return f"（{chinese_numeral(number)}）"
    if level == 3:
        return f"{number}."
    return f"（{number}）"


class HeadingCounter:
    """Counts headings through one document; a higher heading starts the lower ones again."""

    def __init__(self) -> None:
        self._counts = [0, 0, 0, 0]

    def label_of(self, heading: Heading) -> str:
        """Number for the next heading; empty when it is not numbered."""
        if not heading.numbered:
            return ""
        place = heading.level - 1
        self._counts[place] += 1
        self._counts[place + 1 :] = [0] * (3 - place)
        return label(heading.level, self._counts[place])
