"""The numbers beside the navigation and the places to choose from stand on every page and cost as much as the page: tests need
not ask for them anew each time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import connections

from qingyuan.config import urls
from qingyuan.organisation.actor import Actor
from qingyuan.web import context, navigation

Asked = Callable[[Actor, date], Any]
"""A question about the rows: what a reader finds on a day."""


def keep_badges(monkeypatch: pytest.MonkeyPatch, how: Callable[[Asked], Asked]) -> None:
    """For this test every badge counts as ``how`` makes it."""
    assert urls.urlpatterns, "the slices register their badges when the addresses are read"
    assert navigation._badges
    for key, badge in list(navigation._badges.items()):
        monkeypatch.setitem(navigation._badges, key, how(badge))


def counted_once(badge: Asked) -> Asked:
    """Once for each visitor: for a walk, which is about the pages."""
    counted: dict[int | None, Any] = {}

    def count(actor: Actor, on: date) -> Any:
        if actor.account_id not in counted:
            counted[actor.account_id] = badge(actor, on)
        return counted[actor.account_id]

    return count


#: What a statement begins with that leaves every row as it was; taking a savepoint back does not.
_LEAVES_ROWS = ("SELECT", "SAVEPOINT", "RELEASE")


class Writes:
    """Tells whether anything was written to the main database since: SQLite counts changed rows itself, elsewhere the
    statements are counted that are no plain question."""

    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        try:
            return execute(sql, *rest)
        finally:
            if not str(sql).lstrip().upper().startswith(_LEAVES_ROWS):
                self.statements += 1

    def so_far(self, connection: Any) -> int:
        if connection.vendor == "sqlite":
            changes: int = connection.connection.total_changes
            return changes
        return self.statements


@contextmanager
def asked_until_written() -> Iterator[Callable[[Asked], Asked]]:
    """Makes a question about the rows be asked again only after something was written to the main database since: the same
    answer, without asking twice.

    Its parameters must say all that the answer depends on besides rows. Where statements are counted, each page asks for itself.
    """
    main, writes = connections["default"], Writes()

    def kept(ask: Asked) -> Asked:
        answers: dict[Hashable, Any] = {}

        def answer(asker: Actor, on: date) -> Any:
            if not main.in_atomic_block or main.force_debug_cursor:
                return ask(asker, on)
            asked = (asker, on, writes.so_far(main))
            if asked not in answers:
                answers[asked] = ask(asker, on)
            return answers[asked]

        return answer

    if main.vendor == "sqlite":
        yield kept
    else:
        with main.execute_wrapper(writes):
            yield kept


def keep_places(monkeypatch: pytest.MonkeyPatch, how: Callable[[Asked], Asked]) -> None:
    """The divisions a reader may choose stand on every page too; they depend on the reader's grants, the day and the rows."""
    monkeypatch.setattr(context, "places_of", how(context.places_of))
