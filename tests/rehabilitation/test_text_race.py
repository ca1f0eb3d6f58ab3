"""Several workers at the texts of the same people: real transactions in several threads, a real gateway, SQLite file and PostgreSQL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qingyuan.foundation import clock
from tests.rehabilitation.text_race import EXPECTED, race

ROOT = Path(__file__).parents[2]
PROGRAM = "import django; django.setup(); from tests.rehabilitation.text_race import main; main()"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_everybody_gets_one_text(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.QINGYUAN_SMS, settings.QINGYUAN_DEMO = None, False
    monkeypatch.setattr(clock, "now", clock.now)
    assert race() == EXPECTED


def test_on_an_sqlite_file_everybody_gets_one_text(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    env = kept | {
        "DJANGO_SETTINGS_MODULE": "qingyuan.config.settings",
        "QINGYUAN_HOME": str(tmp_path),
        "QINGYUAN_CITY": "text-race",
        "QINGYUAN_DEBUG": "1",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == EXPECTED
