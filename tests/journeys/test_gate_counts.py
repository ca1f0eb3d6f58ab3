"""Gate G7: a clinic's month leaves closed, and what is left cannot be added up again."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from qingyuan.casework.actions import gates as actions
from qingyuan.casework.actions.gates import GateRefused
from qingyuan.casework.gates.queries import months_told
from qingyuan.casework.gates.table import BY_CODE
from qingyuan.journeys.gates.counts import FEW, KEPT, closed_counts, said
from qingyuan.treatment.queries import LABELS, SUMS, month_counts
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
    typed = {"month": f"{month:%Y-%m}", "counts": said(counts)}
    actions.sign(gate=BY_CODE["G7"], to_unit=city.units["office"], typed=typed, by=city.actor("doctor"))
    return counts[-1].text


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
