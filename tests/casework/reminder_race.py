"""Several workers hand on the same outbox at once, to a gateway that counts what it is given. Run by test_reminder_race.

Prints how many requests the gateway had, how many different reminders they were, and what became of the rows.
"""

from __future__ import annotations

import json
import threading
from collections import Counter

from django.conf import settings
from django.db import connection

from qingyuan.casework.actions import reminders
from qingyuan.casework.enums import Channel
from qingyuan.casework.models import Reminder
from qingyuan.casework.reminders.sentences import Said, Sentence
from qingyuan.foundation import clock
from qingyuan.organisation.actions import contacts, divisions
from qingyuan.organisation.actor import actor_of
from qingyuan.organisation.models import Account, Division, Unit
from qingyuan.organisation.rules import DivisionLine
from tests import schema
from tests.casework.reminder_ends import gateway
from tests.cast import BEGAN, SETTER

WORKERS, EACH = 4, 12


def race() -> dict[str, object]:
    account = _holder()
    for number in range(EACH):
        reminders.remind(account_id=account.pk, said=Said(Sentence.DIGEST, (number, 0)), occasion=f"digest:{number}")
    Reminder.objects.filter(channel=Channel.SMS).update(not_before=clock.now())
    failed: list[str] = []
    start = threading.Barrier(WORKERS)
    with gateway() as end:
        settings.QINGYUAN_SMS = {"url": end.url, "secret": "shared-with-the-gateway"}

        def work() -> None:
            start.wait()
            try:
                while reminders.deliver(limit=EACH):
                    pass
            except Exception as error:
                failed.append(repr(error))
            finally:
                connection.close()

        workers = [threading.Thread(target=work) for _number in range(WORKERS)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        asked = [body["id"] for _headers, body, _raw in end.asked]
    states = Counter(Reminder.objects.filter(channel=Channel.SMS).values_list("state", flat=True))
    return {"asked": len(asked), "different": len(set(asked)), "states": dict(states), "failed": failed}


def _holder() -> Account:
    divisions.load(lines=[DivisionLine(code="999981", name="云岭市", urban=None)], valid_from=BEGAN, by=SETTER)
    unit = Unit.objects.create(
        code="office", name="市禁毒办", kind="office", division=Division.objects.get(), zone="commission"
    )
    account = Account.objects.create(username="clerk", name="周文", unit=unit)
    by = actor_of(account, clock.today())
    code = contacts.enter(account=account, channel="sms", address="13900000001", by=by)
    contacts.verify(account=account, channel="sms", code=f"{code:06d}", by=by)
    reminders.choose(account=account, channels=["sms"], quiet_from=0, quiet_to=0, digest_hour=8, version=0, by=by)
    return account


EXPECTED = {"asked": EACH, "different": EACH, "states": {"sent": EACH}, "failed": []}


def main() -> None:
    """In a process of its own: make the database, then race."""
    schema.lay()
    print(json.dumps(race()))
