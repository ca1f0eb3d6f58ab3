"""A due in words: which window it is, what it is today, why it is asked for. Shared by every page that shows dues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from qingyuan.casework.actions.dues import FINDINGS
from qingyuan.casework.models import Due
from qingyuan.casework.rules import State
from qingyuan.foundation.time_left import TimeLeft, time_left_words
from qingyuan.foundation.words import in_english
from qingyuan.reference import schedules, statutes
from qingyuan.reference.catalogue import get_list
from qingyuan.rehabilitation.models import Measure

BASIS = "NL35"
SOON = 7


@dataclass(frozen=True)
class DueWords:
    """``left`` is the tag (tone and words); ``label`` which test of which year; ``why`` the reckoning with its article."""

    due: Due
    left: TimeLeft
    label: str
    window: str
    why: str
    state: State


def words(due: Due, measure: Measure | None, on: date) -> DueWords:
    """``measure`` is the one the due belongs to; without it the window is told but not counted."""
    state = due.state_on(on)
    return DueWords(
        due=due,
        left=_left(due, state, on),
        label=label(due, measure),
        window=_("%(opens)s 至 %(last)s") % {"opens": due.opens_on.isoformat(), "last": due.last_day.isoformat()},
        why=_("自报到日起算 · %(cite)s") % {"cite": statutes.cite(BASIS).said},
        state=state,
    )


def label(due: Due, measure: Measure | None) -> str:
    """「第二年第 3 次」, counted from the report day by the measure's schedule."""
    if measure is None or measure.reported_on is None:
        return _("第 %(position)s 次") % {"position": due.position}
    found = [window for window in schedules.windows(due.schedule, measure.reported_on) if window.index == due.position]
    if not found:
        return _("第 %(position)s 次") % {"position": due.position}
    year = str(found[0].year) if in_english() else statutes.chinese_number(found[0].year)
    return _("第%(year)s年第 %(turn)d 次") % {"year": year, "turn": found[0].turn}


def found(due: Due) -> str:
    """What came of a missed window, in the list's words; empty while nobody has said."""
    return get_list(FINDINGS).said(due.found) if due.found else ""


def _left(due: Due, state: State, on: date) -> TimeLeft:
    if state == State.LATE:
        return TimeLeft("late", _("逾期 %(days)s 天") % {"days": (on - due.last_day).days}, due.last_day)
    if state == State.LOOKED_INTO:
        return TimeLeft("grey", _("缺检,已查明"), due.last_day)
    if state == State.OPEN:
        return time_left_words(due.last_day, on, SOON)
    if state == State.AHEAD:
        days = (due.opens_on - on).days
        return TimeLeft("grey", _("%(days)s 天后开始") % {"days": days}, due.opens_on)
    if state == State.DONE:
        return TimeLeft("good", _("已检测"), due.done_on or due.last_day)
    if state == State.EXCUSED:
        return TimeLeft("grey", _("合法缺席"), due.last_day)
    return TimeLeft("grey", _("不再需要"), due.last_day)
