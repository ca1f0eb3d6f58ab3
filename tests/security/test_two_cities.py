"""Two cities in one installation: one home, two folders, and no way from one to the other.

City A is made by a process; everything that a thief could carry out of it is tried at the doors of city B by another.
Both have the same accounts, passwords and numbers of rows, so that nothing is refused only because it is not there.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import schema
from tests.census.house import ROOT
from tests.security.clear_text import search
from tests.security.two_cities import MEETING, MINUTES, PERSON, THEIR_MEETING, THEIR_MINUTES

PATIENCE = 600
pytestmark = pytest.mark.long


def environment(base: Path, city: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QINGYUAN_") and "DATABASE_URL" not in name}
    return kept | {
        "QINGYUAN_HOME": str(base / "home"),
        "QINGYUAN_CITY": city,
        "QINGYUAN_TODAY": "2022-11-23",
        "QINGYUAN_HTTPS": "0",
        "QINGYUAN_REQUIRE_SECOND_FACTOR": "0",
        "QINGYUAN_HOSTS": "testserver",
        "QINGYUAN_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "qingyuan.config.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "TMPDIR": str(base / "tmp"),
        schema.FOLDER: str(schema.folder()),
    }


def told(env: dict[str, str], *words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.security.two_cities", *words]
    done = subprocess.run(command, env=env, cwd=ROOT, text=True, capture_output=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    assert "fault" not in answer, answer["fault"][-4000:]
    return answer


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith("-shm")
    }


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Any], dict[str, Any], bool]]:
    base = tmp_path_factory.mktemp("cities")
    for name in ("home", "tmp"):
        (base / name).mkdir()
    loot = told(environment(base, "jia"), "making")
    (base / "loot.json").write_text(json.dumps(loot), encoding="utf-8")
    before = fingerprint(base / "home" / "jia")
    answers = told(environment(base, "yi"), "visiting", str(base / "loot.json"))
    yield base, loot, answers, fingerprint(base / "home" / "jia") == before
    shutil.rmtree(base, ignore_errors=True)


def test_nothing_of_one_city_opens_in_the_other(both: Any) -> None:
    _base, loot, answers, _untouched = both
    assert loot["own"] == 200 and loot["audit"] == [True, True], "at home it opens"
    assert len(set(answers["cookie names"])) == 2
    assert all("/sign-in/" in place for place in (*answers["cookies"], answers["session"])), "a cookie, a whole session"
    assert answers["token"] == 401
    assert all(set(statuses) <= {403, 404} for statuses in answers["paths"]), answers["paths"]
    assert (answers["page"], answers["own page"]) == ("ScanRefused", "opened"), "the square code of a paper"
    assert answers["name"] == "KeyMissing" and answers["upload"] == "KeyMissing", "one city's keys open nothing of another"


def test_the_pages_of_one_city_tell_nothing_of_the_other(both: Any) -> None:
    _base, _loot, answers, _untouched = both
    assert answers["pages"]["asked"] > 300 and answers["pages"]["own"] > 0, "they were opened, and tell of their own"
    assert answers["pages"]["told"] == []


def test_jobs_audit_and_files_of_one_city_are_left_alone_by_the_other(both: Any) -> None:
    base, _loot, answers, untouched = both
    assert answers["jobs"] == [0, 0], "the worker of one city takes no job of the other"
    assert answers["audit"] == [True, True]
    assert untouched, "no file of the other city was changed by founding, serving and working beside it"
    assert search(base / "home" / "yi", [MEETING, MINUTES, PERSON]) == []
    assert search(base / "home" / "jia", [THEIR_MEETING, THEIR_MINUTES]) == []
    assert search(base / "home" / "jia", [MINUTES]), "a number stands in clear in its own city: the search would have seen it"
    assert search(base / "home" / "jia", [MEETING]) == [], "what it was about is encrypted even there"
    assert sorted(path.name for path in (base / "home").iterdir()) == ["jia", "static", "yi"]
    assert not [path for path in (base / "tmp").rglob("*") if path.is_file()]
    for city in ("jia", "yi"):
        assert (base / "home" / city).stat().st_mode & 0o077 == 0


def test_the_audit_of_one_city_put_into_the_other_is_told(both: Any, tmp_path: Path) -> None:
    base, _loot, _answers, _untouched = both
    home = tmp_path / "home"
    shutil.copytree(base / "home" / "yi", home / "yi")
    for name in ("audit.sqlite3", "audit.sqlite3-wal"):
        (home / "yi" / name).unlink(missing_ok=True)
        if (base / "home" / "jia" / name).exists():
            shutil.copyfile(base / "home" / "jia" / name, home / "yi" / name)
    env = environment(base, "yi") | {"QINGYUAN_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-m", "qingyuan", "audit", "verify"], env=env, cwd=ROOT, text=True, capture_output=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
