"""What happens at one time in the rooms around a person: one is first and the others are told. On PostgreSQL and on an SQLite file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qingyuan.documents.fonts import font_files
from tests.rehabilitation.room_races import BY_KEY, EXPECTED, race

ROOT = Path(__file__).parents[2]
PROGRAM = "import django; django.setup(); from tests.rehabilitation.room_races import main; main()"
pytestmark = pytest.mark.skipif(not font_files(), reason="no fonts in qingyuan/documents/fonts: run python3 run.py setup")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_one_is_first_and_the_others_are_told(tmp_path: Path, settings: Any) -> None:
    settings.QINGYUAN_UPLOADS = tmp_path / "uploads"
    assert race() == EXPECTED


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_its_lock_every_one_of_them_goes_wrong(tmp_path: Path, settings: Any) -> None:
    """The races can fail: with ``FOR UPDATE`` left out each does, but for those that a key of the table holds too."""
    settings.QINGYUAN_UPLOADS = tmp_path / "uploads"
    said = race(bare=True)
    assert {name for name, expected in EXPECTED.items() if said[name] == expected} == BY_KEY


def test_on_an_sqlite_file_one_is_first_and_the_others_are_told(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    env = kept | {
        "DJANGO_SETTINGS_MODULE": "qingyuan.config.settings",
        "QINGYUAN_HOME": str(tmp_path),
        "QINGYUAN_CITY": "room-races",
        "QINGYUAN_TODAY": "2022-11-23",
        "QINGYUAN_DEBUG": "1",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.strip().splitlines()[-1]) == EXPECTED
