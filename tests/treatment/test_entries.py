"""What is asked when a treatment begins: what cannot be true together, whose it is, each person once a year."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qingyuan.foundation.crypto import looks_encrypted
from qingyuan.ledgers import registry
from qingyuan.ledgers.queries import rows
from qingyuan.reference.catalogue import get_list
from qingyuan.reference.tables import read_table
from qingyuan.treatment import entries, rules
from qingyuan.treatment.models import TreatmentEntry
from tests.cast import TODAY, City, id_number
from tests.security.planted_treatment import ASKED, second_clinic

YEAR = 2022
BORN_1991 = id_number(641)


def entered(city: City, serial: int, *days: date, who: str = "doctor", **answers: Any) -> None:
    """A person who signed an agreement on each day and was asked."""
    person = {"name": f"治疗{'甲乙丙丁戊己庚辛壬癸'[serial % 10]}", "id_number": id_number(640 + serial)}
    for day in days:
        city.enter("treatment_agreements", who, person | {"way": "outpatient", "signed_on": day, "confidentiality": True})
        city.enter("treatment_entries", who, person | ASKED | answers | {"entered_on": day})


def counted(city: City, key: str, who: str = "doctor") -> dict[str, tuple[int, int]]:
    item = next(one for one in entries.tabulated(city.actor(who), YEAR, TODAY).items if one.key == key)
    return {row.key: (row.everyone, row.first_ever) for row in item.rows if row.everyone}


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ({}, []),
        ({"treated_before": "never", "maintenance_before": "before"}, ["treated_before"]),
        ({"route": "inject", "injecting": "never"}, ["injecting"]),
        ({"route": "inject", "injecting": "current"}, []),
        ({"second_substance": "opioids"}, ["second_substance"]),
        ({"second_substance": "ats", "third_substance": "ats"}, ["third_substance"]),
        ({"second_substance": "unknown", "third_substance": "unknown"}, []),
        ({"first_use_age": 3}, ["first_use_age"]),
        ({"first_use_age": 31}, []),
        ({"first_use_age": 32}, ["first_use_age"]),
        ({"first_use_age": None}, []),
    ],
)
def test_answers_that_cannot_be_true_together_are_refused(changes: dict[str, Any], columns: list[str]) -> None:
    asked = ASKED | {"id_number": BORN_1991, "entered_on": date(2022, 2, 1)}
    assert [problem.column for problem in rules.check_entry(asked | changes)] == columns


def test_no_hiv_status_nor_any_test_has_a_place_in_it() -> None:
    ledger = registry.get("treatment_entries")
    words = " ".join([ledger.title, *(str(column.header) + "".join(column.aliases) for column in ledger.columns)])
    words += " ".join(term for column in ledger.columns if column.code_list for code in get_list(column.code_list) for term in code.terms)
    assert not any(word in words.lower() for word in ("艾滋", "hiv", "hcv", "丙肝", "抗体", "检测", "子女"))
    assert ledger.facts is None


def test_every_class_of_the_product_s_drugs_is_a_class_of_an_entry() -> None:
    groups = {row["un_group"] for row in read_table("drugs")}
    assert groups <= {code.code for code in get_list("substance_classes")}


@pytest.mark.django_db
def test_an_entry_is_of_a_treatment_that_began_that_day(city: City) -> None:
    entered(city, 1, date(2022, 2, 1))
    person = {"name": "治疗乙", "id_number": BORN_1991}
    with pytest.raises(AssertionError, match="没有签协议"):
        city.enter("treatment_entries", "doctor", person | ASKED | {"entered_on": date(2022, 2, 2)})
    with pytest.raises(AssertionError, match="没有登记这个人"):
        city.enter("treatment_entries", "doctor", {"name": "生人", "id_number": id_number(777)} | ASKED)


@pytest.mark.django_db
def test_nothing_of_an_answer_stands_in_clear_in_the_database(city: City) -> None:
    entered(city, 1, date(2022, 2, 1))
    for name in ("source", "treated_before", "living_with", "substance", "route", "injecting", "second_substance", "first_use_age"):
        [stored] = TreatmentEntry._base_manager.extra(select={"raw": f'"{name}"'}).values_list("raw", flat=True)
        assert stored and looks_encrypted(str(stored)), name
        assert str(ASKED[name]) not in str(stored) or name == "first_use_age", "two digits stand in many a ciphertext"


@pytest.mark.django_db
def test_a_person_is_counted_once_a_year_by_the_first_entry(city: City) -> None:
    entered(city, 1, date(2022, 2, 1), substance="ats", second_substance="")
    person = {"name": "治疗乙", "id_number": BORN_1991}
    later = date(2022, 6, 1)
    city.enter("maintenance", "doctor", person | {"medicine": "methadone", "enrolled_on": later})
    city.enter("treatment_entries", "doctor", person | ASKED | {"entered_on": later, "treated_before": "before"})
    entered(city, 2, date(2022, 3, 1), treated_before="before")
    entered(city, 3, date(2021, 12, 31))
    found = entries.tabulated(city.actor("doctor"), YEAR, TODAY)
    assert (found.everyone, found.first_ever, found.unasked) == (2, 1, 0)
    assert counted(city, "substance") == {"ats": (1, 1), "opioids": (1, 0)}
    assert counted(city, "age") == {"2": (2, 1)} and counted(city, "besides") == {"ats": (1, 0)}
    assert entries.years(city.actor("doctor"), TODAY) == [2022, 2021]


@pytest.mark.django_db
def test_who_was_not_asked_is_counted_and_another_clinic_has_nothing_of_it(city: City) -> None:
    second_clinic(city)
    entered(city, 1, date(2022, 2, 1))
    person = {"name": "治疗丙", "id_number": id_number(642)}
    city.enter("treatment_agreements", "doctor", person | {"way": "inpatient", "signed_on": date(2022, 5, 1), "confidentiality": True})
    assert entries.tabulated(city.actor("doctor"), YEAR, TODAY).unasked == 1
    far = entries.tabulated(city.actor("far_doctor"), YEAR, TODAY)
    assert (far.everyone, far.unasked) == (0, 0) and entries.years(city.actor("far_doctor"), TODAY) == [2022]
    for who in ("officer", "clerk", "supervisor", "auditor"):
        assert entries.tabulated(city.actor(who), YEAR, TODAY).everyone == 0, who


@pytest.mark.django_db
def test_a_changed_entry_moves_its_row_and_a_voided_one_leaves_the_table(city: City) -> None:
    entered(city, 1, date(2022, 2, 1))
    ledger, [row] = registry.get("treatment_entries"), list(TreatmentEntry.objects.all())
    ledger.void(rows=[row], writing=city.writing("doctor", "登记错误"))
    assert entries.tabulated(city.actor("doctor"), YEAR, TODAY).everyone == 0
    assert not rows(ledger, city.actor("doctor"), TODAY).exists()
