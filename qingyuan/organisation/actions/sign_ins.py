"""The only writer of failed sign-ins and used codes. One statement each, so that two processes never count past each other."""

from __future__ import annotations

import time
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import F

from qingyuan.organisation.models import SignInFailures, UsedCode


def failures(keys: Iterable[str], *, within: float) -> dict[str, tuple[int, float]]:
    """Of each key that failed in the last ``within`` seconds: how often, and when last (seconds since 1970)."""
    found = SignInFailures.objects.filter(key__in=list(keys), last_at__gt=time.time() - within)
    return {key: (count, last) for key, count, last in found.values_list("key", "count", "last_at")}


def count_failure(key: str, *, within: float) -> None:
    """One more failure of ``key``; those longer ago than ``within`` seconds are forgotten."""
    now = time.time()
    SignInFailures.objects.filter(last_at__lte=now - within).delete()
    while not SignInFailures.objects.filter(key=key).update(count=F("count") + 1, last_at=now):
        try:
            with transaction.atomic():
                SignInFailures.objects.create(key=key, count=1, last_at=now)
            return
        except IntegrityError:
            continue  # another process was first: count on its line


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
