"""Migrated databases are made once and shared: who makes which first, and that nobody reads what is half made."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.test.utils import dependency_ordered

from tests import schema


def made_in_order(worker: str) -> list[str]:
    """As Django's runner orders them: by default every database waits for ``default``."""
    databases: dict[str, Any] = {"default": {}, "audit": {}}
    schema.audit_first(databases, worker)
    needs = {"audit": ["default"]} | {alias: one["TEST"]["DEPENDENCIES"] for alias, one in databases.items() if "TEST" in one}
    pairs = [(alias, (alias, [alias])) for alias in databases]
    return [alias for alias, _ in dependency_ordered(pairs, needs)]


@pytest.mark.parametrize(
    ("worker", "order"),
    [("", ["default", "audit"]), ("gw0", ["default", "audit"]), ("gw1", ["audit", "default"]), ("gw12", ["default", "audit"])],
)
def test_two_processes_begin_with_one_database_each(worker: str, order: list[str]) -> None:
    assert made_in_order(worker) == order


@pytest.mark.skipif(schema.fcntl is None, reason="Windows 上各进程各自迁移 / on Windows each process migrates for itself")
def test_who_comes_meanwhile_waits_and_finds_the_whole_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(schema.FOLDER, str(tmp_path))
    begun, told = threading.Event(), list[str]()

    def second() -> None:
        begun.wait()
        with schema._one_at_a_time("x"):
            told.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with schema._one_at_a_time("x"):
        begun.set()
        thread.join(timeout=0.3)
        told.append("first")
    thread.join()
    assert told == ["first", "second"]
