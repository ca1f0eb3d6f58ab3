"""The fictional city shows what would have left: to proved addresses, held in the outbox, naming nobody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qingyuan.casework.enums import Channel, ReminderState
from qingyuan.casework.models import Reminder
from qingyuan.demo import reminding
from qingyuan.organisation.models import Account, Contact
from tests.cast import City


@pytest.mark.django_db
def test_the_demo_holds_this_mornings_words_in_its_outbox(city: City, settings: Any) -> None:
    settings.QINGYUAN_DEMO = True
    Account.objects.filter(username="supervisor").update(username="longdong")
    city.enter("instructions", "supervisor", {
        "document_number": "云政批〔2022〕1号", "level": "county", "given_on": date(2022, 11, 1), "content": "请办", "due_on": date(2022, 11, 20),
    })  # fmt: skip
    reminding.reach()
    assert {contact.channel for contact in Contact.objects.filter(verified_at__isnull=False)} == {"email", "messenger"}
    outside = Reminder.objects.exclude(channel=Channel.IN_PAGE)
    assert outside.count() == 2 and {one.state for one in outside} == {ReminderState.HELD}
    names = [*(account.name for account in Account.objects.all()), *city.divisions, *(unit.name for unit in city.units.values())]
    for one in Reminder.objects.all():
        assert not [name for name in names if name in one.said.words]
