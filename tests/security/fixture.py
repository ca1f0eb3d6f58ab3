"""The planted city as a fixture, for every test that walks: stood up once for each process (``tests/standing``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from qingyuan.config import urls
from qingyuan.organisation.actor import Actor
from qingyuan.web import navigation
from tests.cast import found_city
from tests.security.planted import Planted, plant
from tests.standing import standing


def stand_up() -> Planted:
    with override("zh-hans"):
        return plant(found_city())


@pytest.fixture
def planted(db: None, facts_home: Path, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Planted:
    settings.QINGYUAN_UPLOADS = tmp_path / "uploads"
    # The numbers beside the navigation stand on every page: counted once for each visitor, a walk takes half the time.
    assert urls.urlpatterns, "the slices register their badges when the addresses are read"
    assert navigation._badges
    for key, badge in list(navigation._badges.items()):
        monkeypatch.setitem(navigation._badges, key, _counted_once(badge))
    return standing(stand_up, facts_home, settings.QINGYUAN_UPLOADS)


def _counted_once(badge: Callable[[Actor, date], Any]) -> Callable[[Actor, date], Any]:
    counted: dict[int | None, Any] = {}

    def count(actor: Actor, on: date) -> Any:
        if actor.account_id not in counted:
            counted[actor.account_id] = badge(actor, on)
        return counted[actor.account_id]

    return count
