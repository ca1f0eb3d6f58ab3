"""The one door to DuckDB: read-only views over the fact files of one city.

A store is a folder. Each process opens one in-memory database over it; each thread works on its own cursor. The order of
the settings matters: first the folder is named, then everything outside it is closed, then the settings are locked, so
that no statement can open them again. Only single SELECT statements are run.

Files are replaced whole by atomic rename (``refresh``); DuckDB's file cache is off, so the next statement reads the new
file. ``version()`` is the number in ``_version.json``; it is the key of every cache above this module.
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
from django.conf import settings

from qingyuan.indicators.fact_files import (
    DIVISION_NAMES,
    DIVISIONS,
    FIXED_COLUMNS,
    NAMES,
    PATHS,
    VERSION_FILE,
    column_type,
    fact_folder,
    partitions_in,
)
from qingyuan.ledgers import registry
from qingyuan.ledgers.facts import FactTable

Params = Mapping[str, object]
_VIEW_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_NAMED: Final = re.compile(r"\b(?:fact_[a-z0-9_]+|divisions|division_names)\b")


PATIENCE: Final = 30.0
"""Seconds a closing store waits for the questions other threads are asking."""


class StatementRefused(ValueError):
    """Something other than one SELECT was handed to the store; a defect of the caller, never a user's mistake."""


class Store:
    """Views ``fact_<name>`` for each fact table, ``divisions`` and ``division_names`` over the files in ``folder``.

    A view is made when a statement first names it: a question is about one or two of more than forty.
    """

    def __init__(self, folder: Path, tables: Mapping[str, FactTable]) -> None:
        self.folder = folder
        self.tables = dict(tables)
        self._views: dict[str, tuple[Path, Mapping[str, str]]] = {
            "divisions": (folder / DIVISIONS, PATHS),
            "division_names": (folder / DIVISION_NAMES, NAMES),
        }
        for name, table in tables.items():
            columns = {**FIXED_COLUMNS, **{item.name: column_type(item.type) for item in table.columns}}
            self._views[f"fact_{name}"] = (fact_folder(folder, name), columns)
        self._lock = threading.RLock()
        self._local = threading.local()
        self._looked: dict[str, int] = {}
        self._filled: dict[str, bool] = {}
        self._root = duckdb.connect(":memory:")
        self._close_the_outside()

    def version(self) -> int:
        """The number of the last finished refresh; 0 before the first."""
        try:
            return int(json.loads((self.folder / VERSION_FILE).read_text(encoding="utf-8"))["version"])
        except FileNotFoundError:
            return 0

    def query(self, sql: str, params: Params | None = None) -> list[tuple[Any, ...]]:
        """Rows of one SELECT; named parameters ``$name``."""
        return self._run(sql, params).fetchall()

    def arrow(self, sql: str, params: Params | None = None) -> pa.Table:
        """The same as an Arrow table, for large answers."""
        cursor = self._checked(sql)
        return cursor.sql(sql, params=dict(params or {})).to_arrow_table()

    def close(self) -> None:
        """End the database and the cursors of every thread; a question just being answered is let finish first.

        Raises:
            duckdb.ResourceInUseException: when a question still runs after ``PATIENCE``.
        """
        until = time.monotonic() + PATIENCE
        with self._lock:  # a thread may be making a view just now
            while True:
                try:
                    return self._root.close()
                except duckdb.ResourceInUseException:  # DuckDB refuses where we would wait
                    if time.monotonic() > until:
                        raise
                    time.sleep(0.01)

    def _run(self, sql: str, params: Params | None) -> duckdb.DuckDBPyConnection:
        return self._checked(sql).execute(sql, dict(params or {}))

    def _checked(self, sql: str) -> duckdb.DuckDBPyConnection:
        """This thread's cursor, when ``sql`` is one SELECT."""
        cursor = self._cursor(sql)
        statements = cursor.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise StatementRefused("the fact store runs one SELECT at a time")
        return cursor

    def _cursor(self, sql: str) -> duckdb.DuckDBPyConnection:
        self._refresh_views(_NAMED.findall(sql.lower()))
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._local, "cursor", None)
        if cursor is None:
            with self._lock:
                cursor = self._root.cursor()
            self._local.cursor = cursor
        return cursor

    def _close_the_outside(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._root.execute("set timezone = 'UTC'")
        self._root.execute("set enable_external_file_cache = false")
        self._root.execute("set autoinstall_known_extensions = false")
        self._root.execute("set autoload_known_extensions = false")
        home = str(self.folder.resolve()) + os.sep
        self._root.execute(f"set allowed_directories = [{_text(home)}, {_text(_as_pattern(home))}]")
        self._root.execute("set enable_external_access = false")
        self._root.execute("set lock_configuration = true")

    def _refresh_views(self, named: Sequence[str]) -> None:
        """A view is remade when a refresh has ended since it was last looked at and its table gained or lost its files."""
        version = self.version()
        if all(self._looked.get(name) == version for name in named):
            return
        with self._lock:
            for name in named:
                if self._looked.get(name) != version and name in self._views:
                    self._view(name, *self._views[name])
                    self._looked[name] = version

    def _view(self, name: str, folder: Path, columns: Mapping[str, str]) -> None:
        filled = bool(partitions_in(folder))
        if self._filled.get(name) == filled:
            return
        if not _VIEW_NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be the name of a fact table")
        casts = ", ".join(
            f"cast({_quoted(column) if filled else 'null'} as {kind}) as {_quoted(column)}"
            for column, kind in columns.items()
        )
        source = f"from read_parquet({_text(_glob(folder))}, hive_partitioning = false)" if filled else "where false"
        self._root.execute(f"create or replace view {name} as select {casts} {source}")
        self._filled[name] = filled


_stores: dict[tuple[int, str, frozenset[str]], Store] = {}
_stores_lock = threading.Lock()


def current() -> Store:
    """The store of this city (``settings.QINGYUAN_FACTS``), opened once per process."""
    folder = Path(settings.QINGYUAN_FACTS)
    tables = registry.facts()
    key = (os.getpid(), str(folder), frozenset(tables))
    store = _stores.get(key)
    if store is None:
        with _stores_lock:
            store = _stores.get(key)
            if store is None:
                store = _stores[key] = Store(folder, tables)
    return store


def close_current() -> None:
    """Give back this city's database; the next question opens a new one."""
    folder = str(Path(settings.QINGYUAN_FACTS))
    with _stores_lock:
        for key in [key for key in _stores if key[1] == folder]:
            _stores.pop(key).close()


def version() -> int:
    """Version of this city's fact files; part of every cache key."""
    return current().version()


def query(sql: str, params: Params | None = None) -> Sequence[tuple[Any, ...]]:
    """Rows of one SELECT over this city's facts."""
    return current().query(sql, params)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _glob(folder: Path) -> str:
    return _as_pattern(str(folder.resolve()) + os.sep) + "*.parquet"


def _as_pattern(path: str) -> str:
    """A path whose own name may hold characters that a pattern would read, written so that it means itself."""
    return re.sub(r"([*?\[])", r"[\1]", path)
