"""Where a large city lies: its settings, before anything of the project is imported (Django reads them once)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django

REPOSITORY = Path(__file__).resolve().parents[1]
TODAY = "2022-11-23"


def use(home: Path) -> None:
    """Take ``home`` as the folder of the city ``large``; the second factor is not asked for."""
    os.environ |= {"QINGYUAN_HOME": str(home), "QINGYUAN_CITY": "large", "QINGYUAN_TODAY": TODAY}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "qingyuan.config.settings", "QINGYUAN_HTTPS": "0"}
    os.environ |= {"QINGYUAN_LOG_LEVEL": "WARNING", "QINGYUAN_REQUIRE_SECOND_FACTOR": "0"}
    sys.path.insert(0, str(REPOSITORY))
    django.setup()
