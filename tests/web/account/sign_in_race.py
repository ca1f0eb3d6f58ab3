"""Several connections fail, and use one code, at one time in the database of this process's settings. Run by test_two_processes.

Each thread has a connection of its own and, as another process would, no memory of what the others did.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

from django.core.cache import cache
from django.db import connections

from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actions import divisions, sign_ins
from qingyuan.organisation.models import Account, Division, SignInFailures, Unit
from qingyuan.organisation.rules import DivisionLine
from qingyuan.web.account import factors, throttle
from tests import schema
from tests.cast import BEGAN, SETTER
from tests.web.account.codes import SECRET, code_now

THREADS = 4
# Twelve tries at once are as many as twelve in a row: the free ones are made and counted, the others wait.
EXPECTED = {"tried": throttle.FREE_TRIES, "counted": throttle.FREE_TRIES, "code accepted": 1, "second code accepted": 1, "waits": True}
assert Compartment.INTERNAL


def at_once(what: Callable[[], object]) -> list[object]:
    said: list[object] = []
    start = threading.Barrier(THREADS)

    def work() -> None:
        start.wait()
        try:
            said.append(what())
        except Exception as error:
            said.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def race() -> dict[str, object]:
    divisions.load(lines=[DivisionLine(code="999981", name="云岭市", urban=None)], valid_from=BEGAN, by=SETTER)
    unit = Unit.objects.create(code="o", name="办", short_name="办", kind="office", division=Division.objects.get(), zone="commission")
    account = Account.objects.create(username="clerk", name="周文", unit=unit)
    factors.TOTP.activate(account, SECRET)

    def fails() -> int:
        return sum(throttle.begin("clerk", "198.51.100.8").wait == 0 for _try in range(3))

    tried = at_once(fails)
    assert all(isinstance(one, int) for one in tried), tried
    pair = SignInFailures.objects.get(key=throttle._key("pair", "clerk", "198.51.100.8"))

    def proves(step: int) -> Callable[[], bool]:
        code = code_now(step=step)

        def prove() -> bool:
            cache.clear()  # the memory of one process, in which allauth keeps its own list
            return factors.check_code(account, code) is not None

        return prove

    first, second = at_once(proves(0)), at_once(proves(1))
    return {
        "tried": sum(one for one in tried if isinstance(one, int)),
        "counted": pair.count,
        "code accepted": first.count(True),
        "second code accepted": second.count(True),
        "waits": throttle.begin("clerk", "198.51.100.8").wait > 0 and sign_ins.spend("again", lasts=9),
    }


def main() -> None:
    schema.lay()
    print(json.dumps(race()))
