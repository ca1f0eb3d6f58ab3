"""Two people answer, or offer, at one time: one wins and the others are told. Real transactions, on both databases."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.casework.handover_race import EXPECTED, race

ROOT = Path(__file__).parents[2]
PROGRAM = "import django; django.setup(); from tests.casework.handover_race import main; main()"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_one_offer_and_one_answer() -> None:
    assert race() == EXPECTED


def test_on_an_sqlite_file_one_offer_and_one_answer(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    env = kept | {
        "DJANGO_SETTINGS_MODULE": "qingyuan.config.settings",
        "QINGYUAN_HOME": str(tmp_path),
        "QINGYUAN_CITY": "handover-race",
        "QINGYUAN_DEBUG": "1",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == EXPECTED
