"""Once a night each letter's score is kept, so that the next day can say what moved it since."""

from __future__ import annotations

from datetime import timedelta

from qingyuan.foundation import clock
from qingyuan.governance.actions import snapshots
from qingyuan.governance.models import ScoreSnapshot
from qingyuan.organisation.actor import Actor

UPKEEP = Actor(account_id=None, username="upkeep", name="每夜自动留存", unit_id=None)


def nightly() -> int:
    """Keep yesterday's scores as they are known now, unless they are kept already. Returns how many were kept."""
    day = clock.today() - timedelta(days=1)
    if ScoreSnapshot.objects.filter(day=day).exists():
        return 0
    return snapshots.take(year=day.year, on=day, by=UPKEEP)
