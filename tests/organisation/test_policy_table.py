"""The policy table as a file: read whole or refused with its line, compared, signed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qingyuan.casework.enums import PaperState
from qingyuan.casework.gates.table import GATES
from qingyuan.casework.papers import rules as paper_rules
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.guarded import WrittenOnce
from qingyuan.governance.enums import ReturnState
from qingyuan.governance.rules.returns import PROCEDURE, Who
from qingyuan.ledgers import registry
from qingyuan.organisation import policy
from qingyuan.organisation.actions import reviews
from qingyuan.organisation.actions.reviews import ReviewRefused
from qingyuan.organisation.enums import Action, Role, Rows
from qingyuan.organisation.models import PolicyReview
from qingyuan.organisation.policy import ADMINISTRATION, NEVER_WIDENED, POLICY, BadPolicy, Rule
from qingyuan.reference import statutes
from qingyuan.web import rule_words
from tests.cast import TODAY, City

HEAD = ",".join(policy.COLUMNS)
GOOD = "internal,auditor,meetings,,division,read,,,,,检查,NL5"


def test_the_table_reads_back_as_it_is_written() -> None:
    assert policy.read(policy.written()) == POLICY
    assert policy.read(f"{HEAD}\n{GOOD}\n") == (
        Rule(
            role=Role.AUDITOR,
            compartment=Compartment.INTERNAL,
            rows=Rows.DIVISION,
            actions=frozenset({Action.READ}),
            ledgers=frozenset({"meetings"}),
            reason="检查",
            source="NL5",
        ),
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("internal,auditor,meetings,,division,read,,,,,检查", "11 格"),
        (GOOD.replace("auditor", "mayor"), "mayor"),
        (GOOD.replace("internal", "everything"), "everything"),
        (GOOD.replace("read", "read|erase"), "erase"),
        (GOOD.replace(",read,", ",,"), "actions"),
        (GOOD.replace("meetings", ""), "ledgers"),
        (GOOD.replace("meetings,,", "meetings,letters,"), "except"),
        (GOOD.replace("检查", ""), "理由"),
        (GOOD.replace("NL5", ""), "理由"),
        (GOOD.replace("read,,", "read,some,"), "some"),
        (GOOD.replace("read,,,", "read,,phone,"), "遮盖"),
        ("treatment,doctor,*,,unit,read,names,,yes,,治疗,NL36", "永远不能紧急查阅"),
        ("help,caseworker,*,,caseload,read,names,,yes,,帮扶,DR15", "永远不能紧急查阅"),
        (GOOD.replace("read,,,,,", "read,,,,shout=draft,"), "shout"),
    ],
)
def test_a_bad_line_is_refused_with_its_number(line: str, said: str) -> None:
    with pytest.raises(BadPolicy, match="第 3 行") as refusal:
        policy.read(f"{HEAD}\n{GOOD}\n{line}\n")
    assert said in str(refusal.value)


def test_a_table_with_other_columns_is_refused() -> None:
    with pytest.raises(BadPolicy, match="表头"):
        policy.read("role,everything\n")


#: What is no ledger and names people all the same.
NO_LEDGERS = {
    **dict.fromkeys(("hand-over-offers", "care-plan-approval"), {Compartment.COMMUNITY}),
    "gate-signing": {gate.source for gate in GATES},
    "own-requests": {Compartment.HELP},
    "data-requests": {Compartment.INTERNAL},
    "data-request-answers": {Compartment.COMMUNITY, Compartment.ENFORCEMENT, Compartment.TREATMENT, Compartment.INTERNAL},
    **dict.fromkeys(("absence-reasons", "referrals", "referral-inbox", "support-reviews"), {Compartment.HELP}),
    "gate-inbox": {gate.to for gate in GATES},
}


def test_every_ledger_of_the_table_is_one_and_every_source_is_on_file() -> None:
    known = {ledger.code for ledger in registry.all_ledgers()} | set(rule_words.OTHERS)
    for rule in POLICY:
        assert rule.ledgers | rule.but <= known, rule
        assert statutes.cite_all(rule.source), rule
        for code in rule.ledgers:
            try:
                assert registry.get(code).compartment == rule.compartment, rule
            except registry.UnknownLedger:
                assert rule.compartment in NO_LEDGERS.get(code, {Compartment.INTERNAL}), rule


def test_every_ledger_never_means_the_log_the_accounts_the_table_or_the_looks() -> None:
    for rule in POLICY:
        if not rule.ledgers:
            assert not any(rule.reaches(code) for code in ADMINISTRATION)
    readers = {code: {rule.role for rule in POLICY if code in rule.ledgers} for code in ADMINISTRATION}
    inspectors = {Role.AUDITOR, Role.SECURITY_OFFICER}
    assert readers["accounts"] == readers["policy"] == readers["emergency"] == inspectors
    assert readers["audit"] == inspectors | {Role.TOWN_LEADER, Role.COMMISSION_LEADER}


def test_no_line_opens_a_sealed_ledger_or_an_inner_compartment_in_an_emergency() -> None:
    sealed = [ledger for ledger in registry.all_ledgers() if ledger.sealed]
    assert sealed, "there is a sealed ledger to ask about"
    for rule in POLICY:
        if rule.emergency:
            assert rule.compartment not in NEVER_WIDENED
            assert rule.compartment in (Compartment.COMMUNITY, Compartment.ENFORCEMENT)
            assert not [
                ledger.code for ledger in sealed if ledger.compartment == rule.compartment and rule.reaches(ledger.code)
            ]


def test_the_states_of_the_table_are_those_in_which_the_procedures_ask() -> None:
    """Two tables of one thing: a step that a procedure offers is never shut by the policy, and no state is made up."""
    fillers = {row.from_state for row in PROCEDURE if row.who is Who.FILLER}
    officers = {row.from_state for row in PROCEDURE if row.who in (Who.REVIEWER, Who.OFFICE)}
    for rule in POLICY:
        if "returns" in rule.ledgers:
            assert rule.states.get(Action.CHANGE, fillers) == fillers, rule
            office = rule.rows == Rows.DIVISION
            asked = officers if Action.APPROVE in rule.actions else set()
            assert rule.states.get(Action.APPROVE, set()) == asked & (
                officers if office else {ReturnState.SUBMITTED}
            ), rule
        if "papers" in rule.ledgers and Action.APPROVE in rule.actions:
            back = paper_rules.PROCEDURE[paper_rules.PaperMove.SEND_BACK][0]
            assert rule.states[Action.APPROVE] == back == {PaperState.SUBMITTED, PaperState.SIGNED}
    assert any(rule.states for rule in POLICY)


def test_a_line_holds_only_in_its_states() -> None:
    [rule] = policy.read(f"{HEAD}\n{GOOD.replace('read,,,,,', 'read|change,,,,change=draft+sent_back,')}\n")
    assert rule.holds_in(Action.CHANGE, "draft") and rule.holds_in(Action.CHANGE, "")
    assert not rule.holds_in(Action.CHANGE, "locked")
    assert rule.holds_in(Action.READ, "locked")


# --- two versions side by side ------------------------------------------------------------------------------------------
def test_the_same_table_has_no_difference() -> None:
    assert policy.differences(policy.written(), policy.written()) == []


def test_a_changed_cell_is_a_change_and_not_a_loss_and_a_gain() -> None:
    before = f"{HEAD}\n{GOOD}\n"
    [one] = policy.differences(before, before.replace(",read,", ",read|export,"))
    assert one.changed == {"actions"}
    assert one.before is not None and one.before["actions"] == "read"


def test_lines_that_come_and_go_are_told_and_order_is_nothing() -> None:
    other = "public,commission_leader,published_statistics,,division,read,,,,,公布,NL5"
    before, after = f"{HEAD}\n{GOOD}\n", f"{HEAD}\n{other}\n{GOOD}\n"
    [come] = policy.differences(before, after)
    assert come.before is None and come.after is not None and come.after["role"] == "commission_leader"
    [gone] = policy.differences(after, before)
    assert gone.after is None
    assert policy.differences(after, f"{HEAD}\n{GOOD}\n{other}\n") == []


# --- the yearly signature ----------------------------------------------------------------------------------------------
NOW = policy.digest(policy.written())


@pytest.mark.django_db
def test_the_security_officer_signs_the_table_as_it_stands(city: City) -> None:
    signed = reviews.sign(digest=NOW, remark="通看一遍,无改动", by=city.actor("security"))
    assert signed.table == policy.written() and signed.digest == NOW
    assert signed.next_due == TODAY + timedelta(days=365)
    entry = WriteEntry.objects.get(act="policy.review")
    assert entry.summary == NOW and entry.reason == "通看一遍,无改动"
    signed.table = "x"
    with pytest.raises(WrittenOnce):
        signed.save()
    with pytest.raises(WrittenOnce):
        PolicyReview.objects.all().delete()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["auditor", "clerk", "leader", "supervisor", "officer"])
def test_nobody_else_signs_it(city: City, who: str) -> None:
    with pytest.raises(ReviewRefused, match="安全管理员"):
        reviews.sign(digest=NOW, remark="通看一遍", by=city.actor(who))
    assert not PolicyReview.objects.exists()


@pytest.mark.django_db
def test_a_table_that_changed_meanwhile_is_not_signed(city: City) -> None:
    with pytest.raises(ReviewRefused, match="变了"):
        reviews.sign(digest="0" * 64, remark="通看一遍", by=city.actor("security"))


@pytest.mark.django_db
@pytest.mark.parametrize("due", [TODAY, TODAY - timedelta(days=1), date(2024, 1, 1)])
def test_the_next_review_is_within_a_year(city: City, due: date) -> None:
    with pytest.raises(ReviewRefused, match="一年以内"):
        reviews.sign(digest=NOW, remark="通看一遍", by=city.actor("security"), next_due=due)
    with pytest.raises(ReviewRefused, match="说明"):
        reviews.sign(digest=NOW, remark="好", by=city.actor("security"))
