"""Questions about patterns in the words and shapes of the pages. Every sentence asks; none concludes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from qingyuan.casework.procedures.declaration import Step
from qingyuan.foundation import clock
from qingyuan.foundation.time_left import TimeLeft, time_left_words
from qingyuan.foundation.words import said
from qingyuan.governance.enums import PatternKind
from qingyuan.governance.models import PatternFile, PatternLook, PatternQuestion
from qingyuan.governance.models.pattern import DONE
from qingyuan.governance.queries import questions as reads
from qingyuan.governance.queries.measured_patterns import Measurement, measurement
from qingyuan.governance.queries.order_basis import standing_about
from qingyuan.governance.queries.orders import may_give
from qingyuan.governance.queries.questions import Shown, Walked
from qingyuan.governance.rules.questions import HONEST, UNLOOKED, answer_by, counted, subject_words, worded
from qingyuan.indicators import catalogue
from qingyuan.ledgers import registry
from qingyuan.organisation.actor import Actor
from qingyuan.web.orders.presenters import Kept, Passage, Tab
from qingyuan.web.shapes import Cell, Empty, Header, Row, Table
from qingyuan.web.step_forms import StepForm

SOON: Final = 3
UNDER_WAY, OVER = "open", "done"
TONES: Final = {
    "proposed": "grey",
    "asked": "soon",
    "answered": "soon",
    "looking": "calm",
    "accepted": "good",
    "settled": "good",
    "withdrawn": "grey",
    "not_asked": "grey",
}


@dataclass(frozen=True)
class Offer:
    """A step one may take now, with its form."""

    step: Step
    label: str
    note: str
    form: StepForm
    href: str


@dataclass(frozen=True)
class Bar:
    """One bar of the small chart: ``width`` 0–300."""

    label: str
    text: str
    width: int
    style: str

    @property
    def end(self) -> int:
        """Where its number stands."""
        return 116 + self.width


@dataclass(frozen=True)
class QuestionPage:
    question: PatternQuestion
    title: str
    state: str
    tone: str
    left: TimeLeft | None
    waits: str
    asks: str
    honest: str
    bars: list[Bar]
    usual: str
    chance: str
    measured: str
    table: Table | None
    hidden: int
    may_not_open: bool
    twins: list[tuple[str, str]]
    road: list[Passage]
    main: Offer | None
    others: list[Offer]
    own: bool
    order_href: str
    order_words: str


def subject_title(subject: str) -> str:
    """What was looked at, in words: a ledger's own title, a figure's title, or what the rules call it."""
    known = {ledger.code: ledger for ledger in registry.all_ledgers()}
    try:
        return f"{said(catalogue.get(subject, clock.today()).title)}({subject})"
    except LookupError:
        return said(known[subject].title) if subject in known else subject_words(subject)


def state_words(question: PatternQuestion) -> str:
    return said(reads.procedure().state(question.state).label)


def left_of(question: PatternQuestion, on: date) -> TimeLeft | None:
    return time_left_words(question.due_on, on, SOON) if question.state == "asked" and question.due_on else None


# --- the list ----------------------------------------------------------------------------------------------------------------
def tabs(actor: Actor, on: date, chosen: str) -> list[Tab]:
    here = reverse("web:questions")
    labels = {UNDER_WAY: _("没有了结的"), OVER: _("了结和撤回的")}
    return [Tab(label, f"{here}?of={key}", key == chosen) for key, label in labels.items()]


def table(actor: Actor, on: date, chosen: str) -> Table:
    """Questions by state, in the order of the procedure. How many there are is nobody's figure and is not counted up."""
    rows = reads.questions(actor, on)
    rows = rows.filter(state__in=DONE) if chosen == OVER else rows.under_way()
    found = list(rows.order_by("due_on", "unit__code", "found_at")[:500])
    turns = {one.question.pk: one.step for one in reads.turns(actor, on)} if chosen == UNDER_WAY else {}
    headers = [Header(_("单位")), Header(_("问什么")), Header(_("哪一段")), Header(_("说明期限")), Header(_("说明"))]
    listed: list[Row] = []
    for state in reads.procedure().states:
        here = [one for one in found if one.state == state.code]
        if here:
            listed.append(Row([Cell(said(state.label))], group=True))
            listed += [_row(one, on, turns.get(one.pk)) for one in here]
    return Table(headers, listed, _empty(actor, chosen), caption=_("数据问询"))


def _row(question: PatternQuestion, on: date, step: Step | None) -> Row:
    href, left = reverse("web:question", args=[question.pk]), left_of(question, on)
    due = question.due_on.isoformat() if question.due_on else ""
    return Row(
        [
            Cell(question.unit.label, href=href),
            Cell(question.get_pattern_display(), note=subject_title(question.subject)),
            Cell(f"{question.first_day.isoformat()} — {question.last_day.isoformat()}"),
            Cell(left.words, tone=left.tone) if left is not None else Cell(due),
            Cell(question.answered_on.isoformat() if question.answered_on else ""),
        ],
        action=(said(step.label), href) if step is not None else None,
    )


def _empty(actor: Actor, chosen: str) -> Empty:
    if chosen == OVER:
        return Empty(_("还没有了结的问询"))
    return Empty(_("现在没有要说明的"), _("平台每月看一遍登记的情形;市禁毒办的人决定要问,才会出现在被问单位的这里和“今天”里。"))


# --- what was looked at --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class LookPage:
    look: PatternLook
    lines: list[tuple[str, str, str]]
    unlooked: list[str]


def look_page() -> LookPage | None:
    look = reads.last_look()
    if look is None:
        return None
    lines = [(subject_title(str(one["subject"])), str(one["units"]), str(one["count"])) for one in look.looked]
    return LookPage(look, lines, [str(one) for one in UNLOOKED])


def measured_table() -> Table:
    """What the look finds and how often it is mistaken, on made-up cities; see ``measured_patterns``."""
    whole = measurement()
    headers = [Header(_("情形")), Header(_("埋下的找到多少"), numeric=True), Header(_("没有问题的被列出多少"), numeric=True)]
    rows = [
        Row(
            [
                Cell(str(PatternKind(code).label)),
                Cell(_share(one.found, one.planted), note=f"{one.found} / {one.planted}", numeric=True),
                Cell(_share(one.wrong, one.honest), note=f"{one.wrong} / {one.honest}", numeric=True),
            ]
        )
        for code, one in whole.patterns.items()
    ]
    return Table(headers, rows, Empty(""), caption=_("在造出来的城市里试过的结果"))


def measured_words() -> str:
    whole: Measurement = measurement()
    return _("在 %(cities)d 个造出来的城市(各 %(units)d 个单位)里试出来的,不是在真实单位里") % {"cities": whole.cities, "units": whole.units}


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "—"


# --- one question --------------------------------------------------------------------------------------------------------------
def page_of(actor: Actor, question: PatternQuestion, on: date, wrong: StepForm | None = None, wrong_step: str = "") -> QuestionPage:
    """``wrong``: the form of ``wrong_step`` that came back with its errors."""
    offers = [_offer(question, step, on, wrong if step.code == wrong_step else None) for step in reads.steps_open_to(actor, question, on)]
    main = next((one for one in offers if one.step.main), None)
    procedure, own = reads.procedure(), actor.unit_id == question.unit_id
    state = procedure.state(question.state)
    closed = reads.closed_to(actor, question)
    numbers = counted(question.seen, question.of, closed=closed)
    shown = reads.rows_of(actor, question, on)
    total = question.rows.count()
    order_href, order_words = _order_link(actor, question, on)
    return QuestionPage(
        question=question,
        title=_("%(pattern)s:%(subject)s") % {"pattern": question.get_pattern_display(), "subject": subject_title(question.subject)},
        state=said(state.label),
        tone=TONES[question.state],
        left=left_of(question, on),
        waits=said(procedure.party(state.waits).label) if state.waits else "",
        asks=worded(question.pattern, numbers, question.elsewhere),
        honest=str(HONEST[PatternKind(question.pattern)]),
        bars=[] if numbers.closed or question.chance is None else _bars(question),
        usual=_usual(question),
        chance=_chance(question.chance),
        measured=_measured(question.pattern),
        table=_rows_table(shown) if shown else None,
        hidden=max(0, total - len(shown)) if not closed else 0,
        may_not_open=closed,
        twins=[(one.unit.label, reverse("web:question", args=[one.pk])) for one in reads.twins(actor, question, on)],
        road=_road(question, reads.walked(question)),
        main=main,
        others=[one for one in offers if one is not main],
        own=own,
        order_href=order_href,
        order_words=order_words,
    )


def _offer(question: PatternQuestion, step: Step, on: date, wrong: StepForm | None) -> Offer:
    initial: dict[str, Any] = {"version": question.version}
    if step.code in ("ask", "extend"):
        initial["due_on"] = answer_by(max(on, question.due_on) if question.due_on else on)
    href = reverse("web:question-step", args=[question.pk, step.code.replace("_", "-")])
    return Offer(step, said(step.label), said(step.note), wrong or StepForm(step, initial=initial), href)


def _bars(question: PatternQuestion) -> list[Bar]:
    share = question.seen / question.of
    mine, usual = round(300 * share), round(300 * question.usual)
    return [
        Bar(_("本单位"), f"{question.seen} / {question.of} · {100 * share:.0f}%", max(mine, 2), "mine"),
        Bar(_("别处通常不超过"), f"{100 * question.usual:.0f}%", max(usual, 2), "usual"),
    ]


def _usual(question: PatternQuestion) -> str:
    if question.pattern == PatternKind.COPIED:
        return _("相同或几乎相同的材料,各单位一般各有各的;同一次考核的两条共用一份、发给大家的同一份文件,都不问。")
    if question.pattern == PatternKind.AT_THRESHOLD:
        return _("正好够线和只差一个,本来差不多一样多;这里按够线的占到六成也算平常。")
    return _("按别的单位的情形再放宽一半算“通常”。")


def _chance(chance: float | None) -> str:
    if chance is None:
        return _("不是概率:内容相同是比对出来的。")
    if chance < 1e-6:
        return _("凭偶然这样,机会不到百万分之一。")
    return _("凭偶然这样,大约 %(times)s 次里有一次。") % {"times": f"{round(1 / chance):,}"}


def _measured(pattern: str) -> str:
    one = measurement().patterns[pattern]
    words = _("在造出来的城市里,没有问题的 %(honest)d 个单位有 %(wrong)d 个被列出来(%(share)s)。")
    return words % {"honest": one.honest, "wrong": one.wrong, "share": _share(one.wrong, one.honest)}


def _rows_table(shown: Sequence[Shown]) -> Table:
    headers = [Header(_("记录")), Header(_("日期")), Header(_("登记时间"))]
    rows = []
    for one in shown:
        at = f"{one.at.astimezone(clock.ZONE):%Y-%m-%d %H:%M:%S}" if one.at else ""
        label, href = _opens(one)
        rows.append(Row([Cell(label, href=href, note=one.title), Cell(one.day.isoformat() if one.day else ""), Cell(at)]))
    return Table(headers, rows, Empty(""), caption=_("所依据的记录"))


def _opens(one: Shown) -> tuple[str, str]:
    """The words of a row and where it opens, "" where this reader may not open it."""
    number = one.row.partition("/")[2]
    words = {"order": _("督办反馈的佐证"), "assessment": _("考核自评的佐证"), "question": _("情况说明的佐证"), "dues": _("检测窗口")}
    label = words.get(one.kind) or subject_title(one.kind)
    if one.kind == "order":
        return label, reverse("web:order-file", args=[one.matter.pk, one.key]) if one.ledger else ""
    if one.kind == "assessment":
        return label, reverse("web:assessment-evidence-file", args=[one.matter.pk, one.key]) if one.ledger else ""
    if one.kind == "question":
        return label, reverse("web:question-file", args=[one.matter, one.key]) if one.ledger else ""
    if one.kind == "dues":
        return label, reverse("web:due-detail", args=[UUID(one.key)]) if one.ledger else ""
    if one.ledger in {ledger.code for ledger in registry.all_ledgers()}:
        try:
            return label, reverse("web:ledger-row", args=[one.ledger, UUID(one.key)])
        except NoReverseMatch:
            return label, ""
    _unit, month, line = (*number.split("/"), "", "", "")[:3]
    return _("%(title)s %(month)s,线 %(line)s%%") % {"title": label, "month": month, "line": line}, _figure_href(one.kind, month)


def _figure_href(code: str, month: str) -> str:
    return f"{reverse('web:indicator', args=[code])}?period={month}" if month else ""


def _road(question: PatternQuestion, walked: Sequence[Walked]) -> list[Passage]:
    kept: dict[int, list[Kept]] = {}
    for one in PatternFile.objects.filter(question=question).defer("content"):
        size = _("%(kb)d KB") % {"kb": max(1, one.size // 1024)}
        href = reverse("web:question-file", args=[question.pk, one.pk])
        kept.setdefault(one.position, []).append(Kept(one.file_name or one.digest[:12], href, size))
    procedure = reads.procedure()
    return [
        Passage(
            label=said(one.step.label),
            who=one.row.by_name,
            unit=one.row.by_unit,
            when=f"{one.row.at.astimezone(clock.ZONE):%Y-%m-%d %H:%M}",
            said=[(said(label), text) for label, text in one.said],
            files=kept.get(one.row.position, []),
            state=said(procedure.state(one.row.to_state).label),
        )
        for one in walked
    ]


def _order_link(actor: Actor, question: PatternQuestion, on: date) -> tuple[str, str]:
    """Address and words: the order about it where there is one, else a draft, for who decides here once it is being looked into."""
    if actor.unit_id != question.issuer_id or not may_give(actor, on):
        return "", ""
    there = standing_about(str(question.pk))
    if there is not None:
        return reverse("web:order", args=[there.pk]), _("看督办单")
    if question.state != "looking":
        return "", ""
    return f"{reverse('web:order-new')}?from=question&id={question.pk}", _("起草督办单")


# --- the workbook --------------------------------------------------------------------------------------------------------------
def export_headers() -> list[str]:
    return [
        _("单位"), _("情形"), _("看的是什么"), _("从"), _("到"), _("看到"), _("共有"), _("状态"), _("发出日期"), _("说明期限"),
        _("说明日期"), _("结束日期"), _("情况说明"), _("最后的话"),
    ]  # fmt: skip


def export_lines(actor: Actor, on: date) -> list[tuple[str, ...]]:
    """What the lists show, both of them, with what the unit said and what was concluded."""
    found = []
    for one in reads.questions(actor, on).order_by("unit__code", "found_at"):
        numbers = counted(one.seen, one.of, closed=reads.closed_to(actor, one))
        last = next((text for walked in reversed(reads.walked(one)) for _label, text in walked.said), "")
        days = tuple(day.isoformat() if day else "" for day in (one.asked_on, one.due_on, one.answered_on, one.ended_on))
        head = (one.unit.label, one.get_pattern_display(), subject_title(one.subject), one.first_day.isoformat(), one.last_day.isoformat())
        found.append((*head, numbers.seen, numbers.of, state_words(one), *days, one.answer, last if last != one.answer else ""))
    return found
