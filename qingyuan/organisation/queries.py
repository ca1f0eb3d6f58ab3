"""Reads about the organisation for pages and for rooms above."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, QuerySet

from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account, Division, DivisionPath, PostTerm, RoleGrant, Unit


def towns(city_id: int, on: date) -> list[Division]:
    """The divisions directly below ``city_id`` on day ``on``, by code."""
    return list(Division.objects.children_of(city_id, on).on(on).order_by("code"))


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


def accounts_kept_by(actor: Actor, on: date) -> QuerySet[Account]:
    """The accounts of units in the range of a security officer, by unit; none for anyone else.

    Each carries its grants in force on day ``on`` as ``grants_now``.
    """
    roots = [grant.division_id for grant in actor.grants if grant.role == Role.SECURITY_OFFICER]
    below = DivisionPath.objects.on(on).filter(ancestor_id__in=roots).values("descendant_id")
    now = Prefetch("grants", RoleGrant.objects.on(on).select_related("division").order_by("pk"), to_attr="grants_now")
    found = Account.objects.filter(unit__division_id__in=below).select_related("unit").prefetch_related(now)
    return found.order_by("unit__code", "username")
