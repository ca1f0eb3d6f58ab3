"""The only writers of assessment rounds: prepared, opened with a committed seed, sampled, published once, never changed after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qingyuan.casework.actions import procedures
from qingyuan.casework.actions.papers import next_serial
from qingyuan.casework.actions.procedures import CaseMoved, Taking
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.papers.rules import PaperRefused, number_text
from qingyuan.casework.procedures.rules import Standing, StepRefused
from qingyuan.foundation import clock, draws
from qingyuan.governance.actions import archive, assessments
from qingyuan.governance.models import (
    Assessment,
    AssessmentResult,
    AssessmentRound,
    Letter,
    RoundSection,
    SampleFrame,
    SampleItem,
)
from qingyuan.governance.models.letter import LIVE
from qingyuan.governance.permissions import may_run_rounds, round_standing
from qingyuan.governance.queries import assessment_state as reads
from qingyuan.governance.queries.assessments import particulars_of
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.queries.trees import trees_of
from qingyuan.governance.rules import assessments as rules
from qingyuan.governance.rules.assessments import ROUND_PROCEDURE, ROUNDS, SAMPLED
from qingyuan.governance.scoring.disclosure import ShownTree, shown_to_others
from qingyuan.governance.scoring.numbers import plain
from qingyuan.governance.scoring.serialise import tree_hash, tree_json
from qingyuan.governance.scoring.tree import ScoreTree
from qingyuan.indicators import store
from qingyuan.ledgers import registry
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division, Unit

__all__ = ["CaseMoved", "NotAllowed", "StepRefused"]


@dataclass(frozen=True)
class Terms:
    """What a round is prepared with. ``sections``: clause, as ``rules.section_of`` names it → id of the reviewing unit; the office
    reviews the rest."""

    self_by: date
    review_by: date
    scored_on: date
    object_days: int
    answer_days: int
    sections: Mapping[str, int] = field(default_factory=dict)


class _Rounds:
    """What the procedure engine asks of this room."""

    procedure = ROUND_PROCEDURE
    ledger = ROUNDS

    def locked(self, case_id: UUID) -> AssessmentRound:
        rows = AssessmentRound.objects.select_for_update(of=("self",))
        return rows.select_related("division", "issuer").get(pk=case_id)

    def standing(self, by: Actor, case: AssessmentRound, on: date) -> Standing:
        return round_standing(by, case, on)

    def conditions(self, case: AssessmentRound, on: date) -> frozenset[str]:
        return reads.round_conditions(case)

    def before(self, case: AssessmentRound, taking: Taking) -> None:
        case.changed_at = taking.at
        if (part := _PARTS.get(taking.step.code)) is not None:
            part(case, taking)

    def snapshot(self, case: AssessmentRound) -> dict[str, Any]:
        days = ("self_by", "review_by", "scored_on", "opened_on", "published_on")
        values = {name: day.isoformat() if (day := getattr(case, name)) else None for name in days}
        sections = {one.clause: one.unit_id for one in case.sections.order_by("clause")} if case.pk else {}
        return {
            "state": str(case.state), "commitment": case.commitment, "sections": sections,
            "frozen": case.frozen_at is not None, "drawn": case.revealed_at is not None, **values,
        }  # fmt: skip

    def after(self, case: AssessmentRound, taking: Taking) -> None:
        if taking.step.code == "publish":
            _keep_archive(case, taking.by)


ROOM: Final = _Rounds()


@transaction.atomic
def draft(*, year: int, terms: Terms, by: Actor, at: datetime | None = None) -> AssessmentRound:
    """Prepare the year's round for the letters of one's own city. Raises StepRefused, NotAllowed."""
    moment = at or clock.now()
    on = clock.day_of(moment)
    decision = may_run_rounds(by, on)
    if not decision.allowed:
        raise NotAllowed(decision.reason)
    issuer = Unit.objects.select_related("division").get(pk=by.unit_id or 0)
    letters = letters_of(issuer.division, year)
    if not letters:
        raise StepRefused(_("%(year)s 年还没有在用的责任书,先制发责任书再组织考核。") % {"year": year}, "year")
    if AssessmentRound.objects.filter(division=issuer.division, year=year).exclude(state="withdrawn").exists():
        raise StepRefused(_("%(year)s 年的考核评审已经在办,一年只办一轮。") % {"year": year}, "year")
    made = AssessmentRound(
        year=year, division=issuer.division, issuer=issuer, drafted_by_id=by.account_id, drafted_by_name=by.name[:40]
    )
    _fill(made, terms, on)
    try:
        with transaction.atomic():
            begun: AssessmentRound = procedures.begin(room=ROOM, case=made, by=by, at=moment)
            _assign(begun, terms)
    except IntegrityError as error:
        raise StepRefused(_("%(year)s 年的考核评审已经在办,一年只办一轮。") % {"year": year}, "year") from error
    return begun


def letters_of(city: Division, year: int) -> list[Letter]:
    """The year's letters that are in use, in the order of their numbers."""
    rows = Letter.objects.filter(city=city, year=year, state__in=LIVE)
    return list(rows.select_related("scheme", "unit", "division").order_by("serial"))


def change(*, round: AssessmentRound, terms: Terms, version: int | None, by: Actor, at: datetime | None = None) -> AssessmentRound:
    """Change days and sections while nothing has been sent out. Raises CaseMoved, StepRefused, NotAllowed."""
    changed: AssessmentRound = procedures.take(
        room=ROOM, case=round, step="change", by=by, version=version, note={"terms": terms}, at=at
    )
    return changed


def take(
    *,
    round: AssessmentRound,
    step: str,
    by: Actor,
    version: int | None = None,
    given: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> AssessmentRound:
    """Take one step of the procedure. Raises CaseMoved, StepRefused, NotAllowed."""
    taken: AssessmentRound = procedures.take(room=ROOM, case=round, step=step, by=by, version=version, given=given, at=at)
    return taken


def notify_ready(*, round: AssessmentRound, by: Actor, at: datetime | None = None) -> int:
    """Tell every unit whose assessment is through with its review; how many were told. Raises NotAllowed."""
    return _each(round, "review", "notice", "reviewed", by, at)


def settle_due(*, round: AssessmentRound, by: Actor, at: datetime | None = None) -> int:
    """Settle every assessment whose time to object is over and whose objections are answered; how many. Raises NotAllowed."""
    states = ("noticed", "objected")
    return sum(_each(round, state, "settle", "window_over", by, at, also="answered") for state in states)


@transaction.atomic
def _each(round: AssessmentRound, state: str, step: str, condition: str, by: Actor, at: datetime | None, also: str = "") -> int:
    on = clock.day_of(at or clock.now())
    taken = 0
    for case in round.assessments.filter(state=state).select_related("round").order_by("letter__serial"):
        holds = reads.conditions_of(case, on)
        if condition in holds and (not also or also in holds):
            assessments.take(case=case, step=step, by=by, at=at)
            taken += 1
    return taken


# --- the room's part of each step -----------------------------------------------------------------------------------------
def _fill(round: AssessmentRound, terms: Terms, on: date) -> None:
    rules.check_terms(terms.self_by, terms.review_by, terms.scored_on, on)
    first, last = date(round.year, 1, 1), date(round.year, 12, 31)
    if not first <= terms.scored_on <= last:
        raise StepRefused(_("计分截止日应在考核年度以内。"), "scored_on")
    if any(not _in_force(letter, terms.scored_on) for letter in letters_of(round.division, round.year)):
        raise StepRefused(_("计分截止日不在考核办法的有效期内。"), "scored_on")
    for name in ("object_days", "answer_days"):
        if not 1 <= getattr(terms, name) <= rules.MOST_DAYS:
            raise StepRefused(_("期限应在 1 到 60 个工作日之间。"), name)
    round.self_by, round.review_by, round.scored_on = terms.self_by, terms.review_by, terms.scored_on
    round.object_days, round.answer_days = terms.object_days, terms.answer_days


def _in_force(letter: Letter, on: date) -> bool:
    scheme = scheme_of(letter.scheme)
    return scheme.valid_from <= on < scheme.valid_to


def _assign(round: AssessmentRound, terms: Terms) -> None:
    """Each clause to its unit; Raises StepRefused for a clause or a unit that is not there."""
    clauses = {
        rules.section_of(one.id, of_units=letter.is_of_unit)
        for letter in letters_of(round.division, round.year)
        for one in scheme_of(letter.scheme).clauses()
    }
    wanted = {clause: unit for clause, unit in terms.sections.items() if unit and unit != round.issuer_id}
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=wanted.values(), closed_on=None)}
    for clause, unit_id in wanted.items():
        if clause not in clauses or unit_id not in units:
            raise StepRefused(_("条款 %(clause)s 的评审单位不对,请重新选择。") % {"clause": clause[:20]}, "sections")
    RoundSection.objects.filter(round=round).delete()
    RoundSection.objects.bulk_create(
        [RoundSection(round=round, clause=clause, unit=units[unit_id]) for clause, unit_id in sorted(wanted.items())]
    )


def _change(round: AssessmentRound, taking: Taking) -> None:
    terms: Terms = taking.note["terms"]
    _fill(round, terms, taking.on)
    _assign(round, terms)


def _open(round: AssessmentRound, taking: Taking) -> None:
    """Send the letters out. The seed is made now and only its hash is shown: no list has been frozen yet."""
    if round.self_by <= taking.on:
        raise StepRefused(_("自评期限要在今天之后,请先修改期限。"))
    letters = letters_of(round.division, round.year)
    if not letters:
        raise StepRefused(_("%(year)s 年没有在用的责任书。") % {"year": round.year})
    round.seed = draws.new_seed()
    round.commitment = draws.commit(round.seed)
    sections = {one.clause: one.unit for one in round.sections.select_related("unit")}
    for letter in letters:
        case = Assessment(
            round=round, letter=letter, division_id=letter.division_id, unit=letter.unit, issuer=round.issuer, self_by=round.self_by
        )
        assessments.begin(case=case, by=taking.by, sections=sections, at=taking.at)


def _freeze(round: AssessmentRound, taking: Taking) -> None:
    """The list of each letter: the rows of one ledger in its place and year, of a member unit its own, as they stand now."""
    code = taking.given["ledger"]
    if code not in SAMPLED:
        raise StepRefused(_("这个台账不能抽查,请从列出的台账里选。"), "ledger")
    share = rules.read_whole(taking.given["share"], _("抽取比例(%)"), "share", low=0, high=100)
    least = rules.read_whole(taking.given["least"], _("每份责任书至少抽"), "least", low=0, high=rules.MOST_DRAWN)
    listed = 0
    for case in round.assessments.select_related("unit"):
        ids = sorted(str(pk) for pk in _rows(code, case, round))
        listed += len(ids)
        SampleFrame.objects.create(
            assessment=case,
            ledger=code,
            ids=ids,
            list_hash=draws.list_hash(ids),
            wanted=rules.wanted(len(ids), share, least),
            frozen_at=taking.at,
            frozen_by_name=taking.by.name[:40],
        )
    if not listed:
        raise StepRefused(_("这个台账在考核年度里没有记录,请另选一个。"), "ledger")
    round.frozen_at = taking.at


def _rows(code: str, case: Assessment, round: AssessmentRound) -> list[UUID]:
    """Rows of the year in the letter's place; of a member unit, its own."""
    ledger = registry.get(code)
    rows = ledger.model.objects.filter(
        **{f"{ledger.dated_by}__gte": date(round.year, 1, 1), f"{ledger.dated_by}__lt": round.scored_on + timedelta(days=1)}
    )
    if case.division_id == round.division_id:
        rows = rows.filter(unit_id=case.unit_id)
    else:
        rows = rows.filter(division__in=Division.objects.under(case.division_id, round.scored_on).values("pk"))
    return list(rows.values_list("pk", flat=True))


def _reveal(round: AssessmentRound, taking: Taking) -> None:
    """Show the seed and draw. Raises StepRefused where the seed is not the one committed to."""
    seed = round.seed or ""
    if not draws.opens(round.commitment, seed):
        raise StepRefused(_("种子与公布的校验值不符,不能抽样;请报告安全管理员核查。"))
    for frame in SampleFrame.objects.filter(assessment__round=round):
        if draws.list_hash(frame.ids) != frame.list_hash:
            raise StepRefused(_("冻结的名单与校验值不符,不能抽样;请报告安全管理员核查。"))
        drawn = draws.draw(seed, frame.ids, frame.wanted)
        SampleItem.objects.bulk_create(
            [SampleItem(frame=frame, place=place, row_id=UUID(one)) for place, one in enumerate(drawn, start=1)]
        )
    round.revealed_at = taking.at


def _publish(round: AssessmentRound, taking: Taking) -> None:
    """Number the circular, freeze what every letter came to and let each assessment move with the round."""
    cases = list(round.assessments.select_related("letter__scheme", "letter__unit", "letter__division", "unit").order_by("letter__serial"))
    trees = trees_of([case.letter for case in cases], round.scored_on)
    for case in cases:
        tree = trees[case.letter_id]
        if tree.pending:
            words = _("%(unit)s 还有 %(points)s 分没有得分,不能公布。")
            raise StepRefused(words % {"unit": case.unit.label, "points": plain(tree.pending)})
        _result(case, tree, taking.at).save(force_insert=True)
        assessments.take(case=case, step="publish", by=taking.by, at=taking.at)
    round.circular_number = _circular_number(round, taking.on)


def _circular_number(round: AssessmentRound, on: date) -> str:
    """The next number of the office's series «云禁考», taken in the transaction that publishes: none is skipped, none given twice."""
    word = f"{round.division.name[0]}禁考"
    try:
        return number_text(word, on.year, next_serial(round.issuer_id, word, on.year))
    except PaperRefused as refusal:
        raise StepRefused(str(refusal)) from refusal


def _result(case: Assessment, tree: ScoreTree, at: datetime) -> AssessmentResult:
    letter = case.letter
    shown = shown_to_others(scheme_of(letter.scheme), tree)
    return AssessmentResult(
        assessment=case,
        number=letter.number,
        division_id=case.division_id,
        unit_id=case.unit_id,
        scheme_code=letter.scheme.code,
        scheme_version=letter.scheme.version,
        scheme_hash=letter.scheme.content_hash,
        letter_hash=letter.content_hash,
        points=tree.total,
        of=tree.of,
        grade=tree.grade,
        clauses={one.id: None if one.points is None else plain(one.points) for one in tree.clauses()},
        shown=_shown(shown),
        tree=tree_json(tree),
        tree_hash=tree_hash(tree),
        particulars=particulars_of(case),
        fact_version=store.version(),
        published_at=at,
    )


def _shown(shown: ShownTree) -> dict[str, Any]:
    """What readers outside the unit see, as plain data: exact points, or the word and its two ends."""
    clauses = {
        one.id: {"word": one.word, "low": plain(one.low), "high": plain(one.high)}
        if one.hidden
        else {"points": None if one.points is None else plain(one.points)}
        for group in shown.groups
        for one in group.clauses
    }
    return {"low": plain(shown.low), "high": plain(shown.high), "grades": list(shown.grades), "clauses": clauses}


def _withdraw(round: AssessmentRound, taking: Taking) -> None:
    for case in round.assessments.exclude(state="closed"):
        assessments.take(case=case, step="close", by=taking.by, at=taking.at)


def _keep_archive(round: AssessmentRound, by: Actor) -> None:
    """What is published is archived in the same breath: without an archive that verifies nothing is published."""
    try:
        archive.keep(round=round, by=by)
    except archive.ArchiveRefused as refusal:
        raise StepRefused(str(refusal)) from refusal


_PARTS: Final[Mapping[str, Callable[[AssessmentRound, Taking], None]]] = {
    "change": _change,
    "open": _open,
    "freeze": _freeze,
    "reveal": _reveal,
    "publish": _publish,
    "withdraw": _withdraw,
}
