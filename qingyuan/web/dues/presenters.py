"""Dues in the shapes of the page: tabs, rows with names as the reader may see them, towns for the office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.casework.models import Due
from qingyuan.casework.models.due import DueQuerySet
from qingyuan.casework.rules import State
from qingyuan.foundation.counting import how_much
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.identity import mask_name
from qingyuan.indicators.disclosure import Shown, suppress
from qingyuan.indicators.queries import evaluate
from qingyuan.indicators.query import IndicatorQuery
from qingyuan.journeys import due_words
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division
from qingyuan.organisation.scope import in_own_scope, reads_clear
from qingyuan.reference.period_words import period_label
from qingyuan.reference.periods import Period
from qingyuan.rehabilitation.models import Measure
from qingyuan.rehabilitation.queries import measures_by_id
from qingyuan.web import shapes
from qingyuan.web.behind import openly_sorted
from qingyuan.web.order_links import href_of_figure

OPEN, LATE, LOOKED_INTO, AHEAD, DONE, EXCUSED = "open", "late", "looked_into", "ahead", "done", "excused"
STATES = (OPEN, LATE, LOOKED_INTO, AHEAD, DONE, EXCUSED)
DAYS_AHEAD = 30
MISSING = "missing"
TEST_RATE = "R05"


@dataclass(frozen=True)
class Tab:
    label: str
    href: str
    current: bool
    note: str


def narrowed(dues: DueQuerySet, state: str, period: Period, on: date) -> DueQuerySet:
    """Open, late and coming windows are today's work whatever the period; what is done, excused or looked into belongs to one."""
    inside = dues.falling_due(period.start, period.end)
    return {
        OPEN: dues.open_on(on),
        LATE: dues.late_on(on).order_by("-closes_on", "pk"),
        LOOKED_INTO: inside.missed_on(on).exclude(found="").order_by("-closes_on", "pk"),
        AHEAD: dues.opening_within(on, DAYS_AHEAD),
        DONE: inside.filter(outcome=DONE),
        EXCUSED: inside.filter(outcome=EXCUSED),
    }[state]


def tabs(dues: DueQuerySet, chosen: str, period: Period, on: date) -> list[Tab]:
    labels = {
        OPEN: _("窗口开着"),
        LATE: _("窗口已过没做"),
        LOOKED_INTO: _("缺检,已查明(%(period)s)") % {"period": period_label(period)},
        AHEAD: _("%(days)s 天内开始") % {"days": DAYS_AHEAD},
        DONE: _("已检测(%(period)s)") % {"period": period_label(period)},
        EXCUSED: _("合法缺席(%(period)s)") % {"period": period_label(period)},
    }
    here = reverse("web:dues")
    told = how_much([narrowed(dues, state, period, on) for state in labels])
    return [
        Tab(label, f"{here}?state={state}", state == chosen, shapes.much(much))
        for (state, label), much in zip(labels.items(), told, strict=True)
    ]


def shown_name(measure: Measure | None, clear: bool) -> str:
    if measure is None:
        return _("(措施已作废)")
    return measure.client.name if clear else mask_name(measure.client.name)


def names_clear(actor: Actor) -> bool:
    return reads_clear(actor, compartment=Compartment.COMMUNITY)


def table(dues: Iterable[Due], actor: Actor, on: date, empty: shapes.Empty) -> shapes.Table:
    """The rows of the list: who, which window, what it is today, the one thing to do."""
    listed = list(dues)
    measures = measures_by_id({due.subject_id for due in listed})
    clear = names_clear(actor)
    headers = [shapes.Header(_("状态")), shapes.Header(_("姓名")), shapes.Header(_("哪一次")), shapes.Header(_("窗口"))]
    headers += [shapes.Header(_("执行地")), shapes.Header(_("检测日"))]
    return shapes.Table(headers, [_row(due, measures.get(due.subject_id), clear, on) for due in listed], empty)


def _row(due: Due, measure: Measure | None, clear: bool, on: date) -> shapes.Row:
    said = due_words.words(due, measure, on)
    href = reverse("web:due-detail", args=(due.pk,))
    action = None
    if said.state == State.OPEN and measure is not None:
        action = (_("记检测"), reverse("web:person-test", args=(measure.client_id,)) + f"?due={due.pk}")
    elif said.state == State.LATE:
        action = (_("核对"), href)
    return shapes.Row(
        [
            shapes.Cell(said.left.words, tone=said.left.tone, note=due_words.found(due)),
            shapes.Cell(shown_name(measure, clear), href=href),
            shapes.Cell(said.label),
            shapes.Cell(said.window),
            shapes.Cell(due.division.name),
            shapes.Cell(due.done_on.isoformat() if due.done_on else ""),
        ],
        action=action,
    )


def empty(state: str) -> shapes.Empty:
    words = {
        OPEN: (_("现在没有开着的检测窗口"), _("到期的会自动出现在这里;先在“社区戒毒社区康复台账”登记报到日期。")),
        LATE: (_("没有窗口已过没做的检测"), _("每一次都做了,或者登记了合法缺席、查明的情况。")),
        LOOKED_INTO: (_("这一时期没有查明的缺检"), _("打开没有做的那一次,登记查明的情况;数里仍然算缺检。")),
        AHEAD: (_("近期没有要开始的检测"), _("窗口开始时会出现在“今天”里。")),
        DONE: (_("这一时期还没有检测"), _("换一个时期看看,或导入检测台账。")),
        EXCUSED: (_("这一时期没有登记合法缺席"), _("住院、羁押、请假等,打开那一次登记。")),
    }
    return shapes.Empty(*words[state])


def towns(division: Division, period: Period, reader: Actor, on: date) -> shapes.Table:
    """For those who may not see people: tests not done by town, small counts closed; each number opens."""
    matrix = evaluate(IndicatorQuery(indicator=TEST_RATE, period=period, children_of=division.pk, as_of=on))
    missing = {place: matrix.value(place).amount(MISSING) for place in matrix.places}
    counts = {place: None if amount is None else int(amount) for place, amount in missing.items()}
    own = {place for place in counts if in_own_scope(reader, place, on)}
    closed = suppress(counts, sum(count or 0 for count in counts.values()), own=own).cells
    codes = dict(Division.objects.filter(pk__in=list(counts)).values_list("pk", "code"))
    headers = [shapes.Header(_("乡镇(街道)")), shapes.Header(_("缺检人次"), numeric=True)]
    headers.append(shapes.Header(_("应检尽检率"), numeric=True))
    rows = []
    known = {place: count for place, count in sorted(counts.items(), key=lambda item: codes[item[0]]) if count}
    for place in openly_sorted(known, closed):
        count = known[place]
        text = str(count) if closed[place] is Shown.EXACT else "<5" if closed[place] is Shown.FEW else "—"
        href = f"{reverse('web:dues')}?indicator={TEST_RATE}&part={MISSING}&division={codes[place]}&period={period}"
        value = matrix.value(place)
        rate = f"{value.words()}%" if closed[place] is Shown.EXACT and not value.turns_on_few else "—"
        cells = [shapes.Cell(matrix.names[place]), shapes.Cell(text, href=href, numeric=True), shapes.Cell(rate, numeric=True)]
        order = ""
        if closed[place] is not Shown.HIDDEN:
            order = href_of_figure(
                reader, on, indicator=TEST_RATE, part=MISSING, place=codes[place], span=str(period)
            )
        rows.append(shapes.Row(cells, action=(_("督办"), order) if order else None))
    return shapes.Table(headers, rows, shapes.Empty(_("这一时期没有缺检"), _("换一个时期看看。")))
