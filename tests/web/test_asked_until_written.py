"""What the tests of pages do not ask twice (``tests/badges``) is asked anew after every write, and for everybody."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Unit
from tests.badges import asked_until_written
from tests.cast import TODAY, City

pytestmark = pytest.mark.django_db


def test_an_answer_lasts_until_something_is_written(city: City) -> None:
    asked: list[str] = []

    def ask(actor: Actor, on: date) -> list[str]:
        asked.append(actor.username)
        return sorted(Unit.objects.values_list("short_name", flat=True))

    with asked_until_written() as kept:
        ask_once, clerk = kept(ask), city.actor("clerk")
        before = ask_once(clerk, TODAY)
        with transaction.atomic():
            assert Unit.objects.exists() and ask_once(clerk, TODAY) == before
        assert ask_once(city.actor("clerk"), TODAY) == before and asked == ["clerk"]
        Unit.objects.filter(code="longdong").update(short_name="改了")
        assert "改了" in ask_once(clerk, TODAY) and len(asked) == 2
        assert ask_once(city.actor("leader"), TODAY) and asked[2:] == ["leader"]
        with CaptureQueriesContext(connection) as sent:
            ask_once(clerk, TODAY)
        assert len(sent) == 1, "where statements are counted nothing is spared"
