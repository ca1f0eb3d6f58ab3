"""Who has seen a row is told from an index beside the log, and the index says what the log says."""

from __future__ import annotations

import argparse
import random
from importlib import import_module
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connections
from django.test.utils import CaptureQueriesContext

from qingyuan.cli.commands import audit as command
from qingyuan.foundation import audit
from qingyuan.foundation.audit.models import ReadEntry, ReadRow
from qingyuan.foundation.ids import new_id, new_ids
from tests.foundation.acting import BY

pytestmark = pytest.mark.django_db(databases=["default", "audit"])


def look(*row_ids: UUID | int | str) -> UUID:
    return audit.record_read(by=BY, act="list", ledger="tests", row_ids=row_ids, path="/ledgers/tests/").pk


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))


def in_the_log(row_ids: set[UUID]) -> set[UUID]:
    """The obvious way: every entry is looked through."""
    return {entry.pk for entry in ReadEntry.objects.all() if any(str(one) in entry.row_ids for one in row_ids)}


@pytest.mark.parametrize("seed", range(3))
def test_index_and_log_name_the_same_reads_sealed_or_not(seed: int) -> None:
    chance, rows = random.Random(seed), new_ids(12)
    for number in range(40):
        look(*chance.sample(rows, chance.randrange(6)))
        if number in {7, 20, 33}:
            audit.seal("audit")
    assert ReadEntry.objects.filter(seq=None).exists() and ReadEntry.objects.filter(seq__isnull=False).exists()
    for size in (1, 2, 5):
        asked = set(chance.sample(rows, size))
        assert set(audit.reads_of_any(asked).values_list("pk", flat=True)) == in_the_log(asked)
    assert audit.compare_reads_by_row().ok


def test_a_read_is_told_at_once_and_once_whether_it_is_sealed_meanwhile() -> None:
    row = new_id()
    entry = look(row, row)
    before = audit.reads_of(row)
    assert [one.pk for one in before.all()] == [entry]
    audit.seal("audit")
    assert [one.pk for one in before.all()] == [entry] == [one.pk for one in audit.reads_of(row)]
    assert ReadRow.objects.get().row_id == row


def test_what_is_no_row_is_read_without_a_place_in_the_index() -> None:
    look(17, "R05")
    look()
    audit.seal("audit")
    assert not ReadRow.objects.exists() and audit.compare_reads_by_row().named == 0
    assert not audit.reads_of(new_id()).exists() and not audit.reads_of_any([]).exists()


def test_more_rows_than_a_statement_has_words_for_are_asked_about_at_once() -> None:
    rows = new_ids(3_000)
    entry = look(rows[2_999])
    audit.seal("audit")
    assert [one.pk for one in audit.reads_of_any(rows)] == [entry]


def test_sealed_reads_are_found_without_looking_through_the_log() -> None:
    row = new_id()
    for _number in range(30):
        look(new_id())
    look(row)
    audit.seal("audit")
    with CaptureQueriesContext(connections["audit"]) as asked:
        assert audit.reads_of(row).count() == 1
    for query in asked.captured_queries:
        assert "LIKE" not in query["sql"]
        if connections["audit"].vendor == "sqlite" and "SELECT" in query["sql"]:
            with connections["audit"].cursor() as cursor:
                cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
                plan = [line[3] for line in cursor.fetchall()]
            assert not any(step.startswith("SCAN foundation_readentry") for step in plan), plan


def test_the_command_makes_the_index_anew_from_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    rows = new_ids(4)
    for _number in range(3):
        look(*rows)
    audit.seal("audit")
    assert run("reindex", "--check") == 0
    ReadRow.objects.filter(row_id=rows[0]).delete()
    assert run("reindex", "--check") == 1
    assert "索引缺 3 行次,多 0 行次" in capsys.readouterr().out
    assert ReadRow.objects.count() == 9, "a check changes nothing"
    assert run("reindex") == 0 and run("reindex", "--check") == 0
    assert audit.reads_of(rows[0]).count() == 3


def test_lines_that_no_read_knows_are_told_and_taken_out() -> None:
    row, stranger = new_ids(2)
    look(row)
    audit.seal("audit")
    ReadRow.objects.create(row_id=stranger, seq=1)
    assert run("reindex", "--check") == 1
    assert run("reindex") == 0
    assert not audit.reads_of(stranger).exists() and audit.reads_of(row).count() == 1


def test_a_city_whose_log_is_older_than_the_index_has_it_filled_by_the_migration() -> None:
    rows = new_ids(5)
    look(*rows)
    look(rows[0], 4)
    audit.seal("audit")
    ReadRow.objects.all().delete()
    fill = import_module("qingyuan.foundation.migrations.0003_reads_by_row").fill
    fill(apps, SimpleNamespace(connection=connections["audit"]))
    assert audit.compare_reads_by_row().ok and audit.reads_of(rows[0]).count() == 2
