"""Requests and answers in the words and shapes of the page and of the workbook that goes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.foundation.time_left import time_left_words
from qingyuan.foundation.words import Decision, said
from qingyuan.organisation.actor import Actor
from qingyuan.situation.enums import AnswerState, RequestState
from qingyuan.situation.models import FigureAnswer, FigureRequest
from qingyuan.situation.models.requests import WAITING
from qingyuan.situation.permissions import answers_visible, may_keep_requests, requests_visible
from qingyuan.situation.queries.forms import source_words
from qingyuan.situation.queries.requests import AnswerLine, QuestionView, waiting_for
from qingyuan.situation.queries.told import Told
from qingyuan.web.navigation import Count as Badge
from qingyuan.web.shapes import Cell, Empty, Header, Row, Table

TONES: Final = {
    RequestState.DRAFT: "calm",
    RequestState.OPEN: "soon",
    RequestState.CLOSED: "good",
    RequestState.WITHDRAWN: "calm",
}
ANSWER_TONES: Final = {
    AnswerState.ASKED: "soon",
    AnswerState.GIVEN: "good",
    AnswerState.SENT_BACK: "late",
    AnswerState.EXCUSED: "calm",
}
UNDER_WAY: Final = (RequestState.DRAFT, RequestState.OPEN)
SHOWN: Final = 200


@dataclass(frozen=True)
class LineView:
    """One answer on the request's page; ``may_send_back``, ``may_excuse`` for the office."""

    line: AnswerLine
    state: str
    tone: str
    note: str
    href: str
    may_send_back: bool
    may_excuse: bool


@dataclass(frozen=True)
class QuestionBlock:
    view: QuestionView
    lines: Sequence[LineView]
    source: str
    closed: bool


def badge(actor: Actor, on: date) -> Badge | None:
    """What waits for one's unit to answer, and for the office its requests under way."""
    days = list(waiting_for(actor, on).values_list("due_on", flat=True))
    if may_keep_requests(actor, on).allowed:
        days += requests_visible(actor, on).under_way().values_list("due_on", flat=True)
    return Badge(len(days), any(day < on for day in days))


def requests_table(actor: Actor, on: date) -> Table:
    """The office's requests: under way first, by deadline."""
    rows = requests_visible(actor, on).with_waiting()
    found = sorted(rows[:SHOWN], key=lambda one: (one.state not in UNDER_WAY, one.due_on))
    headers = [
        Header(_("事项")), Header(_("要数单位")), Header(_("状态")), Header(_("还差"), numeric=True), Header(_("期限")),
    ]  # fmt: skip
    hint = _("别的单位来文、来电要数,登记在这里:库里有的直接取,没有的转给单位,谁没答一目了然。")
    empty = Empty(_("还没有要数"), hint, _("登记一件要数"), reverse("web:figure-request-new"))
    return Table(headers, [_request_row(one, on) for one in found], empty, caption=_("要数"))


def _request_row(one: FigureRequest, on: date) -> Row:
    waiting, asked_of = getattr(one, "waiting", 0), getattr(one, "asked_of", 0)
    left = time_left_words(one.due_on, on, 3)
    open_still = one.state in UNDER_WAY
    return Row(
        [
            Cell(one.title, href=reverse("web:figure-request", args=[one.pk]), note=one.document_number),
            Cell(one.asked_by),
            Cell(one.get_state_display(), tone=TONES[RequestState(one.state)]),
            Cell(_("%(waiting)d / %(all)d") % {"waiting": waiting, "all": asked_of} if asked_of else "", numeric=True),
            Cell(left.words, tone=left.tone) if open_still else Cell(one.due_on.isoformat()),
        ]
    )


def answers_table(actor: Actor, on: date) -> Table:
    """What one's own unit was asked: waiting first."""
    rows = list(answers_visible(actor, on)[:SHOWN])
    found = sorted(rows, key=lambda one: (not _waits(one), one.due_on))
    headers = [Header(_("要什么数")), Header(_("谁要")), Header(_("状态")), Header(_("本单位的答复"), numeric=True), Header(_("期限"))]
    empty = Empty(_("没有向本单位要的数"), _("市禁毒办转来的要数会出现在这里和“今天”里。"))
    return Table(headers, [_answer_row(one, on) for one in found], empty, caption=_("向本单位要的数"))


def _waits(one: FigureAnswer) -> bool:
    return one.state in WAITING and one.question.request.state == RequestState.OPEN


def _answer_row(one: FigureAnswer, on: date) -> Row:
    asked = one.question.request
    left = time_left_words(one.due_on, on, 3)
    given = own_text(one) if one.state == AnswerState.GIVEN else ""
    return Row(
        [
            Cell(one.question.text, href=reverse("web:figure-answer", args=[one.pk]), note=asked.title),
            Cell(asked.asked_by, note=_("%(unit)s转来") % {"unit": asked.unit.label}),
            Cell(one.get_state_display(), tone=ANSWER_TONES[AnswerState(one.state)], note=one.reason),
            Cell(given, numeric=True),
            Cell(left.words, tone=left.tone) if _waits(one) else Cell(one.due_on.isoformat()),
        ],
        action=(_("答复"), reverse("web:figure-answer", args=[one.pk])) if _waits(one) else None,
    )


def own_text(one: FigureAnswer) -> str:
    """A unit's answer as the unit itself sees it."""
    if one.number is None:
        return one.words
    return f"{one.number:f}".rstrip("0").rstrip(".") if "." in f"{one.number:f}" else f"{one.number:f}"


def blocks(views: Sequence[QuestionView], asked: FigureRequest, judge: Decision) -> list[QuestionBlock]:
    return [_block(view, asked, judge.allowed) for view in views]


def _block(view: QuestionView, asked: FigureRequest, judges: bool) -> QuestionBlock:
    lines = [_line(line, asked, judges) for line in view.lines]
    source = ""
    if view.on_file:
        first = Told.from_dict(view.question.on_file[0])
        what = f"{first.indicator} {said(first.title)}".strip()
        source = _("%(source)s · %(what)s · %(period)s · 截至 %(day)s 所知") % {
            "source": source_words(first),
            "what": what,
            "period": first.period,
            "day": first.known,
        }
    return QuestionBlock(view, lines, source, closed=any(line.closed for line in view.lines))


def _line(line: AnswerLine, asked: FigureRequest, judges: bool) -> LineView:
    if line.answer is None:
        told = line.told
        assert told is not None
        note = told.why or told.note
        href = ""
        if told.indicator:
            query = urlencode({"division": told.place, "period": told.span, "known": told.known})
            href = f"{reverse('web:indicator', args=[told.indicator])}?{query}"
        return LineView(line, _("库里的数"), "acc", note, href, False, False)
    answer = line.answer
    signed = (
        _("%(who)s %(day)s") % {"who": answer.answered_by_name, "day": str(clock.day_of(answer.answered_at))}
        if answer.answered_at
        else ""
    )
    # A note beside a closed number might tell it: it stays with the unit.
    said = "" if line.closed else answer.note
    note = " · ".join(words for words in (said, answer.reason, signed) if words)
    open_still = asked.state == RequestState.OPEN
    return LineView(
        line=line,
        state=answer.get_state_display(),
        tone=ANSWER_TONES[AnswerState(answer.state)],
        note=note,
        href="",
        may_send_back=judges and answer.state == AnswerState.GIVEN and asked.state in (RequestState.OPEN, RequestState.CLOSED),
        may_excuse=judges and open_still and answer.state in WAITING,
    )


# --- the workbook ------------------------------------------------------------------------------------------------------
def export_headers() -> list[str]:
    return [
        _("序号"), _("要什么数"), _("计量单位"), _("区划或单位"), _("答复"), _("状态"), _("来源"), _("口径或说明"), _("答复人和日期"),
    ]  # fmt: skip


def export_lines(views: Sequence[QuestionView]) -> list[tuple[str, ...]]:
    """Exactly what the page shows, a line for each answer, then the total where one is told."""
    found = []
    for view in views:
        head = (str(view.question.position), view.question.text, view.question.measure)
        found += [(*head, *_export_line(line)) for line in view.lines]
        if view.total:
            found.append((*head, _("合计"), view.total, "", _("各单位答复之和"), "", ""))
    return found


def _export_line(line: AnswerLine) -> tuple[str, ...]:
    if line.told is not None:
        told = line.told
        source = f"{source_words(told)}:{told.indicator} {said(told.title)} {said(told.part)} {told.period}".strip()
        about = ";".join(words for words in (told.why, told.note, told.includes) if words)
        return (line.who, line.text, _("库里的数"), source, about, _("截至 %(day)s 所知") % {"day": told.known})
    answer = line.answer
    assert answer is not None
    signed = f"{answer.answered_by_name} {clock.day_of(answer.answered_at)}" if answer.answered_at else ""
    why = _("不足 5 人或防倒推,不公开") if line.closed else ""
    about = ";".join(words for words in (why or answer.note, answer.reason) if words)
    return (line.who, line.text, answer.get_state_display(), _("单位答复"), about, signed)
