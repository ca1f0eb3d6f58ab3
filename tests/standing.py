"""What takes seconds to make and many tests ask for, made once for each process and put back for every other test.

Kept are the rows of both databases, whole folders and the Python objects; a test that asks gets all three anew, inside its
own transaction, as the first one made them.
"""

from __future__ import annotations

import copy
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import connections

Made = TypeVar("Made")
ALIASES = ("default", "audit")


@dataclass(frozen=True)
class Kept:
    """``rows`` by alias and table, of the tables that the making changed; ``folders`` in the order they were named."""

    made: Any
    rows: dict[tuple[str, str], Any]
    folders: tuple[Path, ...]


_kept: dict[Callable[[], Any], Kept] = {}


def standing(make: Callable[[], Made], *folders: Path) -> Made:
    """What ``make`` returns, with the rows and the files under ``folders`` that it makes in an empty installation."""
    if make not in _kept:
        before = dict(_tables())
        made = make()
        changed = {where: rows for where, rows in _tables() if rows != before[where]}
        _kept[make] = Kept(copy.deepcopy(made), changed, tuple(_put_by(folder) for folder in folders))
        return made
    kept = _kept[make]
    for (alias, table), rows in kept.rows.items():
        _put_back(alias, table, rows)
    for source, folder in zip(kept.folders, folders, strict=True):
        shutil.copytree(source, folder, dirs_exist_ok=True)
    found: Made = copy.deepcopy(kept.made)
    return found


def _put_by(folder: Path) -> Path:
    """A copy that lasts as long as the process: the home of the tests is thrown away with it."""
    kept = Path(tempfile.mkdtemp(dir=settings.QINGYUAN_CITY_HOME)) / "kept"
    folder.mkdir(exist_ok=True)
    return Path(shutil.copytree(folder, kept))


def _tables() -> Iterator[tuple[tuple[str, str], Any]]:
    for alias in ALIASES:
        for table in sorted(connections[alias].introspection.table_names()):
            yield (alias, table), _rows(alias, table)


def _rows(alias: str, table: str) -> Any:
    """Everything in a table: rows as SQLite gives them, or what PostgreSQL writes into a copy."""
    with connections[alias].cursor() as cursor:
        if connections[alias].vendor == "postgresql":
            with cursor.copy(f'copy "{table}" to stdout') as copied:
                return b"".join(copied)
        cursor.execute(f'select * from "{table}"')
        return cursor.fetchall()


def _put_back(alias: str, table: str, rows: Any) -> None:
    """Foreign keys are asked about at the end of the transaction, so the order of tables does not matter."""
    with connections[alias].cursor() as cursor:
        cursor.execute(f'delete from "{table}"')
        if connections[alias].vendor == "postgresql":
            with cursor.copy(f'copy "{table}" from stdin') as copied:
                copied.write(rows)
        elif rows:
            cursor.executemany(f'insert into "{table}" values ({", ".join(["%s"] * len(rows[0]))})', rows)
