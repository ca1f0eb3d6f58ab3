"""How far off a day is, in words and with the tone that belongs to it; for pages, lists and digests alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

SOON_WITHIN: Final = 1


@dataclass(frozen=True)
class TimeLeft:
    """``tone`` is late, soon, calm, good or grey; ``day`` is shown on hover and on paper."""

    tone: str
    words: str
    day: date


def time_left_words(due: date, today: date, soon_within: int = SOON_WITHIN) -> TimeLeft:
    """「逾期 3 天」「今天」「明天到期」「还有 6 天」 with the tone that belongs to it."""
    days = (due - today).days
    if days < 0:
        return TimeLeft("late", _("逾期 %(days)s 天") % {"days": -days}, due)
    tone = "soon" if days <= soon_within else "calm"
    if days == 0:
        return TimeLeft(tone, _("今天"), due)
    if days == 1:
        return TimeLeft(tone, _("明天到期"), due)
    return TimeLeft(tone, _("还有 %(days)s 天") % {"days": days}, due)
