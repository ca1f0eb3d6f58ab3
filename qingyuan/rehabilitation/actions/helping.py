"""The only writers of the help compartment besides what a person asks for: referrals, reviews of support, reasons of absences.

A referral rests on the person's signed consent and ends with it: withdrawn, expired or declined, the receiving unit sees nothing of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.foundation.words import Problem
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Unit
from qingyuan.organisation.scope import may
from qingyuan.reference.catalogue import get_list
from qingyuan.rehabilitation import helping as reads
from qingyuan.rehabilitation import planning
from qingyuan.rehabilitation.actions import plans
from qingyuan.rehabilitation.enums import ReferralState
from qingyuan.rehabilitation.helping import HOME, REASONS, REFERRALS, REVIEWS
from qingyuan.rehabilitation.models import Absence, AbsenceReason, Client, PlanGoal, Referral, SupportReview
from qingyuan.rehabilitation.rules import help as rules

LONGEST: Final = 500


class HelpRefused(ValueError):
    """Nothing was done; ``problems`` or the message say why and what to do."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = list(problems)


@transaction.atomic
def refer(
    *,
    client: Client,
    kind: str,
    to_unit: Unit,
    need: str,
    fields: Collection[str],
    consent_on: date | None,
    consent_until: date | None,
    consent_paper_number: str,
    by: Actor,
    at: datetime | None = None,
) -> Referral:
    """Hand a need to a unit on the person's signed consent, seen by ``by``; ``at``: when (None = now). Raises HelpRefused."""
    at = at or clock.now()
    on, held = clock.day_of(at), _own(client, REFERRALS, by)
    if to_unit.pk not in {unit.pk for unit in reads.receivers(on)}:
        raise HelpRefused(_("帮扶不转给这个单位,请另选单位。"), [])
    wrong = rules.check_referral(
        kind=kind, unit_kind=to_unit.kind, need=need, fields=fields, consent_on=consent_on, until=consent_until, paper=consent_paper_number, on=on
    )  # fmt: skip
    _stop(wrong)
    assert consent_on is not None and consent_until is not None, "a consent without its days was refused"
    standing = Referral.objects.filter(client=held, kind=kind, to_unit=to_unit, state__in=(ReferralState.WAITING, ReferralState.ACCEPTED))
    if standing.filter(consent_until__gte=on).exists():
        raise HelpRefused(_("同一件事已经转给这个单位,还没有办结。"))
    made = Referral.objects.create(
        client=held,
        kind=kind,
        to_unit=to_unit,
        need=need.strip()[:LONGEST],
        fields=sorted(fields),
        consent_on=consent_on,
        consent_until=consent_until,
        consent_paper_number=consent_paper_number.strip()[:60],
        made_at=at,
        made_by_id=by.account_id,
        made_by_name=by.name[:40],
    )
    _record("refer", REFERRALS, made.pk, held, by)
    return made


@transaction.atomic
def answer(*, referral: Referral, accepted: bool, words: str, by: Actor, at: datetime | None = None) -> Referral:
    """The receiving unit takes it on, or declines with its reason, once; ``at``: when (None = now). Raises HelpRefused."""
    at = at or clock.now()
    held = _inbox(referral, by, clock.day_of(at))
    if held.state != ReferralState.WAITING:
        raise HelpRefused(_("已经答复过了。"))
    if not words.strip():
        raise HelpRefused(_("请写明怎么办、找谁。") if accepted else _("不接收的,请写明为什么、本人还可以找谁。"))
    held.state = ReferralState.ACCEPTED if accepted else ReferralState.DECLINED
    held.answer, held.answered_at = words.strip()[:LONGEST], at
    held.answered_by_id, held.answered_by_name = by.account_id, by.name[:40]
    held.save()
    _record("answer", REFERRALS, held.pk, held.client, by)
    return held


@transaction.atomic
def close(*, referral: Referral, outcome: str, closed_on: date | None, by: Actor) -> Referral:
    """The receiving unit says what came of it. Raises HelpRefused."""
    held = _inbox(referral, by, clock.today())
    if held.state != ReferralState.ACCEPTED:
        raise HelpRefused(_("接收了、还没有办结的才能登记结果。"))
    if not outcome.strip():
        raise HelpRefused(_("请写办理结果:办成了什么,没办成的为什么。"))
    if closed_on is None or closed_on > clock.today() or closed_on < held.consent_on:
        raise HelpRefused(_("请填办结日期,在本人签字以后、今天以前。"))
    held.state, held.outcome, held.closed_on = ReferralState.DONE, outcome.strip()[:LONGEST], closed_on
    held.closed_at, held.closed_by_id, held.closed_by_name = clock.now(), by.account_id, by.name[:40]
    held.save()
    _record("close", REFERRALS, held.pk, held.client, by)
    return held


@transaction.atomic
def withdraw(*, referral: Referral, by: Actor) -> Referral:
    """The person takes the consent back, whenever and without a reason: from now on the receiving unit has nothing of it.

    Raises HelpRefused when it is not ``by``'s or was taken back before."""
    found = Referral.objects.select_for_update(of=("self",)).select_related("client").filter(pk=referral.pk).first()
    if found is None:
        raise HelpRefused(_("没有这一件转介。"))
    _own(found.client, REFERRALS, by)
    if found.state == ReferralState.WITHDRAWN:
        raise HelpRefused(_("已经撤回过了。"))
    found.state, found.withdrawn_on, found.withdrawn_at = ReferralState.WITHDRAWN, clock.today(), clock.now()
    found.withdrawn_by_id, found.withdrawn_by_name = by.account_id, by.name[:40]
    found.save()
    _record("withdraw", REFERRALS, found.pk, found.client, by)
    return found


@transaction.atomic
def review(
    *,
    client: Client,
    held_on: date | None,
    needs: Collection[str],
    reasons: str,
    next_on: date | None,
    by: Actor,
    objection: str = "",
    goals: Mapping[UUID, str] | None = None,
) -> SupportReview:
    """A review of what help is needed, with its reasons, what the person says against it, and the next day. ``goals``: by the key
    of a goal of the plan that counts and of the unit that looks after the person now, how it stands (code list ``goal_outcomes``). Raises HelpRefused."""
    on, held = clock.today(), _own(client, REVIEWS, by)
    _stop(rules.check_review(held_on=held_on, next_on=next_on, needs=needs, reasons=reasons, on=on))
    assert held_on is not None and next_on is not None, "a review without its days was refused"
    words, plan = objection.strip()[:LONGEST], planning.latest(held.pk)
    try:
        with transaction.atomic():
            made = SupportReview.objects.create(
                client=held,
                plan=plan,
                set_on=reads.set_day(held.pk),
                held_on=held_on,
                needs=sorted(set(needs)),
                reasons=reasons.strip()[:LONGEST],
                next_on=next_on,
                made_at=clock.now(),
                made_by_id=by.account_id,
                made_by_name=by.name[:40],
                objection=words,
                objected_on=held_on if words else None,
            )
    except IntegrityError as error:
        raise HelpRefused(_("这一天已经评估过,请核对日期。")) from error
    if goals and plan is not None:
        _look_at_goals(planning.goals_here(plan, held), goals, held_on, by)
    _record("review", REVIEWS, made.pk, held, by)
    return made


def _look_at_goals(goals: Sequence[PlanGoal], outcomes: Mapping[UUID, str], held_on: date, by: Actor) -> None:
    """Raises HelpRefused."""
    known = get_list("goal_outcomes").choices(held_on)
    if not set(outcomes) <= {goal.pk for goal in goals} or not {one for one in outcomes.values() if one} <= {code for code, _label in known}:
        raise HelpRefused(_("计划的目标刚改过,请刷新后再评估。"))
    if any(goal.set_on > held_on for goal in goals if outcomes.get(goal.pk)):
        raise HelpRefused(_("评估日期早于目标定下的日期,请核对。"))
    plans.note_outcomes(goals=goals, outcomes=outcomes, held_on=held_on, by=by)


@transaction.atomic
def object_to(*, review: SupportReview, words: str, by: Actor) -> SupportReview:
    """What the person says against a review, in their words, once. Raises HelpRefused."""
    held = _review(review, by)
    if held.objection:
        raise HelpRefused(_("这一次评估已经记了异议;还有话的,写在下一次评估里。"))
    if not words.strip():
        raise HelpRefused(_("请照本人的原话写。"))
    held.objection, held.objected_on = words.strip()[:LONGEST], clock.today()
    held.save()
    _record("object", REVIEWS, held.pk, held.client, by)
    return held


@transaction.atomic
def answer_objection(*, review: SupportReview, words: str, by: Actor) -> SupportReview:
    """The unit answers the objection, by somebody else than who made the review. Raises HelpRefused."""
    held = _review(review, by)
    if not held.objection or held.answered_at is not None:
        raise HelpRefused(_("没有等答复的异议。"))
    if held.made_by_id == by.account_id:
        raise HelpRefused(_("异议由另一个人答复,不由做评估的人自己答复。"))
    if not words.strip():
        raise HelpRefused(_("请写明答复和理由。"))
    held.objection_answer, held.answered_at = words.strip()[:LONGEST], clock.now()
    held.answered_by_id, held.answered_by_name = by.account_id, by.name[:40]
    held.save()
    _record("answer_objection", REVIEWS, held.pk, held.client, by)
    return held


@transaction.atomic
def keep_reason(*, absence: Absence, why: str, by: Actor) -> AbsenceReason:
    """Why somebody was away, in this compartment and nowhere else; written again it replaces what stood. Raises HelpRefused."""
    held = Absence.objects.select_for_update(of=("self",)).select_related("client").filter(pk=absence.pk).first()
    if held is None:
        raise HelpRefused(_("没有这一条离开报备。"))
    _own(held.client, REASONS, by)
    if not why.strip():
        raise HelpRefused(_("请写事由。"))
    kept, _made = AbsenceReason.objects.update_or_create(
        absence=held,
        defaults={
            "why": why.strip()[:LONGEST],
            "recorded_at": clock.now(),
            "recorded_by_id": by.account_id,
            "recorded_by_name": by.name[:40],
        },
    )
    _record("keep", REASONS, held.pk, held.client, by)
    return kept


def _own(client: Client, ledger: str, by: Actor) -> Client:
    held = Client.objects.select_for_update().filter(pk=client.pk, sealed_on=None).first()
    if held is None:
        raise HelpRefused(_("没有这个人。"))
    allowed = may(
        by, Action.CREATE, compartment=HOME, ledger=ledger, on=clock.today(),
        division_id=held.division_id, unit_id=held.unit_id, caseworker_id=held.caseworker_id or 0,
    )  # fmt: skip
    if not allowed:
        raise HelpRefused(_("由这个人的社工或者本单位禁毒专干办理。"))
    return held


def _review(review: SupportReview, by: Actor) -> SupportReview:
    held = SupportReview.objects.select_for_update(of=("self",)).select_related("client").get(pk=review.pk)
    _own(held.client, REVIEWS, by)
    return held


def _inbox(referral: Referral, by: Actor, on: date) -> Referral:
    held = reads.inbox(by, on, Action.CHANGE).select_for_update(of=("self",)).filter(pk=referral.pk).first()
    if held is None:
        raise HelpRefused(_("没有这一件转介:本人可能已经撤回同意,或者同意已经到期。"))
    return held


def _stop(wrong: Sequence[Problem]) -> None:
    if wrong:
        raise HelpRefused(wrong[0].message, wrong)


def _record(act: str, ledger: str, row_id: Any, client: Client, by: Actor) -> None:
    audit.record_write(by=by, act=f"{ledger}.{act}", ledger=ledger, row_id=row_id, division_id=client.division_id)
