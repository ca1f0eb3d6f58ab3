"""A client's measures, isolation periods and tests as lanes of one line of time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.casework.rules import State
from qingyuan.reference.catalogue import get_list
from qingyuan.rehabilitation.models import Isolation, Measure
from qingyuan.rehabilitation.queries import Timeline
from qingyuan.web import charts

ROOM = timedelta(days=45)


def drawn(line: Timeline, on: date) -> charts.Timeline:
    """The picture: one lane a kind of measure, then isolation, then tests; what is ahead is dashed."""
    lanes = [_measures(kind, line.measures, on) for kind in dict.fromkeys(one.kind for one in line.measures)]
    if line.isolations:
        lanes.append(charts.Lane(_("强制隔离戒毒"), [_isolation(one) for one in line.isolations]))
    lanes.append(charts.Lane(_("检测"), (), _marks(line, on)))
    days = [day for one in line.measures for day in (one.decided_on, one.ended_on or one.ends_on) if day]
    days += [one.decided_on for one in line.isolations] + [one.tested_on for one in line.tests] + [on]
    return charts.timeline(
        lanes, start=min(days) - ROOM, end=max(days) + ROOM, today=on, title=_("措施与检测的时间线")
    )


def _measures(kind: str, measures: Iterable[Measure], on: date) -> charts.Lane:
    spans = [span for one in measures if one.kind == kind for span in _spans(one, on)]
    return charts.Lane(get_list("measures").said(kind), spans)


def _spans(measure: Measure, on: date) -> list[charts.Span]:
    href = reverse("web:ledger-row", args=("measures", measure.pk)) if measure.unit_id == measure.client.unit_id else ""
    began = measure.reported_on
    if began is None:
        return [charts.Span(measure.decided_on, measure.ended_on, _("未报到"), "gap", href)]
    spans = []
    if measure.decided_on < began:
        spans.append(charts.Span(measure.decided_on, began, _("决定至报到"), "gap", href))
    spans.append(charts.Span(began, measure.ended_on or on, measure.division.name, "span", href))
    if measure.ended_on is None and measure.ends_on and measure.ends_on > on:
        label = _("预计 %(day)s 期满") % {"day": measure.ends_on.isoformat()}
        spans.append(charts.Span(on, measure.ends_on, label, "plan", href))
    return spans


def _isolation(row: Isolation) -> charts.Span:
    return charts.Span(row.decided_on, row.released_on, _("强制隔离"), "pause")


def _marks(line: Timeline, on: date) -> list[charts.Mark]:
    """Tests on their day; windows on their last day: missed, waiting or lawfully absent. What a former unit did or left undone
    is shown and opens nothing: its rows stayed there."""
    own = line.client.unit_id
    marks = [
        charts.Mark(
            test.tested_on,
            "done",
            _("%(day)s 已检测") % {"day": test.tested_on.isoformat()},
            reverse("web:ledger-row", args=("tests", test.pk)) if test.unit_id == own else "",
        )
        for test in line.tests
    ]
    styles = {State.LATE: "missed", State.OPEN: "waiting", State.EXCUSED: "excused"}
    words = {
        State.LATE: _("%(day)s 前没有检测"),
        State.OPEN: _("%(day)s 前检测"),
        State.EXCUSED: _("%(day)s 合法缺席"),
    }
    for due in line.dues:
        state = due.state_on(on)
        if state in styles:
            href = reverse("web:due-detail", args=(due.pk,)) if due.unit_id == own else ""
            title = words[state] % {"day": due.last_day.isoformat()}
            marks.append(charts.Mark(due.last_day, styles[state], title, href))
    return marks
