from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from qingyuan.indicators import store
from tests.cast import City
from tests.security.planted import Planted, plant


@pytest.fixture
def planted(city: City, tmp_path: Any, settings: Any) -> Iterator[Planted]:
    settings.QINGYUAN_UPLOADS = tmp_path / "uploads"
    yield plant(city)
    store.close_current()
