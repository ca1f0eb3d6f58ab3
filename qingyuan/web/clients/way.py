"""One person's way back in the words of the page: where the chain has a gap, what is counted, who stands beside, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.casework.clocks.queries import Asked
from qingyuan.foundation.words import said
from qingyuan.journeys import clock_words
from qingyuan.reference.catalogue import get_list
from qingyuan.rehabilitation.conversions import Unchecked
from qingyuan.rehabilitation.models import Client
from qingyuan.rehabilitation.rules.case import TEAM_PARTS
from qingyuan.rehabilitation.rules.journey import ALARMS, OF_THE_CHAIN, Gap, GapKind
from qingyuan.rehabilitation.way import Way
from qingyuan.web import charts


@dataclass(frozen=True)
class GapLine:
    """``alarm``: somebody came out and nobody met them; said in words, the mark only repeats it."""

    text: str
    note: str
    href: str
    act: str
    alarm: bool


def gap_lines(client: Client, found: Iterable[Gap], on: date) -> list[GapLine]:
    """The gaps of the chain, each with the page that mends it; whom nobody met comes first."""
    lines = [_gap(client, gap, on) for gap in found if gap.kind in OF_THE_CHAIN or gap.kind is GapKind.NOT_ARRANGED]
    return sorted(lines, key=lambda line: not line.alarm)


def unchecked_lines(found: Iterable[Unchecked]) -> list[GapLine]:
    """A conversion under which a checklist was never completed; the page of its clock has the lines."""
    return [
        GapLine(
            _("%(day)s 转强制隔离戒毒,“%(clock)s”的核对清单没有核完")
            % {"day": one.since.isoformat(), "clock": said(one.running.declared.name)},
            _("%(of)s 条里还有 %(left)s 条没有人核 · 戒毒条例第二十条") % {"of": one.of, "left": one.left},
            reverse("web:clock", args=(one.running.pk,)),
            _("去补核"),
            False,
        )
        for one in found
    ]


def _gap(client: Client, gap: Gap, on: date) -> GapLine:
    day, days = gap.since.isoformat(), (on - gap.since).days
    words = {
        GapKind.UNMET: (_("%(day)s 出来,没有接到的记录") % {"day": day}, _("已过 %(days)s 天;必接必送 · 戒毒条例第三十四条") % {"days": days}, _("登记接到")),
        GapKind.OVERDUE: (_("预计出来的日子过了,没有登记"), _("自 %(day)s 起 %(days)s 天") % {"day": day, "days": days}, _("核对")),
        GapKind.MET_LATE: (_("%(day)s 出来,当天没有接到") % {"day": day}, _("后来接到了,记录留着"), _("查看")),
        GapKind.NOT_ARRANGED: (_("快要出来,还没有安排谁接"), _("出来以前定好谁去接、接到哪里"), _("安排接人")),
        GapKind.NO_ISOLATION: (_("%(day)s 转强制隔离戒毒,没有状态登记") % {"day": day}, _("补登决定日期,出来时才接得上"), _("去登记")),
        GapKind.NOT_ARRIVED: (
            _("%(day)s 变更执行地,新执行地还没有报到登记") % {"day": day},
            _("十五日内报到,时间连续计算 · 戒毒条例第二十二条"),
            _("登记报到"),
        ),
        GapKind.NO_NEXT: (_("%(day)s 出来以后,没有下一环的登记") % {"day": day}, _("有社区康复决定的补登措施;没有的登记动态管控起算"), _("去登记")),
    }
    text, note, act = words[gap.kind]
    return GapLine(text, note, _mends(client, gap), act, gap.kind in ALARMS)


def _mends(client: Client, gap: Gap) -> str:
    kind, row = gap.kind, gap.row
    name = type(row).__name__
    if name in ("Release", "Move"):
        at = {GapKind.NOT_ARRANGED: "meeters", GapKind.OVERDUE: "released_on", GapKind.NOT_ARRIVED: "arrived_on"}.get(kind, "met_on")
        return reverse("web:ledger-change", args=("releases" if name == "Release" else "moves", row.pk)) + f"?at={at}"
    if kind is GapKind.NO_NEXT:
        query = urlencode({"starts_on": gap.since.isoformat(), "basis": "release"})
        return reverse("web:person-record", args=(client.pk, "controls")) + f"?{query}"
    if kind is GapKind.NO_ISOLATION:
        return reverse("web:ledger-new", args=("isolation",))
    start = {"origin": "isolation", "expected_on": (row.ends_on or row.released_on or gap.since).isoformat()}
    if row.released_on:
        start["released_on"] = row.released_on.isoformat()
    return reverse("web:person-record", args=(client.pk, "releases")) + f"?{urlencode(start)}"


@dataclass(frozen=True)
class Member:
    part: str
    there: bool
    post: str


def team(way: Way, on: date) -> list[Member]:
    """The five kinds of people of the running measure's group, those that are there with their post; none without a measure."""
    running = {one.pk for one in way.chain.measures if one.reported_on and (one.ended_on is None or one.ended_on > on)}
    if not running:
        return []
    parts = get_list("team_parts")
    there = (one for one in way.chain.team if one.measure_id in running and (one.left_on is None or one.left_on > on))
    present = {one.part: one.post for one in there}
    return [Member(parts.said(part), part in present, present.get(part, "")) for part in TEAM_PARTS]


@dataclass(frozen=True)
class Count:
    title: str
    words: str
    href: str


def counts(running: Sequence[Asked], on: date) -> list[Count]:
    """Refusals and absences, as the clock counts them; what they amount to a person decides."""
    return [
        Count(said(one.running.declared.name), clock_words.left(one, on).words, reverse("web:clock", args=(one.running.pk,)))
        for one in running
        if one.tally is not None and not one.running.end
    ]


@dataclass(frozen=True)
class Happened:
    day: date
    title: str
    note: str
    href: str


def happened(way: Way, client: Client) -> list[Happened]:
    """Rows of the case in the order of time, the newest first. An absence says lawful or not, never why."""
    lines = [
        *(_line("absences", one, one.left_on, _("离开"), _until(one.back_on or one.until_on), _lawful(one.lawful)) for one in way.absences),
        *(_line("suspensions", one, one.stopped_on, _("中止"), _until(one.resumed_on), one.document_number) for one in way.suspensions),
        *(_line("credits", one, one.credited_on, _("折抵 %(days)s 日") % {"days": one.days}, one.document_number) for one in way.credits),
        *(_line("moves", one, one.moved_on, _("变更执行地"), one.place, _arrived(one.arrived_on)) for one in way.chain.moves),
        *(_line("releases", one, one.released_on or one.expected_on, _("出所衔接"), _met(one)) for one in way.chain.releases),
        *(_line("care_plans", one, one.made_on, _("个案计划"), _("%(day)s 评估") % {"day": one.review_on.isoformat()}) for one in way.chain.plans),
        *(_line("controls", one, one.starts_on, _("动态管控起算"), get_list("control_bases").said(one.basis)) for one in way.chain.controls),
    ]
    return sorted(lines, key=lambda line: line.day, reverse=True)


@dataclass(frozen=True)
class Told:
    """Something the person was told: for what was done well, or about a breach."""

    day: date
    well: bool
    title: str
    note: str
    href: str


def told(way: Way) -> list[Told]:
    """Encouragements and warnings side by side, the newest first; how many of either nobody counts."""
    lines = []
    for one in way.encouragements:
        kind = get_list("encouragement_kinds").said(one.kind)
        title = _("%(kind)s · %(days)s 天") % {"kind": kind, "days": one.days} if one.days else kind
        lines.append(Told(one.given_on, True, title, one.did, _row("encouragements", one)))
    for one in way.warnings:
        lines.append(Told(one.warned_on, False, get_list("warning_ways").said(one.way), one.facts, _row("warnings", one)))
    return sorted(lines, key=lambda line: line.day, reverse=True)


def _row(code: str, row: Any) -> str:
    return reverse("web:ledger-row", args=(code, row.pk)) if row.unit_id == row.client.unit_id else ""


def _line(code: str, row: Any, day: date, title: str, *notes: str) -> Happened:
    return Happened(day, title, " · ".join(note for note in notes if note), _row(code, row))


def _until(day: date | None) -> str:
    return _("至 %(day)s") % {"day": day.isoformat()} if day else ""


def _lawful(lawful: bool | None) -> str:
    return _("待核实") if lawful is None else _("合法") if lawful else _("未请假")


def _arrived(day: date | None) -> str:
    return _("%(day)s 已报到") % {"day": day.isoformat()} if day else _("还没有报到登记")


def _met(row: Any) -> str:
    if row.met_on:
        return _("%(day)s 由 %(who)s 接到") % {"day": row.met_on.isoformat(), "who": "、".join(row.met_by)}
    return _("安排 %(who)s 接") % {"who": "、".join(row.meeters)} if row.meeters else _("还没有安排谁接")


def lanes(way: Way) -> list[charts.Lane]:
    """Pauses, absences and dynamic control under the measures; each opens its row."""
    found = []
    if way.suspensions:
        spans = [_span("suspensions", one, one.stopped_on, one.resumed_on, _("中止"), "pause") for one in way.suspensions]
        found.append(charts.Lane(_("中止"), spans))
    if way.absences:
        spans = [
            _span("absences", one, one.left_on, one.back_on or one.until_on, _lawful(one.lawful), "gap") for one in way.absences
        ]
        found.append(charts.Lane(_("离开"), spans))
    if way.chain.controls:
        spans = [_span("controls", one, one.relapsed_on or one.starts_on, None, _("动态管控"), "gap") for one in way.chain.controls]
        found.append(charts.Lane(_("动态管控"), spans))
    return found


def _span(code: str, row: Any, first: date, last: date | None, label: str, style: str) -> charts.Span:
    return charts.Span(first, last, label, style, _row(code, row))
