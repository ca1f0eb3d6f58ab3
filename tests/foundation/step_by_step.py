"""Migrates as an installation does that was there from the first day: every step of every migration. Run by test_new_database.

Django draws all models anew for each step, two minutes of work for each database. Here a step is shown the models that it
works on, those that they refer to and those that refer to them: its own code runs on them, and makes the same tables (held
against those of ``migrate --step-by-step`` when this was written), in a tenth of the time.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from typing import Any

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from django.db.migrations.utils import resolve_relation

from qingyuan.foundation import new_database

Key = tuple[str, str]


def lay_by_steps(connection: Any, apps: Iterable[str] | None = None, leave: int = 0) -> list[tuple[str, str]]:
    """Every step of the migrations (of ``apps`` and what they rest on); the last ``leave`` migrations are not taken."""
    executor = MigrationExecutor(connection)
    leaves = [node for node in executor.loader.graph.leaf_nodes() if apps is None or node[0] in apps]
    plan = [migration for migration, _ in executor.migration_plan(leaves)]
    executor.recorder.ensure_schema()
    state = ProjectState(real_apps=executor.loader.unmigrated_apps)
    for migration in plan[: len(plan) - leave]:
        with connection.schema_editor(atomic=migration.atomic) as editor:
            for step in migration.operations:
                before = state.clone()
                step.state_forwards(migration.app_label, state)
                model = getattr(step, "model_name_lower", None) or getattr(step, "name_lower", None)
                if model is None:
                    step.database_forwards(migration.app_label, editor, before, state.clone())
                else:
                    key = (migration.app_label, model)
                    step.database_forwards(migration.app_label, editor, _around(before, key), _around(state, key))
        executor.record_migration(migration)
    return [(migration.app_label, migration.name) for migration in plan]


def _around(state: ProjectState, key: Key) -> ProjectState:
    """The state with the models that a step on one of them may look at, and no others."""
    wanted: set[Key] = set()
    waiting = [key, *state.relations.get(key, ())]
    while waiting:
        one = waiting.pop()
        if one in wanted or one not in state.models:
            continue
        wanted.add(one)
        model = state.models[one]
        for field in model.fields.values():
            if field.remote_field is not None:
                waiting += [
                    resolve_relation(other, *one)
                    for other in (field.remote_field.model, getattr(field.remote_field, "through", None))
                    if other is not None
                ]
        waiting += [resolve_relation(base, *one) for base in model.bases if isinstance(base, str)]
    return ProjectState({one: state.models[one].clone() for one in wanted}, real_apps=state.real_apps)


def shape(connection: Any) -> dict[str, list[str]]:
    """What the database is made of, in its own words: by table its columns, rules and indexes, and how many rows it has.

    In which order columns stand is left out: a step that changes one puts it last on SQLite.
    """
    found = _sqlite_shape(connection) if connection.vendor == "sqlite" else _postgresql_shape(connection)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select count(*) from "{table}"')
            found[table].append(f"{cursor.fetchone()[0]} rows")
    return {table: sorted(parts) for table, parts in found.items()}


def _sqlite_shape(connection: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute("select type, tbl_name, sql from sqlite_master where sql is not null and name not like 'sqlite%'")
        for kind, table, sql in cursor.fetchall():
            found.setdefault(table, []).extend(_parts(sql) if kind == "table" else [sql])
    return found


def _parts(sql: str) -> list[str]:
    """What stands between the commas of a ``create table``."""
    parts, depth, quote = [""], 0, ""
    for letter in sql[sql.index("(") + 1 : sql.rindex(")")]:
        if quote or letter in "'\"":
            quote = "" if letter == quote else quote or letter
        else:
            depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def _postgresql_shape(connection: Any) -> dict[str, list[str]]:
    asked = (
        "select table_name, column_name || ' ' || udt_name || ' ' || coalesce(character_maximum_length::text, '') || ' '"
        " || coalesce(numeric_precision::text, '') || ' ' || coalesce(numeric_scale::text, '') || ' ' || is_nullable || ' '"
        " || coalesce(column_default, '') || ' ' || is_identity from information_schema.columns where table_schema = 'public'",
        "select conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid) from pg_constraint"
        " where connamespace = 'public'::regnamespace",
        "select tablename, indexdef from pg_indexes where schemaname = 'public'",
        "select tgrelid::regclass::text, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal",
        "select table_name, 'view' from information_schema.views where table_schema = 'public'",
    )
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for sql in asked:
            cursor.execute(sql)
            for table, part in cursor.fetchall():
                found.setdefault(table.strip('"'), []).append(_without_casts(part))
    return found


def _without_casts(part: str) -> str:
    """A rule made while its column was ``varchar`` is told with other casts than one made when it was ``text``."""
    bare, before = re.sub(r"::(?:character varying|text)(?:\[\])?", "", part), ""
    while bare != before:
        before = bare
        bare = re.sub(r"\(('[^']*'|ARRAY\[[^\]]*\])\)", r"\1", re.sub(r"\((\w+)\)(?= (?:=|<>|[<>]=?) )", r"\1", bare))
    return bare


def open_new(connection: Any, name: str) -> None:
    """An empty database, and the connection is to it."""
    connection.close()
    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'create database "{name}"')
    connection.settings_dict["NAME"] = name


def differences(one: dict[str, list[str]], other: dict[str, list[str]]) -> list[list[str]]:
    said = [{f"{table}: {part}" for table, parts in found.items() for part in parts} for found in (one, other)]
    return [sorted(said[0] - said[1]), sorted(said[1] - said[0])]


def _noted(connection: Any) -> list[list[str]]:
    with connection.cursor() as cursor:
        cursor.execute("select app, name from django_migrations order by app, name")
        return [list(row) for row in cursor.fetchall()]


def _breaks_off(connection: Any) -> list[str]:
    """What is left of the tables when it breaks off at the last moment."""

    def stop(self: Any, migration: Any) -> None:
        raise InterruptedError

    kept, MigrationExecutor.record_migration = MigrationExecutor.record_migration, stop  # type: ignore[method-assign]
    try:
        new_database.lay(connection)
    except InterruptedError:
        return list(connection.introspection.table_names())
    finally:
        MigrationExecutor.record_migration = kept  # type: ignore[method-assign]
    return ["was not stopped"]


def main() -> None:
    """In a process of its own, with the names of four databases that are not there."""
    by_steps, at_once, audit_by_steps, audit_at_once = sys.argv[1:]
    main_one, audit = connections["default"], connections["audit"]
    open_new(main_one, by_steps)
    lay_by_steps(main_one, leave=1)
    again = new_database.lay(main_one)
    call_command("migrate", verbosity=0, interactive=False)
    old, old_noted = shape(main_one), _noted(main_one)
    open_new(main_one, at_once)
    left = _breaks_off(main_one)
    call_command("migrate", verbosity=0, interactive=False)
    new, new_noted = shape(main_one), _noted(main_one)
    open_new(audit, audit_by_steps)
    lay_by_steps(audit, apps=("foundation",))
    audit_old = shape(audit)
    open_new(audit, audit_at_once)
    new_database.lay(audit)
    audit_new = shape(audit)
    for found in (audit_old, audit_new):
        found["django_migrations"] = [part for part in found["django_migrations"] if not part.endswith(" rows")]
    print(
        json.dumps(
            {
                "tables": len(new),
                "audit_tables": len(audit_new),
                "different": differences(old, new),
                "audit_different": differences(audit_old, audit_new),
                "same_noted": old_noted == new_noted,
                "laid_over_what_was_there": again,
                "left_when_broken_off": left,
            }
        )
    )
    for connection in (main_one, audit):
        connection.close()
