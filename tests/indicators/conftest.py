from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qingyuan.indicators import store
from qingyuan.ledgers import registry
from tests.indicators.city import FACTS, City


@pytest.fixture(autouse=True)
def _made_up_facts(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The contract's fact tables instead of those of whichever rooms are installed, unless a test wants the real ones."""
    if "real_facts" not in request.fixturenames:
        monkeypatch.setattr(registry, "facts", lambda: dict(FACTS))


@pytest.fixture
def real_facts() -> None:
    """Marks a test about the fact tables that the rooms really publish."""


@pytest.fixture
def city() -> City:
    return City()


@pytest.fixture
def folder(facts_home: Any) -> Iterator[Path]:
    """The fact folder that ``store.current()`` opens in this test."""
    yield Path(facts_home)
    store.close_current()
