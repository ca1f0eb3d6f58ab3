"""What an actor may see (``visible_to``) and may do (``may``). Nothing else decides (house.md, mission lines 1 and 6).

Lists, search, sort, filters, counts, exports, API, drill-down and documents all go through these two.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet, UUIDField
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import Decision
from qingyuan.organisation.actor import Actor, Grant
from qingyuan.organisation.enums import Action, Level, Look, Role, Rows
from qingyuan.organisation.models import DivisionPath
from qingyuan.organisation.policy import ADMINISTRATION, NEVER_WIDENED, NOT_SUBSTITUTED, POLICY, Rule

M = TypeVar("M", bound=Model)


def rules_for(actor: Actor, action: Action, compartment: Compartment, ledger: str = "") -> list[tuple[Rule, Grant]]:
    """The rules that let ``actor`` take ``action`` in ``compartment``, each with the grant it rests on.

    Whoever acts for somebody who is away has that one's rules beside the own ones: in compartments the own roles read anyway
    and no other, never to sign or approve, never over accounts, the audit, the table or emergency looks.
    """
    own = _rules(actor.grants, action, compartment, ledger)
    if not actor.stands_in or action in NOT_SUBSTITUTED or ledger in ADMINISTRATION:
        return own
    if not any(_reads_in(grant.role, compartment) for grant in actor.grants):
        return own
    return own + [pair for one in actor.stands_in for pair in _rules(one.grants, action, compartment, ledger)]


def _rules(
    grants: tuple[Grant, ...], action: Action, compartment: Compartment, ledger: str
) -> list[tuple[Rule, Grant]]:
    return [
        (rule, grant)
        for grant in grants
        for rule in POLICY
        if rule.role == grant.role
        and rule.compartment == compartment
        and action in rule.actions
        and rule.reaches(ledger)
    ]


def _reads_in(role: Role, compartment: Compartment) -> bool:
    return any(rule.role == role and rule.compartment == compartment and Action.READ in rule.actions for rule in POLICY)


def visible_to(
    actor: Actor,
    queryset: QuerySet[M],
    *,
    compartment: Compartment,
    on: date,
    ledger: str = "",
    action: Action = Action.READ,
    caseload_field: str = "caseworker_id",
    sealed: bool = False,
    side: str = "",
) -> QuerySet[M]:
    """``queryset`` narrowed to the rows on which ``actor`` may take ``action`` on day ``on``; empty when none.

    The rows need ``division_id`` and ``unit_id``; ``caseload_field`` names the path to the caseworker's account id.
    ``sealed``: rows that no emergency look opens, whatever the table says. ``side``: what stands before these three names
    in rows that belong to two (a hand-over has the giver's and, with ``to_``, the receiver's).
    """
    if compartment == Compartment.PUBLIC and action == Action.READ:
        return queryset
    allowed = Q(pk__in=[])
    rules = rules_for(actor, action, compartment, ledger)
    for rule, grant in rules:
        allowed |= _rows(rule.rows, grant, actor, on, caseload_field, side)
    if action == Action.READ and not sealed and isinstance(queryset.model._meta.pk, UUIDField):
        opened = _opened(actor, compartment, frozenset(rule.role for rule, grant in rules if rule.emergency and grant.for_account is None))
        if opened:
            allowed |= Q(pk__in=opened)
    return queryset.filter(allowed)


def may(
    actor: Actor,
    action: Action,
    *,
    compartment: Compartment,
    on: date,
    ledger: str = "",
    division_id: int | None = None,
    unit_id: int | None = None,
    caseworker_id: int | None = None,
    state: str = "",
) -> Decision:
    """Whether ``actor`` may take ``action`` on a row of that division, unit, caseworker and state (or on any, when not
    given). An emergency look widens what is read and nothing else: it is asked of ``visible_to`` alone."""
    if compartment == Compartment.PUBLIC and action == Action.READ:
        return Decision(True, "")
    rules = rules_for(actor, action, compartment, ledger)
    if not rules:
        return Decision(False, _("您的角色不能在此办理这一事项。"))
    rules = [(rule, grant) for rule, grant in rules if rule.holds_in(action, state)]
    if not rules:
        return Decision(False, _("这一条现在的状态不能这样办理,请看它办到了哪一步。"))
    for rule, grant in rules:
        if rule.rows == Rows.CASELOAD and (caseworker_id is None or caseworker_id == _whose(grant, actor)):
            return Decision(True, "")
        if rule.rows == Rows.UNIT and (unit_id is None or unit_id == actor.unit_id):
            return Decision(True, "")
        if rule.rows == Rows.DIVISION and (division_id is None or _stands_under(division_id, grant.division_id, on)):
            return Decision(True, "")
    return Decision(False, _("这一条不在您的范围内,请联系其所在单位。"))


def may_in(
    actor: Actor,
    action: Action,
    places: Collection[tuple[int, str]],
    *,
    compartment: Compartment,
    on: date,
    ledger: str = "",
) -> frozenset[tuple[int, str]]:
    """Those of many (division, state) in which ``actor`` may take ``action`` by a range of divisions, whoever's the row is:
    what ``may`` answers for each with no unit of its own, in one query."""
    rules = [
        (rule, grant)
        for rule, grant in rules_for(actor, action, compartment, ledger)
        if rule.rows == Rows.DIVISION and any(rule.holds_in(action, state) for _division, state in places)
    ]
    if not rules:
        return frozenset()
    paths = DivisionPath.objects.on(on).filter(
        ancestor_id__in={grant.division_id for _rule, grant in rules},
        descendant_id__in={division for division, _state in places},
    )
    under = set(paths.values_list("ancestor_id", "descendant_id"))
    return frozenset(
        (division, state)
        for division, state in places
        if any(rule.holds_in(action, state) and (grant.division_id, division) in under for rule, grant in rules)
    )


def reads_clear(actor: Actor, *, compartment: Compartment, ledger: str = "") -> bool:
    """Whether names in rows visible to ``actor`` are shown unmasked."""
    return any(rule.clear for rule, _grant in rules_for(actor, Action.READ, compartment, ledger))


def may_look(actor: Actor, look: Look, *, compartment: Compartment, ledger: str = "") -> bool:
    """Whether ``actor`` may have one such value of a visible row shown in full, by a logged act."""
    return any(look in rule.looks for rule, _grant in rules_for(actor, Action.READ, compartment, ledger))


def roles_with(action: Action, ledger: str, *, compartment: Compartment, rows: Rows) -> frozenset[Role]:
    """The roles that may take ``action`` in a ledger named by its rule, over rows of that reach."""
    return frozenset(
        rule.role
        for rule in POLICY
        if rule.compartment == compartment and rule.rows == rows and action in rule.actions and ledger in rule.ledgers
    )


def rules_about(compartment: Compartment, ledger: str) -> list[Rule]:
    """Every line of the table about a ledger, in its order: who reads it and why."""
    return [rule for rule in POLICY if rule.compartment == compartment and rule.reaches(ledger)]


def rules_of(role: Role) -> list[Rule]:
    """Every line of the table about a role, in its order."""
    return [rule for rule in POLICY if rule.role == role]


def emergency_role(actor: Actor, compartment: Compartment, ledger: str = "") -> Role | None:
    """The role on which ``actor`` may open rows of a ledger in an emergency; None when nobody of his roles may."""
    if compartment in NEVER_WIDENED:
        return None
    rules = rules_for(actor, Action.READ, compartment, ledger)
    return next((rule.role for rule, grant in rules if rule.emergency and grant.for_account is None), None)


def divisions_in_scope(actor: Actor) -> frozenset[int]:
    """The roots of the division subtrees over which ``actor`` holds any role (for pickers and figures)."""
    return frozenset(grant.division_id for grant in actor.grants)


def visible_divisions(actor: Actor, on: date) -> QuerySet[DivisionPath, int]:
    """The divisions under the roots of any role of ``actor`` on day ``on``, as a subquery of their ids."""
    paths = DivisionPath.objects.on(on).filter(ancestor_id__in=divisions_in_scope(actor))
    return paths.values_list("descendant_id", flat=True)


def in_own_scope(actor: Actor, division_id: int, on: date) -> bool:
    """Whether ``division_id`` is «the unit concerned» for ``actor``: its own division, or below it for town accounts.

    Small numbers stay open there and are closed elsewhere (mission line 5). A city account's own division is the
    whole city, so a single town is never its own.
    """
    if actor.division_id is None or not actor.grants:
        return False
    if division_id == actor.division_id:
        return True
    return actor.division_level in {Level.TOWN, Level.VILLAGE} and _stands_under(division_id, actor.division_id, on)


def _opened(actor: Actor, compartment: Compartment, roles: frozenset[Role]) -> frozenset[UUID]:
    """The rows that emergency looks open to ``actor`` in ``compartment`` now, on one of ``roles``; none behind inner walls."""
    if not roles or compartment in NEVER_WIDENED:
        return frozenset()
    now, found = clock.now(), set[UUID]()
    for one in actor.opened:
        if one.compartment == compartment and one.role in roles and one.until > now:
            found |= one.row_ids
    return frozenset(found)


def _rows(rows: Rows, grant: Grant, actor: Actor, on: date, caseload_field: str, side: str) -> Q:
    if rows == Rows.UNIT:
        return Q(**{f"{side}unit_id": actor.unit_id})
    if rows == Rows.CASELOAD:
        return Q(**{f"{side}{caseload_field}": _whose(grant, actor)})
    below = DivisionPath.objects.on(on).filter(ancestor_id=grant.division_id)
    return Q(**{f"{side}division_id__in": below.values("descendant_id")})


def _whose(grant: Grant, actor: Actor) -> int | None:
    """Whose caseload a grant is about: the absent one's, or one's own."""
    return grant.for_account if grant.for_account is not None else actor.account_id


def _stands_under(division_id: int, ancestor_id: int, on: date) -> bool:
    return DivisionPath.objects.on(on).filter(ancestor_id=ancestor_id, descendant_id=division_id).exists()
