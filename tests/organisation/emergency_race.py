"""Several threads open, review and grant at once in the database of this process's settings. Run by test_emergency_race.

Prints what each came to: one look of one person, one review of it, one side of the wall for one account.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import date

from django.db import connections

from qingyuan.foundation import clock
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.ids import new_id
from qingyuan.organisation.actions import accounts, divisions, emergency, posts
from qingyuan.organisation.actions.accounts import GrantRefused
from qingyuan.organisation.actions.emergency import EmergencyRefused
from qingyuan.organisation.actor import Actor, actor_of
from qingyuan.organisation.enums import EmergencyVerdict, Responsibility, Role
from qingyuan.organisation.models import Account, Division, EmergencyLook, PostTerm, RoleGrant, Unit
from qingyuan.organisation.rules import DivisionLine
from tests import schema
from tests.cast import BEGAN, SETTER

THREADS = 4
WHY = "夜间有人求助,对方单位无人值班"


def at_once(what: Callable[[], object]) -> list[str]:
    """What ``THREADS`` threads came to that did the same thing at one time: done, refused, or how it broke."""
    said: list[str] = []
    start = threading.Barrier(THREADS)

    def work() -> None:
        start.wait()
        try:
            what()
            said.append("done")
        except (EmergencyRefused, GrantRefused):
            said.append("refused")
        except Exception as error:
            said.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


def made() -> tuple[Actor, Actor, Account, Unit]:
    """A town's officer, a security officer, and a teacher on no side; the police."""
    divisions.load(lines=[DivisionLine(code="999981", name="云岭市", urban=None)], valid_from=BEGAN, by=SETTER)
    place = Division.objects.get()
    units = {
        code: Unit.objects.create(code=code, name=code, kind=code, division=place, zone=zone)
        for code, zone in (("town", "commission"), ("education", "commission"), ("police", "police"))
    }
    people = {}
    for username, unit, role in (
        ("supervisor", "town", Role.TOWN_SUPERVISOR),
        ("security", "education", Role.SECURITY_OFFICER),
        ("teacher", "education", None),
    ):
        people[username] = Account.objects.create(username=username, name=username, unit=units[unit])
        if role is not None:
            RoleGrant.objects.create(
                account=people[username], role=role, division=place, start=BEGAN, granted_by="set-up"
            )
    today = clock.today()
    by, security = actor_of(people["supervisor"], today), actor_of(people["security"], today)
    return by, security, people["teacher"], units["police"]


def race() -> dict[str, object]:
    by, security, teacher, police = made()
    row = new_id()
    opened = at_once(
        lambda: emergency.open_look(
            compartment=Compartment.COMMUNITY, rows=[("clients", row)], reason=WHY, article="NL34", by=by
        )
    )
    look = EmergencyLook.objects.get()
    reviewed = at_once(
        lambda: emergency.review(look=look, verdict=EmergencyVerdict.CONFIRMED, remark="必要", by=security)
    )
    turns = iter([True, False] * THREADS)
    guard = threading.Lock()

    def join() -> object:
        """Half of them give the teacher a helper's role, half second him to the police."""
        with guard:
            first = next(turns)
        if first:
            place = Division.objects.get()
            return accounts.grant(
                account=teacher,
                role=Role.CASEWORKER,
                division=place,
                start=date(2030, 1, 1),
                by=security,
                reason="借调",
            )
        return posts.appoint_in(
            unit=police,
            title="借调",
            responsibility=Responsibility.STAFF,
            account=teacher,
            start=date(2030, 1, 1),
            end=None,
            by=security,
            reason="借调",
        )

    joined = at_once(join)
    sides = teacher.grants.exists() + PostTerm.objects.filter(account=teacher).exists()
    return {
        "opened": opened,
        "reviewed": reviewed,
        "joined": joined,
        "sides": sides,
        "entries": WriteEntry.objects.filter(act__startswith="emergency.").count(),
    }


ONE_OF_EACH = ["done", *["refused"] * (THREADS - 1)]
EXPECTED = {"opened": ONE_OF_EACH, "reviewed": ONE_OF_EACH, "joined": ONE_OF_EACH, "sides": 1, "entries": 2}


def main() -> None:
    """In a process of its own: make the database, then race."""
    schema.lay()
    print(json.dumps(race()))
