"""Every ledger is declared whole: key, actions, law, retention, headers, and what of it reaches the facts."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Iterable

import pytest
from django.core.exceptions import FieldDoesNotExist

from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import registry
from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.facts import FactTable
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.searching import sealed_words
from qingyuan.reference import catalogue, statutes

LEDGERS = registry.all_ledgers()
FACTS = registry.facts()
ids = [ledger.code for ledger in LEDGERS]
every_ledger = pytest.mark.parametrize("ledger", LEDGERS, ids=ids)
PERSONAL_KINDS = frozenset({Kind.PERSON_NAME, Kind.ID_NUMBER, Kind.PHONE})
PEOPLES_COMPARTMENTS = frozenset(Compartment) - {Compartment.PUBLIC, Compartment.INTERNAL}
NEVER_IN_FACTS = re.compile(r"(name|id_number|phone|birth|address|lat|lon|note|title|number|tester|account|caseworker)")
# What a fact table is called differently from its ledger's column, or what it derives; nothing else may be in it.
DERIVED_FACTS: dict[str, frozenset[str]] = {
    "cases": frozenset({"major", "solved"}),
    "parties": frozenset({"offence", "caught"}),
    "penalties": frozenset({"decisions"}),
    "exhibits": frozenset({"grams"}),
    "linked_crimes": frozenset({"crimes"}),
    "seizures": frozenset({"drug_group"}),
    "measures": frozenset({"person", "report_due"}),
    "isolation": frozenset({"person", "decisions"}),
    "tests": frozenset({"person"}),
    "wastewater": frozenset({"mass_mg"}),
    "activities": frozenset({"at_listed_place"}),
    "schools": frozenset({"in_scope", "pupils"}),
    "awareness_surveys": frozenset({"weight_square", "weighted_passed"}),
    "safety_surveys": frozenset({"weight_square", "satisfied", "weighted_satisfied", "weighted_safe", "safe_asked"}),
}
FACTS_WITHOUT_LEDGER = frozenset({"test_dues", "returns", "return_dues", "letters", "targets", "unit_needs", "treatment_months"})


def test_there_are_ledgers() -> None:
    assert {"cases", "seizures", "measures", "isolation", "tests", "registrations", "population", "meetings"} <= set(ids)


@every_ledger
def test_the_room_the_model_and_the_actions_are_one_room(ledger: Ledger) -> None:
    home = f"qingyuan.{ledger.room}"
    assert ledger.model._meta.app_label == ledger.room
    doers = [ledger.create, ledger.change, ledger.void, ledger.prepare, ledger.follow]
    for action in doers:
        if action is None:
            continue
        module = inspect.getmodule(action).__name__
        assert module == f"{home}.actions" or module.startswith(f"{home}.actions."), f"{ledger.code}: {module}"
    if ledger.check is not None:
        module = inspect.getmodule(ledger.check).__name__
        assert module == f"{home}.rules" or module.startswith(f"{home}.rules."), f"{ledger.code}: {module}"


@every_ledger
def test_the_natural_key_exists(ledger: Ledger) -> None:
    names = {column.name for column in ledger.columns}
    for part in ledger.natural_key:
        if part not in names:
            ledger.model._meta.get_field(part.removesuffix("_id"))
    assert ledger.natural_key
    assert ledger.column(ledger.dated_by).kind in {Kind.DATE, Kind.INTEGER}


@every_ledger
def test_every_column_has_a_place_a_known_list_and_a_decision(ledger: Ledger) -> None:
    for column in ledger.columns:
        assert isinstance(column.publish, Publish)
        assert where_missing(ledger, column) == ""
        assert bool(column.code_list) == (column.kind == Kind.CODE), column.name
        if column.code_list:
            assert catalogue.get_list(column.code_list).valid_on is not None
        if column.searchable and column.personal:
            sealed = column in sealed_words(ledger)
            assert column.index or sealed, f"{ledger.code}.{column.name}: searched by blind index, or read through row by row"
        if column.sensitivity.is_personal:
            assert column.publish == Publish.WITHHELD, f"{ledger.code}.{column.name}"
            assert not column.filterable, f"{ledger.code}.{column.name}: a filter would list people"


def where_missing(ledger: Ledger, column: Column) -> str:
    model = ledger.model
    *steps, last = column.where.split(".")
    try:
        for step in steps:
            model = model._meta.get_field(step).related_model
        model._meta.get_field(last)
        if column.index:
            *_steps, last = column.index.split(".")
            model._meta.get_field(last)
    except FieldDoesNotExist as error:
        return str(error)
    return ""


@every_ledger
def test_names_numbers_and_free_text_about_people_are_called_personal(ledger: Ledger) -> None:
    loose = [
        column.name
        for column in ledger.columns
        if column.kind in PERSONAL_KINDS and not column.personal
        or column.kind == Kind.LONG_TEXT and ledger.compartment in PEOPLES_COMPARTMENTS and not column.personal
    ]
    assert loose == [], "what people type about a case or a client may name somebody"


@every_ledger
def test_law_purpose_and_retention_can_be_printed(ledger: Ledger) -> None:
    words = statutes.describe(ledger.legal_basis)
    assert words.strip() and not re.fullmatch(r"[A-Z0-9();\- ]+", words), f"{ledger.code}: {words}"
    assert len(ledger.purpose) >= 8 and ledger.retention.text.strip() and ledger.title and ledger.unit_label


def doubled_headers(columns: Iterable[Column]) -> list[str]:
    heads = Counter(word for column in columns for word in {str(column.header), *map(str, column.aliases)})
    return sorted(word for word, times in heads.items() if times > 1)


@every_ledger
def test_a_header_means_one_column(ledger: Ledger) -> None:
    assert doubled_headers(ledger.columns) == []
    assert len({column.name for column in ledger.columns}) == len(ledger.columns)


def test_the_census_sees_a_header_with_two_meanings() -> None:
    assert doubled_headers([Column("a", "日期", aliases=("时间",)), Column("b", "时间")]) == ["时间"]


def loose_facts(ledger: Ledger) -> list[str]:
    """Columns of the fact table that are neither published by the ledger nor listed as derived."""
    assert ledger.facts is not None
    published = {column.name for column in ledger.columns if column.publish == Publish.PUBLISHED}
    allowed = published | DERIVED_FACTS.get(ledger.facts.name, frozenset())
    return [column.name for column in ledger.facts.columns if column.name not in allowed]


@every_ledger
def test_facts_hold_only_what_the_ledger_publishes(ledger: Ledger) -> None:
    if ledger.facts is not None:
        assert loose_facts(ledger) == []


@pytest.mark.parametrize("table", list(FACTS.values()), ids=list(FACTS))
def test_no_fact_table_has_a_personal_column(table: FactTable) -> None:
    assert [column.name for column in table.columns if NEVER_IN_FACTS.search(column.name)] == []
    assert table.title
    ledger = registry.of_fact(table.name)
    assert ledger is not None or table.name in FACTS_WITHOUT_LEDGER, "who publishes it?"
    if any(column.name == "person" for column in table.columns):
        assert table.people, f"{table.name} counts people: small numbers must close"


def test_what_mission_line_3_calls_coercive_is_marked() -> None:
    """Counts of cases, seizures, decisions, positive results and people found can never become a target."""
    marked = {(name, column.name) for name, table in FACTS.items() for column in table.columns if column.coercive}
    assert {
        ("cases", "solved"),
        ("seizures", "net_g"),
        ("isolation", "decisions"),
        ("parties", "caught"),
        ("penalties", "decisions"),
        ("exhibits", "grams"),
        ("linked_crimes", "crimes"),
        ("enforcement_tests", "result"),
        ("tests", "result"),
        ("registrations", "newly_found"),
        ("registrations", "newly_found_rural"),
        ("registrations", "current"),
        ("returns", "value"),
    } <= marked
