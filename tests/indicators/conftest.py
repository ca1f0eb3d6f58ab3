from __future__ import annotations

from pathlib import Path

import pytest

from qingyuan.ledgers import registry
from tests.indicators.city import FACTS, City


@pytest.fixture(autouse=True)
def _made_up_facts(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The contract's fact tables instead of those of whichever rooms are installed."""
    if not request.node.get_closest_marker("django_db"):
        monkeypatch.setattr(registry, "facts", lambda: dict(FACTS))


@pytest.fixture
def city() -> City:
    return City()


@pytest.fixture
def folder(tmp_path: Path, settings: object) -> Path:
    """The fact folder that ``store.current()`` opens in this test."""
    settings.QINGYUAN_FACTS = tmp_path / "facts"  # type: ignore[attr-defined]
    settings.QINGYUAN_FACTS.mkdir()  # type: ignore[attr-defined]
    return settings.QINGYUAN_FACTS  # type: ignore[attr-defined,no-any-return]
