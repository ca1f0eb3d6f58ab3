"""The clinic of the fictional city has patients nobody else knows, and its gates carried exactly what the table lists."""

from __future__ import annotations

import pytest

from qingyuan.casework.enums import GateState
from qingyuan.casework.models import GateAct, GateDelivery
from qingyuan.demo import treating
from qingyuan.foundation import clock
from qingyuan.organisation.models import Account
from qingyuan.rehabilitation.models import Client
from qingyuan.treatment.models import Agreement, Dose, Enrolment, MedicalTest, Patient
from tests.casework.gates.test_acts import _party
from tests.cast import City, measure_values

pytestmark = pytest.mark.django_db
RENAMED = {"doctor": "clinic", "officer": "police", "clerk": "office", "supervisor": "longdong", "stranger": "shiqiao"}


@pytest.fixture
def demo(city: City) -> City:
    for name, account in RENAMED.items():
        Account.objects.filter(username=name).update(username=account)
    return city


def test_the_clinic_of_the_demo_holds_treatment_of_people_no_other_room_knows(demo: City) -> None:
    treating.treat()
    assert Patient.objects.count() == treating.PATIENTS and Agreement.objects.count() == treating.PATIENTS
    assert Enrolment.objects.count() == treating.MAINTAINED and MedicalTest.objects.count() == 6
    days = set(Dose.objects.values_list("attendance", flat=True))
    assert days == {"taken", "missed"} and not Dose.objects.filter(due_on__gte=clock.today()).exists()
    assert not Client.objects.exists()


def test_used_gates_of_the_demo_carry_what_the_table_lists_and_wait_where_nobody_signed(demo: City) -> None:
    treating.treat()
    measure = demo.enter("measures", "stranger", measure_values(demo, 0))[0]
    _party(demo, measure)
    acts = treating.hand_across()
    assert [act.gate for act in acts] == ["G1", "G1", "G4", "G7", "G5"]
    assert GateAct.objects.filter(state=GateState.DELIVERED).count() == len(acts)
    assert GateDelivery.objects.exclude(received_at=None).count() == 2
    assert set(acts[0].values) == {"name", "id_number", "enrolled_on"}
    assert "<5" in acts[3].values["counts"], "a small month of a small clinic is closed"
