"""A consistent copy of one database as a stream of bytes, and the way back: SQLite by its own backup, PostgreSQL by its tools."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import IO, Any, Final, Protocol

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _
from psycopg.conninfo import make_conninfo

CHUNK: Final = 1024 * 1024
LONGEST_WORDS: Final = 300


class CopyRefused(RuntimeError):
    """It is not done; the message says why and what to do."""


class Copier(Protocol):
    """``suffix`` names the kind in the name of a file. ``check`` reads a copy without bringing anything; raises CopyRefused."""

    suffix: str

    def require(self) -> None: ...

    def is_empty(self) -> bool: ...

    def place(self) -> str: ...

    def copy(self) -> Iterator[bytes]: ...

    def check(self, pieces: Iterable[bytes]) -> None: ...

    def bring(self, pieces: Iterable[bytes]) -> None: ...


def copier(alias: str) -> Copier:
    return Postgres(alias) if connections[alias].vendor == "postgresql" else Sqlite(alias)


class Sqlite:
    """Through SQLite's own online backup; the plain copy lives for seconds, in the city's folder, for its owner only."""

    suffix = "sqlite3"

    def __init__(self, alias: str) -> None:
        self._alias = alias
        self._file = Path(str(connections[alias].settings_dict["NAME"]))
        self._plain = self._file.with_suffix(".restored")

    def require(self) -> None:
        return

    def is_empty(self) -> bool:
        return not (self._file.exists() and self._file.stat().st_size)

    def place(self) -> str:
        return str(self._file)

    def copy(self) -> Iterator[bytes]:
        plain = Path(settings.QINGYUAN_CITY_HOME) / f".backup-{os.getpid()}-{self._alias}.part"
        try:
            os.close(os.open(plain, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)) as old, closing(sqlite3.connect(plain)) as new:
                old.backup(new)
                new.execute("pragma journal_mode=delete")
            with plain.open("rb") as file:
                yield from iter(lambda: file.read(CHUNK), b"")
        finally:
            for left in plain.parent.glob(f"{plain.name}*"):
                left.unlink()

    def check(self, pieces: Iterable[bytes]) -> None:
        """Leaves the checked copy beside its place, for ``bring``."""
        target = self._plain
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        try:
            with open(target, "xb", opener=_owner_only) as file:
                for piece in pieces:
                    file.write(piece)
            with closing(sqlite3.connect(target)) as database:
                found = database.execute("pragma integrity_check").fetchone()[0]
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        if found != "ok":
            target.unlink(missing_ok=True)
            raise CopyRefused(_("备份里的数据库不完整:请换一份备份。"))

    def bring(self, pieces: Iterable[bytes]) -> None:
        os.replace(self._plain, self._file)


class Postgres:
    """By ``pg_dump`` and ``pg_restore`` through a pipe: no plain copy stands anywhere. One snapshot, one transaction back."""

    suffix = "pgdump"

    def __init__(self, alias: str) -> None:
        self._alias = alias
        self._settings = connections[alias].settings_dict

    def require(self) -> None:
        missing = [tool for tool in ("pg_dump", "pg_restore") if shutil.which(tool) is None]
        if missing:
            raise CopyRefused(
                _("数据在 PostgreSQL 里,本机却没有 %(tools)s:请安装与服务器同版本的 postgresql-client 后再做。")
                % {"tools": "、".join(missing)}
            )

    def is_empty(self) -> bool:
        with connections[self._alias].cursor() as cursor:
            return not connections[self._alias].introspection.table_names(cursor)

    def place(self) -> str:
        return str(self._settings["NAME"])

    def copy(self) -> Iterator[bytes]:
        words = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--dbname={self._address()}"]
        with self._tool(words, stdout=subprocess.PIPE) as tool:
            assert tool.stdout is not None
            stream: IO[bytes] = tool.stdout
            yield from iter(lambda: stream.read(CHUNK), b"")
            self._ended(tool)

    def check(self, pieces: Iterable[bytes]) -> None:
        self._feed(["pg_restore", "--list"], pieces)

    def bring(self, pieces: Iterable[bytes]) -> None:
        connections[self._alias].close()
        address = f"--dbname={self._address()}"
        self._feed(["pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", address], pieces)

    def _feed(self, words: list[str], pieces: Iterable[bytes]) -> None:
        with self._tool(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as tool:
            assert tool.stdin is not None
            try:
                for piece in pieces:
                    # A tool that has read what it wanted closes the pipe; every piece is still opened and checked.
                    with suppress(BrokenPipeError):
                        tool.stdin.write(piece)
                with suppress(BrokenPipeError):
                    tool.stdin.close()
            except BaseException:
                tool.kill()
                raise
            self._ended(tool)

    def _tool(self, words: list[str], **pipes: Any) -> subprocess.Popen[bytes]:
        # The password never stands among the words of a command, which others on the machine can read.
        env = os.environ | {"PGPASSWORD": str(self._settings["PASSWORD"] or ""), "LC_MESSAGES": "C"}
        return subprocess.Popen(words, env=env, stderr=subprocess.PIPE, **pipes)

    def _ended(self, tool: subprocess.Popen[bytes]) -> None:
        stderr: IO[bytes] | None = tool.stderr
        words = stderr.read().decode("utf-8", "replace") if stderr is not None else ""
        if tool.wait() != 0:
            raise CopyRefused(_("PostgreSQL 的工具没有做成:%(words)s") % {"words": " ".join(words.split())[:LONGEST_WORDS]})

    def _address(self) -> str:
        named = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT"}
        known = {word: self._settings[name] for word, name in named.items() if self._settings.get(name)}
        return make_conninfo(**{**self._settings.get("OPTIONS", {}), **known})


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
