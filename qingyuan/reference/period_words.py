"""A period in the words of the reader's language."""

from __future__ import annotations

from qingyuan.foundation.words import in_english
from qingyuan.reference.periods import Period


def period_label(period: Period) -> str:
    return period.label_en if in_english() else period.label_zh
