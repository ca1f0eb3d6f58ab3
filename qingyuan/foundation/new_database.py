"""An empty database gets the present tables at once; one that holds anything is migrated step by step.

Between two steps Django draws the models anew, all that hang together: for a hundred files of some eight hundred steps this
is two minutes of work for each database. An empty one needs none of the states in between: its tables are drawn from what the
migrations lead to (never from the models, which may be ahead of them), and every migration is noted as applied, all in one
transaction. So there is nothing to squash, and an installation that stopped midway goes on where it stopped.

That holds while every step is one of tables, or does nothing where there is no row. A step of our own that runs code says so
as for ``squashmigrations``, with ``elidable=True``; those of other packages are named here. With any other the long way is
taken. tests/foundation/test_new_database.py holds the two ways against each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import router
from django.db.migrations import operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration

# What these do is wholly in the state that they lead to.
_OF_TABLES = (
    operations.CreateModel,
    operations.DeleteModel,
    operations.RenameModel,
    operations.AlterModelTable,
    operations.AlterModelOptions,
    operations.AlterModelManagers,
    operations.AlterUniqueTogether,
    operations.AddField,
    operations.RemoveField,
    operations.AlterField,
    operations.RenameField,
    operations.AddIndex,
    operations.RemoveIndex,
    operations.RenameIndex,
    operations.AddConstraint,
    operations.RemoveConstraint,
)
# Migrations of other packages whose code only changes rows that are there, or names that an older release gave.
_OF_WHAT_IS_THERE = frozenset(
    {
        ("account", "0006_emailaddress_lower"),
        ("account", "0008_emailaddress_unique_primary_email_fixup"),
        ("auth", "0011_update_proxy_permissions"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("django_tasks_database", "0008_separate_results_field"),
        ("django_tasks_database", "0011_rename_complete_status"),
        ("django_tasks_database", "0013_separate_exception_fields"),
        ("django_tasks_database", "0016_remove_dbtaskresult_django_task_new_ordering_idx_and_more"),
        ("django_tasks_database", "0018_rename_succeeded_status"),
        ("django_tasks_database", "0019_rename_django_task_new_ordering_idx_tasks_db_new_ordering_idx_and_more"),
    }
)


def in_the_way(migrations: Iterable[Migration]) -> list[str]:
    """The migrations, as ``app.name``, that could leave something in an empty database that their tables do not tell."""
    return [
        str(migration)
        for migration in migrations
        if (migration.app_label, migration.name) not in _OF_WHAT_IS_THERE
        and not all(_is_of_tables(step) for step in migration.operations)
    ]


def _is_of_tables(step: Any) -> bool:
    return type(step) in _OF_TABLES or (isinstance(step, operations.RunPython) and bool(step.elidable))


def lay(connection: Any) -> bool:
    """Makes all tables of an empty database and notes every migration as applied; else does nothing and says False.

    Nothing is left of it when it breaks off. Errors: those of the database.
    """
    if connection.introspection.table_names():
        return False
    executor: Any = MigrationExecutor(connection)  # its stubs know another record_migration
    plan = [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    if in_the_way(plan):
        return False
    drawn = executor.loader.project_state().apps
    # Apps without migrations are drawn too, since others may refer to them: their tables are not ours to make.
    ours = executor.loader.migrated_apps
    with connection.schema_editor(atomic=True) as editor:
        editor.create_model(executor.recorder.Migration)
        for model in drawn.get_models():
            if model._meta.app_label in ours and model._meta.can_migrate(connection) and _belongs(connection.alias, model):
                editor.create_model(model)
        for migration in plan:
            executor.record_migration(migration)
    return True


def _belongs(alias: str, model: Any) -> bool:
    return bool(router.allow_migrate_model(alias, model))
