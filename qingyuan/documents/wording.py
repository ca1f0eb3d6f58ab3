"""Small words that stand on documents: dates, numbers of attachments, and text made tight for print."""

from __future__ import annotations

import re
from datetime import date

_CJK = "\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_LOOSE = re.compile(f"(?<=[{_CJK}]) +(?=[0-9A-Za-z])|(?<=[0-9A-Za-z%‰]) +(?=[{_CJK}])")


def tight(text: str) -> str:
    """Text without the spaces that pages put between Chinese and figures: '2022 年 1—10 月' to '2022年1—10月'.

    Official documents set none; spaces between Latin words stay.
    """
    return _LOOSE.sub("", text)


_HAN = re.compile(f"[{_CJK}]")
_NARROW = re.compile(r"(?<!\d)[,:]|[,:](?!\d)|[;()]")
_WIDER = str.maketrans(",;:()", "，；：（）")


def wide(text: str) -> str:
    """Punctuation as papers set it: of a Chinese text in full width. «1,234» and «10:30» stay, and so does a text without Chinese."""
    return _NARROW.sub(lambda found: found[0].translate(_WIDER), text) if _HAN.search(text) else text


def chinese_date(day: date) -> str:
    """成文日期 in Arabic figures without leading zeros (GB/T 9704 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def attachment_labels(count: int) -> tuple[str, ...]:
    """附件说明: a single one is not numbered, several are numbered with 1. 2. …"""
    if count == 1:
        return ("",)
    return tuple(f"{number}." for number in range(1, count + 1))
