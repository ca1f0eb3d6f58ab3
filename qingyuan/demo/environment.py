"""The demo's settings, put in place before Django starts and kept beside the city for every later command."""

from __future__ import annotations

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
TODAY = "2022-11-23"
SETTINGS = {
    "QINGYUAN_DEMO": "1",
    "QINGYUAN_TODAY": TODAY,
    "QINGYUAN_DUES_FROM": "2020-01-01",
    "QINGYUAN_CLOCKS_FROM": "2022-10-01",
}


def prepare() -> Path:
    """Set the demo's settings unless the caller chose otherwise, and write them to the city's ``city.env``."""
    for key, value in SETTINGS.items():
        os.environ.setdefault(key, value)
    home = Path(os.environ.get("QINGYUAN_HOME", REPOSITORY / "var"))
    folder = home / os.environ.setdefault("QINGYUAN_CITY", "demo")
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{key}={os.environ[key]}\n" for key in SETTINGS)
    (folder / "city.env").write_text(text, encoding="utf-8")
    return folder
