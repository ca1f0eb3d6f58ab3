"""The only writer of failed sign-ins and used codes. Two processes never count past each other."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from django.db import IntegrityError, transaction
from django.db.models import F

from qingyuan.organisation.models import SignInFailures, UsedCode


def reserve(tries: Mapping[str, Callable[[int, float], int]], *, within: float) -> tuple[int, dict[str, float], float]:
    """Count a failure of each key before the try is made, unless one of them has to wait.

    ``tries``: of each key how many seconds it waits after so many failures, the last at that moment. All who try at once are
    counted one after the other, so that guesses side by side are no more than guesses in a row. A try that has to wait leaves
    no line of its own: made-up names would fill the table. Returns the seconds to wait (0: it was counted), and for ``give_back``
    when each key failed last before and the moment that was written.
    """
    now = time.time()
    SignInFailures.objects.filter(last_at__lte=now - within).delete()
    keys = sorted(tries)  # one order for all, or two might wait for each other
    with transaction.atomic():
        held: dict[str, SignInFailures] = {}
        while set(held) != set(keys):  # a line that is forgotten in between is written anew
            SignInFailures.objects.bulk_create((SignInFailures(key=key, count=0, last_at=now) for key in keys), ignore_conflicts=True)
            held = {one.key: one for one in SignInFailures.objects.select_for_update().filter(key__in=keys).order_by("key")}
        before = {key: one.last_at for key, one in held.items()}
        wait = max(tries[key](one.count, one.last_at) for key, one in held.items())
        if not wait:
            SignInFailures.objects.filter(key__in=keys).update(count=F("count") + 1, last_at=now)
        else:
            SignInFailures.objects.filter(key__in=keys, count=0).delete()
    return wait, before, now


def give_back(key: str, *, before: float, written: float) -> None:
    """The try that was counted at ``written`` succeeded: ``key`` has one failure less, and the last one is as long ago as it was."""
    with transaction.atomic():
        mine = SignInFailures.objects.filter(key=key, count__gt=0)
        mine.update(count=F("count") - 1)
        mine.filter(last_at=written).update(last_at=before)
        SignInFailures.objects.filter(key=key, count=0).delete()


def forget(key: str) -> None:
    SignInFailures.objects.filter(key=key).delete()


def spend(key: str, *, lasts: float) -> bool:
    """Use a code up for ``lasts`` seconds, longer than it would be good. False: it was used already, here or elsewhere."""
    now = time.time()
    UsedCode.objects.filter(until__lte=now).delete()
    try:
        with transaction.atomic():
            UsedCode.objects.create(key=key, until=now + lasts)
    except IntegrityError:
        return False
    return True
