"""The planted city as a fixture, for every test that walks: stood up once for each process (``tests/standing``).

So are its figures: a walk asks each of a hundred indicators of the same few places again for every reader and question.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from qingyuan.indicators import queries, store
from qingyuan.indicators.matrix import Matrix
from qingyuan.indicators.query import IndicatorQuery
from tests.badges import counted_once, keep_badges
from tests.cast import found_city
from tests.security.planted import Planted, plant
from tests.standing import standing

_figures: dict[IndicatorQuery, Matrix] = {}


def keep_figures(monkeypatch: pytest.MonkeyPatch, facts: Path) -> None:
    """Of the fact files as they stand now, the same in every test that asks for the planted city, a question is answered once
    for each process; once a test has refreshed them, they have another version and it is answered as ever."""
    standing_version, reckoned = store.version(), queries._evaluated

    def evaluated(query: IndicatorQuery, source: store.Store, version: int) -> Matrix:
        if version != standing_version or source.folder != facts:
            return reckoned(query, source, version)
        if query not in _figures:
            _figures[query] = reckoned(query, source, version)
        return _figures[query]

    monkeypatch.setattr(queries, "_evaluated", evaluated)


def stand_up() -> Planted:
    with override("zh-hans"):
        return plant(found_city())


@pytest.fixture
def planted(db: None, facts_home: Path, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Planted:
    settings.QINGYUAN_UPLOADS = tmp_path / "uploads"
    keep_badges(monkeypatch, counted_once)
    planted = standing(stand_up, facts_home, settings.QINGYUAN_UPLOADS)
    keep_figures(monkeypatch, facts_home)
    return planted
