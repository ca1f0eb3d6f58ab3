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
    signed = on - (12 + 17 * place) * DAY
    values = {"way": "inpatient" if place % 4 == 3 else "outpatient", "signed_on": signed, "confidentiality": True}
    if place >= MAINTAINED + 4:
        values |= {"ended_on": signed + 60 * DAY, "end_reason": "completed"}
    return _of(person) | values


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
