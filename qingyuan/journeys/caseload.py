"""Who carries how many people of a unit, and who is left with nobody: cases of casework's keepers, measures and dues of
rehabilitation, accounts of organisation. Workload, nothing else: no grade, and no order of merit among workers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from qingyuan.casework import queries as due_queries
from qingyuan.casework.handovers import owning
from qingyuan.casework.handovers.queries import CARRYING, OVERSEERS, cases, under_offer, workers
from qingyuan.casework.handovers.rules import spread
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, Role
from qingyuan.organisation.models import Account, RoleGrant, Substitution, Unit
from qingyuan.organisation.scope import visible_divisions
from qingyuan.rehabilitation.actions.handing import CODE
from qingyuan.rehabilitation.models import Isolation, Measure

#: How far ahead tests are counted beside a worker's people.
WEEKS_AHEAD: Final = 4
#: The code of isolation in the list of measures.
INSIDE: Final = "CID"


@dataclass(frozen=True)
class Load:
    """What one account carries; ``account`` None: those without a worker of their own, whom the unit's supervisor looks after
    (``minder``, where there is exactly one). ``gone``: the account can carry nobody any more. ``kinds``: people by the code of
    their running measure, ``tests``: windows of the next weeks."""

    account: Account | None
    people: int
    kinds: Mapping[str, int]
    tests: int
    gone: bool = False
    minder: Account | None = None


def loads(actor: Actor, on: date) -> list[Load]:
    """The workers of the actor's own unit by name, then who is gone with people left, then what nobody carries in particular."""
    mine = cases(owning.get(CODE), actor, on).filter(unit_id=actor.unit_id or 0)
    carrier = dict(mine.values_list("pk", "caseworker_id"))
    able = workers(actor.unit_id or 0, on)
    kinds = _kinds(list(carrier), carrier)
    tests = _tests_ahead(actor, on)
    people = Counter(carrier.values())
    found = [
        Load(account, people.get(account.pk, 0), kinds.get(account.pk, {}), tests.get(account.pk, 0)) for account in able
    ]
    known = {account.pk for account in able}
    left = Account.objects.filter(pk__in=[pk for pk in people if pk is not None and pk not in known]).order_by("name", "pk")
    found += [
        Load(account, people[account.pk], kinds.get(account.pk, {}), tests.get(account.pk, 0), gone=True)
        for account in left
    ]
    if people.get(None):
        found.append(
            Load(None, people[None], kinds.get(None, {}), tests.get(None, 0), minder=minder(actor.unit_id or 0, on))
        )
    return found


def minder(unit_id: int, on: date) -> Account | None:
    """The one supervisor of a unit, who looks after whoever has no worker; None where there is none or several."""
    grants = RoleGrant.objects.on(on).filter(role=Role.TOWN_SUPERVISOR, account__is_active=True, account__unit_id=unit_id)
    found = Account.objects.filter(pk__in=grants.values("account_id"))[:2]
    return found[0] if len(found) == 1 else None


def _kinds(ids: Sequence[UUID], carrier: Mapping[UUID, int | None]) -> dict[int | None, dict[str, int]]:
    found: dict[int | None, dict[str, int]] = {}
    for start in range(0, len(ids), 400):
        chunk = ids[start : start + 400]
        running: Any = Measure.objects.filter(client_id__in=chunk, ended_on=None).values_list("client_id", "kind")
        inside: Any = Isolation.objects.filter(client_id__in=chunk, released_on=None).values_list("client_id", flat=True)
        for client_id, kind in [*running, *((pk, INSIDE) for pk in inside)]:
            counts = found.setdefault(carrier[client_id], {})
            counts[kind] = counts.get(kind, 0) + 1
    return found


def _tests_ahead(actor: Actor, on: date) -> dict[int | None, int]:
    until = on + timedelta(weeks=WEEKS_AHEAD)
    windows = due_queries.dues(actor, on).filter(
        unit_id=actor.unit_id or 0, outcome="open", closes_on__gt=on, opens_on__lte=until
    )
    return dict(Counter(windows.order_by().values_list("caseworker_id", flat=True)))


def orphans(actor: Actor, on: date) -> QuerySet[Any]:
    """People on whom ``actor`` may act whose caseworker can carry nobody any more: account closed, role ended, moved away."""
    live = RoleGrant.objects.on(on).filter(
        role__in=CARRYING,
        account__is_active=True,
        account_id=OuterRef("caseworker_id"),
        account__unit_id=OuterRef("unit_id"),
    )
    mine = cases(owning.get(CODE), actor, on, action=Action.CHANGE)
    return mine.filter(~Exists(live), caseworker_id__isnull=False)


def unattended(actor: Actor, on: date) -> QuerySet[Unit]:
    """For superiors: units of their range with people in care and no supervisor who could look after them. No number: one
    office that is empty is one too many."""
    if not actor.has_role(*OVERSEERS):
        return Unit.objects.none()
    minding = RoleGrant.objects.on(on).filter(role=Role.TOWN_SUPERVISOR, account__is_active=True)
    # Asked of each unit whether there is one: all people of a city in care need not be gone through for it.
    carrying = owning.get(CODE).current().order_by().filter(unit_id=OuterRef("pk"))
    units = Unit.objects.filter(Exists(carrying), division_id__in=visible_divisions(actor, on))
    return units.exclude(pk__in=minding.values("account__unit_id")).order_by("code")


def suggestion(actor: Actor, subjects: Sequence[UUID], on: date, *, without: int | None = None) -> dict[UUID, int]:
    """Each of ``subjects`` with the worker of the own unit who has fewest; ``without``: not to this account. Whoever is away
    today comes in only when nobody else is there. Empty when nobody can take anyone."""
    found = loads(actor, on)
    able = [one.account for one in found if one.account is not None and not one.gone and one.account.pk != without]
    here = [account for account in able if not is_away(account, on)]
    carried: Counter[int] = Counter()
    for one in found:
        who = one.account or one.minder
        if who is not None:
            carried[who.pk] += one.people
    taking = {account.pk: carried[account.pk] for account in (here or able)}
    return spread(list(subjects), taking) if taking else {}


def is_away(account: Account, on: date) -> bool:
    """Whether somebody stands in for ``account`` on a day."""
    return Substitution.objects.on(on).filter(absent=account).exists()


def movable(actor: Actor, on: date, *, carrier: int | None = None, everyone: bool = False) -> list[UUID]:
    """The people of the own unit that can be reassigned now, of one carrier (None = of nobody in particular) or all: without
    those that wait in an offer."""
    mine = cases(owning.get(CODE), actor, on, action=Action.CHANGE).filter(unit_id=actor.unit_id or 0)
    if not everyone:
        mine = mine.filter(caseworker_id=carrier)
    ids = list(mine.order_by("created_at", "pk").values_list("pk", flat=True))
    waiting = under_offer(ids)
    return [pk for pk in ids if pk not in waiting]
