"""Django's ``migrate``, which first gives a database that is still empty its tables all at once (foundation.new_database)."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from qingyuan.foundation import new_database

# Whoever asks for one of these wants the steps themselves.
_OF_STEPS = ("app_label", "migration_name", "fake", "fake_initial", "plan", "check_unapplied", "prune", "step_by_step")


class Command(migrate.Command):
    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--step-by-step",
            action="store_true",
            help="Run every migration, also on an empty database.",
        )

    def handle(self, *args: Any, **options: Any) -> Any:
        if not any(options.get(option) for option in _OF_STEPS):
            connection = connections[options["database"]]
            connection.prepare_database()
            if new_database.lay(connection) and options["verbosity"]:
                self.stdout.write(f"Empty database {connection.alias}: made all tables of today.")
        return super().handle(*args, **options)
