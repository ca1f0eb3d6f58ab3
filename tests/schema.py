"""The migrated, empty SQLite databases, made once for each state of the migrations and copied from then on.

Migrating takes half a minute of work for each process that runs tests; copying takes a moment. The copy's name is a digest of
every migration of every installed app, so that one changed line makes a new one. PostgreSQL is always migrated.
A process of its own that a test starts copies the same (``lay``).
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.core import management
from django.db import connections

KEPT_DAYS = 7
# Names the folder to a process that was given another folder for its temporary files.
FOLDER = "TESTS_SCHEMA"


def digest() -> str:
    """Of all migrations, with the version of the program that runs them."""
    found = hashlib.sha256(f"{django.VERSION} {sqlite3.sqlite_version}".encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for file in sorted(Path(app.path).glob("migrations/*.py")):
            found.update(f"{app.label}/{file.name}\n".encode() + file.read_bytes())
    return found.hexdigest()[:24]


def folder() -> Path:
    """This user's own, closed to others."""
    user = os.getuid() if hasattr(os, "getuid") else "user"
    found = Path(os.environ.get(FOLDER) or Path(tempfile.gettempdir()) / f"qingyuan-schema-{user}")
    found.mkdir(mode=0o700, exist_ok=True)
    return found


_migrate = management.call_command


def copy_from_now_on() -> None:
    """SQLite databases are copied where this schema is kept, else migrated and kept for the next one who asks."""
    management.call_command = _call


def copy_no_more() -> None:
    management.call_command = _migrate


def lay() -> None:
    """Both databases of this process as ``migrate`` makes them: for a process that founds a city of its own."""
    for alias in ("default", "audit"):
        _call("migrate", database=alias, verbosity=0, interactive=False)


def _call(command: str, *args: Any, **options: Any) -> Any:
    connection = connections[options["database"]] if command == "migrate" else None
    if connection is None or connection.vendor != "sqlite":
        return _migrate(command, *args, **options)
    kept = folder() / f"{digest()}-{connection.alias}.sqlite3"
    if not _copied(kept, connection):
        _migrate(command, *args, **options)
        _keep(kept, connection)
    return None


def _copied(kept: Path, connection: Any) -> bool:
    if not kept.is_file():
        return False
    connection.ensure_connection()
    with closing(sqlite3.connect(kept)) as source:
        source.backup(connection.connection)
    return True


def _keep(kept: Path, connection: Any) -> None:
    """Written aside and moved into place, so that two processes that migrate at once both leave a whole file."""
    aside = kept.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(aside)) as target:
        connection.connection.backup(target)
    os.replace(aside, kept)
    for old in kept.parent.iterdir():
        if old != kept and time.time() - old.stat().st_mtime > KEPT_DAYS * 86400:
            old.unlink(missing_ok=True)
