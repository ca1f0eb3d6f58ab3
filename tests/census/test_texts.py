"""Every text a person may have written stands encrypted, or says why nobody can be named in it."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import models

from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import BlindIndexField, EncryptedTextField
from qingyuan.ledgers import registry
from qingyuan.ledgers.kinds import Kind
from tests.census.test_relations import our_models
from tests.census.texts import CLEAR, FORMED, MACHINE, WHO_ACTED

TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
NEVER_IN_WORDS = frozenset({Compartment.COMMUNITY, Compartment.ENFORCEMENT, Compartment.HELP, Compartment.TREATMENT})
TYPED = frozenset({Kind.TEXT, Kind.LONG_TEXT})


def coded() -> set[str]:
    """Columns that hold a code of a list."""
    return {
        f"{ledger.model._meta.label}.{column.where}"
        for ledger in registry.all_ledgers()
        for column in ledger.columns
        if column.stored and column.kind == Kind.CODE
    }


def unexplained(fields: Iterable[models.Field], known: set[str]) -> list[str]:
    """«label.field» of clear texts that are neither codes nor known."""
    found = []
    for field in fields:
        where = f"{field.model._meta.label}.{field.name}"
        protected = isinstance(field, EncryptedTextField | BlindIndexField) or bool(field.choices)
        formed = any(one.match(field.name) for one in (MACHINE, WHO_ACTED, FORMED))
        if isinstance(field, TEXTS) and not (protected or formed or where in known):
            found.append(where)
    return found


def texts() -> list[models.Field]:
    return [field for model in our_models() for field in model._meta.local_concrete_fields]


def explained() -> set[str]:
    return {where for held in CLEAR.values() for where in held}


def test_every_text_is_encrypted_or_a_code_or_says_why_nobody_is_named_in_it() -> None:
    assert unexplained(texts(), coded() | explained()) == [], "encrypt it, or give its reason in tests/census/texts.py"


def test_no_reason_is_left_of_a_column_that_is_gone_or_encrypted_by_now() -> None:
    clear = {f"{field.model._meta.label}.{field.name}" for field in texts() if not isinstance(field, EncryptedTextField)}
    assert explained() - clear == set()
    assert sum(len(held) for held in CLEAR.values()) == len(explained()), "each column has one reason"


def test_what_is_typed_about_cases_and_clients_stands_encrypted_but_for_offices_and_numbers() -> None:
    """In the compartments of persons no ledger takes words in clear: numbers of documents and names of offices apart."""
    clear = {
        f"{ledger.code}.{column.name}"
        for ledger in registry.all_ledgers()
        for column in ledger.columns
        if ledger.compartment in NEVER_IN_WORDS and column.kind in TYPED and column.stored
        if not isinstance(ledger.model._meta.get_field(column.where), EncryptedTextField)
        if not FORMED.match(column.name)
    }
    offices = {"operations.organiser", "operations.lead_unit", "exhibits.place", "enforcement_tests.institution"}
    assert clear - offices == {"operations.title", "exhibits.exhibit", "inspections.document"}


def test_the_census_sees_a_text_that_nobody_explained() -> None:
    title = apps.get_model("situation", "FigureRequest")._meta.get_field("title")
    assert unexplained([title], set()) == ["situation.FigureRequest.title"]
    assert unexplained([title], explained()) == []
    assert unexplained([apps.get_model("enforcement", "Case")._meta.get_field("title")], set()) == []
