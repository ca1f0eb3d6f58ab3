"""The migrated, empty databases, made once for each state of the migrations and copied from then on.

An empty database has its tables in seconds (foundation.new_database); copying takes a moment. The copy's name is a digest of
every migration of every installed app, so that one changed line makes a new one. SQLite's copies are files in ``folder``, those of PostgreSQL are
databases of the same server, from which others are made as from a template. Who comes while another migrates waits for its
copy; two processes that begin together migrate one database each (``audit_first``).
A process of its own that a test starts copies the same (``lay``).
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.core import management
from django.db import connections

try:
    import fcntl
except ImportError:  # Windows: each process migrates for itself
    fcntl = None  # type: ignore[assignment]

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
_anything: Any = management  # a type checker would not have a command put in its place


def copy_from_now_on() -> None:
    """Databases are copied where this schema is kept, else migrated and kept for the next one who asks."""
    _anything.call_command = _call


def copy_no_more() -> None:
    _anything.call_command = _migrate


def lay() -> None:
    """Both databases of this process as ``migrate`` makes them: for a process that founds a city of its own."""
    for alias in ("default", "audit"):
        _call("migrate", database=alias, verbosity=0, interactive=False)


def audit_first(databases: dict[str, Any], worker: str) -> None:
    """Every second process of a run makes its databases the other way round, so that two of them share the migrating."""
    if worker.removeprefix("gw").isdecimal() and int(worker.removeprefix("gw")) % 2:
        databases["audit"].setdefault("TEST", {})["DEPENDENCIES"] = []
        databases["default"].setdefault("TEST", {})["DEPENDENCIES"] = ["audit"]


def _call(command: str, *args: Any, **options: Any) -> Any:
    connection = connections[options["database"]] if command == "migrate" else None
    if connection is None or connection.vendor not in _COPIES:
        return _migrate(command, *args, **options)
    copied, keep = _COPIES[connection.vendor]
    name = f"{digest()}-{connection.alias}"
    # A server's templates of other states are dropped by whoever makes one: of each database one process at a time.
    with _one_at_a_time(name if connection.vendor == "sqlite" else f"{connection.vendor}-{connection.alias}"):
        if not copied(name, connection):
            _migrate(command, *args, **options)
            keep(name, connection)
    return None


@contextmanager
def _one_at_a_time(name: str) -> Iterator[None]:
    """The system takes the lock from a process that ends, however it ends."""
    with (folder() / f"{name}.lock").open("w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _file(name: str) -> Path:
    return folder() / f"{name}.sqlite3"


def _sqlite_copied(name: str, connection: Any) -> bool:
    kept = _file(name)
    if not kept.is_file():
        return False
    connection.ensure_connection()
    with closing(sqlite3.connect(kept)) as source:
        source.backup(connection.connection)
    return True


def _sqlite_kept(name: str, connection: Any) -> None:
    """Written aside and moved into place, so that a process that is stopped leaves no half of a file."""
    kept = _file(name)
    aside = kept.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(aside)) as target:
        connection.connection.backup(target)
    os.replace(aside, kept)
    for old in kept.parent.iterdir():
        if old != kept and time.time() - old.stat().st_mtime > KEPT_DAYS * 86400:
            old.unlink(missing_ok=True)


def _template(name: str) -> str:
    return f"qingyuan_schema_{name.replace('-', '_')}"


def _postgresql_copied(name: str, connection: Any) -> bool:
    """The empty test database gives way to a copy of the template; nobody may be connected to either meanwhile."""
    database = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute("select 1 from pg_database where datname = %s", [_template(name)])
        if cursor.fetchone() is None:
            return False
        cursor.execute(f'drop database "{database}"')
        cursor.execute(f'create database "{database}" template "{_template(name)}"')
    return True


def _postgresql_kept(name: str, connection: Any) -> None:
    """Templates of other states of the migrations go, so that a server that stays does not fill up."""
    database = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "select datname from pg_database where datname like %s and datname not like %s",
            [rf"qingyuan\_schema\_%\_{connection.alias}", rf"%\_{digest()}\_%"],
        )
        for (old,) in cursor.fetchall():
            cursor.execute(f'drop database if exists "{old}"')
        cursor.execute(f'create database "{_template(name)}" template "{database}"')


_COPIES = {"sqlite": (_sqlite_copied, _sqlite_kept), "postgresql": (_postgresql_copied, _postgresql_kept)}
