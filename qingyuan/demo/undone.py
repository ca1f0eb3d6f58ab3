"""What offices left undone on somebody's way back, beside what the workbooks and ``ways`` have: all through the actions people use.

Planted: a measure that was converted to isolation while half of the checklist its ground rests on had been looked into; some of the
missed tests of the first planted problem of whom it is known by now what came of them. What is left is found from the pages.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from qingyuan.casework import queries
from qingyuan.casework.actions import clock_decisions, dues
from qingyuan.casework.enums import Finding
from qingyuan.casework.models import RunningClock
from qingyuan.demo.loading import keeper
from qingyuan.demo.ways import CannotWalk, enter
from qingyuan.foundation import clock
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.rehabilitation.models import Measure

DAY: Final = timedelta(days=1)
#: Where somebody was converted, from which day on; the departures that were counted, each with its days away.
CONVERTING_TOWN, CONVERTED_ON = "machang", date(2022, 11, 15)
DEPARTURES: Final = ((date(2022, 8, 2), 5), (date(2022, 9, 13), 4), (date(2022, 10, 20), 6))
#: The lines of the checklist that were looked into; of four.
LOOKED_INTO: Final = {0: Finding.YES, 1: Finding.YES}
#: Whose missed tests; what is known of the earliest of them.
MISSING_TOWN, FOUND = "longdong", ("not_arranged", "not_arranged", "not_told")


def leave_undone() -> None:
    """Both, on the day the demo stands on."""
    convert()
    say_what_came_of_some()


def convert() -> Measure:
    """Three departures without leave, two of four lines looked into, and the measure ended as converted with its isolation."""
    writing = Writing(by=keeper(CONVERTING_TOWN), on=clock.today())
    running = Measure.objects.filter(unit__code=CONVERTING_TOWN, kind="CD", ended_on=None, reported_on__lt=DEPARTURES[0][0])
    measure = running.select_related("client", "division").order_by("-reported_on", "pk")[0]
    person = {"name": measure.client.name, "id_number": measure.client.id_number}
    away = [person | {"left_on": day, "back_on": day + days * DAY, "lawful": False} for day, days in DEPARTURES]
    enter("absences", away, writing)
    counted = RunningClock.objects.get(subject_id=measure.pk, code="D25")
    for position, finding in LOOKED_INTO.items():
        clock_decisions.look_into(running=counted, position=position, finding=finding, turn=0, by=writing.by)
    _ended(measure, writing)
    enter("isolation", [person | {"division": measure.division_id, "decided_on": CONVERTED_ON, "ends_on": date(2024, 11, 14)}], writing)
    return measure


def _ended(measure: Measure, writing: Writing) -> None:
    """As the form changes a row: all it says, and the two columns of its end."""
    ledger = registry.get("measures")
    said: dict[str, Any] = {column.name: column.value_of(measure) for column in ledger.columns}
    values = {name: value.pk if hasattr(value, "pk") else value for name, value in said.items()}
    values |= {"ended_on": CONVERTED_ON, "end_reason": "converted"}
    draft = Draft(number=1, values=values, division_id=measure.division_id, unit_id=measure.unit_id, target_id=measure.pk)
    assert ledger.prepare is not None and ledger.check is not None and ledger.change is not None  # as every ledger of persons has
    ledger.prepare([draft], writing)
    found = draft.problems + ledger.check(draft.values)
    if found:
        raise CannotWalk(f"measures: {found[0].column} {found[0].message}")
    ledger.change(changes=[(measure, draft)], writing=writing)


def say_what_came_of_some() -> int:
    """Of the missed windows of this year the earliest are looked into; the others wait. Returns how many."""
    by, on = keeper(MISSING_TOWN), clock.today()
    missed = queries.dues(by, on).late_on(on).filter(closes_on__gt=date(on.year, 1, 1)).order_by("closes_on", "pk")
    found = list(missed[: len(FOUND)])
    for due, words in zip(found, FOUND, strict=False):
        dues.look_into(due=due, found=words, by=by)
    return len(found)
