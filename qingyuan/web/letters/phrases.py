"""The sentences of a score in English. They are made in Chinese and hashed with the score, so a page says them phrase by phrase.

Each phrase is a message of the catalogue; its gaps are numbers, units and words of data. What no phrase fits (a city's own
words) stays as it is written.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from qingyuan.foundation.words import in_english, said

_SENTENCES: Final = re.compile(r"( · |；|;|(?<!\d),|,(?!\d))")
_LISTS: Final = re.compile(r"(、|且)")
_WRITTEN: Final = {"；": "; ", ";": "; ", ",": ", ", "、": ", ", "且": " and "}
_GAP: Final = re.compile(r"%\\\((\w+)\\\)s")
_NUMBER: Final = r"[−+-]?[\d.,]+(?:%|‰)?"
_WORD: Final = r".+?"
_UNIT: Final = r"[^\s\d,;；、·:()“”]*?"
_NUMBERS, _UNITS = frozenset("nmab"), frozenset("uv")
GRADES: Final = (_("差"), _("中"), _("良"), _("优"))
TWO_GRADES: Final = {"或": _("%(best)s或%(least)s"), "至": _("%(best)s至%(least)s")}
PHRASES: Final = (
    # What a rule says.
    _("分档"),
    _("按比例"),
    _("每缺一件扣分"),
    _("人工评定"),
    _("按次计分"),
    _("一票否决"),
    _("缺则不得分"),
    _("封顶"),
    _("满分 %(n)s"),
    _("每%(w)s %(n)s %(u)s扣 %(m)s(不足的按一个算)"),
    _("每%(w)s %(n)s %(u)s扣 %(m)s(不足的不扣)"),
    _("每%(w)s %(n)s %(u)s扣 %(m)s"),
    _("每%(w)s %(n)s扣 %(m)s"),
    _("应有 %(n)s %(u)s"),
    _("扣完为止"),
    _("最多扣 %(n)s"),
    _("≥ %(n)s%(u)s 得 %(m)s"),
    _("≤ %(n)s%(u)s 得 %(m)s"),
    _("低于 %(n)s%(u)s 得 %(m)s"),
    _("超过 %(n)s%(u)s 得 %(m)s"),
    _("不论多少都得 %(n)s"),
    _("不高于 %(n)s%(u)s 得 %(m)s"),
    _("不低于 %(n)s%(u)s 得 %(m)s"),
    _("之间按比例"),
    _("由%(w)s在 0 到 %(n)s 分之间评定"),
    _("写明理由"),
    _("%(w)s每%(u)s %(n)s(最多 %(m)s)"),
    _("%(w)s每%(u)s %(n)s"),
    _("最多 %(n)s"),
    _("未达到%(w)s不少于 %(n)s %(u)s"),
    _("%(w)s不少于 %(n)s %(u)s"),
    _("得 %(n)s"),
    _("否则不得分"),
    _("%(w)s %(n)s %(u)s及以上的"),
    _("本条 %(n)s 分不得"),
    _("并一票否决"),
    _("等次定为“%(w)s”"),
    _("总分计 0"),
    _("%(w)s少于 %(n)s 次的不得分"),
    # What came of it.
    _("未触发"),
    _("封顶得 %(n)s"),
    _("不得分"),
    _("取 %(n)s 位小数得 %(m)s"),
    _("%(w)s评定 %(n)s"),
    _("限 0 到 %(n)s 分"),
    _("%(n)s%(u)s 不高于 %(m)s%(v)s"),
    _("%(n)s%(u)s 不低于 %(m)s%(v)s"),
    _("%(n)s%(u)s 低于 %(m)s%(v)s"),
    _("%(n)s%(u)s 超过 %(m)s%(v)s"),
    _("数据未到:%(w)s(尚未评定)"),
    _("数据未到:%(w)s(没有这个取数)"),
    _("数据未到:%(w)s"),
    _("%(w)s:没有应办事项"),
    _("按满分计"),
    _("按零分计"),
    _("按条款不得分"),
    _("本条不适用"),
    _("条款没有写明怎么计"),
    _("请考核组裁定"),
    _("分值由其余条款按比例分摊"),
    _("不适用"),
    _("分值另行折算"),
    _("人数过少"),
    _("不公开"),
    # About the total, and what moved it.
    _("距%(w)s差 %(n)s 分"),
    _("数据未到齐"),
    _("等次待定(%(w)s都有可能)"),
    _("%(w)s:合计 %(n)s"),
    _("封顶 %(n)s"),
    _("%(n)s 分的条款不适用"),
    _("其余按 %(a)s ÷ %(b)s 折算"),
    _("另有 %(n)s 分数据未到或待裁定"),
    _("没有计入"),
    _("也没有算作失分"),
    _("一票否决:%(w)s"),
    _("否决撤销:%(w)s"),
    _("否决事项尚未认定:%(w)s"),
    _("没有变化"),
    _("等 %(n)s 处变化"),
    _("增加条款“%(w)s”"),
    _("取消条款“%(w)s”"),
    _("规则或取数口径有变"),
    _("“%(w)s”数据已到"),
    _("“%(w)s”数据缺失"),
    _("“%(w)s”应办事项由无变有"),
    _("“%(w)s”应办事项由有变无"),
    _("%(w)s增 %(n)s 个百分点"),
    _("%(w)s减 %(n)s 个百分点"),
    _("%(w)s增 %(n)s %(u)s"),
    _("%(w)s减 %(n)s %(u)s"),
    _("%(w)s增 %(n)s"),
    _("%(w)s减 %(n)s"),
    _("等次由%(w)s变为%(x)s"),
    # Any number by its name.
    _("%(w)s %(n)s %(u)s"),
    _("%(w)s %(n)s"),
)


def phrased(text: str) -> str:
    """A sentence of the score in the language of the page."""
    return _in_pieces(text, _SENTENCES, _LISTS) if text and in_english() else text


def _in_pieces(text: str, *separators: re.Pattern[str]) -> str:
    """The whole as one phrase, else its pieces: a word of data may hold what elsewhere separates."""
    known = _said(text)
    if known != text or not separators:
        return known
    first, *rest = separators
    pieces = enumerate(first.split(text))
    return "".join(_WRITTEN.get(piece, piece) if place % 2 else _in_pieces(piece, *rest) for place, piece in pieces)


def graded(word: str) -> str:
    """What stands in the place of points that are closed («优或良», «优至中»): a word of four, or two of them."""
    if not in_english():
        return word
    for joint, phrase in TWO_GRADES.items():
        best, found, least = word.partition(joint)
        if found:
            return gettext(phrase) % {"best": _grade(best), "least": _grade(least)}
    return _grade(word)


def _grade(word: str) -> str:
    return gettext(word) if word in GRADES else phrased(word)


def _said(piece: str) -> str:
    if (known := said(piece)) != piece:
        return known
    for phrase, pattern in _patterns():
        if found := pattern.fullmatch(piece):
            gaps = {name: _filled(name, text) for name, text in found.groupdict().items()}
            if all(text is not None for text in gaps.values()):
                return (gettext(phrase) % gaps if gaps else gettext(phrase)).strip()
    return piece


def _filled(name: str, text: str) -> str | None:
    """A gap in English; None where a word is none of data, so that another phrase may fit."""
    if name in _NUMBERS or not text:
        return text
    known = ", ".join(map(said, text.split("、"))) if said(text) == text else said(text)
    return None if known == text and name in ("w", "x") and re.search(r"\d", text) else known


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((phrase, re.compile(_GAP.sub(_group, re.escape(phrase)))) for phrase in PHRASES)


def _group(gap: re.Match[str]) -> str:
    name = gap[1]
    return f"(?P<{name}>{_NUMBER if name in _NUMBERS else _UNIT if name in _UNITS else _WORD})"
