from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from qingyuan.config import urls
from qingyuan.indicators import store
from qingyuan.organisation.actor import Actor
from qingyuan.web import navigation
from tests.cast import City
from tests.security.planted import Planted, plant


@pytest.fixture
def planted(city: City, tmp_path: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Planted]:
    settings.QINGYUAN_UPLOADS = tmp_path / "uploads"
    # The numbers beside the navigation stand on every page: counted once for each visitor, the walk takes half the time.
    assert urls.urlpatterns, "the slices register their badges when the addresses are read"
    assert navigation._badges
    for key, badge in list(navigation._badges.items()):
        monkeypatch.setitem(navigation._badges, key, _counted_once(badge))
    yield plant(city)
    store.close_current()


def _counted_once(badge: Callable[[Actor, date], Any]) -> Callable[[Actor, date], Any]:
    counted: dict[int | None, Any] = {}

    def count(actor: Actor, on: date) -> Any:
        if actor.account_id not in counted:
            counted[actor.account_id] = badge(actor, on)
        return counted[actor.account_id]

    return count
