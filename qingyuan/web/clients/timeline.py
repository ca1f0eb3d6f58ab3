"""A client's measures, isolation periods and tests as lanes of one line of time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.casework.rules import State
from qingyuan.reference.catalogue import get_list
from qingyuan.rehabilitation.models import Isolation, Measure
from qingyuan.rehabilitation.queries import Timeline
from qingyuan.rehabilitation.way import Way
from qingyuan.web import charts
from qingyuan.web.clients.way import lanes as lanes_beside

ROOM = timedelta(days=45)


def drawn(line: Timeline, way: Way, ends: Mapping[UUID, date], on: date) -> charts.Timeline:
    """The picture: one lane a kind of measure, then isolation, pauses, absences and control, then tests; what is ahead is dashed.

    ``ends``: by measure the day its term ends as its clock reckons it.
    """
    kinds = dict.fromkeys(one.kind for one in line.measures)
    lanes = [_measures(kind, line.measures, way.chain.moves, ends, on) for kind in kinds]
    if line.isolations:
        lanes.append(charts.Lane(_("强制隔离戒毒"), [_isolation(one) for one in line.isolations]))
    lanes += lanes_beside(way)
    lanes.append(charts.Lane(_("检测"), (), _marks(line, on)))
    days = [day for one in line.measures for day in (one.decided_on, one.ended_on or ends.get(one.pk) or one.ends_on) if day]
    days += [one.starts_on for one in way.chain.controls] + [one.left_on for one in way.absences]
    days += [one.decided_on for one in line.isolations] + [one.tested_on for one in line.tests] + [on]
    return charts.timeline(
        lanes, start=min(days) - ROOM, end=max(days) + ROOM, today=on, title=_("措施与检测的时间线")
    )


def _measures(kind: str, measures: Iterable[Measure], moves: Iterable[Any], ends: Mapping[UUID, date], on: date) -> charts.Lane:
    mine = [one for one in measures if one.kind == kind]
    spans = [
        span for one in mine for span in _spans(one, [move for move in moves if move.measure_id == one.pk], ends.get(one.pk) or one.ends_on, on)
    ]
    return charts.Lane(get_list("measures").said(kind), spans)


def _spans(measure: Measure, moves: Iterable[Any], ends: date | None, on: date) -> list[charts.Span]:
    href = reverse("web:ledger-row", args=("measures", measure.pk)) if measure.unit_id == measure.client.unit_id else ""
    began = measure.reported_on
    if began is None:
        return [charts.Span(measure.decided_on, measure.ended_on, _("未报到"), "gap", href)]
    spans = []
    if measure.decided_on < began:
        spans.append(charts.Span(measure.decided_on, began, _("决定至报到"), "gap", href))
    spans += _places(measure, began, measure.ended_on or on, moves, href)
    if measure.ended_on is None and ends and ends > on:
        label = _("预计 %(day)s 期满") % {"day": ends.isoformat()}
        spans.append(charts.Span(on, ends, label, "plan", href))
    return spans


def _places(measure: Measure, began: date, until: date, moves: Iterable[Any], href: str) -> list[charts.Span]:
    """One stretch a place, between them the way from one to the next; the time runs on through both."""
    spans, first, label = [], began, measure.division.name
    for move in moves:
        if not began <= move.moved_on <= until:
            continue
        spans.append(charts.Span(first, move.moved_on, _("原执行地") if first == began else label, "span", href))
        first, label = min(move.arrived_on or until, until), _("%(place)s(转入,时间连续)") % {"place": move.place}
        if first > move.moved_on:
            spans.append(charts.Span(move.moved_on, first, _("变更执行地"), "gap", reverse("web:ledger-row", args=("moves", move.pk))))
    return [*spans, charts.Span(first, until, label, "span", href)] if first < until or not spans else spans


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
    styles = {State.LATE: "missed", State.LOOKED_INTO: "missed", State.OPEN: "waiting", State.EXCUSED: "excused"}
    words = {
        State.LATE: _("%(day)s 前没有检测"),
        State.LOOKED_INTO: _("%(day)s 前没有检测,已查明"),
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
