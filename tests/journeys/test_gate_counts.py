"""Gate G7: a clinic's month leaves closed, and what is left cannot be added up again."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from qingyuan.casework.actions.gates import GateRefused
from qingyuan.casework.gates.queries import months_told
from qingyuan.casework.gates.table import BY_CODE
from qingyuan.journeys.gates.counts import FEW, KEPT, closed_counts, said
from qingyuan.journeys.gates.counts import sign as sign_month
from qingyuan.ledgers.models import FactRow, OutboxEntry
from qingyuan.treatment.models import Enrolment
from qingyuan.treatment.queries import COHORT, LABELS, SUMS, month_counts
from tests.cast import City, id_number

pytestmark = pytest.mark.django_db
MONTH = date(2022, 10, 1)


def sign(city: City, serial: int, way: str, day: int = 5) -> dict[str, Any]:
    person = {"name": f"测试{'甲乙丙丁戊己庚辛壬癸'[serial % 10]}", "id_number": id_number(600 + serial)}
    return person | {"way": way, "signed_on": date(2022, 10, day), "confidentiality": True}


def shown(city: City) -> list[str]:
    return [one.text for one in closed_counts(city.units["clinic"].pk, MONTH)]


def test_a_month_without_anybody_says_zero(city: City) -> None:
    assert shown(city) == ["0"] * len(LABELS)


def test_fewer_than_five_people_are_not_said_and_cannot_be_worked_out(city: City) -> None:
    """Nine agreements, two of them inpatient: neither part nor a total beside one of them is left to subtract from."""
    rows = [sign(city, serial, "outpatient") for serial in range(7)] + [sign(city, serial, "inpatient") for serial in (7, 8)]
    city.enter("treatment_agreements", "doctor", *rows)
    found = month_counts(city.units["clinic"].pk, MONTH)
    assert (found["agreements"], found["outpatient"], found["inpatient"]) == (9, 7, 2)
    total, outpatient, inpatient, _held = shown(city)
    assert inpatient == FEW and KEPT in (total, outpatient), "one of the two others is closed with it"
    assert "2" not in (total, outpatient, inpatient)


def test_five_and_more_are_said(city: City) -> None:
    rows = [sign(city, serial, "outpatient") for serial in range(5)] + [sign(city, serial, "inpatient") for serial in range(5, 10)]
    city.enter("treatment_agreements", "doctor", *rows)
    assert shown(city)[:3] == ["10", "5", "5"]


def test_people_are_counted_and_not_rows_and_the_next_month_is_another(city: City) -> None:
    again = [sign(city, 0, "outpatient", 5), sign(city, 0, "inpatient", 9), sign(city, 1, "inpatient") | {"signed_on": date(2022, 11, 1)}]
    city.enter("treatment_agreements", "doctor", *again)
    found = month_counts(city.units["clinic"].pk, MONTH)
    assert (found["agreements"], found["outpatient"], found["inpatient"]) == (1, 0, 1)


def test_who_left_is_in_maintenance_no_longer_and_another_clinic_is_not_counted(city: City) -> None:
    person = {"name": "测试甲", "id_number": id_number(601), "medicine": "methadone", "enrolled_on": date(2022, 3, 1)}
    left = {"name": "测试乙", "id_number": id_number(602), "medicine": "methadone", "enrolled_on": date(2022, 3, 1)}
    city.enter("maintenance", "doctor", person, left | {"left_on": date(2022, 10, 20), "left_reason": "moved"})
    assert month_counts(city.units["clinic"].pk, MONTH)["in_maintenance"] == 1
    assert month_counts(city.units["clinic"].pk, date(2022, 9, 1))["in_maintenance"] == 2
    assert month_counts(city.units["police"].pk, MONTH)["in_maintenance"] == 0


def test_every_number_of_a_sum_has_its_words(city: City) -> None:
    found = month_counts(city.units["clinic"].pk, MONTH)
    assert set(found) == set(LABELS) and all(found[total] == sum(found[part] for part in parts) for total, parts in SUMS)
    assert "门诊治疗:0" in said(closed_counts(city.units["clinic"].pk, MONTH))


# --- months beside each other ---------------------------------------------------------------------------------------------
def enrolled(city: City, serials: range, day: date) -> None:
    rows = [
        {"name": f"测试{'甲乙丙丁戊己庚辛壬癸'[serial % 10]}", "id_number": id_number(700 + serial), "medicine": "methadone", "enrolled_on": day}
        for serial in serials
    ]
    city.enter("maintenance", "doctor", *rows)


def told(city: City, month: date) -> str:
    """Sign for a month as the clinic does, and read what left of the people in maintenance."""
    counts = closed_counts(city.units["clinic"].pk, month)
    act = sign_month(to_unit=city.units["office"], month=month, by=city.actor("doctor"))
    assert act.values == {"month": f"{month:%Y-%m}", "counts": said(counts)}
    return counts[len(LABELS) - 1].text


def test_a_month_that_would_tell_how_few_came_since_another_stays_closed(city: City) -> None:
    """Twelve, then thirteen: the one who came would be told. Eighteen may be said again: six came since what was told."""
    enrolled(city, range(12), date(2022, 6, 5))
    enrolled(city, range(12, 13), date(2022, 7, 5))
    enrolled(city, range(13, 18), date(2022, 8, 5))
    enrolled(city, range(18, 20), date(2022, 9, 5))
    months = [date(2022, number, 1) for number in (6, 7, 8, 9)]
    assert [told(city, month) for month in months] == ["12", KEPT, "18", KEPT]


def test_no_two_months_that_left_differ_by_one_to_four_people(city: City) -> None:
    """Whatever comes and goes: every pair of numbers that was handed over is equal, or five and more apart."""
    rng = random.Random(20221123)
    serial = 0
    for number in range(1, 11):
        many = rng.randint(0, 7)
        enrolled(city, range(serial, serial + many), date(2022, number, 3))
        serial += many
        told(city, date(2022, number, 1))
    texts = months_told(city.units["clinic"].pk, BY_CODE["G7"]).values()
    left = [int(text.splitlines()[-1].rpartition(":")[2]) for text in texts if text.splitlines()[-1][-1].isdigit() and FEW not in text.splitlines()[-1]]
    assert len(left) >= 3
    assert all(abs(one - other) == 0 or abs(one - other) >= 5 for one in left for other in left)


def test_a_month_is_told_once(city: City) -> None:
    """Sent again after somebody was entered late, the two would tell that one person."""
    enrolled(city, range(12), date(2022, 6, 5))
    told(city, date(2022, 6, 1))
    with pytest.raises(GateRefused, match="2022-06 的汇总数已经报过"):
        told(city, date(2022, 6, 1))


# --- what becomes of the numbers ----------------------------------------------------------------------------------------
def cells(city: City, month: date) -> dict[str, Any]:
    """The cell the observatory got of a month the clinic signed for."""
    fact = FactRow.objects.get(fact="treatment_months", happened_on__year=month.year, happened_on__month=month.month)
    assert fact.unit_id == city.units["clinic"].pk and OutboxEntry.objects.filter(fact="treatment_months").exists()
    data: dict[str, Any] = fact.data
    return data


def came(city: City, serial: int, enrolled_on: date, left_on: date | None = None) -> None:
    person = {"name": f"测试{'甲乙丙丁戊己庚辛壬癸'[serial % 10]}", "id_number": id_number(700 + serial), "medicine": "methadone"}
    left = {} if left_on is None else {"left_on": left_on, "left_reason": "own_wish"}
    city.enter("maintenance", "doctor", person | {"enrolled_on": enrolled_on} | left)


def brute_force(year: int) -> dict[str, int]:
    """Of whoever came in ``year``: who took part on the day twelve months after first coming. Row by row, day by day."""
    stays = [(one.patient_id, one.enrolled_on, one.left_on) for one in Enrolment.objects.all()]
    kept = gone = 0
    for person in {who for who, began, _ended in stays if began.year == year}:
        first = min(began for who, began, _ended in stays if who == person and began.year == year)
        last_day = 28 if (first.month, first.day) == (2, 29) else first.day
        then = date(first.year + 1, first.month, last_day)
        there = any(who == person and began <= then and (ended is None or ended >= then) for who, began, ended in stays if began.year >= year)
        kept, gone = kept + there, gone + (not there)
    return {"cohort": kept + gone, "kept": kept, "gone": gone}


def test_only_what_left_open_reaches_the_observatory_and_no_person_with_it(city: City) -> None:
    rows = [sign(city, serial, "outpatient") for serial in range(7)] + [sign(city, serial, "inpatient") for serial in (7, 8)]
    city.enter("treatment_agreements", "doctor", *rows)
    told(city, MONTH)
    found = cells(city, MONTH)
    assert set(found) == {*LABELS, *COHORT, "yearly"} and found["yearly"] is False
    assert found["inpatient"] is None, "two people"
    assert None in (found["agreements"], found["outpatient"]), "and what would tell them"
    assert found["in_maintenance"] == 0 and found["cohort"] is None


def test_december_tells_how_those_fared_who_came_the_year_before(city: City) -> None:
    """Six stayed, five left within the year, one left and was back on the day: of twelve people seven were kept."""
    for serial in range(6):
        came(city, serial, date(2020, 3 + serial, 4))
    for serial in range(6, 11):
        came(city, serial, date(2020, 2, 29), date(2020, 9, 1))
    came(city, 11, date(2020, 5, 5), date(2020, 8, 1))
    came(city, 11, date(2021, 1, 10))
    came(city, 12, date(2021, 1, 10))
    december = date(2021, 12, 1)
    found = month_counts(city.units["clinic"].pk, december)
    assert {key: found[key] for key in COHORT} == brute_force(2020) == {"cohort": 12, "kept": 7, "gone": 5}
    told(city, december)
    assert {key: cells(city, december)[key] for key in (*COHORT, "yearly")} == {"cohort": 12, "kept": 7, "gone": 5, "yearly": True}


@pytest.mark.parametrize("seed", range(3))
def test_the_cohort_is_what_somebody_counting_row_by_row_finds(city: City, seed: int) -> None:
    rng = random.Random(seed)
    for serial in range(12):
        began = date(2020, 1, 1) + timedelta(days=rng.randrange(500))
        ended = began + timedelta(days=rng.choice([20, 300, 365, 366, 400])) if rng.random() < 0.6 else None
        came(city, serial, began, ended)
        if ended is not None and rng.random() < 0.5:
            came(city, serial, ended + timedelta(days=rng.randrange(1, 200)))
    found = month_counts(city.units["clinic"].pk, date(2021, 12, 1))
    assert {key: found[key] for key in COHORT} == brute_force(2020)


def test_a_few_who_left_close_what_would_tell_them(city: City) -> None:
    for serial in range(10):
        came(city, serial, date(2020, 3, 4), date(2020, 9, 1) if serial < 2 else None)
    told(city, date(2021, 12, 1))
    found = cells(city, date(2021, 12, 1))
    assert found["gone"] is None and None in (found["cohort"], found["kept"])


def test_a_month_that_is_refused_publishes_nothing_more(city: City) -> None:
    told(city, MONTH)
    with pytest.raises(GateRefused):
        told(city, MONTH)
    assert FactRow.objects.filter(fact="treatment_months").count() == 1
