from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.badges import asked_until_written, keep_places
from tests.security.fixture import planted

__all__ = ["places_kept", "planted"]


@pytest.fixture
def places_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For a walk of tens of thousands of pages; not where a page's statements are counted."""
    with asked_until_written() as kept:
        keep_places(monkeypatch, kept)
        yield
