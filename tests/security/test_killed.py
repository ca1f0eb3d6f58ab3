"""An import killed in the middle (kill -9) leaves nothing half-written; the next worker finishes it; the chain verifies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.census.house import ROOT
from tests.conftest import on_postgres
from tests.security.killing import ROWS

PATIENCE = 60.0
pytestmark = pytest.mark.long


@pytest.fixture
def home(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a city of its own: SQLite files, or two databases beside the ones the tests use."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QINGYUAN_") and "DATABASE_URL" not in name}
    env = kept | {
        "QINGYUAN_HOME": str(tmp_path),
        "QINGYUAN_CITY": "killed",
        "QINGYUAN_TODAY": "2022-11-23",
        "QINGYUAN_HTTPS": "0",
        "QINGYUAN_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "qingyuan.config.settings",
        "PYTHONPATH": str(ROOT),
    }
    if not on_postgres():
        yield env
        return
    server = os.environ["DATABASE_URL"].rsplit("/", 1)[0]
    names = [f"qingyuan_killed_{os.getpid()}", f"qingyuan_killed_audit_{os.getpid()}"]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        for name in names:
            connection.execute(f'create database "{name}"')
        yield env | {"DATABASE_URL": f"{server}/{names[0]}", "AUDIT_DATABASE_URL": f"{server}/{names[1]}"}
        for name in names:
            connection.execute(f'drop database "{name}" with (force)')


def start(env: dict[str, str], what: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.security.killing", what],
        env=env, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def answer(env: dict[str, str], what: str) -> dict[str, Any]:
    process = start(env, what)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err[-2000:]
    told: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    return told


def kill_when(env: dict[str, str], process: subprocess.Popen[str], ready: Any) -> dict[str, Any]:
    """Poll from outside until ``ready`` says so, then kill -9. Returns what was visible just before."""
    watcher = subprocess.Popen(
        [sys.executable, "-c", WATCH], env=env, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert watcher.stdin is not None and watcher.stdout is not None
    seen: dict[str, Any] = {}
    deadline = time.monotonic() + PATIENCE
    try:
        while time.monotonic() < deadline:
            watcher.stdin.write("?\n")
            watcher.stdin.flush()
            seen = json.loads(watcher.stdout.readline())
            if ready(seen):
                process.send_signal(signal.SIGKILL)
                assert process.wait(timeout=10) == -signal.SIGKILL, "it had already ended: nothing was killed midway"
                return seen
            assert process.poll() is None, process.communicate()[1][-2000:]
    finally:
        watcher.communicate(timeout=20)
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=20)
    raise AssertionError(f"never came so far: {seen}")


WATCH = """
import json, sys, django
django.setup()
from tests.security import killing
for line in sys.stdin:
    print(json.dumps(killing.visible()), flush=True)
"""


def test_a_large_import_killed_midway_shows_nothing_and_the_next_worker_finishes_it(home: dict[str, str]) -> None:
    founded = answer(home, "founding")
    assert (founded["state"], founded["new"], founded["bad"]) == ("checked", ROWS, 0)

    seen = kill_when(home, start(home, "promoting"), lambda now: 0 < now["stored"] < ROWS)
    nothing = {"rows": 0, "people": 0, "facts": 0, "outbox": 0, "entries": 0}
    assert seen["state"] == "promoting" and {key: seen[key] for key in nothing} == nothing, "half an import was visible"
    left = answer(home, "looking")
    assert left["stored"] > 0 and left["in_flight"] == 1, "it was killed before it had stored anything"
    assert {key: left[key] for key in nothing} == nothing

    # The next worker starts over, lands, and is killed as well, before the facts have followed.
    seen = kill_when(home, start(home, "resuming"), lambda now: now["state"] == "done" and not now["followed"])
    assert (seen["rows"], seen["people"], seen["entries"]) == (ROWS, ROWS, 1), "landed in one instant, whole"

    told = answer(home, "resuming")
    assert (told["taken"], told["again"], told["verified"]) == (1, 0, True)
    whole = {"state": "done", "rows": ROWS, "people": ROWS, "facts": ROWS, "stored": ROWS, "in_flight": 0, "followed": True}
    assert {key: told["after"][key] for key in whole} == whole
    assert told["after"]["entries"] == 1, "one import is one entry, however often it was begun"
