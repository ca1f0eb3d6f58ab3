"""A letter's score is live though months are closed: where the two differ, both stand beside the clause."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from qingyuan.governance.queries.score import Drill
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.organisation.scope import in_own_scope
from qingyuan.reference.period_words import period_label
from qingyuan.reference.periods import Period, ytd
from qingyuan.situation.queries import closing, read


def late_since_closing(drill: Drill, division: Division, reader: Actor, on: date) -> str:
    """«2022年1—9月已关账 12 次;补报 +2», for the closed months of the scored ones; "" where nothing came in later."""
    if drill.source != "indicator" or drill.unit_id is not None:  # months are closed for places
        return ""
    period = closed_run(division, drill.period)
    moment = closing.closed_at(division.pk, period) if period is not None else None
    if period is None or moment is None:
        return ""
    then = read(code=drill.code, division=division, period=period, reader=reader, on=on, known=moment)
    now = read(code=drill.code, division=division, period=period, reader=reader, on=on)
    late = closing.late(then, now, moment, own=in_own_scope(reader, division.pk, on))
    if not late.words:
        return ""
    return _("%(period)s已关账 %(closed)s;%(late)s") % {
        "period": period_label(period),
        "closed": then.text,
        "late": late.words,
    }


def closed_run(division: Division, period: Period) -> Period | None:
    """January to the last month that is closed together with all before it; None where January is open."""
    run = None
    for month in period.months():
        if closing.closed_at(division.pk, month) is None:
            return run
        run = ytd(month)
    return run
