"""Questions about returns, targets, schemes and letters; ``organisation.scope`` gives every answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from qingyuan.casework.procedures.declaration import Side
from qingyuan.casework.procedures.rules import Standing
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import Decision
from qingyuan.governance.enums import ANSWERED, Move, NeedState
from qingyuan.governance.models import (
    Assessment,
    AssessmentRound,
    ClauseReview,
    Letter,
    ManualEntry,
    PatternQuestion,
    Return,
    SampleItem,
    SupervisionOrder,
    TargetBid,
    TargetPlan,
    TargetShare,
    UnitNeed,
)
from qingyuan.governance.models.letter import LetterQuerySet
from qingyuan.governance.models.returned import ReturnQuerySet
from qingyuan.governance.models.year_end import DECIDING
from qingyuan.governance.rules import assessments as year_end
from qingyuan.governance.rules import questions as asking
from qingyuan.governance.rules.orders import ANSWERS, ISSUING
from qingyuan.governance.rules.orders import LEDGER as ORDERS
from qingyuan.governance.rules.returns import PROCEDURE, Who
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Role
from qingyuan.organisation.scope import in_own_scope, may, may_in, visible_to

RETURNS, LETTERS, TARGETS, SCHEMES = "returns", "letters", "targets", "schemes"
BIDS: Final = "target-bids"
NEEDS, NEED_ANSWERS, PROGRAMMES = "unit_needs", "need-answers", "programmes"
#: No row has this id: asking with it leaves only the rules that reach by the other way.
NOBODY: Final = 0  # the key of no unit and of no division


class NotAllowed(PermissionError):
    """The actor may not do this; the message is the reason as printed."""


@dataclass(frozen=True)
class Level:
    """One level that a return passes: a unit, or (``unit_id`` None) the commission's office."""

    unit_id: int | None
    division_id: int
    title: str


def require(decision: Decision) -> None:
    """Raise NotAllowed unless allowed."""
    if not decision.allowed:
        raise NotAllowed(decision.reason)


def returns_visible(actor: Actor, on: date, *, action: Action = Action.READ) -> ReturnQuerySet:
    """The returns ``actor`` may take ``action`` on."""
    rows: Any = Return.objects.select_related("unit", "division")
    found: Any = visible_to(actor, rows, compartment=Compartment.INTERNAL, ledger=RETURNS, on=on, action=action)
    return found  # type: ignore[no-any-return]


def may_view_return(actor: Actor, filed: Return, on: date) -> Decision:
    return may_internal(actor, Action.READ, RETURNS, filed.division_id, filed.unit_id, on)


OfficeOver = Mapping[tuple[int, str], Decision]


def office_over(actor: Actor, filed: Sequence[Return], on: date) -> OfficeOver:
    """Whether ``actor`` is the office over each (division, state) of many returns, asked once for each."""
    asked = {(one.division_id, one.state) for one in filed}
    allowed = may_in(actor, Action.APPROVE, asked, compartment=Compartment.INTERNAL, ledger=RETURNS, on=on)
    refused = Decision(False, _("这一条不在您的范围内,请联系其所在单位。"))
    return {one: Decision(True, "") if one in allowed else refused for one in asked}


def may_take(
    actor: Actor, filed: Return, step: Move, levels: Sequence[Level], on: date, over: OfficeOver | None = None
) -> Decision:
    """Whether ``actor`` is the one who takes ``step`` on this return where it stands (the state is the table's matter).

    ``over``: what ``office_over`` answered for many returns at once.
    """
    who = next((row.who for row in PROCEDURE if row.step == step and row.from_state == filed.state), None)
    if who is None:
        return Decision(False, _("报表现在的状态不能办理这一步。"))
    if who is Who.FILLER:
        return may_internal(actor, Action.CHANGE, RETURNS, filed.division_id, filed.unit_id, on, filed.state)
    known = over.get((filed.division_id, filed.state)) if over is not None else None
    office = known if known is not None else may_internal(actor, Action.APPROVE, RETURNS, filed.division_id, NOBODY, on, filed.state)
    if who is Who.REVIEWER and actor.account_id is not None and actor.account_id == filed.filler_id:
        return Decision(False, _("填报人不能审核自己报的表，请换一人审核。"))
    if who is Who.OFFICE or office.allowed:
        return office
    level = levels[min(filed.level, len(levels) - 1)]
    if level.unit_id is None:
        return office
    return may_internal(actor, Action.APPROVE, RETURNS, NOBODY, level.unit_id, on, filed.state)


def may_generate_returns(actor: Actor, division_id: int, on: date) -> Decision:
    return may_internal(actor, Action.APPROVE, RETURNS, division_id, NOBODY, on)


def letters_visible(actor: Actor, on: date) -> LetterQuerySet:
    """The letters ``actor`` may read: a town's own people, the commission all, a member unit its own."""
    rows: Any = Letter.objects.select_related("unit", "division", "city", "scheme")
    found: Any = visible_to(actor, rows, compartment=Compartment.INTERNAL, ledger=LETTERS, on=on)
    return found  # type: ignore[no-any-return]


def may_view_letter(actor: Actor, letter: Letter, on: date) -> Decision:
    return may_internal(actor, Action.READ, LETTERS, letter.division_id, letter.unit_id, on)


def may_issue_letters(actor: Actor, city_id: int, on: date) -> Decision:
    """Issue, amend and void: the commission's office."""
    return may_internal(actor, Action.CREATE, LETTERS, city_id, NOBODY, on)


def may_file_signature(actor: Actor, letter: Letter, on: date) -> Decision:
    """File the signed page: the office, or the town that signed."""
    return may_internal(actor, Action.CHANGE, LETTERS, letter.division_id, letter.unit_id, on)


def sees_own_score(actor: Actor, letter: Letter, on: date) -> bool:
    """Whether the reader belongs to the unit the score is about: everyone else gets closed small numbers."""
    if actor.unit_id == letter.unit_id:
        return bool(actor.grants)
    return letter.division_id != letter.city_id and in_own_scope(actor, letter.division_id, on)


def may_view_target(actor: Actor, plan: TargetPlan, on: date) -> Decision:
    """The whole decomposition of one indicator: the commission; a town reads its own share on the page of targets."""
    return may_internal(actor, Action.READ, TARGETS, plan.city_id, NOBODY, on)


def may_set_targets(actor: Actor, city_id: int, on: date) -> Decision:
    return may_internal(actor, Action.CHANGE, TARGETS, city_id, NOBODY, on)


def may_publish_targets(actor: Actor, city_id: int, on: date) -> Decision:
    return may_internal(actor, Action.APPROVE, TARGETS, city_id, NOBODY, on)


def may_bid(actor: Actor, share: TargetShare, on: date, action: Action = Action.CREATE) -> Decision:
    """Propose another number for the share of a town or unit (READ: see it): its own people, by the line of the policy table."""
    if share.unit_id is not None:
        return may_internal(actor, action, BIDS, NOBODY, share.unit_id, on)
    return may_internal(actor, action, BIDS, share.division_id, NOBODY, on)


def bids_own_unit(actor: Actor, on: date) -> int:
    """The unit whose share ``actor`` may speak for by being of it; 0 for nobody's."""
    unit_id = actor.unit_id or NOBODY
    return unit_id if unit_id and may_internal(actor, Action.READ, BIDS, NOBODY, unit_id, on).allowed else NOBODY


def bids_answered(actor: Actor, on: date) -> Any:
    """Numbers that ``actor``'s own people proposed, answered and not yet taken note of by them."""
    waiting: Any = TargetBid.objects.filter(state__in=ANSWERED, noted_at=None)
    return visible_to(actor, waiting, compartment=Compartment.INTERNAL, ledger=BIDS, on=on, action=Action.CREATE, side="share__")


def needs_visible(actor: Actor, on: date) -> Any:
    """What one's own unit asks of others and what others ask of it; whoever reads a range, all of both there."""
    rows: Any = UnitNeed.objects.all()
    asking = visible_to(actor, rows, compartment=Compartment.INTERNAL, ledger=NEEDS, on=on)
    asked = visible_to(actor, rows, compartment=Compartment.INTERNAL, ledger=NEED_ANSWERS, on=on, side="to_")
    return rows.filter(Q(pk__in=asking.values("pk")) | Q(pk__in=asked.values("pk")))


def needs_to_answer(actor: Actor, on: date) -> Any:
    """What waits for ``actor``'s unit and may be answered by this person."""
    rows: Any = UnitNeed.objects.filter(state__in=(NeedState.ASKED, NeedState.PROMISED))
    return visible_to(actor, rows, compartment=Compartment.INTERNAL, ledger=NEED_ANSWERS, on=on, action=Action.CHANGE, side="to_")


def may_ask_need(actor: Actor, unit_id: int, on: date, action: Action = Action.CREATE) -> Decision:
    return may_internal(actor, action, NEEDS, NOBODY, unit_id, on)


def may_answer_need(actor: Actor, need: UnitNeed, on: date) -> Decision:
    return may_internal(actor, Action.CHANGE, NEED_ANSWERS, NOBODY, need.to_unit_id, on)


def may_keep_programmes(actor: Actor, city_id: int, on: date, action: Action = Action.CREATE) -> Decision:
    """Draft (CREATE) or adopt (APPROVE) a programme of several years; read it (READ)."""
    return may_internal(actor, action, PROGRAMMES, city_id, NOBODY, on)


def may_read_drafts(actor: Actor, city_id: int | None, on: date) -> Decision:
    """Sheets that are still on the desk of a city: its office, its leaders and the inspectors."""
    return may_internal(actor, Action.READ, SCHEMES, city_id or NOBODY, NOBODY, on)


def may_draft_scheme(actor: Actor, city_id: int | None, on: date) -> Decision:
    return may_internal(actor, Action.CHANGE, SCHEMES, city_id or NOBODY, NOBODY, on)


def may_decide_draft(actor: Actor, city_id: int, on: date) -> Decision:
    """Publish or send back, as somebody who wrote none of it."""
    return may_internal(actor, Action.APPROVE, SCHEMES, city_id, NOBODY, on)


def may_publish_scheme(actor: Actor, on: date) -> Decision:
    return may(actor, Action.APPROVE, compartment=Compartment.INTERNAL, ledger=SCHEMES, on=on)


def may_assess(actor: Actor, letter: Letter, on: date) -> Decision:
    """Give or confirm a number by hand: the office and the commission's leaders, never the unit assessed."""
    return may_internal(actor, Action.APPROVE, LETTERS, letter.division_id, NOBODY, on)


def may_keep_archive(actor: Actor, city_id: int, on: date) -> Decision:
    """Close a year into its archive: the commission's office and its leaders."""
    return may_internal(actor, Action.APPROVE, LETTERS, city_id, NOBODY, on)


def may_take_archive(actor: Actor, city_id: int, on: date) -> Decision:
    """Take along the archive of all letters, without what only each unit may read of its own: office, leaders, inspectors."""
    return may_internal(actor, Action.EXPORT, LETTERS, city_id, NOBODY, on)


def may_take_own_extract(actor: Actor, letter: Letter, on: date) -> Decision:
    """Take along one letter's part of the archive, whole: only the unit whose letter it is."""
    if sees_own_score(actor, letter, on):
        return may_view_letter(actor, letter, on)
    return Decision(False, _("摘录里有只对本单位公开的数,只给这份责任书的责任单位。"))


def may_internal(
    actor: Actor, action: Action, ledger: str, division_id: int, unit_id: int, on: date, state: str = ""
) -> Decision:
    return may(
        actor,
        action,
        compartment=Compartment.INTERNAL,
        ledger=ledger,
        division_id=division_id,
        unit_id=unit_id,
        on=on,
        state=state,
    )


def may_read_impact(actor: Actor) -> Decision:
    """The impact assessment says how everything is guarded: inspectors and the security officer read it."""
    if actor.has_role(Role.AUDITOR, Role.SECURITY_OFFICER):
        return Decision(True, "")
    return Decision(False, _("个人信息保护影响评估由安全管理员办理,审计检查人员查阅。"))


def may_sign_impact(actor: Actor) -> Decision:
    """Who answers for it signs; the inspector only reads."""
    if actor.has_role(Role.SECURITY_OFFICER):
        return Decision(True, "")
    return Decision(False, _("个人信息保护影响评估由安全管理员签认。"))


# --- supervision orders ---------------------------------------------------------------------------------------------------
RIGHTS: Final = (Action.CREATE, Action.CHANGE, Action.VOID, Action.APPROVE)
PAST_DUE: Final = "past_due"


def orders_visible(actor: Actor, on: date) -> Any:
    """Sent orders as the ledger's rules say; those of one's own office in every state, for those who give orders there."""
    sent: Any = visible_to(
        actor, SupervisionOrder.objects.all(), compartment=Compartment.INTERNAL, ledger=ORDERS, on=on
    )
    found: Any = SupervisionOrder.everything.live()
    allowed = Q(pk__in=sent.values("pk"))
    if _gives_orders(actor, on):
        allowed |= Q(issuer_id=actor.unit_id)
    return found.filter(allowed)


def _gives_orders(actor: Actor, on: date) -> bool:
    """Whether ``actor`` drafts or signs orders for his unit; who only reads a whole division does not."""
    unit_id = actor.unit_id or NOBODY
    return any(_order_right(actor, one, ISSUING, unit_id, on).allowed for one in (Action.CREATE, Action.APPROVE))


def may_give_orders(actor: Actor, on: date) -> Decision:
    """Draft an order for one's own unit."""
    if actor.unit_id is None:
        return Decision(False, _("您的账号没有单位,不能起草督办单。"))
    return _order_right(actor, Action.CREATE, ISSUING, actor.unit_id, on)


def standing_of(actor: Actor, order: SupervisionOrder, on: date) -> Standing:
    """Who ``actor`` is in an order: what the policy table grants for the unit that gave it and the unit it was given to."""
    giving = frozenset(one for one in RIGHTS if _order_right(actor, one, ISSUING, order.issuer_id, on).allowed)
    answering = frozenset(one for one in RIGHTS if _order_right(actor, one, ANSWERS, order.unit_id, on).allowed)
    sides = {Side.ISSUER: giving, Side.CHECKER: giving, Side.SUPERIOR: giving, Side.RECEIVER: answering}
    return Standing(actor.account_id, actor.unit_id, sides, actor.roles)


def conditions_of(order: SupervisionOrder, on: date) -> frozenset[str]:
    """The conditions of the procedure's table that hold on a day."""
    return frozenset({PAST_DUE}) if order.is_past_due(on) else frozenset()


def _order_right(actor: Actor, action: Action, subject: str, unit_id: int, on: date) -> Decision:
    return may_internal(actor, action, subject, NOBODY, unit_id, on)


# --- questions about patterns ---------------------------------------------------------------------------------------------
def questions_visible(actor: Actor, on: date) -> Any:
    """Questions that were sent: of the own unit for who answers there, of the own range for who reads it; those of one's own
    office from the day they were found, for those who decide there."""
    rows: Any = PatternQuestion.objects.all()
    ranges: Any = visible_to(actor, rows, compartment=Compartment.INTERNAL, ledger=asking.RANGE, on=on)
    # A town's people read much of their division; a question is for the unit that is asked, not for its neighbours there.
    mine: Any = rows.filter(unit_id=actor.unit_id or NOBODY)
    own: Any = visible_to(actor, mine, compartment=Compartment.INTERNAL, ledger=asking.ANSWERS, on=on)
    found = Q(pk__in=rows.sent().filter(Q(pk__in=ranges.values("pk")) | Q(pk__in=own.values("pk"))).values("pk"))
    if may_decide_questions(actor, on).allowed:
        found |= Q(issuer_id=actor.unit_id or NOBODY)
    return rows.filter(found)


def may_decide_questions(actor: Actor, on: date) -> Decision:
    """Decide for one's own office whether a unit is asked, and what follows its answer."""
    if actor.unit_id is None:
        return Decision(False, _("数据问询由市禁毒办决定问不问。"))
    return may_internal(actor, Action.APPROVE, asking.ASKING, NOBODY, actor.unit_id, on)


def may_read_questions(actor: Actor, on: date) -> Decision:
    """Read the questions of a whole range: the office, its leaders, the inspectors."""
    return may(actor, Action.READ, compartment=Compartment.INTERNAL, ledger=asking.RANGE, on=on)


def may_answer_questions(actor: Actor, on: date, *, reading: bool = False) -> Decision:
    """Explain what one's own unit is asked, or read it."""
    if actor.unit_id is None:
        return Decision(False, _("数据问询由被问的单位说明。"))
    return may_internal(actor, Action.READ if reading else Action.CHANGE, asking.ANSWERS, NOBODY, actor.unit_id, on)


def question_standing(actor: Actor, question: PatternQuestion, on: date) -> Standing:
    """Who ``actor`` is in a question: of the office that asks, of the unit that is asked."""
    office = frozenset(one for one in RIGHTS if may_internal(actor, one, asking.ASKING, NOBODY, question.issuer_id, on).allowed)
    unit = frozenset(one for one in RIGHTS if may_internal(actor, one, asking.ANSWERS, NOBODY, question.unit_id, on).allowed)
    return Standing(actor.account_id, actor.unit_id, {Side.ISSUER: office, Side.RECEIVER: unit}, actor.roles)


def question_conditions(question: PatternQuestion, on: date) -> frozenset[str]:
    return frozenset({PAST_DUE}) if question.is_past_due(on) else frozenset()


# --- the yearly assessment ------------------------------------------------------------------------------------------------
def rounds_visible(actor: Actor, on: date) -> Any:
    """Rounds of one's own range, of one's own letters, and those in which one's own unit reviews; a draft only its office's."""
    mine = assessments_visible(actor, on)
    reviewing = Q(sections__unit_id=actor.unit_id or NOBODY) if _reviews(actor, on) else Q(pk__in=[])
    rows = AssessmentRound.objects.filter(Q(pk__in=mine.values("round_id")) | reviewing).exclude(state="draft")
    own = AssessmentRound.objects.filter(issuer_id=actor.unit_id or NOBODY) if _runs_rounds(actor, on) else rows.none()
    return AssessmentRound.objects.filter(Q(pk__in=rows.values("pk")) | Q(pk__in=own.values("pk")))


def assessments_visible(actor: Actor, on: date) -> Any:
    """Assessments of one's own range and unit, and, for a reviewing unit, those that have clauses of its own."""
    rows: Any = Assessment.objects.all()
    found: Any = Q(pk__in=visible_to(actor, rows, compartment=Compartment.INTERNAL, ledger=year_end.ASSESSMENTS, on=on).values("pk"))
    answering: Any = visible_to(actor, rows, compartment=Compartment.INTERNAL, ledger=year_end.ANSWERS, on=on)
    found |= Q(pk__in=answering.values("pk"))
    if _reviews(actor, on):
        found |= Q(pk__in=ClauseReview.objects.filter(unit_id=actor.unit_id or NOBODY).values("assessment_id"))
    return rows.filter(found)


def sees_whole_assessment(actor: Actor, case: Assessment, on: date) -> bool:
    """The office, the inspectors and the unit itself; whoever only reviews reads the clauses of the own unit."""
    asked = (year_end.ASSESSMENTS, year_end.ANSWERS)
    return any(may_internal(actor, Action.READ, one, case.division_id, case.unit_id, on).allowed for one in asked)


def may_run_rounds(actor: Actor, on: date, action: Action = Action.CREATE) -> Decision:
    """Prepare a round for one's own office (CREATE, CHANGE), publish or withdraw it (APPROVE)."""
    if actor.unit_id is None:
        return Decision(False, _("您的账号没有单位,不能组织考核评审。"))
    return may_internal(actor, action, year_end.ROUNDS, NOBODY, actor.unit_id, on)


def round_standing(actor: Actor, round: AssessmentRound, on: date) -> Standing:
    """Who ``actor`` is in a round: what the policy table grants for the office that runs it."""
    granted = frozenset(one for one in RIGHTS if may_internal(actor, one, year_end.ROUNDS, NOBODY, round.issuer_id, on).allowed)
    return Standing(actor.account_id, actor.unit_id, {Side.ISSUER: granted, Side.SUPERIOR: granted}, actor.roles)


def assessment_standing(actor: Actor, case: Assessment, on: date) -> Standing:
    """Who ``actor`` is in the assessment of a letter: of the office that runs it, of the unit assessed."""
    office = frozenset(one for one in RIGHTS if may_internal(actor, one, year_end.ROUNDS, NOBODY, case.issuer_id, on).allowed)
    unit = frozenset(one for one in RIGHTS if may_internal(actor, one, year_end.ANSWERS, NOBODY, case.unit_id, on).allowed)
    sides = {Side.ISSUER: office, Side.CHECKER: office, Side.SUPERIOR: office, Side.RECEIVER: unit}
    return Standing(actor.account_id, actor.unit_id, sides, actor.roles)


def may_self_score(actor: Actor, case: Assessment, on: date) -> Decision:
    """Write the unit's own score and its evidence."""
    return may_internal(actor, Action.CHANGE, year_end.ANSWERS, NOBODY, case.unit_id, on)


def may_review_clause(actor: Actor, review: ClauseReview, on: date) -> Decision:
    """Say something of a clause: people of the reviewing unit, never of the unit assessed."""
    if actor.unit_id == review.assessment.unit_id:
        return Decision(False, _("被考核单位不能评审自己的条款。"))
    return may_internal(actor, Action.CHANGE, year_end.REVIEWS, NOBODY, review.unit_id, on)


def may_check(actor: Actor, item: SampleItem, on: date) -> Decision:
    """Write down what the check on the spot found: any unit that reviews in the round, never the unit assessed."""
    case = item.frame.assessment
    if actor.unit_id == case.unit_id:
        return Decision(False, _("被考核单位不能核查自己。"))
    reviewing = case.round.sections.filter(unit_id=actor.unit_id or NOBODY).exists() or actor.unit_id == case.issuer_id
    if not reviewing:
        return Decision(False, _("现场核查由市禁毒办和本轮的评审单位办理。"))
    return may_internal(actor, Action.CHANGE, year_end.REVIEWS, NOBODY, actor.unit_id or NOBODY, on)


def may_confirm_entry(actor: Actor, entry: ManualEntry, on: date) -> Decision:
    """Be the second person of a number given by hand: whoever assesses the letter, or a colleague in the reviewing unit."""
    allowed = may_assess(actor, entry.letter, on)
    if allowed.allowed:
        return allowed
    review = _review_of(actor, entry.letter, entry.clause)
    return may_review_clause(actor, review, on) if review is not None else allowed


def may_give_number(actor: Actor, letter: Letter, clause: str, on: date) -> Decision:
    """Give a number by hand: whoever assesses the letter, or the unit that reviews the clause while its round is under way."""
    allowed = may_assess(actor, letter, on)
    if allowed.allowed:
        return allowed
    review = _review_of(actor, letter, clause)
    return may_review_clause(actor, review, on) if review is not None else allowed


def may_decide_points(letter: Letter) -> Decision:
    """Points against what was computed: only in an assessment under review, or in the answer to an objection."""
    if Assessment.objects.filter(letter=letter, round__state="open", state__in=DECIDING).exists():
        return Decision(True, "")
    return Decision(False, _("改动按数据计算的分,只能在年度考核的评审中或答复异议时办理。"))


def _review_of(actor: Actor, letter: Letter, clause: str) -> ClauseReview | None:
    rows = ClauseReview.objects.filter(
        assessment__letter=letter, assessment__round__state="open", assessment__state="review", clause=clause, unit_id=actor.unit_id or NOBODY
    )
    return rows.select_related("assessment").first()


def _reviews(actor: Actor, on: date) -> bool:
    return may_internal(actor, Action.CHANGE, year_end.REVIEWS, NOBODY, actor.unit_id or NOBODY, on).allowed


def _runs_rounds(actor: Actor, on: date) -> bool:
    return any(may_run_rounds(actor, on, one).allowed for one in (Action.CREATE, Action.APPROVE))
