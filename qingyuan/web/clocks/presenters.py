"""Clocks in the shapes of their pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.casework.clocks.events import standing_rows
from qingyuan.casework.clocks.listing import (
    ALL,
    COUNTED,
    DAYS_AHEAD,
    OVER,
    PAUSED,
    PROMPT,
    SOON,
    TODAY,
    UNSAID,
    narrowed,
)
from qingyuan.casework.clocks.queries import Asked
from qingyuan.casework.clocks.wanted import runs_of
from qingyuan.casework.enums import EventSource, Finding
from qingyuan.casework.models import ClockDecision, ClockEvent, RunningClock
from qingyuan.casework.models.clock import ClockQuerySet
from qingyuan.casework.serving.queries import BY_SERVICE
from qingyuan.foundation.counting import how_much
from qingyuan.foundation.words import said
from qingyuan.journeys import clock_words
from qingyuan.organisation.actor import Actor
from qingyuan.reference import statutes
from qingyuan.reference.clocks import STATE_ZH, Clock, Deed, Tally, Term, get_clock
from qingyuan.reference.clocks.sentences import told
from qingyuan.web import shapes


@dataclass(frozen=True)
class Tab:
    label: str
    href: str
    current: bool
    note: str


# --- the list ----------------------------------------------------------------------------------------------------------
def state_labels() -> dict[str, str]:
    return {
        OVER: _("已过"),
        TODAY: _("今天"),
        SOON: _("%(days)s 天内") % {"days": DAYS_AHEAD},
        PAUSED: _("中止"),
        UNSAID: _("待说明"),
        PROMPT: _("及时办理"),
        COUNTED: _("计次"),
        ALL: _("全部"),
    }


def tabs(clocks: ClockQuerySet, chosen: str, on: date, narrow: str) -> list[Tab]:
    labels = state_labels()
    here = reverse("web:clocks")
    counted = how_much([narrowed(clocks, state, on, ended=bool(narrow)) for state in labels])
    return [
        Tab(label, f"{here}?{narrow}state={state}", state == chosen, shapes.much(much))
        for (state, label), much in zip(labels.items(), counted, strict=True)
    ]


def table(asked: Sequence[Asked], actor: Actor, on: date, empty: shapes.Empty) -> shapes.Table:
    found = clock_words.subjects([one.running for one in asked], actor)
    headers = [shapes.Header(label) for label in (_("状态"), _("期限"), _("谁、哪一条"), _("届满日"), _("怎么算的"))]
    return shapes.Table(headers, [_row(one, found[one.running.pk], on) for one in asked], empty, caption=_("期限"))


def _row(asked: Asked, subject: clock_words.Subject, on: date) -> shapes.Row:
    running = asked.running
    left = clock_words.left(asked, on)
    href = reverse("web:clock", args=(running.pk,))
    return shapes.Row(
        [
            shapes.Cell(left.words, tone=left.tone),
            shapes.Cell(said(running.declared.name), href=href),
            shapes.Cell(subject.title, note=f"{subject.ledger} · {running.division.name}"),
            shapes.Cell(running.due_on.isoformat() if running.due_on else ""),
            shapes.Cell(clock_words.why(asked)),
        ],
        action=(_("去核对"), href) if asked.ran_out_on else None,
    )


def empty(state: str) -> shapes.Empty:
    words = {
        OVER: (_("没有已过的期限"), _("每一项都办了,或者还没有到。")),
        TODAY: (_("今天没有届满的期限"), _("明天以后的见“30 天内”。")),
        SOON: (_("近期没有要届满的期限"), _("期限由台账里的日期推算,自动出现在这里。")),
        PAUSED: (_("没有中止的期限"), _("被拘留、脱逃、鉴定等,打开那一项登记。")),
        UNSAID: (_("没有待说明的期限"), _("法律分几种情形而没有写明是哪一种的,会出现在这里。")),
        PROMPT: (_("没有要及时办理的事项"), _("法律只写“及时”的,这里按内部提醒的天数排。")),
        COUNTED: (_("还没有计次的记录"), _("拒绝检测、擅自离开等,打开那个人的计次登记。")),
        ALL: (_("没有期限"), _("登记措施、强制隔离、案件或者处理情况后,期限自动起算。")),
    }
    return shapes.Empty(*words[state])


# --- one clock ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ReasonLine:
    text: str
    cite: str


@dataclass(frozen=True)
class EventLine:
    """``gone``: corrected or withdrawn, kept to be read. ``mine``: recorded by a person and standing, so it may be touched."""

    event: ClockEvent
    title: str
    days: str
    details: str
    source: str
    gone: str
    mine: bool


@dataclass(frozen=True)
class Possible:
    """What may still happen to a clock: its words, what it does, its article, who approves and by which paper."""

    word: str
    title: str
    does: str
    cite: str
    needs: str


@dataclass(frozen=True)
class OccasionLine:
    """One counted occasion with each of its days, and the recorded events it rests on."""

    title: str
    why: str
    days: str
    counted: bool
    objected: bool
    events: tuple[ClockEvent, ...]


@dataclass(frozen=True)
class CheckLine:
    """One line of a checklist with what was found last, by whom, when. ``turn``: how often it was looked into."""

    position: int
    text: str
    finding: str
    label: str
    by: str
    turn: int


DOES = {
    Deed.SUSPEND: gettext_lazy("期限中止,其间不计入"),
    Deed.RESUME: gettext_lazy("恢复计算"),
    Deed.STOP: gettext_lazy("期限终止"),
    Deed.RESTART: gettext_lazy("期限重新计算"),
    Deed.EXTEND: gettext_lazy("延长期限"),
    Deed.CREDIT: gettext_lazy("折抵期限"),
    Deed.TRANSFER: gettext_lazy("期限连续计算"),
    Deed.DONE: gettext_lazy("办结"),
}


def reasons(found: Asked) -> list[ReasonLine]:
    return [ReasonLine(one.said, statutes.describe(one.articles) if one.articles else "") for one in (found.said.reasons if found.said else ())]


def state_words(found: Asked) -> str:
    if found.trouble:
        return told(found.trouble)
    if found.answer is not None:
        return said(STATE_ZH[found.answer.state])
    return clock_words.left(found, found.tally.on).words if found.tally else ""


def possible(running: RunningClock) -> list[Possible]:
    """What a person may record: what the law knows for this clock and no column says."""
    declared, runs = get_clock(running.code), runs_of(running.ledger)
    if declared.counter is not None:
        return _occasions_known(declared)
    found = []
    for effect in declared.effects:
        if effect.deed is Deed.START or (runs and runs.column_of(running.code, effect.event)):
            continue
        needs = [
            _("最长 %(term)s") % {"term": effect.most.label} if effect.most else "",
            _("%(term)s") % {"term": effect.term.label} if effect.term else "",
            _("最多 %(times)s 次") % {"times": effect.times} if effect.times else "",
            _("须经%(who)s批准") % {"who": said(effect.approver)} if effect.approver else "",
            _("文书:%(paper)s") % {"paper": said(effect.paper)} if effect.paper else "",
        ]
        found.append(
            Possible(effect.event, said(effect.zh), str(DOES[effect.deed]), statutes.describe(effect.articles), ",".join(one for one in needs if one))
        )
    return found


def _occasions_known(declared: Clock) -> list[Possible]:
    cite = statutes.describe(declared.articles)
    known = [Possible(word, said(zh), _("计入"), cite, "") for word, zh in dict((declared.counter or {})["names"]).items()]
    if "left" in dict((declared.counter or {})["names"]):
        known.append(Possible("lawful", _("合法离开(请假、就医、报告过)"), _("从擅自离开的日子里扣除"), cite, ""))
    return known


def events(running: RunningClock, rows: Sequence[ClockEvent]) -> list[EventLine]:
    """What happened, as recorded, the newest first; what no longer holds is shown as such."""
    standing = {row.pk for row in standing_rows(rows)}
    after = {row.corrects_id: row for row in rows if row.corrects_id}
    lines = [_event_line(running, row, row.pk in standing, after.get(row.pk)) for row in rows if not row.withdrawn]
    return sorted(lines, key=lambda line: (line.event.on, line.event.recorded_at), reverse=True)


def _event_line(running: RunningClock, row: ClockEvent, standing: bool, after: ClockEvent | None) -> EventLine:
    gone = ""
    if not standing and after is not None:
        who = after.recorded_by_name or _("台账")
        word = _("%(who)s 撤回") if after.withdrawn else _("%(who)s 更正")
        gone = word % {"who": who}
    until = f" {row.until_at:%H:%M}" if row.until_at else ""
    at = f" {row.at:%H:%M}" if row.at else ""
    days = f"{row.on}{at}" + (_(" 至 %(until)s") % {"until": f"{row.until}{until}"} if row.until else "")
    return EventLine(
        event=row,
        title=event_title(running, row.word),
        days=days,
        details=" · ".join(_details(running, row)),
        source=_source(running, row),
        gone=gone,
        mine=standing and row.source == EventSource.PERSON,
    )


def event_title(running: RunningClock, word: str) -> str:
    declared = get_clock(running.code)
    if declared.counter is not None:
        return _("合法离开") if word == "lawful" else said(dict(declared.counter["names"]).get(word, word))
    effect = declared.effect(word)
    return said(effect.zh) if effect else word


def _details(running: RunningClock, row: ClockEvent) -> list[str]:
    option = next((one.zh for one in get_clock(running.code).terms if one.option and one.option == row.option), "")
    found = [
        _("适用情形:%(option)s") % {"option": said(option)} if option else "",
        Term.parse(row.term).label if row.term else "",
        _("%(days)s 日") % {"days": row.days} if row.days else "",
        _("批准:%(who)s") % {"who": row.approved_by} if row.approved_by else "",
        row.paper,
        _("有合法理由") if row.lawful else "",
        _("已由人判断计入") if row.decided else "",
        _("本人有异议") if row.objected else "",
    ]
    return [one for one in found if one]


def _source(running: RunningClock, row: ClockEvent) -> str:
    at = f"{timezone.localtime(row.recorded_at):%Y-%m-%d %H:%M}"
    if row.source == EventSource.PERSON:
        return _("%(who)s 登记于 %(at)s") % {"who": row.recorded_by_name, "at": at}
    text = _("取自台账“%(column)s”") % {"column": column_title(running, row.column)}
    if row.column == "decided_on" and row.word == "received":
        text = _("%(text)s:没有送达日期,暂从决定日期起算") % {"text": text}
    return _("%(text)s,情形由 %(who)s 选定") % {"text": text, "who": row.recorded_by_name} if row.recorded_by_name else text


def column_title(running: RunningClock, name: str) -> str:
    if name == BY_SERVICE:
        return _("文书送达")
    runs = runs_of(running.ledger)
    return runs.title_of(name) if runs else name


def occasions(tally: Tally, rows: Sequence[ClockEvent]) -> list[OccasionLine]:
    """The occasions with each day shown; an event belongs to the occasion in which its first day lies."""
    standing = standing_rows(rows)
    lines = []
    for one in tally.occasions:
        within = tuple(row for row in standing if row.word == one.event and one.first <= row.on <= one.last)
        span = one.first.isoformat() if one.first == one.last else _("%(first)s 至 %(last)s") % {"first": one.first, "last": one.last}
        lines.append(
            OccasionLine(f"{span} {said(one.zh)}", told(one.why), "、".join(day.isoformat() for day in one.days), one.counted, one.objected, within)
        )
    return lines


def checklist(found: Asked, decision: ClockDecision | None) -> list[CheckLine]:
    opens = found.said.clock.opens if found.said else None
    texts = decision.checklist if decision is not None else list(opens.checklist) if opens else []
    checks: dict[int, list[Any]] = {}
    for one in decision.checks.all() if decision is not None else ():
        checks.setdefault(one.position, []).append(one)
    lines = []
    for position, text in enumerate(texts):
        seen = sorted(checks.get(position, []), key=lambda one: one.turn)
        last = seen[-1] if seen else None
        by = f"{last.checked_by_name} {timezone.localtime(last.checked_at):%Y-%m-%d %H:%M}" if last else ""
        label = str(Finding(last.finding).label) if last else ""
        lines.append(CheckLine(position, text, last.finding if last else "", label, by, len(seen)))
    return lines
