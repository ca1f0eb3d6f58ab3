"""The table of gates: what each lists, what none may list, which are off and say why. No database."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest

from qingyuan.casework.gates.table import BY_CODE, GATES, NEVER_CROSSES, Gate, from_ledger, wrong_with
from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import registry
from qingyuan.organisation.policy import SIDE
from qingyuan.reference import statutes
from qingyuan.reference.packs import pack_codes
from tests.census.house import PACKAGE

TODAY = date(2022, 11, 23)
every_gate = pytest.mark.parametrize("gate", GATES, ids=[gate.code for gate in GATES])


def test_all_eight_gates_of_the_book_stand_in_the_table() -> None:
    assert {f"G{number}" for number in range(1, 9)} <= set(BY_CODE) and len(BY_CODE) == len(GATES)


@every_gate
def test_a_gate_rests_on_articles_on_file_and_names_whom_it_leads_to(gate: Gate) -> None:
    for basis in (gate.articles, *gate.provinces.values()):
        for key in basis.split(";"):
            assert statutes.describe(key) != key, f"{gate.code}: {key} is on no file"
    assert gate.off or (gate.fields and gate.receivers), "a gate that is open lists its fields and its receivers"
    assert set(gate.provinces) <= set(pack_codes())


@every_gate
def test_a_gate_crosses_a_wall_and_carries_nothing_that_never_crosses(gate: Gate) -> None:
    names = [one.name for one in gate.fields]
    assert gate.source != gate.to and len(set(names)) == len(names)
    assert not set(names) & set(NEVER_CROSSES) and not {one.column for one in gate.copied} & set(NEVER_CROSSES)
    assert gate.source not in {Compartment.PUBLIC, Compartment.REPORTER, Compartment.DISCIPLINE}
    assert not {SIDE[role] for role in gate.receivers} & {SIDE_OF.get(gate.source)}, "it leads to the other side"


SIDE_OF = {Compartment.TREATMENT: "treatment", Compartment.COMMUNITY: "help", Compartment.ENFORCEMENT: "enforcement"}


@every_gate
def test_what_is_copied_is_a_column_of_each_ledger_it_opens_from(gate: Gate) -> None:
    for code in gate.ledgers:
        ledger = registry.get(code)
        assert ledger.compartment == gate.source and gate in from_ledger(code)
        for one in gate.copied:
            assert ledger.column(one.column).where


def test_a_provincial_gate_is_off_but_where_the_province_says_so() -> None:
    provincial = BY_CODE["G3"]
    assert [code for code in pack_codes() if provincial.open_in(code)] == ["zhejiang", "chongqing", "shandong"]
    assert "默认关闭" in provincial.open_in("national").reason
    assert provincial.basis_in("shandong") == "SD38" and BY_CODE["G1"].basis_in("shandong") == "DR12"


@pytest.mark.parametrize("code", ["G5b", "G8"])
def test_a_gate_that_no_text_confirms_is_off_everywhere_and_says_why(code: str) -> None:
    for pack in pack_codes():
        decision = BY_CODE[code].open_in(pack)
        assert not decision.allowed and len(decision.reason) > 10


def test_a_gate_to_a_court_names_the_instrument_and_two_sign() -> None:
    for code in ("G6", "G6c"):
        gate = BY_CODE[code]
        assert gate.two and "instrument" in wrong_with(gate, {"asked_by": "检察院", "answer": "在组"}, on=TODAY)


def test_a_form_with_a_gap_a_wrong_day_or_a_field_too_many_is_refused() -> None:
    gate = BY_CODE["G4"]
    whole = {"what": "used", "happened_on": "2022-09-01", "facts": "当场承认"}
    assert wrong_with(gate, whole, on=TODAY) == {}
    assert set(wrong_with(gate, whole | {"facts": " "}, on=TODAY)) == {"facts"}
    assert set(wrong_with(gate, whole | {"happened_on": "九月"}, on=TODAY)) == {"happened_on"}
    assert set(wrong_with(gate, whole | {"happened_on": "2022-11-24"}, on=TODAY)) == {"happened_on"}
    assert set(wrong_with(gate, whole | {"what": "bad"}, on=TODAY)) == {"what"}
    assert set(wrong_with(gate, whole | {"note": "谈话记录"}, on=TODAY)) == {"note"}


READERS = {"casework/actions/gates.py", "casework/gates/queries.py", "casework/models/__init__.py"}
PAGES = {"web/gates/presenters.py", "web/gates/views.py", "journeys/gates/matching.py", "journeys/gates/counts.py", "journeys/todo/gates.py"}
DEMO = {"demo/treating.py"}


def users_of_gates(root: Path) -> set[str]:
    """Files that name the two tables."""
    found = set()
    for path in root.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
        if names & {"GateAct", "GateDelivery"}:
            found.add(path.relative_to(root).as_posix())
    return found


def test_nothing_counts_the_use_of_a_gate() -> None:
    """No fact table, indicator, ledger or scheme reads it, and nobody but its own pages and the demo city knows the two tables.
    What a clinic's month says is published as numbers (``treatment_months``); that it was signed for is not a figure."""
    assert users_of_gates(PACKAGE) == READERS | PAGES | DEMO
    assert not [name for name in registry.facts() if "gate" in name]
    assert not [ledger.code for ledger in registry.all_ledgers() if ledger.model.__name__ in {"GateAct", "GateDelivery"}]
    counted = [
        str(path.relative_to(PACKAGE))
        for folder in ("indicators/definitions", "governance/schemes", "governance/forms")
        for path in (PACKAGE / folder).rglob("*.yaml")
        if "gate-acts" in path.read_text(encoding="utf-8") or "gateact" in path.read_text(encoding="utf-8").lower()
    ]
    assert counted == []
    for path in READERS | PAGES | DEMO:
        assert ".count()" not in (PACKAGE / path).read_text(encoding="utf-8"), f"{path} counts"


def test_the_look_for_counters_sees_one(tmp_path: Path) -> None:
    (tmp_path / "score.py").write_text("from qingyuan.casework.models import GateAct\nn = GateAct.objects.count()", encoding="utf-8")
    assert users_of_gates(tmp_path) == {"score.py"}
