"""Two people numbering, serving or withdrawing the same paper at once: one gets through, the others are told so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qingyuan.documents.fonts import font_files
from tests.casework.serving_race import EXPECTED, race

ROOT = Path(__file__).parents[2]
PROGRAM = "import django; django.setup(); from tests.casework.serving_race import main; main()"
pytestmark = pytest.mark.skipif(not font_files(), reason="no fonts in qingyuan/documents/fonts: run python3 run.py setup")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases=["default", "audit"])
def test_on_postgresql_nothing_is_doubled(tmp_path: Path, settings: Any) -> None:
    settings.QINGYUAN_UPLOADS = tmp_path / "uploads"
    assert race() == EXPECTED


def test_on_an_sqlite_file_nothing_is_doubled(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    env = kept | {
        "DJANGO_SETTINGS_MODULE": "qingyuan.config.settings",
        "QINGYUAN_HOME": str(tmp_path),
        "QINGYUAN_CITY": "serving-race",
        "QINGYUAN_TODAY": "2022-11-23",
        "QINGYUAN_DEBUG": "1",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == EXPECTED
