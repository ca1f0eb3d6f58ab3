"""The pages of the gates: who opens them, what is signed there, what the receiver reads, and what the person's list prints."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qingyuan.casework.models import GateAct, GateDelivery
from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.web.account.proof import ASKED_AGAIN
from tests.casework.gates.test_acts import _party, second_doctor
from tests.cast import City, id_number, measure_values
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
NAME, NUMBER = "綦入组", id_number(543)
REFUSED = 422


@pytest.fixture
def enrolment(city: City) -> Any:
    values = {"name": NAME, "id_number": NUMBER, "medicine": "methadone", "enrolled_on": date(2022, 4, 1), "note": "病情不外传"}
    return city.enter("maintenance", "doctor", values)[0]


@pytest.fixture
def measure(city: City) -> Any:
    return city.enter("measures", "caseworker", measure_values(city, 0))[0]


def form_of(row: Any, gate: str = "G1", ledger: str = "maintenance") -> str:
    return f"/gates/{gate}/new/?ledger={ledger}&row={row.pk}"


def test_the_doctor_goes_from_the_row_to_the_form_signs_and_the_police_sign_for_it(city: City, enrolment: Any) -> None:
    doctor, officer = browser_of(city, "doctor"), browser_of(city, "officer")
    row_page = doctor.get(f"/ledgers/maintenance/{enrolment.pk}/").content.decode()
    assert form_of(enrolment).replace("&", "&amp;") in row_page and "G2" in row_page and "/gates/G3/" not in row_page
    page = text_of(doctor.get(form_of(enrolment)))
    assert NAME in page and NUMBER in page and "2022-04-01" in page and "病情" not in page and "美沙酮" not in page
    answer = doctor.post(form_of(enrolment), {"to_unit": city.units["police"].pk})
    assert answer.status_code == 302 and GateAct.objects.get().signed_by_name == "白医生"
    came = GateDelivery.objects.get()
    assert "待签收" in text_of(officer.get("/gates/"))
    page = text_of(officer.get(f"/gates/inbox/{came.pk}/"))
    assert NAME in page and NUMBER in page and "戒毒条例" in page and "美沙酮" not in page
    officer.post(f"/gates/inbox/{came.pk}/receive/")
    assert "韩警官 签收" in text_of(officer.get(f"/gates/inbox/{came.pk}/"))
    assert ReadEntry.objects.filter(ledger="gate-inbox", act="detail").exists()


def test_a_signature_asks_for_a_fresh_proof_each_time() -> None:
    for name in ("web:gate-new", "web:gate-second"):
        assert "POST" in ASKED_AGAIN[name].methods


@pytest.mark.parametrize("who", ["leader", "liaison", "town_leader", "auditor", "security"])
def test_whoever_stands_at_no_gate_opens_none_of_it(city: City, enrolment: Any, who: str) -> None:
    browser = browser_of(city, who)
    assert browser.get("/gates/").status_code == 403
    assert browser.post(form_of(enrolment), {"to_unit": city.units["police"].pk}).status_code == 403
    assert not GateAct.objects.exists()


@pytest.mark.parametrize("who", ["officer", "supervisor", "clerk", "prosecutor", "caseworker", "stranger"])
def test_who_stands_at_another_gate_does_not_sign_at_this_one(city: City, enrolment: Any, who: str) -> None:
    browser = browser_of(city, who)
    for method in (browser.get, browser.post):
        answer = method(form_of(enrolment))
        assert answer.status_code == 404 and NAME[0] not in answer.content.decode()
    assert not GateAct.objects.exists()


def test_a_form_without_a_receiver_or_with_gaps_says_what_to_do_and_sends_nothing(city: City, measure: Any) -> None:
    browser = browser_of(city, "caseworker")
    answer = browser.post(form_of(measure, "G4", "measures"), {"what": "used", "happened_on": "2023-01-01", "facts": "x"})
    assert answer.status_code == REFUSED and "请选接收单位" in text_of(answer)
    full = {"to_unit": city.units["police"].pk, "what": "used", "happened_on": "2023-01-01", "facts": "x"}
    answer = browser.post(form_of(measure, "G4", "measures"), full)
    assert answer.status_code == REFUSED and "日期在今天之后" in text_of(answer)
    assert not GateAct.objects.exists()


def test_what_was_sent_is_printed_in_the_persons_list(city: City, measure: Any) -> None:
    browser = browser_of(city, "caseworker")
    full = {"to_unit": city.units["police"].pk, "what": "violated", "happened_on": "2022-09-01", "facts": "三次不到"}
    assert browser.post(form_of(measure, "G4", "measures"), full).status_code == 302
    page = text_of(browser.get(f"/people/{measure.client_id}/reads/"))
    assert "依法移交" in page and "送给 市公安局禁毒大队" in page and "《戒毒条例》" in page and "何姐" in page
    assert "三次不到" not in page, "the list says what passed where, not the words"


def test_whose_person_it_is_only_the_receiving_helper_is_told(city: City, measure: Any) -> None:
    party, officer = _party(city, measure), browser_of(city, "officer")
    full = {"to_unit": city.units["longdong"].pk, "what": "detox", "document_number": "决字1号", "decided_on": "2022-01-03"}
    answer = officer.post(form_of(party, "G5", "parties"), full)
    assert answer.status_code == 302
    came = GateDelivery.objects.get()
    helper = browser_of(city, "supervisor")
    page = helper.get(f"/gates/inbox/{came.pk}/").content.decode()
    assert f"/people/{measure.client_id}/" in page
    assert ReadEntry.objects.filter(act="match", ledger="gate-inbox").exists(), "the look is written down"
    helper.post(f"/gates/inbox/{came.pk}/receive/")
    sent = officer.get(answer["Location"]).content.decode()
    assert str(measure.client_id) not in sent and "服务对象" not in text_of(officer.get(answer["Location"]))
    assert officer.get(f"/gates/inbox/{came.pk}/").status_code == 404
    assert "从 市公安局禁毒大队 收到" in text_of(helper.get(f"/people/{measure.client_id}/reads/"))


def test_the_clinics_counts_reach_the_office_closed_and_cannot_be_typed(city: City, enrolment: Any) -> None:
    doctor = browser_of(city, "doctor")
    answer = doctor.post("/gates/G7/new/", {"to_unit": city.units["office"].pk, "counts": "在组 1 人", "month": "2022-01"})
    assert answer.status_code == 302
    came = GateDelivery.objects.get()
    assert came.values["month"] == "2022-10" and "<5" in came.values["counts"] and "1 人" not in came.values["counts"]
    page = text_of(browser_of(city, "clerk").get(f"/gates/inbox/{came.pk}/"))
    assert "月末在组维持治疗(人):<5" in page and NAME[0] not in page


def test_a_gate_that_is_off_is_printed_with_its_reason_and_has_no_form(city: City) -> None:
    doctor = browser_of(city, "doctor")
    page = text_of(doctor.get("/gates/"))
    assert "默认关闭" in page and "没有写乡镇" in page
    for code in ("G3", "G5b", "G8", "G99"):
        assert doctor.get(f"/gates/{code}/new/").status_code == 404


def test_what_arrived_waits_on_today_of_who_may_receive_it_and_names_nobody(city: City, enrolment: Any) -> None:
    browser_of(city, "doctor").post(form_of(enrolment), {"to_unit": city.units["police"].pk})
    came, officer = GateDelivery.objects.get(), browser_of(city, "officer")
    page = officer.get("/today/").content.decode()
    assert "依法移交待签收:维持治疗入组备案" in page and f"/gates/inbox/{came.pk}/" in page
    assert NAME not in page and NUMBER not in page
    for who in ("doctor", "clerk", "supervisor", "auditor"):
        assert "依法移交待签收" not in text_of(browser_of(city, who).get("/today/")), who
    officer.post(f"/gates/inbox/{came.pk}/receive/")
    assert "依法移交待签收" not in text_of(officer.get("/today/"))


def test_a_first_signature_waits_on_today_of_a_colleague_and_not_of_who_signed(city: City, enrolment: Any) -> None:
    second_doctor(city)
    typed = {"to_unit": city.units["procuratorate"].pk, "instrument": "检调〔2022〕1号", "asked_by": "市检察院严检", "answer": "现在组"}
    assert browser_of(city, "doctor").post(form_of(enrolment, "G6"), typed).status_code == 302
    assert "依法移交待第二人签字" in text_of(browser_of(city, "doctor_two").get("/today/"))
    assert "依法移交待第二人签字" not in text_of(browser_of(city, "doctor").get("/today/"))
    assert "依法移交待" not in text_of(browser_of(city, "prosecutor").get("/today/")), "nothing has left"


def test_after_it_was_sent_the_row_no_longer_offers_it(city: City, enrolment: Any) -> None:
    doctor = browser_of(city, "doctor")
    doctor.post(form_of(enrolment), {"to_unit": city.units["police"].pk})
    page = doctor.get(f"/ledgers/maintenance/{enrolment.pk}/").content.decode()
    assert "/gates/G1/new/" not in page and "/gates/G2/new/" in page
    again = doctor.post(form_of(enrolment), {"to_unit": city.units["police"].pk})
    assert again.status_code == REFUSED and "不重复送" in text_of(again) and GateAct.objects.count() == 1
    kept = doctor.get(form_of(enrolment))
    assert kept.status_code == 302 and kept.url == f"/gates/acts/{GateAct.objects.get().pk}/", "an address kept from before leads to what was sent"
