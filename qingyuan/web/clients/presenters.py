"""Clients in the words of the page. No grade, colour or likelihood of anything: only dates, their clocks and reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.foundation import identity
from qingyuan.foundation.names import NameAsked, Way
from qingyuan.ledgers.presenting import mask_id_number
from qingyuan.organisation.models import Account
from qingyuan.reference import measure_terms, schedules
from qingyuan.reference.catalogue import get_list
from qingyuan.rehabilitation.models import Client, Measure
from qingyuan.rehabilitation.queries import Standing, Timeline
from qingyuan.web import due_words, shapes
from qingyuan.web.name_words import way_said
from qingyuan.web.templatetags.look import TimeLeft, time_left_words

SOON = 30
REPORT_SOON = 3


@dataclass(frozen=True)
class Clock:
    """One line of the clocks card: what, when, how it is reckoned. ``href`` opens what it rests on."""

    title: str
    left: TimeLeft
    why: str
    day: date
    href: str = ""


def status(standing: Standing, on: date) -> tuple[str, str]:
    """The measure's own state as (words, tone of the tag)."""
    measure = standing.measure
    if measure is None:
        return _("没有措施"), "grey"
    kind = get_list("measures").said(measure.kind)
    if measure.ended_on is not None and measure.ended_on <= on:
        reason = get_list("measure_end_reasons").said(measure.end_reason)
        return _("%(kind)s %(reason)s") % {"kind": kind, "reason": reason}, "grey"
    if measure.reported_on is None:
        return _("%(kind)s 待报到") % {"kind": kind}, "soon"
    return _("%(kind)s 执行中") % {"kind": kind}, "acc"


def is_current(standing: Standing, on: date) -> bool:
    measure = standing.measure
    return measure is not None and (measure.ended_on is None or measure.ended_on > on)


def order(standing: Standing) -> tuple[int, date]:
    """Who has waited longest comes first: open windows by their last day."""
    return (0, standing.next_due.closes_on) if standing.next_due else (1, date.max)


def table(
    clients: Sequence[Client], standings: Mapping[UUID, Standing], on: date, empty: shapes.Empty, asked: str = ""
) -> shapes.Table:
    """``asked``: what was searched for, so that a name found by a part of it says by which."""
    workers = _workers({client.caseworker_id for client in clients})
    headers = [_("姓名"), _("性别、年龄"), _("措施"), _("执行地"), _("下一次检测"), _("期满"), _("社工")]
    rows = [_row(client, standings[client.pk], workers, on, NameAsked.of(asked)) for client in clients]
    return shapes.Table([shapes.Header(label) for label in headers], rows, empty, caption=_("服务对象"))


def _row(client: Client, standing: Standing, workers: Mapping[int, str], on: date, asked: NameAsked) -> shapes.Row:
    words, tone = status(standing, on)
    due = standing.next_due
    left = due_words.words(due, standing.measure, on).left.words if due else ""
    late = _("窗口已过没做 %(count)s 次") % {"count": standing.late} if standing.late else ""
    ends = standing.measure.ends_on if standing.measure and is_current(standing, on) else None
    way = asked.way(client.name)
    why = way_said(way) if way is not None and way is not Way.WHOLE else ""
    cells = [
        shapes.Cell(client.name, note=why, href=reverse("web:person-detail", args=(client.pk,))),
        shapes.Cell(_("%(sex)s · %(age)s 岁") % {"sex": sex(client), "age": age(client, on)}),
        shapes.Cell(words, tone=tone),
        shapes.Cell(client.division.name),
        shapes.Cell(left, note=late),
        shapes.Cell(ends.isoformat() if ends else ""),
        shapes.Cell(workers.get(client.caseworker_id or 0, _("专干直接负责"))),
    ]
    return shapes.Row(cells)


def _workers(ids: set[int | None]) -> dict[int, str]:
    return dict(Account.objects.filter(pk__in=[pk for pk in ids if pk]).values_list("pk", "name"))


def sex(client: Client) -> str:
    return get_list("sexes").said(client.sex)


def age(client: Client, on: date) -> int:
    return identity.parse(client.id_number, from_original=True).age_on(on)


def masked_number(client: Client) -> str:
    return mask_id_number(client.id_number)


def worker(client: Client) -> str:
    return _workers({client.caseworker_id}).get(client.caseworker_id or 0, "")


def clocks(line: Timeline, standing: Standing, on: date) -> list[Clock]:
    """What runs for this client now, each with how it is reckoned and its article."""
    measure = standing.measure
    if measure is None or not is_current(standing, on):
        return []
    found = []
    if measure.reported_on is None:
        found.append(_report_clock(measure, on))
    due = standing.next_due
    if due is not None:
        said = due_words.words(due, measure, on)
        plan = schedules.get_schedule(due.schedule).said
        href = reverse("web:due-detail", args=(due.pk,))
        title = _("下一次检测窗口") if due.opens_on > on else _("这一次检测窗口")
        why = _("%(label)s,%(window)s · %(plan)s") % {"label": said.label, "window": said.window, "plan": plan}
        found.append(Clock(title, said.left, why, due.last_day, href))
    if measure.ends_on is not None:
        found.append(_end_clock(measure, measure.ends_on, on))
    return [clock for clock in found if clock is not None]


def _report_clock(measure: Measure, on: date) -> Clock | None:
    received = measure.served_on or measure.decided_on
    try:
        counted = measure_terms.report_due(measure.kind, received)
    except measure_terms.BadTerm:
        return None
    what = _("送达") if measure.served_on else _("决定")
    why = _("%(day)s %(what)s,%(amount)s 日内报到 · %(cite)s") % {
        "day": received.isoformat(),
        "what": what,
        "amount": counted.terms[0].amount,
        "cite": counted.basis,
    }
    return Clock(_("报到期限"), time_left_words(counted.day, on, REPORT_SOON), why, counted.day)


def _end_clock(measure: Measure, ends_on: date, on: date) -> Clock:
    """The end of the term: the printed day holds; where the law fixes the length, how it would be reckoned stands beside."""
    href = reverse("web:ledger-row", args=("measures", measure.pk))
    why = _("以决定书写明的期满日为准")
    if measure.reported_on is not None:
        try:
            term = measure_terms.measure_term(measure.kind, measure.reported_on)
        except measure_terms.BadTerm:
            pass
        else:
            why = _("%(day)s 报到,期限三年 · %(cite)s") % {
                "day": measure.reported_on.isoformat(),
                "cite": term.citation.said,
            }
            if term.differs_from(ends_on):
                why = _("%(why)s;推算为 %(computed)s,台账写的是 %(printed)s,请核对决定书") % {
                    "why": why,
                    "computed": term.last_day.isoformat(),
                    "printed": ends_on.isoformat(),
                }
    return Clock(_("期满"), time_left_words(ends_on, on, SOON), why, ends_on, href)


@dataclass(frozen=True)
class MeasureLine:
    href: str
    title: str
    words: str
    tone: str
    days: str


def measures(line: Timeline, on: date) -> list[MeasureLine]:
    """The measures with their days, the newest first."""
    found = []
    for measure in reversed(line.measures):
        words, tone = status(Standing(measure, None, 0), on)
        days = [
            (_("决定"), measure.decided_on),
            (_("送达"), measure.served_on),
            (_("报到"), measure.reported_on),
            (_("协议"), measure.agreement_on),
            (_("结束"), measure.ended_on),
        ]
        said = " · ".join(f"{label} {day.isoformat()}" for label, day in days if day)
        title = f"{measure.division.name} · {measure.unit.label}"
        found.append(MeasureLine(reverse("web:ledger-row", args=("measures", measure.pk)), title, words, tone, said))
    return found
