"""Values that stood clear before a migration are encrypted where they stand, on either database, and read as before."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from qingyuan.casework.models import Paper
from qingyuan.enforcement.models import Case
from qingyuan.foundation.crypto import looks_encrypted
from qingyuan.foundation.sealed_words import holding
from qingyuan.foundation.sealing_columns import encrypting, overwrite_what_is_deleted
from tests.cast import City
from tests.enforcement.rows import filed


class Editor:
    """What a migration is handed, as far as the step asks."""

    connection = connection


def stored(model: Any, column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"select {column} from {model._meta.db_table} order by id")
        return [value for (value,) in cursor.fetchall()]


def make_clear(model: Any, column: str, *texts: str) -> None:
    """As a version before stored them."""
    with connection.cursor() as cursor:
        cursor.execute(f"select id from {model._meta.db_table} order by id")
        for (key,), text in zip(cursor.fetchall(), texts, strict=True):
            cursor.execute(f"update {model._meta.db_table} set {column} = %s where id = %s", [text, key])


@pytest.fixture
def cases(city: City) -> list[Case]:
    return [filed(city, number=f"云公刑〔2022〕{number}号") for number in range(1, 4)]


def test_clear_values_are_encrypted_and_read_as_before(cases: list[Case]) -> None:
    titles = ("阚某贩卖毒品案", "q1.不是密文", "q1.1.像.密文")
    make_clear(Case, "title", *titles[:2], cases[2]._meta.get_field("title").prepare(titles[2]))
    overwrite_what_is_deleted(apps, Editor)
    encrypting("enforcement", {"Case": ("title", "note")})(apps, Editor)
    assert all(looks_encrypted(value) for value in stored(Case, "title"))
    assert [case.title for case in Case.objects.order_by("pk")] == list(titles)
    assert stored(Case, "note") == ["", "", ""], "an empty text is stored as it is"


def test_a_second_run_changes_nothing(cases: list[Case]) -> None:
    before = stored(Case, "title")
    encrypting("enforcement", {"Case": ("title",)})(apps, Editor)
    assert stored(Case, "title") == before


def test_more_rows_than_one_page_are_all_encrypted(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qingyuan.foundation.sealing_columns.ROWS_PER_READ", 2)
    for number in range(1, 6):
        filed(city, number=f"云公刑〔2022〕{number}号")
    make_clear(Case, "title", *(f"{who}某贩卖毒品案" for who in "阚逄亓郗佘"))
    encrypting("enforcement", {"Case": ("title",)})(apps, Editor)
    assert all(looks_encrypted(value) for value in stored(Case, "title"))
    assert {case.title[0] for case in Case.objects.all()} == set("阚逄亓郗佘")


def test_words_are_found_among_the_rows_that_are_given_and_no_further(cases: list[Case]) -> None:
    Case.objects.filter(pk=cases[1].pk).update(title="Kan某贩卖毒品案")
    rows = Case.objects.order_by("pk")
    assert holding(rows, ("title",), "kan某") == [cases[1].pk]
    assert holding(rows, ("title",), "kan某", most=1) == [] and holding(rows.none(), ("title",), "案") == []
    assert holding(rows, ("title", "note"), "一号") == [cases[0].pk, cases[2].pk]
    assert holding(rows, (), "案") == [] and holding(rows, ("title",), "") == []


def test_whether_a_text_is_empty_may_be_asked_and_constraints_ask_it(db: None) -> None:
    assert Paper.objects.filter(closed_reason="").count() == 0
    assert "closed_reason" in str(Paper.objects.exclude(closed_reason="").query)
