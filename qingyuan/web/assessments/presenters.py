"""A round and an assessment in the words and shapes of their pages. Readers outside the unit see few people as a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from qingyuan.casework.procedures.declaration import Procedure, Step
from qingyuan.foundation.words import said
from qingyuan.governance.enums import EvidenceKind, Finding, ObjectionState, ReviewState
from qingyuan.governance.forms.catalogue import get_form
from qingyuan.governance.models import (
    Assessment,
    AssessmentEvidence,
    AssessmentResult,
    AssessmentRound,
    ClauseReview,
    ManualEntry,
    Objection,
    Return,
    SampleFrame,
    SampleItem,
    SelfScore,
)
from qingyuan.governance.permissions import (
    may_check,
    may_confirm_entry,
    may_review_clause,
    may_self_score,
    sees_own_score,
    sees_whole_assessment,
)
from qingyuan.governance.queries import assessment_state as reads
from qingyuan.governance.queries.fitting_returns import returns_open_to
from qingyuan.governance.queries.score import ExplainedClause, score_letter
from qingyuan.governance.scoring.clauses import DECIDED
from qingyuan.governance.scoring.numbers import plain
from qingyuan.governance.scoring.tree import ClauseState
from qingyuan.governance.scoring.words_for_few import WITHHELD
from qingyuan.ledgers import registry
from qingyuan.organisation.actor import Actor
from qingyuan.web.assessments.forms import AnswerForm, EvidenceForm, FindingForm, ObjectionForm, OwnForm, ReviewForm
from qingyuan.web.assessments.remaining import left_of
from qingyuan.web.letters.phrases import graded, phrased
from qingyuan.web.shapes import Cell, Empty, Header, Row, Table
from qingyuan.web.step_forms import StepForm

TONES: Final = {
    "draft": "grey", "open": "soon", "published": "good", "withdrawn": "grey", "self_score": "soon", "review": "soon",
    "noticed": "soon", "objected": "late", "settled": "calm", "closed": "grey",
}  # fmt: skip
REVIEW_TONES: Final = {ReviewState.WAITING: "soon", ReviewState.CONFIRMED: "good", ReviewState.CHANGED: "calm"}
OBJECTION_TONES: Final = {ObjectionState.OPEN: "soon", ObjectionState.UPHELD: "good", ObjectionState.REJECTED: "grey"}
FINDING_TONES: Final = {Finding.WAITING: "soon", Finding.TRUE: "good", Finding.PARTLY: "soon", Finding.UNTRUE: "late"}
#: Steps of a letter that stand in their clause, not among the buttons of the page.
BY_CLAUSE: Final = ("object", "answer")


@dataclass(frozen=True)
class Offer:
    """A step somebody may take: its label, its note, its form, where it goes."""

    step: Step
    label: str
    note: str
    form: Any
    href: str


@dataclass(frozen=True)
class Proof:
    """A piece of evidence; ``href`` empty where it does not open for this reader."""

    what: str
    note: str
    href: str
    digest: str
    withdraw: str = ""


@dataclass(frozen=True)
class GivenNumber:
    """A number given by hand; ``confirm``: where its second person confirms it, empty for who may not."""

    text: str
    by: str
    reason: str
    state: str
    tone: str
    confirm: str = ""


@dataclass(frozen=True)
class Objected:
    row: Objection
    state: str
    tone: str
    numbers: str
    answer_form: AnswerForm | None = None


@dataclass
class ClauseLine:
    """One clause as this reader may see and treat it. ``points`` is a number or, where few people decide it, a word."""

    id: str
    title: str
    text: str
    of: str
    points: str
    rule: str
    how: str
    hidden: bool
    veto: bool
    own: str = ""
    own_reason: str = ""
    section: str = ""
    review: ClauseReview | None = None
    review_state: str = ""
    review_tone: str = ""
    numbers: list[GivenNumber] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)
    objection: Objected | None = None
    own_form: OwnForm | None = None
    evidence_form: EvidenceForm | None = None
    choose: str = ""
    review_form: ReviewForm | None = None
    objection_form: ObjectionForm | None = None
    opened: bool = False

    @property
    def turn(self) -> bool:
        """Whether something waits here for this reader."""
        waits = self.review is not None and self.review.state == ReviewState.WAITING and self.review_form is not None
        return waits or any(one.confirm for one in self.numbers) or bool(self.objection and self.objection.answer_form)


@dataclass(frozen=True)
class Drawn:
    """A drawn row of the check: what was found, or the form to say so."""

    item: SampleItem
    label: str
    href: str
    state: str
    tone: str
    form: FindingForm | None


@dataclass(frozen=True)
class CasePage:
    case: Assessment
    state: str
    tone: str
    waits: str
    own: bool
    total: str
    of: str
    grade: str
    clauses: list[ClauseLine]
    drawn: list[Drawn]
    main: Offer | None
    others: list[Offer]
    road: list[tuple[str, str, str, str]]
    frozen: bool
    whole: bool
    computed: int
    seconds: int


# --- rounds -----------------------------------------------------------------------------------------------------------------
def rounds_table(actor: Actor, on: date, may_run: bool) -> Table:
    procedure = reads.round_procedure()
    rows = [
        Row(
            [
                Cell(_("%(place)s %(year)s 年考核评审") % {"place": one.division.name, "year": one.year}, href=reverse("web:assessment-round", args=[one.pk])),
                Cell(said(procedure.state(one.state).label), tone=TONES[one.state]),
                Cell(one.self_by.isoformat()),
                Cell(one.review_by.isoformat()),
                Cell(one.published_on.isoformat() if one.published_on else ""),
            ]
        )
        for one in reads.rounds(actor, on)
    ]
    hint = _("年度结束前由市禁毒办筹备,启动后出现在这里和“今天”里。")
    empty = Empty(_("还没有考核评审"), hint, _("筹备一轮"), reverse("web:assessment-new")) if may_run else Empty(_("还没有考核评审"), hint)
    headers = [Header(_("年度")), Header(_("状态")), Header(_("自评期限")), Header(_("评审期限")), Header(_("公布"))]
    return Table(headers, rows, empty, caption=_("年度考核评审"))


def letters_table(actor: Actor, round: AssessmentRound, on: date) -> Table:
    """The round's letters in the order of their numbers, with what is left to do in each."""
    procedure, cases = reads.procedure(), reads.of_round(actor, round, on)
    reviews: dict[UUID, list[int]] = {}
    for pk, state in ClauseReview.objects.filter(assessment__in=[case.pk for case in cases]).values_list("assessment_id", "state"):
        counts = reviews.setdefault(pk, [0, 0])
        counts[0] += state != ReviewState.WAITING
        counts[1] += 1
    left = left_of(actor, cases, on)
    rows = []
    for case in cases:
        done, total = reviews.get(case.pk, [0, 0])
        rows.append(
            Row(
                [
                    Cell(case.unit.label, href=reverse("web:assessment", args=[case.pk]), note=case.letter.number),
                    Cell(said(procedure.state(case.state).label), tone=TONES[case.state], note=left.get(case.pk, "")),
                    Cell(case.filed_on.isoformat() if case.filed_on else ""),
                    Cell(f"{done}/{total}", numeric=True),
                    Cell(case.object_by.isoformat() if case.object_by else ""),
                ]
            )
        )
    headers = [
        Header(_("被考核单位")), Header(_("到了哪一步")), Header(_("自评")), Header(_("已评审条款"), numeric=True), Header(_("异议截止")),
    ]  # fmt: skip
    return Table(headers, rows, Empty(_("没有您可以看的责任书"), ""), caption=_("责任书考评"))


def shown_total(result: AssessmentResult) -> str:
    low, high = result.shown["low"], result.shown["high"]
    return str(low) if low == high else f"{low}—{high}"


def shown_grade(result: AssessmentResult) -> str:
    """The grade of a published result is open to everybody: it is what was published. Points stay a range where few people decide."""
    return said(result.grade)


def results_tables(actor: Actor, round: AssessmentRound, on: date) -> list[tuple[str, Table]]:
    """What was published, as everybody in the round may see it; one's own to the last digit. Towns and member units apart."""
    rows = AssessmentResult.objects.filter(assessment__round=round).select_related("unit", "assessment__letter")
    listed = list(rows.defer("tree", "particulars").order_by("assessment__letter__serial"))
    cases = {case.pk: case for case in reads.of_round(actor, round, on)}
    apart = [(title, found) for title, units in ((_("乡镇(街道)"), False), (_("成员单位"), True))
             if (found := [row for row in listed if row.assessment.letter.is_of_unit is units])]  # fmt: skip
    return [(title if len(apart) > 1 else "", _results_table(actor, found, cases, on)) for title, found in apart or [("", [])]]


def _results_table(actor: Actor, results: Sequence[AssessmentResult], cases: Mapping[UUID, Assessment], on: date) -> Table:
    listed = []
    for row in results:
        case = cases.get(row.assessment_id)
        total = plain(row.points) if case is not None and sees_own_score(actor, case.letter, on) else shown_total(row)
        unit = Cell(row.unit.label, href=reverse("web:assessment", args=[case.pk]) if case is not None else "")
        listed.append(Row([unit, Cell(row.number), Cell(total, numeric=True), Cell(shown_grade(row)), Cell(row.letter_hash[:12])]))
    headers = [Header(_("单位")), Header(_("文号")), Header(_("得分"), numeric=True), Header(_("等次")), Header(_("校验值"))]
    return Table(headers, listed, Empty(_("还没有公布"), ""), caption=_("公布的结果"))


def frames_table(actor: Actor, round: AssessmentRound, on: date) -> Table:
    """The frozen lists by their hashes: with the seed, anybody draws again."""
    mine = {case.pk for case in reads.of_round(actor, round, on)}
    rows = [
        Row(
            [
                Cell(frame.assessment.unit.label, href=reverse("web:sample-frame", args=[frame.pk])),
                Cell(said(registry.get(frame.ledger).title)),
                Cell(str(len(frame.ids)), numeric=True),
                Cell(str(frame.wanted), numeric=True),
                Cell(frame.list_hash[:16]),
            ]
        )
        for frame in SampleFrame.objects.filter(assessment__round=round).select_related("assessment__unit").order_by("assessment__letter__serial")
        if frame.assessment_id in mine
    ]
    headers = [
        Header(_("被考核单位")), Header(_("台账")), Header(_("名单项数"), numeric=True), Header(_("抽取"), numeric=True), Header(_("名单校验值")),
    ]  # fmt: skip
    return Table(headers, rows, Empty(_("还没有冻结名单"), ""), caption=_("抽样名单"))


def offers_of(procedure: Procedure, steps: Sequence[Step], version: int, address: str, pk: UUID) -> list[Offer]:
    return [
        Offer(
            step, said(step.label), said(step.note), StepForm(step, initial={"version": version}),
            reverse(address, args=[pk, step.code.replace("_", "-")]),
        )
        for step in steps
    ]  # fmt: skip


# --- one letter -------------------------------------------------------------------------------------------------------------
def case_page(actor: Actor, case: Assessment, on: date, opened: str = "", wrong: Mapping[tuple[str, str], Any] | None = None) -> CasePage:
    """``opened``: the clause that stands open; ``wrong``: forms that came back, by (clause, which)."""
    procedure = reads.procedure()
    steps = reads.steps_open_to(actor, case, on)
    offers = offers_of(procedure, [one for one in steps if one.code not in BY_CLAUSE], case.version, "web:assessment-step", case.pk)
    for offer in offers:
        if wrong and (form := wrong.get(("", offer.step.code))) is not None:
            object.__setattr__(offer, "form", form)
    main = next((one for one in offers if one.step.main), None)
    state = procedure.state(case.state)
    score = score_letter(case.letter, case.round.scored_on, actor)
    result = AssessmentResult.objects.filter(assessment=case).first()
    own = score.own
    if result is not None:
        total, grade = (plain(result.points), said(result.grade)) if own else (shown_total(result), shown_grade(result))
    else:
        total = plain(score.total) if score.total is not None else f"{plain(score.low)}—{plain(score.high)}"
        grade = "" if not score.grades else said(score.grades[0]) if len(score.grades) == 1 else f"{said(score.grades[0])}—{said(score.grades[-1])}"
    allowed = {step.code for step in steps}
    lines = _Lines(actor, case, on, opened, wrong or {}, allowed, result, own)
    whole = sees_whole_assessment(actor, case, on)
    mine = {clause for clause, review in lines.reviews.items() if whole or review.unit_id == actor.unit_id}
    shown = [lines.of(one, veto=False) for one in score.clauses if whole or one.id in mine]
    shown += [lines.of(one, veto=True) for one in score.vetoes if whole or one.id in mine]
    return CasePage(
        case=case,
        state=said(state.label),
        tone=TONES[case.state],
        waits=said(procedure.party(state.waits).label) if state.waits else "",
        own=own,
        total=total,
        of=plain(score.of),
        grade=grade,
        clauses=shown,
        whole=whole,
        computed=len(reads.settled_by_data(actor, case, on)),
        seconds=sum(bool(one.confirm) for line in shown for one in line.numbers),
        drawn=_drawn(actor, case, on, wrong or {}),
        main=main,
        others=[one for one in offers if one is not main],
        road=_road(case),
        frozen=result is not None,
    )


class _Lines:
    """What stands behind the clauses of one assessment, read once for all of them."""

    def __init__(
        self, actor: Actor, case: Assessment, on: date, opened: str, wrong: Mapping[tuple[str, str], Any], allowed: set[str],
        result: AssessmentResult | None, own: bool,
    ) -> None:  # fmt: skip
        self.actor, self.case, self.on, self.opened, self.wrong, self.allowed = actor, case, on, opened, wrong, allowed
        self.result, self.own = result, own
        self.selfs: dict[str, SelfScore] = {one.clause: one for one in case.self_scores.all()}
        self.reviews = {one.clause: one for one in case.reviews.select_related("unit", "assessment")}
        self.entries: dict[str, list[ManualEntry]] = {}
        for entry in case.letter.manual_entries.filter(withdrawn_at=None).select_related("letter__division"):
            self.entries.setdefault(entry.clause, []).append(entry)
        self.objections = {one.clause: one for one in Objection.objects.filter(assessment=case)}
        self.proofs = reads.evidence_of(case)
        cited = [one.row_id for proofs in self.proofs.values() for one in proofs if one.ledger == "returns" and one.row_id]
        self.returns = returns_open_to(actor, cited, on)
        self.may_own = case.state == "self_score" and may_self_score(actor, case, on).allowed

    def of(self, clause: ExplainedClause, *, veto: bool) -> ClauseLine:
        said_own, review = self.selfs.get(clause.id), self.reviews.get(clause.id)
        line = ClauseLine(
            id=clause.id,
            title=said(clause.title),
            text=clause.text,
            of=plain(clause.of),
            points=self._points(clause, veto),
            rule=clause.rule,
            how="" if clause.hidden else phrased(clause.arithmetic or "".join(clause.lines[:1])),
            hidden=clause.hidden,
            veto=veto,
            opened=self.opened == clause.id,
        )
        if said_own is not None:
            line.own = _("已另行自评") if clause.hidden else plain(said_own.points)
            line.own_reason = said_own.reason or ""
        line.proofs = [self._proof(one) for one in self.proofs.get(clause.id, [])]
        line.numbers = [] if clause.hidden and self.result is not None else [self._number(one, clause.hidden) for one in self.entries.get(clause.id, [])]
        if review is not None:
            self._review(line, review)
        self._objection(line, clause, veto)
        scored = clause.state is not ClauseState.REFUSED and not veto
        if self.may_own and scored:
            line.own_form = self.wrong.get((clause.id, "own")) or OwnForm(
                auto_id=f"own-{clause.id}-%s", initial={"points": line.own, "reason": line.own_reason}
            )
        if self.may_own:
            line.evidence_form = self.wrong.get((clause.id, "evidence")) or EvidenceForm(auto_id=f"evidence-{clause.id}-%s")
            line.choose = reverse("web:assessment-returns", args=[self.case.pk, clause.id])
        return line

    def _points(self, clause: ExplainedClause, veto: bool) -> str:
        """What was published where it is; else the score of the day."""
        if veto:
            return _("待认定") if clause.state is ClauseState.NOT_AVAILABLE else ""
        if self.result is not None:
            if self.own:
                kept = self.result.clauses.get(clause.id)
                return "—" if kept is None else str(kept)
            shown: Mapping[str, Any] = self.result.shown["clauses"].get(clause.id, {})
            return _word(shown["word"]) if "word" in shown else str(shown.get("points") or "—")
        if clause.hidden:
            return _word(clause.word)
        return _("待定") if clause.points is None else plain(clause.points)

    def _review(self, line: ClauseLine, review: ClauseReview) -> None:
        line.section, line.review = review.unit.label, review
        line.review_state, line.review_tone = self._reviewed(line, review), REVIEW_TONES[ReviewState(review.state)]
        if self.case.state == "review" and may_review_clause(self.actor, review, self.on).allowed:
            line.review_form = self.wrong.get((line.id, "review")) or ReviewForm(
                auto_id=f"review-{line.id}-%s", asked=reads.unanswered(self.case, line.id)
            )

    def _reviewed(self, line: ClauseLine, review: ClauseReview) -> str:
        """«Given other points» only where the points were computed: what people answer, the reviewer answered."""
        override = f"manual:{line.id}/{DECIDED}"
        if review.state == ReviewState.CHANGED and all(entry.key != override for entry in self.entries.get(line.id, [])):
            return _("已核查") if line.veto else _("已评定")
        return str(ReviewState(review.state).label)

    def _objection(self, line: ClauseLine, clause: ExplainedClause, veto: bool) -> None:
        row = self.objections.get(clause.id)
        if row is not None:
            numbers = "" if clause.hidden else _("告知 %(was)s,要求 %(wanted)s") % {
                "was": "—" if row.was is None else plain(row.was), "wanted": plain(row.wanted),
            }  # fmt: skip
            waits = "answer" in self.allowed and row.state == ObjectionState.OPEN
            form = (self.wrong.get((clause.id, "answer")) or AnswerForm(auto_id=f"answer-{clause.id}-%s")) if waits else None
            state = ObjectionState(row.state)
            line.opened = line.opened or form is not None  # what waits for an answer is not looked for
            line.objection = Objected(row, str(state.label), OBJECTION_TONES[state], numbers, form)
        elif "object" in self.allowed and not veto and clause.state is not ClauseState.REFUSED:
            line.objection_form = self.wrong.get((clause.id, "object")) or ObjectionForm(auto_id=f"object-{clause.id}-%s")

    def _number(self, entry: ManualEntry, hidden: bool) -> GivenNumber:
        waits = entry.reviewed_at is None
        may = waits and entry.by_id != self.actor.account_id and self.result is None and may_confirm_entry(self.actor, entry, self.on).allowed
        name = entry.key.partition(":")[2]
        words = _("本条得分") if name.endswith("/points") else _("本条认定") if "/" in name else said(name)
        number = "" if hidden and not may else f" {plain(entry.value, 4)}"
        confirmed = _("%(name)s 复核") % {"name": entry.reviewed_by_name} if not waits else _("待第二人复核")
        confirm = reverse("web:assessment-confirm", args=[self.case.pk, entry.pk]) if may else ""
        return GivenNumber(f"{words}{number}", entry.by_name, entry.reason or "", confirmed, "soon" if waits else "good", confirm)

    def _proof(self, one: AssessmentEvidence) -> Proof:
        withdraw = reverse("web:assessment-evidence-withdraw", args=[self.case.pk, one.pk]) if self.may_own else ""
        if one.kind == EvidenceKind.FILE:
            href = reverse("web:assessment-evidence-file", args=[self.case.pk, one.pk])
            return Proof(one.file_name or _("文件"), one.note or "", href, one.digest[:12], withdraw)
        if one.ledger == "returns":
            filed = self.returns.get(one.row_id) if one.row_id else None
            href = reverse("web:return", args=[filed.pk]) if filed else ""
            return Proof(return_words(filed) if filed else _("报表"), one.note or "", href, one.digest[:12], withdraw)
        return Proof(_ledger_title(one.ledger), one.note or "", _row_address(one.ledger, one.row_id), one.digest[:12], withdraw)


def return_words(filed: Return) -> str:
    """A return by its form and month."""
    return f"{said(get_form(filed.form).title)} {filed.period}"


def _word(word: str) -> str:
    return _("不公开") if word == WITHHELD else graded(word)


def _ledger_title(code: str) -> str:
    if code == "returns":
        return _("报表")
    if code == "papers":
        return _("公文")
    return said(registry.get(code).title)


def _row_address(ledger: str, row_id: UUID | None) -> str:
    """Where a referenced row opens; its own page asks who reads."""
    try:
        if ledger == "returns":
            return reverse("web:return", args=[row_id])
        if ledger == "papers":
            return reverse("web:paper", args=[row_id])
        return reverse("web:ledger-row", args=[ledger, row_id])
    except NoReverseMatch:
        return ""


def _drawn(actor: Actor, case: Assessment, on: date, wrong: Mapping[tuple[str, str], Any]) -> list[Drawn]:
    found = []
    for item in SampleItem.objects.filter(frame__assessment=case).select_related("frame__assessment__round").order_by("frame", "place"):
        finding = Finding(item.finding)
        may = finding is Finding.WAITING and case.state in ("self_score", "review") and may_check(actor, item, on).allowed
        form = (wrong.get((str(item.pk), "finding")) or FindingForm(auto_id=f"found-{item.place}-%s", initial={"found_on": on})) if may else None
        label = _("%(ledger)s 第 %(place)d 项") % {"ledger": _ledger_title(item.frame.ledger), "place": item.place}
        found.append(Drawn(item, label, _row_address(item.frame.ledger, item.row_id), str(finding.label), FINDING_TONES[finding], form))
    return found


def _road(case: Assessment) -> list[tuple[str, str, str, str]]:
    """Step, who, which unit, when: the oldest first."""
    return [(said(step.label), row.by_name, row.by_unit, when) for step, row, when in reads.walked(case)]


def decimal_text(value: Decimal | None) -> str:
    return "" if value is None else plain(value)
