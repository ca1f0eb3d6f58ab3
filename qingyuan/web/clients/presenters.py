"""Clients in the words of the page. No grade, colour or likelihood of anything: only dates, their clocks and reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.casework.clocks.queries import Asked
from qingyuan.foundation import identity
from qingyuan.foundation.names import NameAsked, Way
from qingyuan.foundation.time_left import TimeLeft
from qingyuan.foundation.words import said as said_word
from qingyuan.journeys import clock_words, due_words
from qingyuan.ledgers.presenting import mask_id_number
from qingyuan.organisation.models import Account
from qingyuan.reference import schedules
from qingyuan.reference.catalogue import get_list
from qingyuan.rehabilitation.models import Client
from qingyuan.rehabilitation.queries import Standing, Timeline
from qingyuan.web import shapes
from qingyuan.web.name_words import way_said


@dataclass(frozen=True)
class Clock:
    """One line of the clocks card: what, when, how it is reckoned. ``href`` opens what it rests on; ``lang``: of the reckoning."""

    title: str
    left: TimeLeft
    why: str
    day: date
    href: str = ""
    lang: str = ""


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


def clocks(running: Sequence[Asked], standing: Standing, on: date) -> list[Clock]:
    """What runs for this client now, each with how it is reckoned and its article: statutory clocks that stand, and between
    them the next window of a test."""
    found = [_clock(one, on) for one in running if not one.running.end and (one.tally is None or one.tally.occasions)]
    return sorted([*found, *_window(standing, on)], key=lambda clock: clock.day)


def _clock(asked: Asked, on: date) -> Clock:
    running = asked.running
    href = reverse("web:clock", args=(running.pk,))
    day = running.due_on or running.reached_on or date.max
    return Clock(said_word(running.declared.name), clock_words.left(asked, on), clock_words.why(asked), day, href)


def _window(standing: Standing, on: date) -> list[Clock]:
    measure, due = standing.measure, standing.next_due
    if measure is None or not is_current(standing, on):
        return []
    found = []
    if due is not None:
        said = due_words.words(due, measure, on)
        plan = schedules.get_schedule(due.schedule).said
        href = reverse("web:due-detail", args=(due.pk,))
        title = _("下一次检测窗口") if due.opens_on > on else _("这一次检测窗口")
        why = _("%(label)s,%(window)s · %(plan)s") % {"label": said.label, "window": said.window, "plan": plan}
        found.append(Clock(title, said.left, why, due.last_day, href))
    return found


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
        here = measure.unit_id == line.client.unit_id
        href = reverse("web:ledger-row", args=("measures", measure.pk)) if here else ""
        found.append(MeasureLine(href, title, words, tone, said))
    return found
