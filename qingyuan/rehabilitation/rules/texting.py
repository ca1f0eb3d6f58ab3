"""When the one text a person may get goes: by day, once a day, while the window is open. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Final

from qingyuan.casework.reminders.rules import not_before
from qingyuan.foundation.clock import ZONE

#: Nobody's telephone rings about this at night: hours of Asia/Shanghai, [21, 8) is quiet.
QUIET_FROM: Final = 21
QUIET_TO: Final = 8
_DAY: Final = timedelta(days=1)
#: Mobile numbers of mainland China, as YD/T and E.164 have them: eleven digits, the first two 13 to 19.
_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")


def mobile(typed: str) -> str:
    """The eleven digits of a mobile number as somebody wrote it (+86, gaps and dashes fall away); "" for anything else, such as
    a number with an area code, which takes no texts."""
    digits = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", typed))
    digits = re.sub(r"^(\+86|0086|86(?=1[3-9][0-9]{9}$))", "", digits)
    return digits if _MOBILE.fullmatch(digits) else ""


def when(now: datetime, *, opens_on: date, closes_on: date, last_on: date | None) -> datetime | None:
    """The first moment, from ``now`` on, at which a text about a window [``opens_on``, ``closes_on``) may go: not at night and not on a
    day on which the person got one (``last_on``, the latest such day). None where the window closes before."""
    first = max(opens_on, last_on + _DAY) if last_on is not None else opens_on
    morning = datetime.combine(first, time(QUIET_TO), ZONE)
    moment = not_before(max(now.astimezone(ZONE), morning), QUIET_FROM, QUIET_TO)
    return moment if moment.astimezone(ZONE).date() < closes_on else None


def is_last_day(moment: datetime, closes_on: date) -> bool:
    """Whether after the day of ``moment`` no text about the window may go any more."""
    return moment.astimezone(ZONE).date() + _DAY >= closes_on
