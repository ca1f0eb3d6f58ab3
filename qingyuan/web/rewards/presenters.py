"""Entries in the words and shapes of their pages. Who is neither the office, an inspector nor the unit reads what was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.casework.procedures.declaration import Step
from qingyuan.casework.procedures.picture import Picture, draw
from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.governance.enums import ConsequenceKind
from qingyuan.governance.models import Assessment, AssessmentRound, Consequence, ConsequenceFile
from qingyuan.governance.models.consequence import DECIDED
from qingyuan.governance.permissions.consequences import may_propose, sees_whole_consequence
from qingyuan.governance.queries import rewards as reads
from qingyuan.governance.rewards.examples import Ran, run
from qingyuan.governance.rewards.table import Ending, RewardTable, Rule
from qingyuan.governance.rules.rewards import met_words, verdict_words
from qingyuan.governance.scoring.numbers import plain
from qingyuan.organisation.actor import Actor
from qingyuan.reference.statutes import UnknownArticle, cite
from qingyuan.web.rewards.forms import form_of
from qingyuan.web.shapes import Cell, Empty, Header, Row, Table
from qingyuan.web.step_forms import StepForm

TONES: Final = {
    "proposed": "grey", "noticed": "soon", "replied": "soon", "to_decide": "soon", "decided": "calm", "objected": "late",
    "repaired": "soon", "closed": "good", "left": "good", "dropped": "grey", "revoked": "grey", "withdrawn": "grey",
}  # fmt: skip


@dataclass(frozen=True)
class Tab:
    label: str
    href: str
    current: bool
    note: str = ""


@dataclass(frozen=True)
class Together:
    """A step that may be taken of ``count`` entries at once."""

    label: str
    count: int
    href: str


@dataclass(frozen=True)
class ListPage:
    year: int
    tabs: list[Tab]
    table: Table
    round: AssessmentRound | None
    propose: str
    proposed: bool
    together: list[Together]
    left: Table | None
    left_href: str
    ours: bool


@dataclass(frozen=True)
class Offer:
    """A step one may take now, with its form."""

    step: Step
    label: str
    note: str
    form: StepForm
    href: str


@dataclass(frozen=True)
class Kept:
    name: str
    href: str


@dataclass(frozen=True)
class Passage:
    label: str
    who: str
    unit: str
    when: str
    said: Sequence[tuple[str, str]]
    files: Sequence[Kept]


@dataclass(frozen=True)
class EntryPage:
    """``whole`` False: a reader who sees of an open decision what was published. ``picture`` only with the whole of it."""

    title: str
    state: str
    tone: str
    waits: str
    whole: bool
    rule_notes: list[str]
    met: list[str]
    proposed: str
    decided: str
    decided_by: str
    ends: str
    leave: str
    score: str
    main: Offer | None
    others: list[Offer]
    road: list[Passage]
    beside: list[tuple[str, str, str]]
    paper_open: bool
    picture: Picture | None


# --- the list of a year ---------------------------------------------------------------------------------------------------------
def list_page(actor: Actor, on: date, years: Sequence[int], year: int, *, with_left: bool = False) -> ListPage:
    """``with_left``: go through every rule and result again for those that could not be judged, which takes its time."""
    round = reads.published_round(actor, on, year)
    may = round is not None and may_propose(actor, round, on).allowed
    rows = list(reads.entries(actor, on).filter(round__year=year).order_by(*reads.ORDER))
    moved = reads.together(actor, on, round) if round is not None else {}
    procedure = reads.procedure()
    return ListPage(
        year=year,
        tabs=[Tab(_("%(year)s 年") % {"year": one}, f"{reverse('web:rewards')}?year={one}", one == year) for one in years],
        table=_table(actor, on, rows, round, may),
        round=round,
        propose=reverse("web:reward-propose", args=[round.pk]) if may and round is not None and not rows else "",
        proposed=bool(rows),
        together=[
            Together(said(procedure.step(code).label), len(cases), reverse("web:reward-all", args=[cases[0].round_id, code]))
            for code, cases in moved.items()
        ],
        left=_left_table(actor, round) if with_left and may and round is not None else None,
        left_href=f"{reverse('web:rewards')}?year={year}&left=1#left" if may and not with_left else "",
        ours=any(one.unit_id == actor.unit_id for one in rows),
    )


def _table(actor: Actor, on: date, rows: Sequence[Consequence], round: AssessmentRound | None, may: bool) -> Table:
    """By kind, inside a kind by letter number."""
    waits = {turn.case.pk: turn.step for turn in reads.turns(actor, on)}
    listed: list[Row] = []
    for kind in reversed(ConsequenceKind):
        here = [one for one in rows if one.kind == kind]
        if here:
            words = _("%(kind)s · %(count)d 项") % {"kind": kind.label, "count": len(here)}
            listed.append(Row([Cell(words)], group=True))
            listed += [_row(actor, one, on, waits.get(one.pk)) for one in here]
    headers = [Header(_("单位")), Header(_("规则")), Header(_("建议")), Header(_("到了哪一步")), Header(_("决定")), Header(_("期限"))]
    return Table(headers, listed, _empty(round, may), caption=_("奖惩事项"))


def _row(actor: Actor, case: Consequence, on: date, step: Step | None) -> Row:
    href = reverse("web:reward", args=[case.pk])
    decided = decided_words(case)
    return Row(
        [
            Cell(case.unit.label, href=href, note=case.result.number),
            Cell(case.rule, note="" if case.confirmed else _("未见本市正式文件")),
            Cell(proposed_words(case)),
            Cell(said(reads.procedure().state(case.state).label), tone=TONES[case.state]),
            Cell(decided, note=_("与规则不同") if case.departs else ""),
            Cell(day_words(case)),
        ],
        action=(said(step.label), href) if step is not None else None,
    )


def _empty(round: AssessmentRound | None, may: bool) -> Empty:
    if round is None:
        return Empty(_("还没有公布的考核结果"), _("考核结果公布以后,市禁毒办按规则提出建议,告知到本单位的出现在这里。"))
    if may:
        return Empty(_("还没有提出建议"), _("点“按规则提出”,规则逐条对照公布的结果;提出以后由人告知、呈报、决定。"))
    return Empty(_("没有您可以看的奖惩事项"), _("告知本单位的和对全市公开的决定出现在这里。"))


def _left_table(actor: Actor, round: AssessmentRound) -> Table | None:
    """Rules that could not be judged for a unit, each with its reason; the kept ones once."""
    rows: dict[tuple[str, str], list[str]] = {}
    for one in reads.consider(round, actor):
        if one.table is None:
            rows.setdefault(("—", _("没有适用于这类单位的规则表")), []).append(one.result.unit.label)
        for left in one.left:
            label = f"{left.rule.id} {ConsequenceKind(left.rule.kind.value).label}"
            key = (label, verdict_words(left.why, reads.about_words(left), left.rule.refused))
            rows.setdefault(key, []).append(one.result.unit.label)
    if not rows:
        return None
    listed = [
        Row([Cell(rule), Cell(why), Cell(_names(units))]) for (rule, why), units in sorted(rows.items())
    ]
    headers = [Header(_("规则")), Header(_("为什么没有判定")), Header(_("单位"))]
    return Table(headers, listed, Empty(_("每条规则都能判定")), caption=_("没有判定的规则"))


def _names(units: Sequence[str]) -> str:
    if len(units) <= 4:
        return "、".join(units)
    return _("%(names)s等 %(count)d 个") % {"names": "、".join(units[:3]), "count": len(units)}


# --- words ----------------------------------------------------------------------------------------------------------------------
def measure_words(kind: str, case: Consequence, points: Decimal | None) -> str:
    label = str(ConsequenceKind(kind).label)
    if kind == ConsequenceKind.GRADE:
        return _("%(label)s:%(grade)s") % {"label": label, "grade": said(case.result.grade)}
    if kind == ConsequenceKind.POINTS and points is not None:
        return _("%(system)s %(points)s 分") % {"system": said(case.system), "points": plain(points)}
    return label


def proposed_words(case: Consequence) -> str:
    return measure_words(case.kind, case, case.points)


def decided_words(case: Consequence) -> str:
    return measure_words(case.decided_kind, case, case.decided_points) if case.state in DECIDED and case.decided_kind else ""


def day_words(case: Consequence) -> str:
    """The day that counts now: for the statement, for the measure, or when it left."""
    if case.left_on is not None:
        return _("%(day)s 退出") % {"day": case.left_on.isoformat()}
    if case.state == "noticed" and case.reply_by is not None:
        return _("%(day)s 前陈述") % {"day": case.reply_by.isoformat()}
    if case.ends_on is not None and case.state in ("decided", "repaired", "objected"):
        return _("%(day)s 到期") % {"day": case.ends_on.isoformat()}
    return ""


# --- one entry ------------------------------------------------------------------------------------------------------------------
def entry_page(actor: Actor, case: Consequence, on: date, wrong: StepForm | None = None, wrong_step: str = "") -> EntryPage:
    """``wrong``: the form of ``wrong_step`` that came back with its errors."""
    whole = sees_whole_consequence(actor, case, on)
    steps = reads.steps_open_to(actor, case, on)
    offers = [_offer(case, step, wrong if step.code == wrong_step else None) for step in steps]
    first = reads.main_of(steps)
    main = next((one for one in offers if first is not None and one.step.code == first.code), None)
    procedure = reads.procedure()
    state = procedure.state(case.state)
    road = reads.walked(case) if whole else []
    return EntryPage(
        title=_("%(unit)s %(measure)s") % {"unit": case.unit.label, "measure": proposed_words(case)},
        state=said(state.label),
        tone=TONES[case.state],
        waits=said(procedure.party(state.waits).label) if state.waits and whole else "",
        whole=whole,
        rule_notes=rule_notes(case),
        met=[met_words(one) for one in case.met],
        proposed=proposed_words(case),
        decided=decided_words(case),
        decided_by=case.decided_by_name if whole else "",
        ends=_ends(case),
        leave=said(reads.leave_words(case)) if case.ending != Ending.NONE else "",
        score=reverse("web:assessment", args=[case.result.assessment_id]) if whole else "",
        main=main,
        others=[one for one in offers if one is not main],
        road=_road(case, road),
        beside=[
            (proposed_words(one), said(procedure.state(one.state).label), reverse("web:reward", args=[one.pk]))
            for one in reads.beside_it(actor, case, on)
        ],
        paper_open=case.decided_on is not None and reads.paper_readable(actor, case, on),
        picture=draw(procedure, now=case.state, taken={one.step.code for one in road}, words=said) if whole else None,
    )


def _offer(case: Consequence, step: Step, wrong: StepForm | None) -> Offer:
    href = reverse("web:reward-step", args=[case.pk, step.code.replace("_", "-")])
    return Offer(step, said(step.label), said(step.note), wrong or form_of(step, case, initial={"version": case.version}), href)


def rule_notes(case: Consequence) -> list[str]:
    notes = [_("出处:%(source)s") % {"source": said(case.rule_source)}]
    if case.article:
        notes.append(cite(case.article).label)
    if not case.confirmed:
        notes.append(_("未见本市正式文件,是否适用由领导决定"))
    return notes


def _ends(case: Consequence) -> str:
    if case.ending == Ending.NONE or (case.decided_kind and not case.stands_for):
        return ""
    if case.ending == Ending.REPAIR:
        return _("整改期 %(months)d 个月;整改材料经他人验收通过才退出") % {"months": case.months}
    return _("%(months)d 个月期满退出;整改验收通过的提前退出") % {"months": case.months}


def _road(case: Consequence, walked: Sequence[reads.Walked]) -> list[Passage]:
    kept: dict[int, list[Kept]] = {}
    if walked:
        for one in ConsequenceFile.objects.filter(consequence=case).defer("content"):
            href = reverse("web:reward-file", args=[case.pk, one.pk])
            kept.setdefault(one.position, []).append(Kept(one.file_name or one.digest[:12], href))
    return [
        Passage(
            label=said(one.step.label),
            who=one.row.by_name,
            unit=one.row.by_unit,
            when=f"{one.row.at.astimezone(clock.ZONE):%Y-%m-%d %H:%M}",
            said=[(said(label), _given(one.step.code, label, text)) for label, text in one.said],
            files=kept.get(one.row.position, []),
        )
        for one in walked
    ]


def _given(step: str, label: str, text: str) -> str:
    """What was filled in; a chosen measure by its name."""
    return str(ConsequenceKind(text).label) if step == "depart" and text in ConsequenceKind.values else text


def following(actor: Actor, assessment: Assessment, on: date) -> list[tuple[str, str, str]]:
    """What follows from one published result, as this reader may see it: words, state, address."""
    rows = reads.entries(actor, on).filter(result__assessment_id=assessment.pk).order_by("rule")
    procedure = reads.procedure()
    return [(proposed_words(one), said(procedure.state(one.state).label), reverse("web:reward", args=[one.pk])) for one in rows]


# --- the rules ------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class RuleLine:
    rule: Rule
    kind: str
    text: str
    source: str
    article: str
    leave: str
    examples: list[Ran]


@dataclass(frozen=True)
class RuleTablePage:
    table: RewardTable
    title: str
    note: str
    source: str
    lines: list[RuleLine]


def rule_tables() -> list[RuleTablePage]:
    return [
        RuleTablePage(one, said(one.title), said(one.note), said(one.source), [rule_line(rule) for rule in one.rules])
        for one in sorted(reads.tables(), key=lambda one: (one.code, one.valid_from), reverse=True)
    ]


def rule_line(rule: Rule) -> RuleLine:
    article = _article(rule.article)
    kind = str(ConsequenceKind(rule.kind.value).label)
    return RuleLine(rule, kind, said(rule.text), said(rule.source), article, said(rule.leave.words), run(rule))


def _article(code: str) -> str:
    """The article in words; a code that is none stays as it was typed."""
    try:
        return cite(code).label if code else ""
    except UnknownArticle:
        return code


# --- the workbook ---------------------------------------------------------------------------------------------------------------
def export_rows(actor: Actor, found: Sequence[Consequence], on: date) -> tuple[list[str], list[list[str]]]:
    """Names and rows; of an open decision of another unit what was published."""
    names = [
        _("单位"), _("责任书文号"), _("规则"), _("规则原文"), _("规则出处"), _("对照"), _("建议"), _("状态"), _("决定"), _("决定日期"),
        _("与规则不同"), _("理由"), _("期限"), _("文号"),
    ]  # fmt: skip
    whole: dict[UUID, bool] = {one.pk: sees_whole_consequence(actor, one, on) for one in found}
    rows = [
        [
            one.unit.label, one.result.number, one.rule, one.rule_text, one.rule_source, ";".join(met_words(met) for met in one.met),
            proposed_words(one), said(reads.procedure().state(one.state).label), decided_words(one), _day(one.decided_on),
            _("是") if one.departs else "", (one.reason or "") if whole[one.pk] else "", day_words(one), _number(one),
        ]
        for one in found
    ]  # fmt: skip
    return names, rows


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _number(case: Consequence) -> str:
    issue: Any = getattr(case.paper, "issue", None) if case.paper_id and case.decided_on else None
    return issue.number if issue is not None else ""
