"""The only writers of a letter's assessment: self-score and evidence, review of clauses, notice, objection and answer.

States move by the declared procedure; what is said of a clause in between is written here, with its entry in the audit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qingyuan.casework.actions import procedures
from qingyuan.casework.actions.procedures import CaseMoved, Taking
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.procedures.rules import Standing, StepRefused, clean_text
from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import Decision
from qingyuan.governance.actions import manual
from qingyuan.governance.enums import Finding, ObjectionState, ReviewState
from qingyuan.governance.models import Assessment, ClauseReview, ManualEntry, Objection, SampleItem, SelfScore
from qingyuan.governance.permissions import assessment_standing, may_check, may_review_clause, may_self_score
from qingyuan.governance.queries import assessment_state as reads
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.queries.trees import tree_of
from qingyuan.governance.rules import assessments as rules
from qingyuan.governance.rules.assessments import ASSESSMENTS, PROCEDURE
from qingyuan.governance.scoring.clauses import decided_key
from qingyuan.governance.scoring.scheme import Clause
from qingyuan.governance.scoring.tree import ClauseScore, ClauseState, ScoreTree
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Unit
from qingyuan.reference.holidays import add_working_days

__all__ = ["CaseMoved", "NotAllowed", "StepRefused"]
MOST_WORDS: Final = 500


@dataclass(frozen=True)
class Own:
    """What a unit says of one clause: its points as typed (empty: as the platform reckons), and why."""

    points: str
    reason: str = ""


class _Letters:
    """What the procedure engine asks of this room."""

    procedure = PROCEDURE
    ledger = ASSESSMENTS

    def locked(self, case_id: UUID) -> Assessment:
        rows = Assessment.objects.select_for_update(of=("self",))
        return rows.select_related("round", "letter__scheme", "letter__unit", "unit", "issuer").get(pk=case_id)

    def standing(self, by: Actor, case: Assessment, on: date) -> Standing:
        return assessment_standing(by, case, on)

    def conditions(self, case: Assessment, on: date) -> frozenset[str]:
        return reads.conditions_of(case, on)

    def before(self, case: Assessment, taking: Taking) -> None:
        case.changed_at = taking.at
        part = _PARTS.get(taking.step.code)
        if part is None:
            return
        try:
            part(case, taking)
        except manual.EntryRefused as refusal:
            raise StepRefused(str(refusal), "points") from refusal

    def snapshot(self, case: Assessment) -> dict[str, Any]:
        days = ("self_by", "filed_on", "noticed_on", "object_by", "settled_on")
        values = {name: day.isoformat() if (day := getattr(case, name)) else None for name in days}
        return {"state": str(case.state), "statement": case.statement or "", **values}

    def after(self, case: Assessment, taking: Taking) -> None:
        """Nothing follows: the score reads its numbers live."""


ROOM: Final = _Letters()


def take(
    *,
    case: Assessment,
    step: str,
    by: Actor,
    version: int | None = None,
    given: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Assessment:
    """Take one step of the procedure. Raises CaseMoved, StepRefused, NotAllowed."""
    taken: Assessment = procedures.take(room=ROOM, case=case, step=step, by=by, version=version, given=given, at=at)
    return taken


# --- the assessed unit ------------------------------------------------------------------------------------------------------
@transaction.atomic
def write_own(*, case: Assessment, given: Mapping[str, Own], by: Actor, at: datetime | None = None) -> list[SelfScore]:
    """Keep the unit's own points, clause by clause; equal to what is computed and without a reason, the line is taken out again.

    Raises StepRefused with the clause as its field, NotAllowed.
    """
    moment = at or clock.now()
    held = ROOM.locked(case.pk)
    _require(may_self_score(by, held, clock.day_of(moment)))
    if held.state != "self_score":
        raise StepRefused(_("自评已经报送,不能再改;要补充的请市禁毒办退回。"))
    tree = tree_of(held.letter, held.round.scored_on)
    written = [line for clause, own in given.items() if (line := _own(held, tree, clause, own, by, moment)) is not None]
    after = {line.clause: f"{line.points} {line.reason}" for line in written}
    _audit(held, "self", by, None, after, personal=frozenset(after))
    return written


def _own(case: Assessment, tree: ScoreTree, clause: str, own: Own, by: Actor, at: datetime) -> SelfScore | None:
    scored = _clause(tree, clause)
    if scored.state is ClauseState.REFUSED or any(veto.id == clause for veto in tree.vetoes):
        raise StepRefused(_("条款 %(clause)s 不计分,不用自评。") % {"clause": clause}, clause)
    reason = clean_text(own.reason, MOST_WORDS, _("自评理由"), clause)
    if not own.points.strip():
        SelfScore.objects.filter(assessment=case, clause=clause).delete()
        return None
    points = rules.read_points(own.points, f"{clause} {scored.title}", clause, low=-scored.under, high=scored.of + scored.over)
    if points == scored.points and not reason:
        SelfScore.objects.filter(assessment=case, clause=clause).delete()
        return None
    if points != scored.points and not reason:
        raise StepRefused(_("条款 %(clause)s 与平台得分不同,请写明理由。") % {"clause": clause}, clause)
    values = {"points": points, "computed": scored.points, "reason": reason, "by_id": by.account_id, "by_name": by.name[:40], "at": at}
    line, _created = SelfScore.objects.update_or_create(assessment=case, clause=clause, defaults=values)
    return line


def _file(case: Assessment, taking: Taking) -> None:
    """More points than the platform reckons rest on something that can be looked at."""
    with_evidence = set(case.evidence.filter(withdrawn_at=None).values_list("clause", flat=True))
    for line in case.self_scores.all():
        above = line.points > (line.computed if line.computed is not None else Decimal(0))
        if above and line.clause not in with_evidence:
            words = _("条款 %(clause)s 的自评高于平台得分,请附一份佐证再报送。")
            raise StepRefused(words % {"clause": line.clause})
    case.statement = taking.given["statement"]


def _return_self(case: Assessment, taking: Taking) -> None:
    case.self_by = taking.given["self_by"]
    case.filed_on = None


# --- the reviewing units ----------------------------------------------------------------------------------------------------
@transaction.atomic
def confirm(*, review: ClauseReview, opinion: str, by: Actor, at: datetime | None = None) -> ClauseReview:
    """Let the clause stand as it is scored. Raises StepRefused where there is no number yet, NotAllowed."""
    moment = at or clock.now()
    case, held = _under_review(review, by, moment)
    scored = _clause(tree_of(case.letter, case.round.scored_on), held.clause)
    waits = held.entry_id is None and reads.wants_a_number(scored)
    if scored.state not in reads.STANDS or waits:
        words = _("条款 %(clause)s 还没有得分,不能直接认可:请填写认定的数和理由。")
        raise StepRefused(words % {"clause": held.clause}, "points")
    return _reviewed(held, ReviewState.CONFIRMED, clean_text(opinion, MOST_WORDS, _("评审意见"), "opinion"), None, by, moment)


@transaction.atomic
def confirm_computed(*, case: Assessment, by: Actor, at: datetime | None = None) -> int:
    """Let every clause stand that waits for ``by`` and that data alone settles (``reads.settled_by_data``). Returns how many.

    Raises StepRefused where none does, NotAllowed.
    """
    moment = at or clock.now()
    found = reads.settled_by_data(by, case, clock.day_of(moment))
    if not found:
        raise StepRefused(_("没有可以一并认可的条款:其余的要逐条看。"))
    for review in found:
        confirm(review=review, opinion="", by=by, at=moment)
    return len(found)


@transaction.atomic
def confirm_numbers(*, case: Assessment, by: Actor, at: datetime | None = None) -> int:
    """As the second person, confirm every number of the letter that others gave and ``by`` may confirm. Returns how many.

    Raises StepRefused where none waits, NotAllowed, manual's EntryRefused.
    """
    moment = at or clock.now()
    waiting = [one for one in reads.to_confirm(by, clock.day_of(moment)) if one.letter_id == case.letter_id]
    if not waiting:
        raise StepRefused(_("没有等您复核的认定。"))
    for entry in waiting:
        manual.review(entry=entry, by=by, at=moment)
    return len(waiting)


@transaction.atomic
def set_number(
    *, review: ClauseReview, value: str, opinion: str, by: Actor, key: str = "", at: datetime | None = None
) -> ClauseReview:
    """Give the clause a number with its reason: the input that nobody has answered (``key``), or other points than were computed.

    It is a manual entry and counts once a second person has confirmed it. Raises StepRefused, NotAllowed.
    """
    moment = at or clock.now()
    case, held = _under_review(review, by, moment)
    reason = clean_text(opinion, MOST_WORDS, _("评审意见"), "opinion")
    if not reason:
        raise StepRefused(_("另定分要写明理由和依据。"), "opinion")
    asked = reads.unanswered(case, held.clause)
    if key and key not in asked:
        raise StepRefused(_("这一项已有评定;要改请先撤回原评定。"), "points")
    if key:
        number = rules.read_points(value, asked[key], "points", low=Decimal(0), high=Decimal(1_000_000))
        entry = _entry(case, key, number, reason, by, moment)
    else:
        entry = _decide(case, held.clause, value, reason, by, moment)
    return _reviewed(held, ReviewState.CHANGED, reason, entry, by, moment)


def _under_review(review: ClauseReview, by: Actor, at: datetime) -> tuple[Assessment, ClauseReview]:
    case = ROOM.locked(review.assessment_id)
    held = ClauseReview.objects.select_for_update(of=("self",)).select_related("assessment", "unit").get(pk=review.pk)
    _require(may_review_clause(by, held, clock.day_of(at)))
    if case.state != "review":
        raise StepRefused(_("现在不在评审阶段,条款不能再评审。"))
    return case, held


def _reviewed(held: ClauseReview, state: ReviewState, opinion: str, entry: ManualEntry | None, by: Actor, at: datetime) -> ClauseReview:
    before = {"state": str(held.state), "opinion": held.opinion or ""}
    held.state, held.opinion, held.entry = state, opinion, entry
    held.by_id, held.by_name, held.at = by.account_id, by.name[:40], at
    held.save()
    after = {"state": str(held.state), "opinion": opinion}
    _audit(held.assessment, "review", by, before, after, summary=held.clause, personal=frozenset({"opinion"}))
    return held


def _decide(case: Assessment, clause: str, value: str, reason: str, by: Actor, at: datetime) -> ManualEntry:
    """Points instead of those computed; an earlier decision gives way, and stays readable with the reason."""
    written = _written(case, clause)
    if written is None:
        raise StepRefused(_("条款 %(clause)s 不计分,不能另定分。") % {"clause": clause}, "points")
    number = rules.read_points(value, f"{clause} {written.title}", "points", low=Decimal(0), high=written.points + written.over)
    key = decided_key(written)
    for old in ManualEntry.objects.standing().filter(letter=case.letter, key=key):
        manual.withdraw(entry=old, reason=gettext_noop("另有认定:%(reason)s") % {"reason": reason[:100]}, by=by, at=at)
    return _entry(case, key, number, reason, by, at)


def _entry(case: Assessment, key: str, number: Decimal, reason: str, by: Actor, at: datetime) -> ManualEntry:
    try:
        return manual.enter(letter=case.letter, key=key, value=number, reason=reason, by=by, holds_from=case.round.scored_on, at=at)
    except manual.EntryRefused as refusal:
        raise StepRefused(str(refusal), "points") from refusal


def _written(case: Assessment, clause: str) -> Clause | None:
    """The clause as the sheet has it on the day of the score; None for a veto, a clause held out or one that is not there."""
    scheme = scheme_of(case.letter.scheme)
    found = [one for group in scheme.groups for one in group.clauses if one.id == clause and one.in_force(case.round.scored_on)]
    return found[0] if found and not found[0].refused else None


@transaction.atomic
def record_finding(*, item: SampleItem, finding: str, found: str, found_on: date, by: Actor, at: datetime | None = None) -> SampleItem:
    """Write down what the check on the spot found of a drawn row, once. Raises StepRefused, NotAllowed."""
    moment = at or clock.now()
    held = SampleItem.objects.select_related("frame__assessment__round").get(pk=item.pk)
    case = held.frame.assessment
    _require(may_check(by, held, clock.day_of(moment)))
    if case.state not in ("self_score", "review"):
        raise StepRefused(_("结果已经告知,现场核查不能再登记。"))
    if finding not in Finding.values or finding == Finding.WAITING:
        raise StepRefused(_("请选核查结果。"), "finding")
    words = clean_text(found, MOST_WORDS, _("核查情况"), "found")
    if not words:
        raise StepRefused(_("请写明怎样核查、看到什么。"), "found")
    if not case.round.opened_on or not case.round.opened_on <= found_on <= clock.day_of(moment):
        raise StepRefused(_("核查日期应在本轮启动与今天之间。"), "found_on")
    values = {
        "finding": finding, "found": words, "found_on": found_on, "found_at": moment,
        "found_by_id": by.account_id, "found_by_name": by.name[:40],
    }  # fmt: skip
    if not SampleItem.objects.filter(pk=held.pk, finding=Finding.WAITING).update(**values):
        raise StepRefused(_("这一项刚被别人登记过,请刷新页面查看。"))
    after = {"finding": finding, "found": words, "found_on": found_on.isoformat()}
    _audit(case, "check", by, None, after, summary=f"{held.frame.ledger} {held.place}", personal=frozenset({"found"}))
    held.refresh_from_db()
    return held


# --- notice, objection, answer ------------------------------------------------------------------------------------------------
def _notice(case: Assessment, taking: Taking) -> None:
    tree = tree_of(case.letter, case.round.scored_on)
    left = [one.id for one in tree.clauses() if one.state not in reads.STANDS]
    if left:
        raise StepRefused(_("条款 %(clauses)s 还没有得分,不能告知:请评审单位填数。") % {"clauses": "、".join(left)})
    case.object_by = add_working_days(taking.on, case.round.object_days)


def _object(case: Assessment, taking: Taking) -> None:
    clause = taking.given["clause"]
    written = _written(case, clause)
    if written is None:
        raise StepRefused(_("请从本责任书的计分条款里选一条。"), "clause")
    scored = _clause(tree_of(case.letter, case.round.scored_on), clause)
    wanted = rules.read_points(
        taking.given["wanted"], _("要求的分"), "wanted", low=Decimal(0), high=written.points + written.over
    )
    if wanted == scored.points:
        raise StepRefused(_("要求的分与告知的分相同,不用提出异议。"), "wanted")
    try:
        with transaction.atomic():
            Objection.objects.create(
                assessment=case,
                clause=clause,
                was=scored.points,
                wanted=wanted,
                reason=taking.given["reason"],
                raised_at=taking.at,
                by_id=taking.by.account_id,
                by_name=taking.by.name[:40],
                answer_by=add_working_days(taking.on, case.round.answer_days),
            )
    except IntegrityError as error:
        raise StepRefused(_("这一条已经提过异议,一条只提一次。"), "clause") from error


def _answer(case: Assessment, taking: Taking) -> None:
    """Answered once, by somebody who did not review the clause; upheld, a new entry takes the place of the old."""
    clause, decision, by = taking.given["clause"], taking.given["decision"], taking.by
    objection = Objection.objects.select_for_update(of=("self",)).filter(assessment=case, clause=clause).first()
    if objection is None or objection.state != ObjectionState.OPEN:
        raise StepRefused(_("这一条没有待答复的异议,请刷新页面。"), "clause")
    if decision not in (ObjectionState.UPHELD, ObjectionState.REJECTED):
        raise StepRefused(_("请选结论:成立或者不成立。"), "decision")
    review = case.reviews.select_related("entry").filter(clause=clause).first()
    reviewers = {review.by_id, review.entry.by_id if review.entry else None} - {None} if review else set()
    if by.account_id is None or by.account_id in reviewers:
        raise StepRefused(_("评审这一条的人不能答复对它的异议,请换一个人答复。"))
    entry = None
    if decision == ObjectionState.UPHELD:
        value = taking.given["points"] or format(objection.wanted, "f")
        entry = _decide(case, clause, value, taking.given["reason"], by, taking.at)
        if entry.value == objection.was:
            raise StepRefused(_("成立的异议要改分;不改分的请选不成立。"), "points")
    Objection.objects.filter(pk=objection.pk).update(
        state=decision,
        answer=taking.given["reason"],
        answered_at=taking.at,
        answered_by_id=by.account_id,
        answered_by_name=by.name[:40],
        answered_by_unit=by.unit_name[:80],
        entry=entry,
    )


_PARTS: Final[Mapping[str, Callable[[Assessment, Taking], None]]] = {
    "file": _file,
    "return_self": _return_self,
    "notice": _notice,
    "object": _object,
    "answer": _answer,
}


# --- small things -----------------------------------------------------------------------------------------------------------
def _clause(tree: ScoreTree, clause: str) -> ClauseScore:
    """Raises StepRefused for a clause the letter's sheet does not have."""
    try:
        return tree.clause(clause)
    except KeyError:
        raise StepRefused(_("考核办法里没有条款 %(clause)s。") % {"clause": clause[:20]}, "clause") from None


def _require(decision: Decision) -> None:
    """NotAllowed of papers and procedures, as every step of this room raises it."""
    if not decision.allowed:
        raise NotAllowed(decision.reason)


def _audit(
    case: Assessment,
    act: str,
    by: Actor,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    *,
    summary: str = "",
    personal: frozenset[str] = frozenset(),
) -> None:
    delta = audit.RowDelta(
        row_id=case.pk,
        compartment=Compartment.INTERNAL,
        before=None if before is None else dict(before),
        after=dict(after),
        personal=personal,
    )
    audit.record_write(
        by=by, act=f"{ASSESSMENTS}.{act}", ledger=ASSESSMENTS, rows=[delta], division_id=case.division_id, summary=summary[:120]
    )


def begin(*, case: Assessment, by: Actor, sections: Mapping[str, Unit], at: datetime) -> Assessment:
    """Store the assessment of one letter with a review for each clause: part of opening a round.

    ``sections``: clause, as ``rules.section_of`` names it → reviewing unit; a clause without one, or one of the assessed unit itself, is the office's.
    """
    begun: Assessment = procedures.begin(room=ROOM, case=case, by=by, at=at)
    scheme = scheme_of(case.letter.scheme)
    clauses = dict.fromkeys(one.id for one in scheme.clauses() if one.in_force(case.round.scored_on) and not one.refused)
    for clause in clauses:
        unit = sections.get(rules.section_of(clause, of_units=case.letter.is_of_unit))
        own = unit is not None and unit.pk == case.unit_id
        ClauseReview.objects.create(assessment=begun, clause=clause, unit=case.issuer if unit is None or own else unit)
    return begun
