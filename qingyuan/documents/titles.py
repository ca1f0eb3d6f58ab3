"""How long titles break into even lines, and how large a red head may be.

GB/T 9704 7.3.1: a title on several lines keeps words whole, stands centred and even. No dictionary is needed: a line
breaks best after a function word, never inside brackets, digits or before punctuation.
"""

from __future__ import annotations

import unicodedata

from qingyuan.documents import sheet

_GOOD_AFTER = ("关于", "的", "和", "与", "及", "年度", "情况", "工作", "委员会", "》", "）", "、")
_GOOD_BEFORE = ("关于", "工作", "的", "情况", "责任", "考核", "《", "（")
_POOR_BEFORE = ("的", "和", "与", "及")
_NEVER_BEFORE = "，。、；：！？）》〉】〕”’％%·—"
_NEVER_AFTER = "（《〈【〔“‘第·—"
_OPENING, _CLOSING = "（《〈【〔“", "）》〉】〕”"
_SHORT_QUOTE = 14


def width(text: str) -> float:
    """Width in full-width characters; Latin letters and digits count as half."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)


def balance(title: str, per_line: int = int(sheet.TEXT_WIDTH_PT / sheet.TITLE_PT)) -> tuple[str, ...]:
    """Lines of a title, none wider than `per_line` characters where it can be helped.

    Line breaks in the title are kept as they are; only over-long pieces are broken further.
    """
    return tuple(line for piece in title.splitlines() if piece.strip() for line in _break(piece.strip(), per_line))


def _break(text: str, per_line: int) -> tuple[str, ...]:
    lines = -(-width(text) // per_line)
    if lines <= 1:
        return (text,)
    cut = _best_cut(text, width(text) / lines, per_line)
    return (text[:cut].strip(), *_break(text[cut:].strip(), per_line))


def _best_cut(text: str, aim: float, per_line: int) -> int:
    """Index where the first line ends: nearest to `aim`, weighed by how good the break is."""
    candidates = [place for place in range(1, len(text)) if width(text[:place]) <= per_line and _allowed(text, place)]
    if not candidates:
        return next((place for place in range(len(text) - 1, 0, -1) if width(text[:place]) <= per_line), 1)
    return min(candidates, key=lambda place: (abs(width(text[:place]) - aim) - _bonus(text, place), place))


def _allowed(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if after in _NEVER_BEFORE or before in _NEVER_AFTER:
        return False
    if _latin(before) and (_latin(after) or after in "年月日号〕%"):
        return False
    return not _inside_brackets(text, place)


def _latin(char: str) -> bool:
    return char.isascii() and not char.isspace()


def _inside_brackets(text: str, place: int) -> bool:
    """Whether the cut falls into a short quotation or bracket, which is kept whole."""
    start = max((text.rfind(mark, 0, place) for mark in _OPENING), default=-1)
    if start < 0 or any(mark in text[start:place] for mark in _CLOSING):
        return False
    ends = [end for mark in _CLOSING if (end := text.find(mark, place)) >= 0]
    return bool(ends) and min(ends) - start <= _SHORT_QUOTE


def _bonus(text: str, place: int) -> float:
    bonus = 0.0
    if text[:place].endswith(_GOOD_AFTER):
        bonus += 2.0
    if text[place:].startswith(_GOOD_BEFORE):
        bonus += 1.0
    if text[place:].startswith(_POOR_BEFORE):
        bonus -= 2.5
    return bonus


def red_head_size(text: str, largest: float = sheet.RED_HEAD_MAX_PT) -> float:
    """Size in points at which a red head fills at most the text width on one line; halves of a point.

    Very long heads stop at 22 pt (the size of the title) and then wrap.
    """
    if not text:
        return largest
    fit = sheet.TEXT_WIDTH_PT * 0.97 / max(width(text), 1.0)
    return max(sheet.RED_HEAD_MIN_PT, min(largest, int(fit * 2) / 2))
