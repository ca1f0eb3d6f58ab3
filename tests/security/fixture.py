"""The planted city as a fixture, for every test that walks: stood up once for each process (``tests/standing``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from tests.badges import counted_once, keep_badges
from tests.cast import found_city
from tests.security.planted import Planted, plant
from tests.standing import standing


def stand_up() -> Planted:
    with override("zh-hans"):
        return plant(found_city())


@pytest.fixture
def planted(db: None, facts_home: Path, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Planted:
    settings.QINGYUAN_UPLOADS = tmp_path / "uploads"
    keep_badges(monkeypatch, counted_once)
    return standing(stand_up, facts_home, settings.QINGYUAN_UPLOADS)
