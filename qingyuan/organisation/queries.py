"""Reads about the organisation for pages and for rooms above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q

from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Role
from qingyuan.organisation.models import (
    Account,
    Division,
    EmergencyLook,
    PolicyReview,
    PostTerm,
    RoleGrant,
    Substitution,
    Unit,
)
from qingyuan.organisation.models.emergency import EmergencyLookQuerySet
from qingyuan.organisation.models.substitution import SubstitutionQuerySet
from qingyuan.organisation.permissions import EMERGENCY, may_review_emergency, same_side
from qingyuan.organisation.scope import may, visible_divisions
from qingyuan.reference.packs import RulePack, get_pack, pack_of_division

#: A role or post that ends within so many days is told; an account nobody signed in to for so long is called dormant.
ENDS_SOON = timedelta(days=60)
DORMANT = timedelta(days=90)


def towns(city_id: int, on: date) -> list[Division]:
    """The divisions directly below ``city_id`` on day ``on``, by code."""
    return list(Division.objects.children_of(city_id, on).on(on).order_by("code"))


def city_pack() -> RulePack:
    """The rule pack of this city: the setting's, else of the province in which its divisions lie."""
    chosen = settings.QINGYUAN_RULE_PACK or pack_of_division(
        Division.objects.order_by("code").values_list("code", flat=True).first() or ""
    )
    return get_pack(chosen)


def holders(unit: Unit, on: date) -> list[PostTerm]:
    """Who holds the unit's posts on day ``on``, first responsible first."""
    order = {"first": 0, "direct": 1, "head": 2, "liaison": 3, "staff": 4}
    terms = PostTerm.objects.on(on).filter(post__unit=unit).select_related("post")
    return sorted(terms, key=lambda term: (order.get(term.post.responsibility, 9), term.pk))


def division_by_name_or_code(text: str, root_id: int, on: date) -> Division | None:
    """The division under ``root_id`` whose code, full name, or name without its ending is ``text``; None if unclear."""
    under = Division.objects.under(root_id, on)
    if text.isdigit():
        return under.filter(code=text.ljust(12, "0")).first()
    exact = list(under.filter(name=text)[:2])
    if len(exact) == 1:
        return exact[0]
    near = list(under.filter(name__startswith=text)[:2])
    return near[0] if len(near) == 1 and not exact else None


def emergency_looks(actor: Actor) -> EmergencyLookQuerySet | None:
    """The looks of others that ``actor`` inspects or reviews; None for someone who does neither."""
    reach = Q(pk__in=[])
    reads = may(actor, Action.READ, compartment=Compartment.INTERNAL, ledger=EMERGENCY, on=clock.today()).allowed
    if reads:
        reach |= Q(unit__division_id__in=visible_divisions(actor, clock.today()))
    if actor.grants and (actor.has_role(Role.TOWN_LEADER, Role.COMMISSION_LEADER) or actor.leads):
        reads, reach = True, reach | Q(unit_id=actor.unit_id)
        if actor.leads:
            reach |= Q(unit__in=_below_on_this_side(actor))
    if actor.has_role(Role.TOWN_SUPERVISOR):
        reads, reach = True, reach | Q(unit_id=actor.unit_id, role=Role.CASEWORKER)
    return EmergencyLook.objects.filter(reach) if reads else None


def _below_on_this_side(actor: Actor) -> list[Unit]:
    """Units under the actor's own whose emergency looks its leader may read: none across a wall."""
    below = Unit.objects.filter(superior_id=actor.unit_id).select_related("superior")
    return [unit for unit in below if unit.superior is not None and same_side(unit.superior, unit)]


def to_review(actor: Actor) -> list[EmergencyLook]:
    """The looks that wait for ``actor`` as second person, the most urgent first."""
    found = emergency_looks(actor)
    if found is None:
        return []
    waiting = found.unreviewed().select_related("account", "unit__superior").order_by("review_by", "opened_at")
    return [look for look in waiting if may_review_emergency(actor, look).allowed]


@dataclass(frozen=True)
class Digest:
    """What inspectors are told of emergency looks: since when, how many, how many nobody has looked at, how many late."""

    since: datetime
    opened: int
    unreviewed: int
    overdue: int
    complaints: int


def emergency_digest(actor: Actor, on: date) -> Digest | None:
    """The last seven days for someone who inspects them; None for others and when there is nothing to tell."""
    if not may(actor, Action.READ, compartment=Compartment.INTERNAL, ledger=EMERGENCY, on=on).allowed:
        return None
    found = emergency_looks(actor)
    assert found is not None
    since = clock.now() - timedelta(days=7)
    recent = found.filter(opened_at__gte=since)
    told = Digest(
        since,
        recent.count(),
        found.unreviewed().count(),
        found.overdue_on(on).count(),
        recent.filter(verdict="complaint").count(),
    )
    return told if told.opened or told.unreviewed else None


def substitutions(actor: Actor, on: date) -> SubstitutionQuerySet:
    """Substitutions not over yet that ``actor`` is in, or of the unit it answers for or keeps accounts of."""
    reach = Q(absent_id=actor.account_id or 0) | Q(substitute_id=actor.account_id or 0)
    if actor.grants and actor.unit_id is not None:
        if actor.has_role(Role.TOWN_SUPERVISOR, Role.TOWN_LEADER, Role.COMMISSION_LEADER) or actor.leads:
            reach |= Q(absent__unit_id=actor.unit_id)
    if may(actor, Action.CHANGE, compartment=Compartment.INTERNAL, ledger="accounts", on=on).allowed:
        reach |= Q(absent__unit__division_id__in=visible_divisions(actor, on))
    found: SubstitutionQuerySet = Substitution.objects.not_ended_by(on).filter(reach)
    return found.select_related("absent__unit", "substitute").order_by("start", "pk")


def colleagues_of(account: Account, on: date) -> list[Account]:
    """Who of the same unit could act for ``account``: accounts in use with a role, by name."""
    able = RoleGrant.objects.on(on).filter(account__unit_id=account.unit_id, account__is_active=True)
    found = Account.objects.filter(pk__in=able.values("account_id")).exclude(pk=account.pk)
    return list(found.order_by("name", "pk"))


def last_review() -> PolicyReview | None:
    return PolicyReview.objects.select_related("signed_by").first()


def accounts_within(actor: Actor, on: date) -> list[Account]:
    """The accounts of units inside the actor's range, by unit and username."""
    units = Unit.objects.filter(division_id__in=visible_divisions(actor, on))
    return list(
        Account.objects.filter(unit__in=units).select_related("unit__division").order_by("unit__code", "username")
    )


def ending_soon(actor: Actor, on: date) -> tuple[list[RoleGrant], list[PostTerm]]:
    """Roles and posts that end within two months, the next first."""
    places, until = visible_divisions(actor, on), on + ENDS_SOON
    grants = RoleGrant.objects.on(on).filter(end__lte=until, account__unit__division_id__in=places)
    terms = PostTerm.objects.on(on).filter(end__lte=until, post__unit__division_id__in=places)
    return (
        list(grants.select_related("account__unit", "division").order_by("end", "pk")),
        list(terms.select_related("post__unit", "account").order_by("end", "pk")),
    )
