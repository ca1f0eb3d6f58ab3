"""Copies of a city on PostgreSQL: through its own tools, sealed, brought back into empty databases; what is missing is said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from qingyuan.foundation import backups
from qingyuan.foundation.backups import BackupRefused
from qingyuan.foundation.database_copies import CopyRefused, Postgres
from tests.census.house import ROOT
from tests.security.clear_text import search

PATIENCE = 600
NAMES = [f"qingyuan_copy_{os.getpid()}_{which}" for which in ("a", "a_audit", "b", "b_audit")]


def address(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


@pytest.fixture
def four_databases() -> Iterator[None]:
    """Two databases of a city, and two empty ones."""
    with psycopg.connect(address("postgres"), autocommit=True) as server:
        for name in NAMES:
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0 ENCODING \'UTF8\'')
        yield
        for name in NAMES:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def run(env: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], env=env, cwd=ROOT, text=True, capture_output=True, timeout=PATIENCE, check=False
    )


def told(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    found: dict[str, object] = json.loads(done.stdout[done.stdout.index("{") :])
    assert "fault" not in found, found["fault"]
    return found


@pytest.mark.postgres
def test_a_city_on_postgresql_is_put_away_sealed_and_comes_back_into_empty_databases(four_databases: None, tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QINGYUAN_")}
    env = kept | {
        "QINGYUAN_HOME": str(tmp_path / "one"),
        "QINGYUAN_CITY": "copied",
        "QINGYUAN_TODAY": "2022-11-23",
        "QINGYUAN_HTTPS": "0",
        "QINGYUAN_REQUIRE_SECOND_FACTOR": "0",
        "QINGYUAN_HOSTS": "testserver",
        "DJANGO_SETTINGS_MODULE": "qingyuan.config.settings",
        "DATABASE_URL": address(NAMES[0]),
        "AUDIT_DATABASE_URL": address(NAMES[1]),
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }
    told(run(env, "tests.security.grepping", "founding"))
    before = told(run(env, "tests.security.grepping", "holding"))
    saved = told(run(env, "qingyuan", "backup", str(tmp_path / "copies"), "--keys", str(tmp_path / "safe"), "--json"))
    folder = Path(str(saved["folder"]))
    assert {"default.pgdump.q1", "audit.pgdump.q1", "backup.json"} <= {path.name for path in folder.iterdir()}
    assert search(folder, ["龙洞镇", "PGDMP", "rehabilitation_client"]) == []
    other = env | {"QINGYUAN_HOME": str(tmp_path / "two"), "DATABASE_URL": address(NAMES[2]), "AUDIT_DATABASE_URL": address(NAMES[3])}
    back = told(run(other, "qingyuan", "restore", str(folder), "--keys", str(tmp_path / "safe"), "--json"))
    assert back["audit"] is True
    after = told(run(other, "tests.security.grepping", "holding"))
    assert {name: after[name] for name in ("clients", "found", "facts", "scans", "writes", "verified")} == {
        name: before[name] for name in ("clients", "found", "facts", "scans", "writes", "verified")
    }
    again = run(other, "qingyuan", "restore", str(folder))
    assert again.returncode == 1 and "恢复不覆盖现有数据" in again.stderr.replace("\n", "")
    sealed = folder / "default.pgdump.q1"
    sealed.write_bytes(sealed.read_bytes()[:-50])
    cut = run(other | {"QINGYUAN_HOME": str(tmp_path / "three")}, "qingyuan", "restore", str(folder), "--keys", str(tmp_path / "safe"))
    assert cut.returncode == 1 and "被改动" in cut.stderr.replace("\n", "")


def test_without_postgresql_s_tools_the_backup_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("qingyuan.foundation.backups.copier", Postgres)
    with pytest.raises(BackupRefused, match="pg_dump、pg_restore.*postgresql-client"):
        backups.save(tmp_path / "copies")
    assert not (tmp_path / "copies").exists()


def test_what_the_tool_says_is_passed_on_and_the_password_stands_among_no_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A tool of the test's own, which complains and shows the words it was called with."""
    tool = tmp_path / "pg_dump"
    tool.write_text('#!/bin/sh\necho "pg_dump: error: server version mismatch $*" >&2\nexit 1\n')
    tool.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    known = {"NAME": "city", "USER": "qingyuan", "PASSWORD": "very-secret", "HOST": "127.0.0.1", "PORT": "1", "OPTIONS": {"sslmode": "require"}}
    copy = Postgres.__new__(Postgres)
    copy._alias, copy._settings = "default", known
    with pytest.raises(CopyRefused, match="server version mismatch") as refusal:
        list(copy.copy())
    words = str(refusal.value)
    assert "very-secret" not in words and "dbname=city" in words and "sslmode=require" in words
