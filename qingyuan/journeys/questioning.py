"""Once a month, at night, units' entries are looked at for patterns that deserve a question; what is found waits for a person."""

from __future__ import annotations

from qingyuan.foundation import clock
from qingyuan.governance.actions import questions
from qingyuan.governance.actions.questions import LookedAlready
from qingyuan.governance.models import PatternLook
from qingyuan.governance.rules.questions import looked_at


def nightly() -> int:
    """Look at the months up to the last whole one, unless that was done. Returns how many questions were listed."""
    today = clock.today()
    _first, last = looked_at(today)
    if PatternLook.objects.filter(month=f"{last:%Y-%m}").exists():
        return 0
    try:
        return questions.look(on=today).found
    except LookedAlready:
        return 0
