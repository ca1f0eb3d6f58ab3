"""What no column of a ledger says about statutory clocks: custody, absences, an extension, a decision half looked into.

All of it recorded by the accounts that keep the rows, through the actions the pages use.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from django.db.models import QuerySet

from qingyuan.casework.actions import clock_decisions, clocks
from qingyuan.casework.actions.clocks import Given
from qingyuan.casework.models import ClockEvent, RunningClock
from qingyuan.demo.loading import keeper
from qingyuan.enforcement.models import Case, Movement
from qingyuan.foundation import clock
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Draft, Writing

#: The town whose people report late; one of them is in custody, one has been looked into.
LATE_TOWN = "qingshuihe"
COUNTING_TOWN = "yongning"
PRISON_TOWN = "shiqiao"
ISOLATING_TOWN = "dongshan"
DAY = timedelta(days=1)
#: Steps of seized drugs of the last days beside those of the story: (exhibit, step, days before today, grams).
EXHIBITS: Final = (
    ("R1", "seized", 5, "3.20"),
    ("R2", "seized", 4, "186.00"),
    ("R3", "seized", 3, "12.40"),
    ("R3", "sampled", 2, "0.50"),
)


def record_events() -> None:
    """In the order of the law: community measures, counters, isolation, custody in criminal cases, notices."""
    _in_custody()
    _looked_into()
    _detained_for_a_while()
    _counted()
    _isolation()
    _notices()
    _criminal()
    _exhibits()


def _of(unit: str, code: str) -> QuerySet[RunningClock]:
    return RunningClock.objects.filter(unit__code=unit, code=code, end="").order_by("started_on", "pk")


def _say(running: RunningClock, keeper_of: str, given: Given) -> ClockEvent:
    running.refresh_from_db()
    return clocks.record(running=running, given=given, version=running.version, by=keeper(keeper_of))


def _in_custody() -> None:
    """Somebody who did not report was in custody since the fifth day: the clock stands still, nobody is late."""
    running = _of(LATE_TOWN, "D20").last()
    if running is not None and running.started_on is not None:
        _say(running, LATE_TOWN, Given("custody", running.started_on + 5 * DAY, paper="拘通字〔2022〕61号"))


def _looked_into() -> None:
    """Another one's decision is open, and three of its five lines have been looked into."""
    running = _of(LATE_TOWN, "D20").filter(last_day__lt=clock.today()).first()
    if running is not None:
        for position, finding in ((0, "yes"), (1, "no"), (3, "yes")):
            clock_decisions.look_into(
                running=running, position=position, finding=finding, turn=0, by=keeper(LATE_TOWN)
            )


def _detained_for_a_while() -> None:
    """Two in one town: detained and released, so that the term ends later; one still detained."""
    for place, running in enumerate(_of(PRISON_TOWN, "D22")[:3]):
        first = date(2022, 6, 1) + place * 40 * DAY
        _say(running, PRISON_TOWN, Given("detained", first, paper=f"拘通字〔2022〕{70 + place}号"))
        if place < 2:
            _say(running, PRISON_TOWN, Given("released", first + 15 * DAY))


def _counted() -> None:
    """Refusals with one objection, and absences of which a lawful stretch is taken out."""
    refusing, leaving = _of(COUNTING_TOWN, "D24").first(), _of(COUNTING_TOWN, "D25").last()
    if refusing is not None:
        said = [_say(refusing, COUNTING_TOWN, Given("refused", day)) for day in _days(2022, 8, (9, 16, 30))]
        refusing.refresh_from_db()
        clocks.object_to(
            event=said[1],
            reason="本人说当天在县医院输液,有病历",
            version=refusing.version,
            by=keeper(COUNTING_TOWN),
        )
    if leaving is not None:
        _say(leaving, COUNTING_TOWN, Given("left", date(2022, 9, 3), until=date(2022, 9, 12)))
        _say(leaving, COUNTING_TOWN, Given("lawful", date(2022, 9, 8), until=date(2022, 9, 10)))


def _days(year: int, month: int, days: tuple[int, ...]) -> list[date]:
    return [date(year, month, day) for day in days]


def _isolation() -> None:
    """One escaped and was brought back, one was extended by half a year."""
    running = list(_of(ISOLATING_TOWN, "D40").filter(started_on__lt=date(2022, 1, 1))[:2])
    if len(running) == 2:
        _say(running[0], ISOLATING_TOWN, Given("escaped", date(2022, 3, 4)))
        _say(running[0], ISOLATING_TOWN, Given("recovered", date(2022, 4, 2)))
        more = Given(
            "extended", date(2022, 10, 20), term="6 month", approved_by="市公安局", paper="强延字〔2022〕3号"
        )
        _say(running[1], ISOLATING_TOWN, more)


def _notices() -> None:
    """Notices to the town that came in time; every third is still waited for."""
    notices = RunningClock.objects.filter(code__in=("D30", "D52"), end="").select_related("unit")
    for place, running in enumerate(notices.order_by("started_on", "pk")):
        if place % 3 and running.last_day is not None and running.last_day < clock.today():
            _say(running, running.unit.code, Given("done", running.last_day))


def _criminal() -> None:
    """Families were told and suspects questioned within a day; investigations were concluded in time, two were extended; which
    case of the law a detention was is said of most."""
    told = RunningClock.objects.filter(code__in=("D170", "D171"), end="").select_related("unit")
    for running in told.order_by("started_on", "pk"):
        if running.started_on is not None:
            _say(running, running.unit.code, Given("done", running.started_on))
    late = RunningClock.objects.filter(code="D72", end="", last_day__lt=clock.today()).select_related("unit")
    for place, running in enumerate(late.order_by("started_on", "pk")):
        assert running.last_day is not None  # the question asked for those that have a day
        given = Given("concluded", running.last_day - 4 * DAY)
        if running.last_day > clock.today() - 20 * DAY and place % 3 == 0:
            given = Given(
                "extended_1", running.last_day - 7 * DAY, approved_by="演示州人民检察院", paper=f"州检延〔2022〕{place}号"
            )
        _say(running, running.unit.code, given)
    held = RunningClock.objects.filter(code="D70", end="").select_related("unit")
    for running in held.order_by("started_on", "pk")[:7]:
        clocks.choose(running=running, option="roaming", version=running.version, by=keeper(running.unit.code))
        _say(running, running.unit.code, Given("requested", (running.started_on or clock.today()) + 9 * DAY))


def _exhibits() -> None:
    """Seized drugs of the last days: one whose sample is late, one with the time extended, one sampled and not yet in the store."""
    known = Movement.objects.filter(kind="drug").order_by("-moved_on", "pk").select_related("case", "unit").first()
    if known is None:
        return
    today = clock.today()
    for _exhibit, steps in groupby(EXHIBITS, key=itemgetter(0)):
        _move(known, *((name, stage, today - days * DAY, grams) for name, stage, days, grams in steps))
    extended = RunningClock.objects.filter(code="D206", end="", started_on=today - 4 * DAY).first()
    if extended is not None:
        _say(extended, known.unit.code, Given("extended", today - 2 * DAY, term="4 day", paper="延检字〔2022〕5号"))


def _move(known: Movement, *steps: tuple[str, str, date, str]) -> None:
    """Steps of an exhibit in the case of a known one, entered the way a form does."""
    ledger, case = registry.get("exhibits"), Case.objects.get(pk=known.case_id)
    writing = Writing(by=keeper(known.unit.code), on=clock.today())
    drafts = []
    for number, (exhibit, stage, on, grams) in enumerate(steps, start=1):
        values: dict[str, Any] = {"case_number": case.number, "exhibit": exhibit, "stage": stage, "moved_on": on}
        values |= {"kind": "drug", "drug": known.drug, "quantity": Decimal(grams), "measure": "g", "handlers": known.handlers}
        drafts.append(Draft(number, values, division_id=known.division_id, unit_id=known.unit_id))
    assert ledger.prepare is not None and ledger.check is not None  # this ledger has both
    ledger.prepare(drafts, writing)
    problems = [one.message for draft in drafts for one in (*draft.problems, *ledger.check(draft.values))]
    if problems:
        raise ValueError(";".join(problems))
    ledger.create(drafts=drafts, writing=writing)
