"""The numbers beside the navigation stand on every page and cost as much as the page: tests need not count them anew each time."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from typing import Any

import pytest
from django.db import connections

from qingyuan.config import urls
from qingyuan.organisation.actor import Actor
from qingyuan.web import navigation

Badge = Callable[[Actor, date], Any]


def keep_badges(monkeypatch: pytest.MonkeyPatch, how: Callable[[Badge], Badge]) -> None:
    """For this test every badge counts as ``how`` makes it."""
    assert urls.urlpatterns, "the slices register their badges when the addresses are read"
    assert navigation._badges
    for key, badge in list(navigation._badges.items()):
        monkeypatch.setitem(navigation._badges, key, how(badge))


def counted_once(badge: Badge) -> Badge:
    """Once for each visitor: for a walk, which is about the pages."""
    counted: dict[int | None, Any] = {}

    def count(actor: Actor, on: date) -> Any:
        if actor.account_id not in counted:
            counted[actor.account_id] = badge(actor, on)
        return counted[actor.account_id]

    return count


def counted_until_written(badge: Badge) -> Badge:
    """Again only after something was written to the main database since: the same number, without asking twice.

    A badge depends on the reader, the day and the rows alone. Where statements are counted, each page asks for itself.
    """
    counted: dict[Hashable, Any] = {}

    def count(actor: Actor, on: date) -> Any:
        main = connections["default"]
        if main.vendor != "sqlite" or not main.in_atomic_block or main.force_debug_cursor:
            return badge(actor, on)
        asked = (actor.account_id, on, main.connection.total_changes)
        if asked not in counted:
            counted[asked] = badge(actor, on)
        return counted[asked]

    return count
