"""Emergency looks, reviews and grants under concurrency: real transactions in several threads, on both databases."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.organisation.emergency_race import EXPECTED, race

ROOT = Path(__file__).parents[2]
PROGRAM = "import django; django.setup(); from tests.organisation.emergency_race import main; main()"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_one_look_one_review_and_one_side() -> None:
    assert race() == EXPECTED


def test_on_an_sqlite_file_one_look_one_review_and_one_side(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    env = kept | {
        "DJANGO_SETTINGS_MODULE": "qingyuan.config.settings",
        "QINGYUAN_HOME": str(tmp_path),
        "QINGYUAN_CITY": "emergency-race",
        "QINGYUAN_DEBUG": "1",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == EXPECTED
