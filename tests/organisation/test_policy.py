"""The policy table, rule by rule: what it grants it grants there, and nothing beyond."""

from __future__ import annotations

from itertools import product

import pytest
from django.core.exceptions import EmptyResultSet
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import ANONYMOUS, Actor, Grant
from qingyuan.organisation.enums import Action, Role, Rows, Side
from qingyuan.organisation.models import Division, DivisionPath, Unit
from qingyuan.organisation.policy import ADMINISTRATION, POLICY, SIDE, Rule, joins_a_wall
from qingyuan.organisation.scope import in_own_scope, may, reads_clear, rules_for, visible_to
from qingyuan.rehabilitation.models import Client, Measure
from tests.cast import TODAY, City, id_number, measure_values

WALLED = (Compartment.HELP, Compartment.TREATMENT, Compartment.REPORTER, Compartment.DISCIPLINE)
ROLE_OF_CAST = {
    Role.CASEWORKER: "caseworker",
    Role.TOWN_SUPERVISOR: "supervisor",
    Role.TOWN_LEADER: "town_leader",
    Role.COMMISSION_CLERK: "clerk",
    Role.COMMISSION_LEADER: "leader",
    Role.UNIT_LIAISON: "liaison",
    Role.POLICE_OFFICER: "officer",
    Role.PROSECUTOR: "prosecutor",
    Role.DOCTOR: "doctor",
    Role.AUDITOR: "auditor",
    Role.SECURITY_OFFICER: "security",
}


def actor_with(*roles: Role, unit_id: int = 7, division_id: int = 3, account_id: int = 11) -> Actor:
    grants = tuple(Grant(role=role, division_id=division_id, unit_id=unit_id) for role in roles)
    return Actor(account_id=account_id, username="x", name="x", unit_id=unit_id, division_id=division_id, grants=grants)


def row_of(actor: Actor, rule: Rule) -> dict[str, int | None]:
    """A row that ``rule`` reaches by its own way and by no other."""
    row: dict[str, int | None] = {"division_id": 0, "unit_id": 0, "caseworker_id": 0}
    if rule.rows == Rows.UNIT:
        row["unit_id"] = actor.unit_id
    elif rule.rows == Rows.CASELOAD:
        row["caseworker_id"] = actor.account_id
    else:
        row["division_id"] = actor.division_id
    return row


@pytest.mark.django_db
@pytest.mark.parametrize("rule", POLICY, ids=lambda rule: f"{rule.role}-{rule.compartment}-{rule.rows}-{'+'.join(sorted(rule.ledgers))}")
def test_a_rule_grants_its_actions_on_its_rows_and_no_other_action(rule: Rule) -> None:
    if rule.rows == Rows.DIVISION:
        division = Division.objects.create(code="999981000000", name="云岭市", level="county", valid_from=TODAY)
        DivisionPath.objects.create(ancestor=division, descendant=division, depth=0, valid_from=TODAY)
        actor = actor_with(rule.role, division_id=division.pk)
    else:
        actor = actor_with(rule.role)
    ledger = min(rule.ledgers, default="any-ledger")
    elsewhere = {"division_id": 0, "unit_id": 0, "caseworker_id": 0}
    for action in Action:
        here = may(actor, action, compartment=rule.compartment, ledger=ledger, on=TODAY, **row_of(actor, rule))
        if action in rule.actions:
            assert here.allowed and here.reason == ""
        granted = {a for r, _grant in rules_for(actor, action, rule.compartment, ledger) for a in r.actions}
        if action not in granted:
            assert not here.allowed and here.reason
        away = may(actor, action, compartment=rule.compartment, ledger=ledger, on=TODAY, **elsewhere)
        if rule.compartment == Compartment.PUBLIC and action == Action.READ:
            assert away.allowed, "what is public is read everywhere"
        else:
            assert not away.allowed and away.reason


def test_a_role_without_a_rule_sees_no_row_and_does_nothing() -> None:
    for role, compartment, action in product(Role, Compartment, Action):
        if compartment == Compartment.PUBLIC or any(r.role == role and r.compartment == compartment for r in POLICY):
            continue
        actor = actor_with(role)
        decision = may(actor, action, compartment=compartment, ledger="measures", on=TODAY)
        assert not decision.allowed and decision.reason
        rows = visible_to(actor, Client.objects.all(), compartment=compartment, ledger="measures", on=TODAY, action=action)
        with pytest.raises(EmptyResultSet):
            str(rows.query)
        assert not reads_clear(actor, compartment=compartment)


def test_nobody_has_a_rule_behind_the_inner_walls_yet_and_no_enforcement_role_ever() -> None:
    """Mission line 1: treatment, help, reporters and discipline are never readable by enforcement roles."""
    for rule in POLICY:
        if rule.compartment in WALLED:
            assert SIDE[rule.role] is not Side.ENFORCEMENT
        if rule.compartment == Compartment.COMMUNITY:
            assert SIDE[rule.role] is Side.HELP, "people under measures are read by the helpers of their town alone"
        if rule.compartment == Compartment.ENFORCEMENT:
            assert SIDE[rule.role] is Side.ENFORCEMENT and rule.rows == Rows.UNIT
        if rule.clear:
            assert rule.rows in (Rows.UNIT, Rows.CASELOAD), "no role reads names of a whole division"


def test_inspectors_never_write_and_the_security_officer_nothing_but_accounts_reviews_and_signatures() -> None:
    for rule in POLICY:
        if rule.role == Role.AUDITOR or (rule.role == Role.SECURITY_OFFICER and not rule.ledgers <= ADMINISTRATION):
            assert rule.actions <= {Action.READ, Action.EXPORT}
        if rule.role == Role.SECURITY_OFFICER:
            assert rule.ledgers and rule.ledgers <= ADMINISTRATION, "the keeper of the keys reads no row of anybody's work"


def test_every_role_stands_on_a_side() -> None:
    assert set(SIDE) == set(Role)


@given(st.frozensets(st.sampled_from(list(Role))))
def test_roles_of_two_sides_join_a_wall_and_neutral_ones_never(roles: frozenset[Role]) -> None:
    sides = {SIDE[role] for role in roles if SIDE[role] is not Side.NEUTRAL}
    assert joins_a_wall(roles) == (len(sides) > 1)
    for side in Side:
        if side is not Side.NEUTRAL:
            assert joins_a_wall(roles, unit_side=side) == (len(sides | {side}) > 1)


def test_nobody_signed_out_may_do_anything_but_read_what_is_public() -> None:
    for compartment, action in product(Compartment, Action):
        allowed = may(ANONYMOUS, action, compartment=compartment, on=TODAY).allowed
        assert allowed == (compartment == Compartment.PUBLIC and action == Action.READ)


@pytest.mark.django_db
def test_what_may_answers_and_what_a_list_shows_are_the_same(city: City) -> None:
    """Two readers of one table: for every role and row, the row is in the list if and only if it may be acted on."""
    city.enter("measures", "supervisor", measure_values(city, 1))
    city.enter("measures", "caseworker", measure_values(city, 2))
    city.enter("measures", "stranger", measure_values(city, 3, division=city.divisions["石桥社区"].pk))
    for who, action in product(city.accounts, Action):
        actor = city.actor(who)
        shown = set(
            visible_to(
                actor,
                Measure.objects.all(),
                compartment=Compartment.COMMUNITY,
                ledger="measures",
                on=TODAY,
                action=action,
                caseload_field="client__caseworker_id",
            ).values_list("pk", flat=True)
        )
        for measure in Measure.objects.select_related("client"):
            decision = may(
                actor,
                action,
                compartment=Compartment.COMMUNITY,
                ledger="measures",
                on=TODAY,
                division_id=measure.division_id,
                unit_id=measure.unit_id,
                caseworker_id=measure.client.caseworker_id or 0,
            )
            assert (measure.pk in shown) == decision.allowed, (who, action)


@pytest.mark.django_db
def test_a_caseworker_reads_the_own_caseload_and_not_the_one_of_the_same_office(city: City) -> None:
    city.enter("measures", "supervisor", measure_values(city, 1))
    city.enter("measures", "caseworker", measure_values(city, 2))
    rows = visible_to(city.actor("caseworker"), Client.objects.all(), compartment=Compartment.COMMUNITY, on=TODAY)
    assert [client.id_number for client in rows] == [id_number(102)]
    assert Client.objects.count() == 2


@pytest.mark.django_db
def test_only_the_own_town_is_the_unit_concerned(city: City) -> None:
    town, village, other, whole = (city.divisions[name].pk for name in ("龙洞镇", "大坪村", "石桥镇", "云岭市"))
    supervisor, clerk = city.actor("supervisor"), city.actor("clerk")
    assert [in_own_scope(supervisor, place, TODAY) for place in (town, village, other, whole)] == [True, True, False, False]
    assert [in_own_scope(clerk, place, TODAY) for place in (town, village, other, whole)] == [False, False, False, True]
    assert not in_own_scope(ANONYMOUS, town, TODAY)
    assert Unit.objects.filter(code="longdong").exists()
