"""What the clinic of the fictional city writes down, and what crossed a wall by a signed gate: all through the actions people use.

The clinic's people are invented here and appear in no other room: a wall is not shown by joining over it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from qingyuan.casework.actions import gates
from qingyuan.casework.gates import queries
from qingyuan.casework.gates.table import BY_CODE, Gate
from qingyuan.casework.models import GateAct, GateDelivery
from qingyuan.demo.loading import keeper
from qingyuan.demo.people import Crowd, Person
from qingyuan.demo.story.telling import SEED
from qingyuan.demo.ways import enter
from qingyuan.foundation import clock
from qingyuan.journeys.gates import counts, matching
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Writing
from qingyuan.ledgers.queries import rows
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Unit

CLINIC, POLICE, OFFICE = "clinic", "police", "office"
TOLD_TOWN, TELLING_TOWN = "longdong", "shiqiao"
DAY: Final = timedelta(days=1)
PATIENTS, MAINTAINED = 18, 11
YEAR_BEFORE: Final = 32
DOSE_DAYS: Final = 44
REFUSAL: Final = "11 月 14 日书面通知报到,本人当面表示不参加社区戒毒,两名工作人员在场。"


def treat() -> None:
    """Agreements of the year, eleven in maintenance treatment with six weeks of doses, a few tests."""
    crowd, writing = Crowd(SEED + 31), Writing(by=keeper(CLINIC), on=clock.today())
    patients = [crowd.person(24, 52) for _ in range(PATIENTS)]
    enter("treatment_agreements", [_agreement(person, place, writing.on) for place, person in enumerate(patients)], writing)
    kept = patients[:MAINTAINED]
    enter("maintenance", [_enrolment(person, place, writing.on) for place, person in enumerate(kept)], writing)
    enter("maintenance_doses", [dose for place, person in enumerate(kept[1:]) for dose in _doses(person, place, writing.on)], writing)
    enter("treatment_entries", _entries(patients, writing.on), writing)
    _year_before(writing)
    enter("medical_tests", [_test(person, place, writing.on) for place, person in enumerate(kept[:6])], writing)


def hand_across() -> list[GateAct]:
    """Gates that were used: two enrolments filed with the police and one refusal, the office's counts, a decision to a town."""
    enrolled = _own("maintenance", CLINIC)
    acts = [_signed("G1", CLINIC, POLICE, {}, "maintenance", next(enrolled)) for _ in range(2)]
    refused = {"what": "refused", "happened_on": "2022-11-16", "facts": REFUSAL}
    acts.append(_signed("G4", TELLING_TOWN, POLICE, refused, "measures", next(_own("measures", TELLING_TOWN))))
    acts.append(_told(clock.today()))
    decided = {"what": "detox", "document_number": "云公(禁)社戒决字〔2022〕118号", "decided_on": "2022-11-18"}
    acts.append(_signed("G5", POLICE, TOLD_TOWN, decided, "parties", next(_own("parties", POLICE))))
    _received(acts[0], POLICE)
    _received(acts[3], OFFICE)
    return acts


def _agreement(person: Person, place: int, on: date) -> dict[str, Any]:
    signed = _signed_on(place, on)
    values = {"way": "inpatient" if place % 4 == 3 else "outpatient", "signed_on": signed, "confidentiality": True}
    if place >= MAINTAINED + 4:
        values |= {"ended_on": signed + 60 * DAY, "end_reason": "completed"}
    return _of(person) | values


def _signed_on(place: int, on: date) -> date:
    return on - (12 + 17 * place) * DAY


def _enrolment(person: Person, place: int, on: date) -> dict[str, Any]:
    began = on - (26 + 19 * place) * DAY
    values = {"medicine": "buprenorphine" if place % 5 == 4 else "methadone", "enrolled_on": began}
    if place == 0:
        values |= {"left_on": on - 9 * DAY, "left_reason": "own_wish"}
    return _of(person) | values


def _doses(person: Person, place: int, on: date) -> Iterator[dict[str, Any]]:
    """The last six weeks up to yesterday; now and then somebody did not come."""
    for back in range(DOSE_DAYS, 0, -1):
        came = (back * 7 + place * 3) % 23 != 0
        given: dict[str, Any] = {"attendance": "taken", "dose_mg": Decimal(35 + 5 * place)} if came else {"attendance": "missed"}
        yield _of(person) | {"due_on": on - back * DAY} | given


def _entries(patients: list[Person], on: date) -> list[dict[str, Any]]:
    """What was asked on the day of the agreement; of the last two nobody has asked yet."""
    return [_of(person) | _asked(place) | {"entered_on": _signed_on(place, on)} for place, person in enumerate(patients[:-2])]


def _year_before(writing: Writing) -> None:
    """People of the year before, whose year is over and stands in a file."""
    crowd, first = Crowd(SEED + 37), date(writing.on.year - 1, 2, 8)
    people = [crowd.person(24, 52) for _ in range(YEAR_BEFORE)]
    days = [first + 8 * place * DAY for place in range(YEAR_BEFORE)]
    agreement = {"way": "outpatient", "confidentiality": True, "end_reason": "completed"}
    signed = [
        _of(person) | agreement | {"signed_on": day, "ended_on": day + 90 * DAY} for person, day in zip(people, days, strict=True)
    ]
    enter("treatment_agreements", signed, writing)
    asked = [_of(person) | _asked(place) | {"entered_on": day} for place, (person, day) in enumerate(zip(people, days, strict=True))]
    enter("treatment_entries", asked, writing)


def _asked(place: int) -> dict[str, Any]:
    """Answers that repeat with different steps, so that every item has its few and its many."""

    def one(step: int, *codes: str) -> str:
        return codes[place // step % len(codes)]

    route = one(1, "smoke", "smoke", "inject", "smoke")
    before = one(2, "never", "before", "before")
    return {
        "source": one(1, "self", "social", "self", "treatment", "justice"),
        "treated_before": before,
        "maintenance_before": "never" if before == "never" else one(3, "never", "before"),
        "living_with": one(1, "family", "alone", "family", "family", "others"),
        "living_where": one(3, "stable", "stable", "unstable"),
        "schooling": one(1, "lower", "primary", "lower", "upper"),
        "labour": one(2, "occasional", "unemployed", "regular"),
        "substance": one(2, "opioids", "ats", "opioids"),
        "route": route,
        "frequency": one(1, "daily", "most", "daily", "some", "none"),
        "first_use_age": 16 + place * 5 % 9 if place % 6 else None,
        "injecting": "current" if route == "inject" else one(2, "never", "long_ago", "never"),
        "second_substance": one(3, "", "sedatives", ""),
        "third_substance": "",
    }


def _test(person: Person, place: int, on: date) -> dict[str, Any]:
    return _of(person) | {"tested_on": on - (10 + 9 * place) * DAY, "sample": "urine", "result": "negative"}


def _of(person: Person) -> dict[str, Any]:
    return {"name": person.name, "id_number": person.id_number}


def _own(code: str, username: str) -> Iterator[Any]:
    """Rows of the unit itself, the newest first; a minor's are left alone."""
    ledger, by = registry.get(code), keeper(username)
    found = ledger.with_related(rows(ledger, by, clock.today())).filter(unit_id=by.unit_id)
    for row in found.order_by(f"-{ledger.dated_by}", "pk").iterator(chunk_size=100):
        if not ledger.shields(row):
            yield row


def _signed(code: str, giver: str, taker: str, typed: dict[str, str], ledger: str = "", row: Any | None = None) -> GateAct:
    gate: Gate = BY_CODE[code]
    return gates.sign(gate=gate, to_unit=Unit.objects.get(code=taker), typed=typed, by=keeper(giver), ledger=ledger, row=row)


def _told(on: date) -> GateAct:
    """The month before this one, closed as the clinic's page closes it."""
    month = (on.replace(day=1) - DAY).replace(day=1)
    return counts.sign(to_unit=Unit.objects.get(code=OFFICE), month=month, by=keeper(CLINIC))


def _received(act: GateAct, username: str) -> GateDelivery:
    by: Actor = keeper(username)
    delivery = queries.inbox(by, clock.today()).get(reference=act.reference)
    own = matching.own_client(delivery, by, clock.today(), path="/gates/")
    return gates.receive(delivery=delivery, by=by, person=own.pk if own else None)
