"""The only writers of reviews of programmes: begun and written by the office, decided by a leader who did not write it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.foundation import audit, clock
from qingyuan.foundation.enums import Compartment
from qingyuan.governance.actions.programmes import ProgrammeRefused
from qingyuan.governance.enums import ReviewKind
from qingyuan.governance.models import Programme, ProgrammeChange, ProgrammeReview, ProgrammeStep
from qingyuan.governance.permissions import PROGRAMMES, may_keep_programmes, require
from qingyuan.governance.queries import programmes as reads
from qingyuan.governance.rules.duty_plans import names_a_person
from qingyuan.governance.rules.programmes import Change, Trouble, check_change, check_year, is_closing
from qingyuan.governance.scoring.serialise import canonical
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action

MOST_WORDS: Final = 2_000
WORDS: Mapping[Trouble, str | Promise] = {
    Trouble.YEAR_OUTSIDE: gettext_lazy("截至年度应在行动计划的年度以内。"),
    Trouble.YEAR_TO_COME: gettext_lazy("这一年还没有到,不能评估。"),
    Trouble.PAST_YEAR: gettext_lazy("只能调整评估年度以后的目标;已经过去的年度不改。"),
    Trouble.NEGATIVE: gettext_lazy("目标不能小于 0。"),
    Trouble.SAME: gettext_lazy("调整后的数和原来一样,不用填。"),
    Trouble.NO_REASON: gettext_lazy("调整目标要写明理由。"),
}


@transaction.atomic
def begin(*, programme: Programme, year: int, by: Actor) -> ProgrammeReview:
    """A review as of the end of ``year``; that of the last year closes the programme. Raises ProgrammeRefused, NotAllowed."""
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    today = clock.today()
    require(may_keep_programmes(by, programme.city_id, today, Action.CHANGE))
    if programme.adopted_on is None:
        raise ProgrammeRefused(_("行动计划还没有印发,不用评估。"))
    years = range(programme.first_year, programme.last_year + 1)
    _refuse(check_year(year, years, today.year))
    kind = ReviewKind.CLOSING if is_closing(year, years) else ReviewKind.MIDTERM
    try:
        with transaction.atomic():
            made = ProgrammeReview.objects.create(
                programme=programme,
                kind=kind,
                year=year,
                drafted_by_id=by.account_id,
                drafted_by_name=by.name[:40],
                drafted_at=clock.now(),
            )
    except IntegrityError as error:
        raise ProgrammeRefused(_("%(year)s 年已经有一次评估。") % {"year": year}) from error
    _audit(made, "review_begin", by, None)
    return made


@transaction.atomic
def write(*, review: ProgrammeReview, words: str, changes: Sequence[Change], seen: int, by: Actor) -> ProgrammeReview:
    """Conclusion and adjustments anew, all or none. ``seen``: the version its writer read. Raises ProgrammeRefused, NotAllowed."""
    review = _open(review)
    require(may_keep_programmes(by, review.programme.city_id, clock.today(), Action.CHANGE))
    if review.version != seen:
        raise ProgrammeRefused(_("这份评估刚被%(who)s改过,请看过再改。") % {"who": review.drafted_by_name})
    before = _snapshot(review)
    standing = _standing(review)
    for change in changes:
        _refuse(check_change(change, review.year, standing))
    if any(names_a_person(text) for text in (words, *(change.reason for change in changes))):
        raise ProgrammeRefused(_("这里只写工作,不写身份证号、手机号;涉及个人的按移交办理。"))
    review.changes.all().delete()
    ProgrammeChange.objects.bulk_create(
        ProgrammeChange(
            review=review,
            goal_id=change.goal_id,
            year=change.year,
            before=standing[change.goal_id, change.year],
            after=change.value,
            reason=change.reason.strip()[:200],
        )
        for change in changes
    )
    review.words, review.version = words.strip()[:MOST_WORDS], review.version + 1
    review.drafted_by_id, review.drafted_by_name, review.drafted_at = by.account_id, by.name[:40], clock.now()
    review.save()
    _audit(review, "review_write", by, before)
    return review


@transaction.atomic
def decide(*, review: ProgrammeReview, seen: int, by: Actor) -> ProgrammeReview:
    """A leader's decision: the figures are kept as they stand, the adjusted goals hold from here. Raises ProgrammeRefused, NotAllowed."""
    review = _open(review)
    today = clock.today()
    require(may_keep_programmes(by, review.programme.city_id, today, Action.APPROVE))
    if by.account_id is not None and by.account_id == review.drafted_by_id:
        raise ProgrammeRefused(_("起草人不能审定自己写的评估,请换一位领导。"))
    if review.version != seen:
        raise ProgrammeRefused(_("这份评估刚被%(who)s改过,请看过再改。") % {"who": review.drafted_by_name})
    if not (review.words or "").strip():
        raise ProgrammeRefused(_("还没有写评估结论,不能审定。"))
    standing, before = _standing(review), _snapshot(review)
    for change in review.changes.all():
        if standing.get((change.goal_id, change.year)) != change.before:
            raise ProgrammeRefused(_("有一项目标在起草以后变了,请重新写调整再审定。"))
        ProgrammeStep.objects.filter(goal_id=change.goal_id, year=change.year).update(value=change.after)
    review.figures = reads.figures_until(review.programme, review.year, by, today)
    review.decided_by_name, review.decided_at = by.name[:40], clock.now()
    review.digest = digest_of(review)
    review.save()
    _audit(review, "review_decide", by, before)
    return review


@transaction.atomic
def drop(*, review: ProgrammeReview, by: Actor) -> None:
    """Take back a draft begun by mistake; what was decided stays. Raises ProgrammeRefused, NotAllowed."""
    review = _open(review)
    require(may_keep_programmes(by, review.programme.city_id, clock.today(), Action.CHANGE))
    _audit(review, "review_drop", by, _snapshot(review))
    review.changes.all().delete()
    review.delete()


def digest_of(review: ProgrammeReview) -> str:
    """SHA-256 of what was decided: figures, words, adjustments, who and on which year."""
    return hashlib.sha256(canonical(_snapshot(review) | {"figures": review.figures}).encode()).hexdigest()


def _open(review: ProgrammeReview) -> ProgrammeReview:
    """The review locked, while nothing is decided. Raises ProgrammeRefused."""
    found = ProgrammeReview.objects.select_for_update().select_related("programme").filter(pk=review.pk).first()
    if found is None:
        raise ProgrammeRefused(_("这份评估已经撤掉,请刷新。"))
    if found.decided_at is not None:
        raise ProgrammeRefused(_("这份评估已经审定,不能再改。"))
    return found


def _standing(review: ProgrammeReview) -> dict[tuple[int, int], Decimal]:
    steps = ProgrammeStep.objects.filter(goal__programme=review.programme_id)
    return {(goal, year): value for goal, year, value in steps.values_list("goal_id", "year", "value")}


def _refuse(trouble: Trouble | None) -> None:
    if trouble is not None:
        raise ProgrammeRefused(str(WORDS[trouble]))


def _snapshot(review: ProgrammeReview) -> dict[str, Any]:
    changes = review.changes.select_related("goal").order_by("goal", "year")
    return {
        "kind": str(review.kind),
        "year": review.year,
        "words": review.words or "",
        "decided_by": review.decided_by_name,
        **{f"{one.goal.indicator}:{one.year}": f"{one.before} → {one.after} {one.reason}" for one in changes},
    }


def _audit(review: ProgrammeReview, act: str, by: Actor, before: dict[str, Any] | None) -> None:
    delta = audit.RowDelta(row_id=review.pk, compartment=Compartment.INTERNAL, before=before, after=_snapshot(review))
    audit.record_write(
        by=by,
        act=f"programmes.{act}",
        ledger=PROGRAMMES,
        rows=[delta],
        division_id=review.programme.city_id,
        summary=f"{review.programme.title} {review.year}",
    )
