"""A clinic's rows: written by its doctor, found by nobody else, by no page, no search, no file and no figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.http import HttpRequest, HttpResponse

from qingyuan.foundation import crypto
from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import registry
from qingyuan.ledgers.models import FactRow
from qingyuan.ledgers.queries import rows as visible_rows
from qingyuan.ledgers.writing import CannotVoid
from qingyuan.organisation.enums import Role
from qingyuan.organisation.policy import POLICY
from qingyuan.rehabilitation.models import Client
from qingyuan.treatment.actions import care
from qingyuan.treatment.models import Agreement, Dose, Enrolment, MedicalTest, Patient
from tests.cast import PEOPLE, TODAY, City, id_number, measure_values
from tests.security.planted import Planted
from tests.security.planted_treatment import PATIENTS, ROOM_LEDGERS, enter_patient, second_clinic
from tests.security.walker import Visitor, Walk
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
NAME, SERIAL = PATIENTS["doctor"]
OTHERS = sorted(set(PEOPLE) - {"doctor"})


@pytest.fixture
def clinic(city: City) -> City:
    second_clinic(city)
    enter_patient(city, "doctor", "甲")
    return city


def test_a_doctor_writes_and_reads_the_rows_of_the_own_clinic(clinic: City) -> None:
    browser = browser_of(clinic, "doctor")
    for code in ROOM_LEDGERS:
        page = text_of(browser.get(f"/ledgers/{code}/"))
        assert NAME in page and id_number(SERIAL) not in page, "the name stands clear, the number masked"
    assert "43.5" in text_of(browser.get("/ledgers/maintenance_doses/"))
    assert ReadEntry.objects.filter(ledger="maintenance_doses").exists(), "every look leaves a trace"


def test_nothing_of_a_patient_stands_in_clear_in_the_database(clinic: City) -> None:
    patient = Patient.objects.get()
    fields = {(Patient, "name"), (Patient, "id_number"), (Agreement, "note"), (Enrolment, "note"), (MedicalTest, "result")}
    for model, field in sorted(fields, key=str):
        stored = model._base_manager.extra(select={"raw": f'"{field}"'}).values_list("raw", flat=True)[0]
        assert stored and getattr(model._base_manager.first(), field) not in str(stored), f"{model.__name__}.{field}"
    assert patient.name == NAME


def test_the_same_person_has_no_key_that_two_rooms_or_two_clinics_share(clinic: City) -> None:
    clinic.enter("measures", "supervisor", measure_values(clinic, 0, name=NAME, id_number=id_number(SERIAL)))
    person = {"name": NAME, "id_number": id_number(SERIAL), "way": "inpatient", "signed_on": date(2022, 6, 1), "confidentiality": True}
    clinic.enter("treatment_agreements", "far_doctor", person)
    client, (one, other) = Client.objects.get(), Patient.objects.order_by("created_at")
    assert one.unit_id != other.unit_id and one.pk != other.pk
    assert not {one.pk, one.id_index, one.name_index} & {client.pk, client.id_index, client.name_index}
    assert crypto.blind_index(Compartment.COMMUNITY, "id_number", id_number(SERIAL)) not in {one.id_index, other.id_index}


def test_one_clinic_does_not_learn_that_another_knows_a_person(clinic: City) -> None:
    """Another name under the same number is refused inside the clinic; to another clinic nothing is said of it."""
    wrong = {"name": "别名", "id_number": id_number(SERIAL), "way": "inpatient", "signed_on": date(2022, 6, 1), "confidentiality": True}
    with pytest.raises(AssertionError, match="不符"):
        clinic.enter("treatment_agreements", "doctor", wrong)
    assert len(clinic.enter("treatment_agreements", "far_doctor", wrong)) == 1


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("code", ROOM_LEDGERS)
def test_no_other_role_opens_a_ledger_of_the_clinic(clinic: City, who: str, code: str) -> None:
    ledger = registry.get(code)
    assert not visible_rows(ledger, clinic.actor(who), TODAY).exists()
    answer = browser_of(clinic, who).get(f"/ledgers/{code}/")
    assert answer.status_code in (403, 404) and NAME[0] not in answer.content.decode()


def test_another_clinic_sees_an_empty_ledger(clinic: City) -> None:
    for code in ROOM_LEDGERS:
        page = browser_of(clinic, "far_doctor").get(f"/ledgers/{code}/?q={id_number(SERIAL)}")
        assert page.status_code == 200 and NAME[0] not in page.content.decode()
        assert not visible_rows(registry.get(code), clinic.actor("far_doctor"), TODAY).exists()


def test_only_doctors_stand_in_the_policy_and_no_emergency_opens_it() -> None:
    rules = [rule for rule in POLICY if rule.compartment == Compartment.TREATMENT]
    assert {rule.role for rule in rules} == {Role.DOCTOR} and not any(rule.emergency for rule in rules)


def test_no_row_of_a_clinic_becomes_a_fact_and_no_relation_leads_in(clinic: City) -> None:
    assert [ledger.code for ledger in registry.all_ledgers() if ledger.room == "treatment" and ledger.facts is not None] == []
    assert not FactRow.objects.filter(fact__in=ROOM_LEDGERS).exists()
    leading = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and getattr(field.related_model, "_meta", None) is not None
        and field.related_model._meta.app_label == "treatment" and model._meta.app_label != "treatment"
    }
    assert leading == set()


def test_a_dose_outside_an_enrolment_and_a_test_of_a_stranger_are_refused(clinic: City) -> None:
    person = {"name": NAME, "id_number": id_number(SERIAL)}
    with pytest.raises(AssertionError, match="没有在组的维持治疗"):
        clinic.enter("maintenance_doses", "doctor", person | {"due_on": date(2022, 2, 28), "attendance": "missed"})
    stranger = {"name": "生人", "id_number": id_number(777), "tested_on": date(2022, 3, 3)}
    with pytest.raises(AssertionError, match="没有登记这个人"):
        clinic.enter("medical_tests", "doctor", stranger | {"sample": "urine", "result": "negative"})


def test_an_enrolment_with_doses_is_not_voided(clinic: City) -> None:
    with pytest.raises(CannotVoid):
        care.void_maintenance(rows=list(Enrolment.objects.all()), writing=clinic.writing("doctor", "登记错误"))
    care.void_doses(rows=list(Dose.objects.all()), writing=clinic.writing("doctor", "登记错误"))
    care.void_maintenance(rows=list(Enrolment.objects.all()), writing=clinic.writing("doctor", "登记错误"))
    assert not Enrolment.objects.exists()


def test_a_changed_dose_is_kept_with_its_history(clinic: City) -> None:
    ledger, row = registry.get("maintenance_doses"), Dose.objects.get()
    browser = browser_of(clinic, "doctor")
    assert browser.get(f"/ledgers/{ledger.code}/{row.pk}/").status_code == 200
    assert row.dose_mg == Decimal("43.5") and row.version == 1


def test_patients_follow_a_new_index_key_and_doing_it_twice_changes_nothing(clinic: City) -> None:
    Patient.objects.update(id_index="0" * 32)
    assert care.reindex() == 1 and care.reindex() == 0


@pytest.mark.parametrize("who", ["officer", "station", "liaison", "clerk", "leader", "supervisor", "far_doctor"])
def test_the_walk_finds_a_patient_shown_to_somebody_else(planted: Planted, settings: Any, who: str) -> None:
    """A leak is built on purpose: a page that lists patients to whoever asks."""

    def leak(request: HttpRequest) -> HttpResponse:
        return HttpResponse("".join(patient.name for patient in Patient.objects.all()))

    walk = Walk(planted)
    visitor = Visitor(walk, who)
    visitor.judge("/leak/", leak(HttpRequest()))
    assert any("a name of a patient" in finding for finding in walk.findings)
    assert Visitor(own := Walk(planted), "doctor").judge("/own/", HttpResponse(NAME)) and own.findings == []
