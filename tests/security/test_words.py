"""Names written into titles, reasons, orders, decisions and notes stand nowhere in either database: not in the rows, not in the
audit of them. «The grep» does the same over a whole installation and every file of it; this asks the databases alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from qingyuan.enforcement.models import Case
from qingyuan.foundation.audit.models import RowChange
from qingyuan.governance.models import Meeting
from tests.cast import City
from tests.security import grepping
from tests.web.pages import browser_of

pytestmark = pytest.mark.django_db(databases=["default", "audit"])
DOORS = {
    "case": grepping.by_case,
    "words of a paper": grepping.by_words_of_a_paper,
    "order": grepping.by_order,
    "meeting": grepping.by_meeting,
}
NAMES = [grepping.DOORS[door][0] for door in (*DOORS, "instruction")]


def stored(alias: str) -> Iterator[tuple[str, str]]:
    """Every text of every table."""
    link = connections[alias]
    with link.cursor() as cursor:
        for table in link.introspection.table_names():
            cursor.execute(f"select * from {link.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    if isinstance(value, str | bytes | memoryview):
                        text = value if isinstance(value, str) else bytes(value).decode(errors="replace")
                        yield f"{alias}.{table}.{column}", text


def told(names: list[str]) -> set[str]:
    return {f"{where}: {name}" for alias in ("default", "audit") for where, text in stored(alias) for name in names if name in text}


def walk(city: City, door: str) -> Any:
    browsers: dict[str, Client] = {who: browser_of(city, who) for who in ("supervisor", "clerk", "officer")}
    return DOORS[door](city, browsers, None)


@pytest.mark.parametrize("door", DOORS)
def test_a_name_in_these_words_is_found_by_its_reader_and_stands_nowhere_in_clear(city: City, door: str) -> None:
    assert walk(city, door), "somebody went through it"
    assert told(NAMES) == set()


def test_a_name_that_stands_in_clear_is_seen(city: City) -> None:
    walk(city, "meeting")
    table = Meeting._meta.db_table
    with connections["default"].cursor() as cursor:
        cursor.execute(f"update {table} set title = %s", [grepping.DOORS["meeting"][0]])
    assert told(NAMES) == {f"default.{table}.title: {grepping.DOORS['meeting'][0]}"}


def test_the_audit_keeps_them_under_the_key_of_the_row(city: City) -> None:
    walk(city, "case")
    change = RowChange.objects.get(row_id=Case.objects.get().pk)
    assert '"title":{"enc":"r1.' in change.after and '"number":"云公刑' in change.after
