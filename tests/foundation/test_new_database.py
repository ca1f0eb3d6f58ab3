"""An empty database gets the present tables at once, and they are those that every step of every migration leads to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader

from qingyuan.foundation.new_database import in_the_way

ROOT = Path(__file__).parents[2]
PROGRAM = "import django; django.setup(); from tests.foundation.step_by_step import main; main()"
NOTHING = [[], []]


def both_ways(home: Path, names: list[str], **env: str) -> dict[str, Any]:
    """Migrates four databases in a process of its own, where no test database is in the way."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    given = {
        "DJANGO_SETTINGS_MODULE": "qingyuan.config.settings",
        "QINGYUAN_HOME": str(home),
        "QINGYUAN_CITY": "both-ways",
        "QINGYUAN_DEBUG": "1",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", PROGRAM, *names]
    done = subprocess.run(command, env=kept | given | env, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def is_the_same(found: dict[str, Any]) -> None:
    assert found["different"] == NOTHING and found["audit_different"] == NOTHING
    assert found["tables"] > 150 and found["audit_tables"] >= 5
    assert found["same_noted"] is True
    assert found["laid_over_what_was_there"] is False, "an installation that stopped midway goes on step by step"
    assert found["left_when_broken_off"] == []


@pytest.mark.long
def test_both_ways_lead_to_the_same_sqlite_file(tmp_path: Path) -> None:
    is_the_same(both_ways(tmp_path, [str(tmp_path / f"{name}.sqlite3") for name in "abcd"]))


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_both_ways_lead_to_the_same_database_on_postgresql(tmp_path: Path) -> None:
    names = [f"{connection.settings_dict['NAME']}_way_{name}" for name in "abcd"]
    urls = {name: os.environ[name] for name in ("DATABASE_URL", "AUDIT_DATABASE_URL")}
    with ExitStack() as after:
        for name in names:
            after.callback(_drop, name)
        is_the_same(both_ways(tmp_path, names, **urls))


def _drop(name: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'drop database if exists "{name}"')


def test_no_migration_keeps_an_empty_database_from_the_short_way() -> None:
    """Whoever adds one that runs code says ``elidable=True`` if it does nothing where there is no row."""
    assert in_the_way(MigrationLoader(None).disk_migrations.values()) == []


def _nothing(apps: Any, editor: Any) -> None: ...


class Own(migrations.AddField):
    """A step of its own kind may do more than the state says."""


@pytest.mark.parametrize(
    "step",
    [
        migrations.RunPython(_nothing),
        migrations.RunSQL("select 1"),
        migrations.RunSQL("select 1", elidable=True),
        migrations.SeparateDatabaseAndState(),
        Own("thing", "word", models.TextField()),
    ],
)
def test_a_step_that_could_leave_something_else_is_in_the_way(step: Any) -> None:
    migration = migrations.Migration("0001_thing", "web")
    migration.operations = [migrations.CreateModel("Thing", []), step]
    assert in_the_way([migration]) == ["web.0001_thing"]


def test_a_step_that_does_nothing_without_rows_is_not() -> None:
    migration = migrations.Migration("0001_thing", "web")
    migration.operations = [migrations.CreateModel("Thing", []), migrations.RunPython(_nothing, elidable=True)]
    assert in_the_way([migration]) == []
