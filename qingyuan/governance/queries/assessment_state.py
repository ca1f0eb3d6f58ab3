"""How far a round and each of its assessments have come: the conditions their procedures ask about, and what waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from qingyuan.casework.actions.procedures import past_of, pasts_of
from qingyuan.casework.models import ProcedureStep
from qingyuan.casework.procedures.declaration import Procedure, Step
from qingyuan.casework.procedures.loading import get_procedure
from qingyuan.casework.procedures.rules import Past, next_steps
from qingyuan.foundation import clock
from qingyuan.governance.enums import Finding, ReviewState
from qingyuan.governance.models import (
    Assessment,
    AssessmentRound,
    ClauseReview,
    Letter,
    ManualEntry,
    Objection,
    SampleItem,
    SelfScore,
)
from qingyuan.governance.models.year_end import UNDER_REVIEW, AssessmentEvidence
from qingyuan.governance.permissions import (
    assessment_standing,
    assessments_visible,
    may_check,
    may_confirm_entry,
    may_review_clause,
    round_standing,
    rounds_visible,
)
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.queries.trees import tree_of
from qingyuan.governance.rules.assessments import PROCEDURE, ROUND_PROCEDURE
from qingyuan.governance.scoring.tree import ClauseScore, ClauseState
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division

SETTLED = ("settled",)


def round_procedure() -> Procedure:
    return get_procedure(ROUND_PROCEDURE)


def procedure() -> Procedure:
    return get_procedure(PROCEDURE)


#: States of a clause that stands as it is: nobody has to give a number for it.
STANDS: Final = (ClauseState.SCORED, ClauseState.NOT_APPLICABLE, ClauseState.REFUSED)


def year_to_review(city: Division, on: date) -> int:
    """The year a new round is for: the earlier of last year and this one that has letters and no round; else this year."""
    for year in (on.year - 1, on.year):
        begun = AssessmentRound.objects.filter(division=city, year=year).exclude(state="withdrawn")
        if Letter.objects.of_year(year).filter(city=city).exists() and not begun.exists():
            return year
    return on.year


def rounds(actor: Actor, on: date) -> list[AssessmentRound]:
    """The rounds ``actor`` may see, the newest year first."""
    return list(rounds_visible(actor, on).select_related("division", "issuer__division").order_by("-year", "-opened_on"))


def find_round(actor: Actor, on: date, round_id: UUID) -> AssessmentRound | None:
    found: AssessmentRound | None = (
        rounds_visible(actor, on).select_related("division", "issuer__division").filter(pk=round_id).first()
    )
    return found


def of_round(actor: Actor, round: AssessmentRound, on: date) -> list[Assessment]:
    """The assessments of a round that ``actor`` may see, in the order of letter numbers: never of points."""
    rows = assessments_visible(actor, on).filter(round=round)
    return list(rows.select_related("letter__scheme", "letter__unit", "unit", "division", "issuer", "round").order_by("letter__serial"))


def find(actor: Actor, on: date, assessment_id: UUID) -> Assessment | None:
    rows = assessments_visible(actor, on).select_related(
        "letter__scheme", "letter__unit", "letter__division", "unit", "division", "issuer", "round"
    )
    found: Assessment | None = rows.filter(pk=assessment_id).first()
    return found


# --- conditions of the two procedures ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Outstanding:
    """Which of some assessments still wait for a review, a check or an answer, and which letters for a number's second person."""

    reviews: frozenset[UUID]
    items: frozenset[UUID]
    objections: frozenset[UUID]
    numbers: frozenset[UUID]

    def reviewed(self, case: Assessment) -> bool:
        """Whether every clause is reviewed, every number confirmed, every drawn row of a frozen list checked."""
        if case.pk in self.reviews or case.letter_id in self.numbers:
            return False
        return case.round.frozen_at is None or (case.round.is_revealed and case.pk not in self.items)

    def answered(self, case: Assessment) -> bool:
        return case.pk not in self.objections and case.letter_id not in self.numbers


def outstanding_of(cases: Sequence[Assessment]) -> Outstanding:
    """Four questions, however many assessments."""
    ids = [case.pk for case in cases]
    waiting = ClauseReview.objects.filter(assessment_id__in=ids, state=ReviewState.WAITING)
    items = SampleItem.objects.filter(frame__assessment_id__in=ids, finding=Finding.WAITING)
    numbers = ManualEntry.objects.standing().filter(letter_id__in=[case.letter_id for case in cases], reviewed_at=None)
    return Outstanding(
        frozenset(waiting.values_list("assessment_id", flat=True)),
        frozenset(items.values_list("frame__assessment_id", flat=True)),
        frozenset(Objection.objects.waiting().filter(assessment_id__in=ids).values_list("assessment_id", flat=True)),
        frozenset(numbers.values_list("letter_id", flat=True)),
    )


def conditions_of(case: Assessment, on: date, outstanding: Outstanding | None = None) -> frozenset[str]:
    """The conditions of the letter's procedure that hold on a day; ``outstanding`` where it was asked for many at once."""
    left = outstanding or outstanding_of([case])
    holds = {
        "past_due": case.is_late(on),
        "window_over": case.object_by is not None and case.object_by < on,
        "reviewed": case.state == "review" and left.reviewed(case),
        "answered": left.answered(case),
    }
    return frozenset(name for name, yes in holds.items() if yes)


def round_conditions(round: AssessmentRound) -> frozenset[str]:
    """The conditions of the round's procedure that hold."""
    states = set(round.assessments.values_list("state", flat=True)) if round.state == "open" else set()
    holds = {
        "frozen": round.frozen_at is not None,
        "drawn": round.revealed_at is not None,
        "settled": bool(states) and states <= set(SETTLED),
    }
    return frozenset(name for name, yes in holds.items() if yes)


def unanswered(case: Assessment, clause: str) -> dict[str, str]:
    """The manual inputs of a clause that nobody has answered: key → what is asked for, in words."""
    scored = tree_of(case.letter, case.round.scored_on).clause(clause)
    written = scheme_of(case.letter.scheme).clause(clause, case.round.scored_on, scored.variant)
    standing = set(ManualEntry.objects.standing().filter(letter_id=case.letter_id).values_list("key", flat=True))
    found = {}
    for item in scored.inputs:
        if item.ref.startswith("manual:") and item.name in written.inputs and item.ref not in standing:
            name = item.ref.partition(":")[2]
            found[item.ref] = written.title if "/" in name else name
    return found


def wants_a_number(scored: ClauseScore) -> bool:
    """Whether people give the points of this clause and have not yet."""
    return any(item.not_available and item.ref.endswith("/points") for item in scored.inputs)


def settled_by_data(actor: Actor, case: Assessment, on: date) -> list[ClauseReview]:
    """Clauses that wait for this reviewer and that nothing but data decides: the unit scored them as the platform does and sent no
    evidence, and no number of people is missing. The rest is looked at one by one."""
    if case.state != "review":
        return []
    said = set(SelfScore.objects.filter(assessment=case).values_list("clause", flat=True)) | set(evidence_of(case))
    waiting = case.reviews.select_related("assessment", "unit").filter(state=ReviewState.WAITING).order_by("clause")
    mine = [one for one in waiting if one.clause not in said and may_review_clause(actor, one, on).allowed]
    if not mine:
        return []
    tree = tree_of(case.letter, case.round.scored_on)
    vetoes = {veto.id for veto in tree.vetoes}
    scored = {one.clause: tree.clause(one.clause) for one in mine if one.clause not in vetoes}
    return [
        one for one in mine
        if one.clause in scored and scored[one.clause].state in STANDS and not wants_a_number(scored[one.clause])
        and not unanswered(case, one.clause)
    ]


# --- whose turn -------------------------------------------------------------------------------------------------------------
def steps_open_to(
    actor: Actor, case: Assessment, on: date, past: Sequence[Past] | None = None, outstanding: Outstanding | None = None
) -> tuple[Step, ...]:
    """The steps of a letter's assessment this person may take now; publishing and closing go with the round."""
    known = past_of(PROCEDURE, case.pk) if past is None else past
    holds = conditions_of(case, on, outstanding)
    steps = next_steps(procedure(), case.state, assessment_standing(actor, case, on), past=tuple(known), conditions=holds)
    return tuple(step for step in steps if step.code not in ("publish", "close"))


def round_steps_open_to(actor: Actor, round: AssessmentRound, on: date) -> tuple[Step, ...]:
    return next_steps(
        round_procedure(),
        round.state,
        round_standing(actor, round, on),
        past=past_of(ROUND_PROCEDURE, round.pk),
        conditions=round_conditions(round),
    )


def turns(actor: Actor, on: date) -> list[tuple[Assessment, Step]]:
    """The assessments that wait for this person, by what the procedure calls its main step; answers to objections too."""
    rows = assessments_visible(actor, on).filter(round__state="open").exclude(state__in=("published", "closed", "settled"))
    own = rows.filter(unit_id=actor.unit_id or 0) | rows.filter(issuer_id=actor.unit_id or 0)
    listed = list(own.select_related("letter__scheme", "letter__unit", "unit", "division", "issuer", "round").order_by("letter__serial"))
    if not listed:
        return []
    pasts, left = pasts_of(PROCEDURE, [case.pk for case in listed]), outstanding_of(listed)
    found = []
    for case in listed:
        steps = steps_open_to(actor, case, on, pasts.get(case.pk, ()), left)
        waiting = case.state == "objected" and case.pk in left.objections
        step = next((one for one in steps if one.code == "answer" and waiting), None)
        step = step or next((one for one in steps if one.main or one.code == "start_review"), None)
        if step is not None:
            found.append((case, step))
    return found


def to_review(actor: Actor, on: date) -> list[ClauseReview]:
    """Clauses that wait for this person's unit."""
    rows = ClauseReview.objects.filter(
        unit_id=actor.unit_id or 0, state=ReviewState.WAITING, assessment__state="review", assessment__round__state="open"
    ).exclude(assessment__unit_id=actor.unit_id or 0)
    mine = assessments_visible(actor, on).values("pk")
    return list(rows.filter(assessment__in=mine).select_related("assessment__round", "assessment__unit", "assessment__letter"))


def to_confirm(actor: Actor, on: date) -> list[ManualEntry]:
    """Numbers that wait for a second person and may be confirmed by this one."""
    states = ("review", "objected")
    rows = ManualEntry.objects.standing().filter(
        reviewed_at=None, letter__assessments__round__state="open", letter__assessments__state__in=states
    )
    listed = rows.select_related("letter__unit", "letter__division").distinct()
    return [one for one in listed if one.by_id != actor.account_id and may_confirm_entry(actor, one, on).allowed]


def to_check(actor: Actor, on: date) -> list[SampleItem]:
    """Drawn rows that nobody has looked at yet and this person may."""
    rows = SampleItem.objects.filter(
        finding=Finding.WAITING, frame__assessment__state__in=UNDER_REVIEW, frame__assessment__round__state="open"
    )
    listed = rows.select_related("frame__assessment__round", "frame__assessment__unit", "frame__assessment__letter")
    allowed: dict[UUID, bool] = {}
    for item in listed:
        allowed.setdefault(item.frame.assessment_id, may_check(actor, item, on).allowed)
    return [item for item in listed if allowed[item.frame.assessment_id]]


def evidence_of(case: Assessment) -> dict[str, list[AssessmentEvidence]]:
    """Standing evidence by clause, without the files themselves."""
    found: dict[str, list[AssessmentEvidence]] = {}
    for one in AssessmentEvidence.objects.standing().filter(assessment=case).defer("content"):
        found.setdefault(one.clause, []).append(one)
    return found


def walked(case: Assessment) -> list[tuple[Step, ProcedureStep, str]]:
    """The steps an assessment took, the oldest first, each with its moment as people read it."""
    table = procedure()
    rows = ProcedureStep.objects.filter(procedure=PROCEDURE, subject_id=case.pk).order_by("position")
    return [(table.step(row.step), row, f"{row.at.astimezone(clock.ZONE):%Y-%m-%d %H:%M}") for row in rows]
