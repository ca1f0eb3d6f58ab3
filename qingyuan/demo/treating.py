"""What the clinic of the fictional city writes down, and what crossed a wall by a signed gate: all through the actions people use.

The clinics' people are invented here and appear in no other room: a wall is not shown by joining over it. One clinic is large enough
for most of its months to leave it as numbers; of the other, small one nothing is known but that it has told.
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

CLINIC, SMALL_CLINIC, POLICE, OFFICE = "clinic", "hospital", "police", "office"
TOLD_TOWN, TELLING_TOWN = "longdong", "shiqiao"
DAY: Final = timedelta(days=1)
PATIENTS, MAINTAINED = 18, 11
YEAR_BEFORE: Final = 32
DOSE_DAYS: Final = 44
#: By month of this year how many more signed an agreement as outpatients and as inpatients: of most months five and more of each, or none.
SIGNED: Final = {1: (6, 0), 2: (2, 0), 3: (7, 5), 4: (5, 0), 5: (7, 6), 6: (6, 0), 7: (3, 0), 8: (6, 5), 9: (5, 4), 10: (7, 5)}
#: Of the cohort of two years ago: who left before twelve months, who left later, who is in treatment still.
COHORT_YEAR, GONE, LEFT_LATER, STILL = 2020, 5, 5, 4
#: Agreements of the small clinic, one every six weeks.
SMALL_PATIENTS: Final = 7
REFUSAL: Final = "11 月 14 日书面通知报到,本人当面表示不参加社区戒毒,两名工作人员在场。"


def treat() -> None:
    """Agreements of the year, people in maintenance treatment with six weeks of doses, a few tests; a cohort that is two years on;
    and a small clinic with a handful."""
    crowd, writing = Crowd(SEED + 31), Writing(by=keeper(CLINIC), on=clock.today())
    patients = [crowd.person(24, 52) for _ in range(PATIENTS)]
    signed = [_agreement(person, place, writing.on) for place, person in enumerate(patients)]
    in_months = list(_signed_in_months(crowd, writing.on.year))
    enter("treatment_agreements", [*signed, *in_months], writing)
    kept, cohort = patients[:MAINTAINED], [crowd.person(24, 52) for _ in range(GONE + LEFT_LATER + STILL)]
    enrolled = [_enrolment(person, place, writing.on) for place, person in enumerate(kept)]
    enter("maintenance", [*enrolled, *(_of_cohort(person, place) for place, person in enumerate(cohort))], writing)
    dosed = [*kept[1:], *cohort[-STILL:]]
    enter("maintenance_doses", [dose for place, person in enumerate(dosed) for dose in _doses(person, place, writing.on)], writing)
    enter("treatment_entries", [*_entries(patients, writing.on), *_entries_of(in_months)], writing)
    _year_before(writing)
    enter("medical_tests", [_test(person, place, writing.on) for place, person in enumerate(kept[:6])], writing)
    small = Writing(by=keeper(SMALL_CLINIC), on=writing.on)
    few = [crowd.person(24, 52) for _ in range(SMALL_PATIENTS)]
    rows = [_of(one) | {"way": "outpatient", "signed_on": small.on - (9 + 42 * place) * DAY, "confidentiality": True} for place, one in enumerate(few)]
    enter("treatment_agreements", rows, small)


def tell_months() -> list[GateAct]:
    """The large clinic's last December and every month of this year that is over, as its page closes them; of the small one the
    last: the office has signed for all."""
    on = clock.today()
    months = [date(on.year - 1, 12, 1), *(date(on.year, month, 1) for month in range(1, on.month))]
    acts = [_told(month, CLINIC) for month in months]
    acts.append(_told(months[-1], SMALL_CLINIC))
    for act in acts:
        _received(act, OFFICE)
    return acts


def hand_across() -> list[GateAct]:
    """Gates that were used: two enrolments filed with the police and one refusal, a decision to a town."""
    enrolled = _own("maintenance", CLINIC)
    acts = [_signed("G1", CLINIC, POLICE, {}, "maintenance", next(enrolled)) for _ in range(2)]
    refused = {"what": "refused", "happened_on": "2022-11-16", "facts": REFUSAL}
    acts.append(_signed("G4", TELLING_TOWN, POLICE, refused, "measures", next(_own("measures", TELLING_TOWN))))
    decided = {"what": "detox", "document_number": "云公(禁)社戒决字〔2022〕118号", "decided_on": "2022-11-18"}
    acts.append(_signed("G5", POLICE, TOLD_TOWN, decided, "parties", next(_own("parties", POLICE))))
    _received(acts[0], POLICE)
    return acts


def _signed_in_months(crowd: Crowd, year: int) -> Iterator[dict[str, Any]]:
    """Treatments that ended after two months or go on; each by somebody else."""
    for month, counts_of in SIGNED.items():
        for way, count in zip(("outpatient", "inpatient"), counts_of, strict=True):
            for place in range(count):
                signed = date(year, month, 2 + 3 * place)
                values = {"way": way, "signed_on": signed, "confidentiality": True}
                if month <= 8:
                    values |= {"ended_on": signed + 60 * DAY, "end_reason": "completed" if place % 3 else "own_wish"}
                yield _of(crowd.person(22, 54)) | values


def _of_cohort(person: Person, place: int) -> dict[str, Any]:
    began = date(COHORT_YEAR, 1 + place % 12, 3 + place)
    values: dict[str, Any] = {"medicine": "methadone", "enrolled_on": began}
    if place < GONE:
        values |= {"left_on": began + (90 + 40 * place) * DAY, "left_reason": "not_seen" if place % 2 else "own_wish"}
    elif place < GONE + LEFT_LATER:
        values |= {"left_on": began + (400 + 25 * place) * DAY, "left_reason": "moved" if place % 2 else "completed"}
    return _of(person) | values


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


def _entries_of(agreements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same of agreements, one in twenty forgotten."""
    return [
        {name: one[name] for name in ("name", "id_number")} | _asked(place) | {"entered_on": one["signed_on"]}
        for place, one in enumerate(agreements)
        if place % 20 != 19
    ]


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


def _told(month: date, clinic: str) -> GateAct:
    """A month (its first day), closed as the clinic's page closes it."""
    return counts.sign(to_unit=Unit.objects.get(code=OFFICE), month=month, by=keeper(clinic))


def _received(act: GateAct, username: str) -> GateDelivery:
    by: Actor = keeper(username)
    delivery = queries.inbox(by, clock.today()).get(reference=act.reference)
    own = matching.own_client(delivery, by, clock.today(), path="/gates/")
    return gates.receive(delivery=delivery, by=by, person=own.pk if own else None)
