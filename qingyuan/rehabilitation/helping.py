"""Reads of the help compartment: the helper's own people; of a referral the receiving unit what its consent shows; closed counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Side
from qingyuan.organisation.models import Unit
from qingyuan.organisation.rules import unit_side
from qingyuan.organisation.scope import visible_to
from qingyuan.rehabilitation.enums import ReferralState
from qingyuan.rehabilitation.models import AbsenceReason, CarePlan, Client, Measure, Referral, SupportReview
from qingyuan.rehabilitation.rules import help as rules

HOME: Final = Compartment.HELP
#: Under which subjects the policy table and the audit name them.
REFERRALS: Final = "referrals"
INBOX: Final = "referral-inbox"
REVIEWS: Final = "support-reviews"
REASONS: Final = "absence-reasons"
_CLOSED_SIDES: Final = frozenset({Side.ENFORCEMENT, Side.TREATMENT})


def referrals(actor: Actor, on: date, action: Action = Action.READ) -> QuerySet[Referral]:
    """Referrals of one's own people; they follow their person to another unit."""
    found = Referral.objects.filter(client__sealed_on=None).select_related("client__unit", "to_unit")
    return visible_to(actor, found, compartment=HOME, on=on, ledger=REFERRALS, action=action, side="client__")


def inbox(actor: Actor, on: date, action: Action = Action.READ) -> QuerySet[Referral]:
    """Referrals to one's own unit whose consent holds on ``on``; all others answer as if they were not there."""
    found = Referral.objects.filter(client__sealed_on=None, consent_until__gte=on, state__in=[one.value for one in rules.STANDING])
    found = found.select_related("client__unit", "client__division", "to_unit")
    return visible_to(actor, found, compartment=HOME, on=on, ledger=INBOX, action=action, side="to_")


def lapsed(actor: Actor, on: date) -> QuerySet[Referral]:
    """Referrals of ``actor``'s people that are open while their consent has run out, and that no later one took up: the receiving
    unit sees nothing of them, and it is the helper who asks the person again."""
    mine = referrals(actor, on, Action.CREATE).filter(state__in=(ReferralState.WAITING, ReferralState.ACCEPTED), consent_until__lt=on)
    again = Referral.objects.filter(
        client_id=OuterRef("client_id"), kind=OuterRef("kind"), to_unit_id=OuterRef("to_unit_id"), made_at__gt=OuterRef("made_at")
    )
    return mine.exclude(Exists(again))


def reviews(actor: Actor, on: date, action: Action = Action.READ) -> QuerySet[SupportReview]:
    found = SupportReview.objects.filter(client__sealed_on=None)
    return visible_to(actor, found, compartment=HOME, on=on, ledger=REVIEWS, action=action, side="client__")


def objections(actor: Actor, on: date) -> QuerySet[SupportReview]:
    """Reviews the person objects to and nobody has answered, that ``actor`` may answer: not one's own."""
    waiting = reviews(actor, on, Action.CHANGE).filter(objected_on__isnull=False, answered_at=None)
    return waiting.exclude(made_by_id=actor.account_id)


def reasons(actor: Actor, on: date, action: Action = Action.READ) -> QuerySet[AbsenceReason]:
    """Why somebody was away; never of a row that was voided, nor of a person who is sealed."""
    found = AbsenceReason.objects.filter(absence__voided_at=None, absence__client__sealed_on=None).select_related("absence")
    return visible_to(actor, found, compartment=HOME, on=on, ledger=REASONS, action=action, side="absence__client__")


def consent_of(referral: Referral) -> rules.Consent:
    return rules.Consent(frozenset(referral.fields), referral.consent_until, referral.state)


def receivers(on: date) -> list[Unit]:
    """The units that can be asked for help: by their kind, and never one behind a wall."""
    units = Unit.objects.filter(kind__in=rules.EVERY_RECEIVER).filter(Q(closed_on=None) | Q(closed_on__gt=on)).order_by("code")
    return [unit for unit in units if unit_side(unit.kind, unit.zone) not in _CLOSED_SIDES]


def reviews_due(actor: Actor, on: date, until: date) -> QuerySet[Any]:
    """Persons under a running measure whose set day has come by ``until`` and was not kept: by the last review, else by the last plan."""
    last_review = SupportReview.objects.filter(client_id=OuterRef("pk")).order_by("-held_on").values("next_on")[:1]
    last_plan = CarePlan.objects.filter(client_id=OuterRef("pk")).order_by("-made_on", "-pk").values("review_on")[:1]
    running = Measure.objects.filter(client_id=OuterRef("pk"), ended_on=None, reported_on__isnull=False).values("pk")[:1]
    own = visible_to(actor, Client.objects.filter(sealed_on=None), compartment=HOME, on=on, ledger=REVIEWS, action=Action.CREATE)
    dated = own.annotate(review=Subquery(last_review), plan=Subquery(last_plan), runs=Subquery(running))
    return dated.filter(runs__isnull=False).annotate(set_on=Coalesce(F("review"), F("plan"))).filter(set_on__lte=until)


def set_day(client_id: UUID) -> date | None:
    """The day on which the person's support is to be looked at next, as it was set last."""
    review = SupportReview.objects.filter(client_id=client_id).order_by("-held_on").values_list("next_on", flat=True).first()
    return review or CarePlan.objects.filter(client_id=client_id).order_by("-made_on", "-pk").values_list("review_on", flat=True).first()


def counts(unit_ids: Iterable[int] | None = None) -> dict[str, int]:
    """By kind of help how many persons were referred whose consent was not withdrawn; what is shown of it the caller closes."""
    found = Referral.objects.exclude(state=ReferralState.WITHDRAWN)
    if unit_ids is not None:
        found = found.filter(client__unit_id__in=list(unit_ids))
    return dict(found.order_by().values_list("kind").annotate(Count("client_id", distinct=True)))
