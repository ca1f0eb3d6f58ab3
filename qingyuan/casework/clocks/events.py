"""Between a clock's event rows and the events of the engine. Pure but for the rows it is handed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.utils import timezone

from qingyuan.casework.models import ClockEvent
from qingyuan.reference.clocks import Event, Term, get_clock


def events_of(code: str, rows: Sequence[ClockEvent]) -> list[Event]:
    """The events as they were recorded, corrections and withdrawals among them; ``rows`` in the order of recording.

    What starts a clock stands first on its day, and a correction keeps the place of what it corrects: two things of one day
    stay in the order in which they were first recorded.
    """
    start = get_clock(code).start
    places: dict[object, int] = {}
    found = []
    for number, row in enumerate(rows, start=2):
        place = 1 if row.word == start else places.get(row.corrects_id, number)
        places[row.pk] = place
        found.append(_event(row, place))
    return found


def _event(row: ClockEvent, place: int) -> Event:
    return Event(
        event=row.word,
        on=row.on,
        place=place,
        at=_moment(row.on, row.at),
        until=row.until,
        until_at=_moment(row.until, row.until_at) if row.until else None,
        term=Term.parse(row.term) if row.term else None,
        days=row.days,
        option=row.option,
        approved_by=row.approved_by,
        paper=row.paper,
        recorded_on=timezone.localtime(row.recorded_at).date(),
        id=str(row.pk),
        corrects=str(row.corrects_id) if row.corrects_id else "",
        withdrawn=row.withdrawn,
        lawful=row.lawful,
        objected=row.objected,
        decided=row.decided,
    )


def standing_rows(rows: Sequence[ClockEvent]) -> list[ClockEvent]:
    """The rows that hold: neither corrected nor withdrawn, in the order of time."""
    replaced = {row.corrects_id for row in rows if row.corrects_id}
    return sorted((row for row in rows if row.pk not in replaced and not row.withdrawn), key=lambda row: (row.on, row.at or time()))


def _moment(day: date, at: time | None) -> datetime | None:
    return datetime.combine(day, at) if at else None
