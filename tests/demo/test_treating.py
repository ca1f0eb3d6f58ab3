"""The clinic of the fictional city has patients nobody else knows, and its gates carried exactly what the table lists."""

from __future__ import annotations

import pytest

from qingyuan.casework.enums import GateState
from qingyuan.casework.models import GateAct, GateDelivery
from qingyuan.demo import treating
from qingyuan.foundation import clock
from qingyuan.indicators.disclosure import SMALLEST
from qingyuan.indicators.queries import evaluate
from qingyuan.indicators.query import IndicatorQuery
from qingyuan.indicators.refresh import refresh
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account, RoleGrant, Unit
from qingyuan.reference.periods import Period
from qingyuan.rehabilitation.models import Client
from qingyuan.treatment.models import Agreement, Dose, Enrolment, MedicalTest, Patient, TreatmentEntry
from tests.casework.gates.test_acts import _party
from tests.cast import BEGAN, City, measure_values

pytestmark = pytest.mark.django_db
SMALL = treating.SMALL_CLINIC
RENAMED = {"doctor": "clinic", "officer": "police", "clerk": "office", "supervisor": "longdong", "stranger": "shiqiao"}


@pytest.fixture
def demo(city: City) -> City:
    for name, account in RENAMED.items():
        Account.objects.filter(username=name).update(username=account)
    place = city.divisions["云岭市"]
    unit = Unit.objects.create(code=SMALL, name="市二院戒毒门诊", short_name="市二院戒毒门诊", kind="clinic", division=place, zone="health")
    doctor = Account.objects.create(username=SMALL, name="杜若", unit=unit)
    RoleGrant.objects.create(account=doctor, role=Role.DOCTOR, division=place, start=BEGAN, granted_by="set-up")
    return city


def test_the_clinics_of_the_demo_hold_treatment_of_people_no_other_room_knows(demo: City) -> None:
    treating.treat()
    signed = treating.PATIENTS + sum(sum(ways) for ways in treating.SIGNED.values()) + treating.SMALL_PATIENTS + treating.YEAR_BEFORE
    cohort = treating.GONE + treating.LEFT_LATER + treating.STILL
    assert Agreement.objects.count() == signed and Patient.objects.count() == signed + cohort
    assert Enrolment.objects.count() == treating.MAINTAINED + cohort and MedicalTest.objects.count() == 6
    asked, told = TreatmentEntry.objects.filter(entered_on__year=clock.today().year).count(), signed - treating.YEAR_BEFORE - treating.SMALL_PATIENTS
    assert 0 < told - asked <= 8, "a few nobody has asked yet, and the page says how many"
    days = set(Dose.objects.values_list("attendance", flat=True))
    assert days == {"taken", "missed"} and not Dose.objects.filter(due_on__gte=clock.today()).exists()
    assert not Client.objects.exists()


def test_used_gates_of_the_demo_carry_what_the_table_lists_and_wait_where_nobody_signed(demo: City) -> None:
    treating.treat()
    measure = demo.enter("measures", "stranger", measure_values(demo, 0))[0]
    _party(demo, measure)
    acts = treating.hand_across()
    assert [act.gate for act in acts] == ["G1", "G1", "G4", "G5"]
    assert GateAct.objects.filter(state=GateState.DELIVERED).count() == len(acts)
    assert GateDelivery.objects.exclude(received_at=None).count() == 1
    assert set(acts[0].values) == {"name", "id_number", "enrolled_on"}


def test_the_months_of_the_large_clinic_show_figures_and_those_of_the_small_one_nothing(demo: City) -> None:
    treating.treat()
    acts = treating.tell_months()
    refresh()
    assert GateDelivery.objects.exclude(received_at=None).count() == len(acts) == 12
    assert [line.rpartition(":")[2] for line in acts[-1].values["counts"].splitlines()] == ["<5", "<5", "0", "0"]
    city = demo.divisions["云岭市"].pk
    admitted = evaluate(IndicatorQuery("R27", Period.parse("2022-01..2022-10"), division_ids=(city,))).value(city)
    assert admitted.value == 89, "docs/demo-city.md says so"
    assert [admitted.amount("told"), admitted.amount("withheld")] == [8, 3], "two small months, and the small clinic's"
    kept = evaluate(IndicatorQuery("R19", Period.parse("2021"), division_ids=(city,))).value(city)
    whole = treating.GONE + treating.LEFT_LATER + treating.STILL
    assert [kept.numerator, kept.denominator] == [whole - treating.GONE, whole]
    assert min(whole - treating.GONE, treating.GONE) >= SMALLEST
