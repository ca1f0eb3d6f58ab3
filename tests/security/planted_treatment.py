"""Patients of two clinics, planted for the walk: nobody but the clinic's own doctor may find a trace of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from qingyuan.casework.actions import gates as gate_actions
from qingyuan.casework.gates.table import BY_CODE
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account, RoleGrant, Unit
from qingyuan.treatment.models import Patient
from tests.cast import BEGAN, City, id_number, measure_values

#: Of each doctor: a patient whose surname stands nowhere in the product's own words, and the serial of the ID number.
PATIENTS = {"doctor": ("郜疏桐", 541), "far_doctor": ("麴挂月", 542)}
ROOM_LEDGERS = ("treatment_agreements", "maintenance", "maintenance_doses", "medical_tests", "treatment_entries")
#: What was asked when treatment began; the year's page counts it.
ASKED = {
    **{"entered_on": date(2022, 2, 1), "source": "self", "treated_before": "never", "maintenance_before": "never"},
    **{"living_with": "family", "living_where": "stable", "schooling": "lower", "labour": "occasional", "substance": "opioids"},
    **{"route": "smoke", "frequency": "daily", "first_use_age": 23, "injecting": "never", "second_substance": "ats", "third_substance": ""},
}


def second_clinic(city: City) -> None:
    """A clinic in 石桥 with a doctor of its own."""
    city.units["far_clinic"] = Unit.objects.create(
        code="far_clinic", name="石桥维持治疗门诊", short_name="石桥门诊", kind="maintenance_clinic", division=city.divisions["石桥镇"], zone="health"
    )
    account = Account(username="far_doctor", name="远医生", unit=city.units["far_clinic"])
    account.set_password("synthetic-pass-2022")
    account.save()
    RoleGrant.objects.create(
        account=account, role=Role.DOCTOR, division=city.divisions["石桥镇"], start=BEGAN, granted_by="set-up"
    )
    city.accounts["far_doctor"] = account


def treated(who: str) -> dict[str, Any]:
    name, serial = PATIENTS[who]
    return {"name": name, "id_number": id_number(serial)}


def enter_patient(city: City, who: str, mark: str) -> dict[str, list[Any]]:
    """An agreement, an enrolment, a dose, a test and what was asked at the beginning of the doctor's patient, by ledger."""
    person = treated(who)
    agreement = {"way": "outpatient", "signed_on": date(2022, 2, 1), "confidentiality": True, "note": f"暗约{mark}"}
    enrolment = {"medicine": "methadone", "enrolled_on": date(2022, 3, 1), "note": f"暗组{mark}"}
    dose = {"due_on": date(2022, 3, 2), "attendance": "taken", "dose_mg": Decimal("43.5")}
    test = {"tested_on": date(2022, 3, 3), "sample": "urine", "result": "positive", "note": f"暗检{mark}"}
    rows = (agreement, enrolment, dose, test, ASKED)
    return {code: city.enter(code, who, person | row) for code, row in zip(ROOM_LEDGERS, rows, strict=True)}


def plant_treatment(planted: Any) -> None:
    """Rows of both clinics, and what of them nobody else may be told."""
    city = planted.city
    second_clinic(city)
    for who, (name, serial) in PATIENTS.items():
        for code, rows in enter_patient(city, who, name[0]).items():
            planted.rows.setdefault(code, []).extend(rows)
        number = id_number(serial)
        patient = Patient.objects.get(unit=city.units["clinic" if who == "doctor" else "far_clinic"])
        planted.hide(name[0], "a name of a patient, whole or masked", who)
        planted.hide(f"9999 **** {number[-4:]}", "an ID number of a patient, masked", who)
        planted.hide(number, "an ID number of a patient in full", in_full_for=(who,))
        planted.hide(str(patient.pk), "the key of a patient", who)
        for word in ("暗约", "暗组", "暗检"):
            planted.hide(f"{word}{name[0]}", "a note of a clinic", who)


def plant_gates(planted: Any) -> None:
    """A notice of 白医生's that the police have, an answer half signed, a report of 龙洞's: each side reads its own."""
    city = planted.city
    name, number = "綦入组", id_number(543)
    person = {"name": name, "id_number": number}
    row = city.enter("maintenance", "doctor", person | {"medicine": "methadone", "enrolled_on": date(2022, 4, 1)})[0]
    planted.rows["maintenance"].append(row)
    police = city.units["police"]
    notice = gate_actions.sign(gate=BY_CODE["G1"], to_unit=police, typed={}, by=city.actor("doctor"), ledger="maintenance", row=row)
    asked = {"instrument": "暗调号", "asked_by": "暗承办", "answer": "暗答所问"}
    half = gate_actions.sign(
        gate=BY_CODE["G6"], to_unit=police, typed=asked, by=city.actor("doctor"), ledger="maintenance", row=row
    )
    reported, theirs = "胥违约", id_number(544)
    values = measure_values(city, 0, name=reported, id_number=theirs, division=city.divisions["大坪村"].pk)
    measure = city.enter("measures", "supervisor", values)[0]
    planted.rows["measures"].append(measure)
    told = {"what": "violated", "happened_on": "2022-09-01", "facts": "暗违反事实"}
    report = gate_actions.sign(
        gate=BY_CODE["G4"], to_unit=city.units["station"], typed=told, by=city.actor("supervisor"), ledger="measures", row=measure
    )
    planted.gate_acts += [notice, half, report]
    planted.hide(name[0], "a patient whom a notice names", "doctor", "officer")
    planted.hide(number, "the number in a notice", "doctor", "officer")
    for text in ("暗调号", "暗承办", "暗答所问"):
        planted.hide(text, "an answer that has not left", "doctor")
    planted.hide(reported[0], "whom a report names", "supervisor", "station")
    planted.hide(theirs, "the number in a report", "station", "supervisor")
    planted.hide("暗违反事实", "what a report says", "supervisor", "station")
