"""Several workers make and hand on the texts of the same people at once, to a gateway that counts what it is given. Run by
test_text_race. Each person has two windows open on the same day: one text a person may leave, whoever makes it.

Prints how many requests the gateway had, to how many numbers, and what became of the rows.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from qingyuan.casework.enums import Outcome
from qingyuan.casework.models import Due
from qingyuan.foundation import clock
from qingyuan.rehabilitation.actions import own_page, texting
from qingyuan.rehabilitation.models import AppointmentText, Client, OwnCode
from tests import schema
from tests.casework.reminder_ends import gateway
from tests.cast import found_city, measure_values

WORKERS, PEOPLE = 4, 6
NOON = datetime(2022, 11, 23, 12, 0, tzinfo=clock.ZONE)


def race() -> dict[str, object]:
    clock.now = lambda: NOON
    failed: list[str] = []
    start = threading.Barrier(WORKERS)
    with gateway() as end:
        settings.QINGYUAN_DEMO = False
        settings.QINGYUAN_SMS = {"url": end.url, "secret": "shared-with-the-gateway"}
        _agreed()

        def work() -> None:
            start.wait()
            try:
                for _round in range(3):
                    texting.make_due()
                    while texting.deliver():
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
        numbers = {body["to"] for _headers, body, _raw in end.asked}
    states = Counter(AppointmentText.objects.values_list("state", flat=True))
    return {"asked": len(asked), "different": len(set(asked)), "people": len(numbers), "sent": states["sent"], "failed": failed}


def _agreed() -> None:
    city = found_city()
    for serial in range(PEOPLE):
        city.enter("measures", "supervisor", measure_values(city, serial))
    for number, client in enumerate(Client.objects.order_by("pk")):
        own_page.hand_out(client=client, by=city.actor("supervisor"))
        own_page.set_pin(code=OwnCode.objects.get(client=client), pin="402817")
        texting.agree(client=client, phone=f"1390000000{number}")
    today = NOON.date()
    Due.objects.update(outcome=Outcome.CANCELLED, closed_reason="test")
    for position in (1, 2):
        Due.objects.filter(position=position).update(
            outcome=Outcome.OPEN, closed_reason="", opens_on=today - timedelta(days=1), closes_on=today + timedelta(days=9)
        )


EXPECTED = {"asked": PEOPLE, "different": PEOPLE, "people": PEOPLE, "sent": PEOPLE, "failed": []}


def main() -> None:
    """In a process of its own: make the database, then race."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the slow one is tested elsewhere
    schema.lay()
    print(json.dumps(race()))
