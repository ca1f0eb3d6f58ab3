"""A server process does not walk again and again over what it has loaded."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator

import pytest
from django.urls import clear_url_caches

from qingyuan.foundation.loaded import keep_what_is_loaded


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    gc.unfreeze()  # the tests before left theirs out of the collector already
    yield
    gc.collect()
    gc.freeze()


def test_all_pages_are_loaded_and_left_out_of_the_collector() -> None:
    clear_url_caches()
    assert gc.get_freeze_count() == 0
    keep_what_is_loaded()
    assert "qingyuan.web.ledgers.views" in sys.modules and "qingyuan.api.ledgers" in sys.modules
    assert gc.get_freeze_count() > 100_000
    assert len(gc.get_objects()) < 10_000, "what a full collection still looks at"


def test_what_comes_afterwards_is_still_collected() -> None:
    keep_what_is_loaded()
    ring: list[object] = []
    ring.append(ring)
    del ring
    assert gc.collect() >= 1
