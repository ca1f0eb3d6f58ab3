"""Months closed by the towns and the city, and two volunteers that 东山街道 registered after it had closed September."""

from __future__ import annotations

from datetime import date

from qingyuan.demo.city import CITY_NAME, TOWNS
from qingyuan.demo.loading import keeper
from qingyuan.foundation import clock
from qingyuan.indicators.refresh import refresh
from qingyuan.ledgers import entering, registry
from qingyuan.ledgers.declaration import Writing
from qingyuan.organisation.models import Division
from qingyuan.reference.periods import Period
from qingyuan.situation.actions import closing

#: Towns that have closed no month since September: they are behind with other things as well.
BEHIND = ("longdong", "shazi", "luobie")
LATE_TOWN = "dongshan"
LATE = (("何晓岚", "19900000101", "2022-09-14"), ("罗远", "19900000102", "2022-09-21"))
MONTHS = [Period.parse(f"2022-{month:02d}") for month in range(1, 11)]
CITY_CLOSED_UNTIL = date(2022, 10, 1)


def close_months() -> None:
    """Every town its months, then the city what all of it has closed; then what came in late."""
    for town in TOWNS:
        months = MONTHS[:-1] if town.key in BEHIND else MONTHS
        _close(Division.objects.get(name=town.name), months, town.key, f"{town.key}.ld")
    city = Division.objects.get(name=CITY_NAME)
    _close(city, [month for month in MONTHS if month.end <= CITY_CLOSED_UNTIL], "office", "leader")
    _late_volunteers()
    refresh()


def _close(place: Division, months: list[Period], asker: str, decider: str) -> None:
    by, leader = keeper(asker), keeper(decider)
    for month in months:
        closing.approve(close=closing.ask(division=place, month=month, note="", by=by), by=leader)


def _late_volunteers() -> None:
    ledger, by = registry.get("volunteers"), keeper(LATE_TOWN)
    writing = Writing(by=by, on=clock.today())
    for name, phone, joined in LATE:
        typed = {"name": name, "phone": phone, "joined_on": joined, "division": by.unit_name, "insured": "是"}
        draft = entering.draft_of_new(ledger, typed, writing)
        assert not draft.problems, draft.problems
        entering.enter(ledger, draft, writing)
