"""What passes a gate and how: a signature, the listed fields, a copy under another key, both logs, and no word beyond."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from qingyuan.casework.actions import gates as actions
from qingyuan.casework.actions.gates import GateRefused
from qingyuan.casework.enums import GateState
from qingyuan.casework.gates import queries
from qingyuan.casework.gates.table import BY_CODE
from qingyuan.casework.models import GateAct, GateDelivery
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.foundation.guarded import WrittenOnce
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account, RoleGrant
from qingyuan.reference import catalogue
from tests.cast import BEGAN, PEOPLE, TODAY, City, id_number, measure_values

pytestmark = pytest.mark.django_db
NAME, NUMBER = "綦入组", id_number(543)
TOLD = {"what": "violated", "happened_on": "2022-09-01", "facts": "三次不到"}
ASKED = {"instrument": "检调〔2022〕1号", "asked_by": "市检察院严检", "answer": "2022年4月入组,现在组"}


@pytest.fixture
def enrolment(city: City) -> Any:
    values = {"name": NAME, "id_number": NUMBER, "medicine": "methadone", "enrolled_on": date(2022, 4, 1), "note": "病情不外传"}
    return city.enter("maintenance", "doctor", values)[0]


@pytest.fixture
def measure(city: City) -> Any:
    return city.enter("measures", "caseworker", measure_values(city, 0))[0]


def notice(city: City, row: Any, who: str = "doctor", **changes: Any) -> GateAct:
    given = {"gate": BY_CODE["G1"], "to_unit": city.units["police"], "typed": {}, "ledger": "maintenance", "row": row}
    return actions.sign(**(given | changes), by=city.actor(who))


def second_doctor(city: City) -> None:
    account = Account(username="doctor_two", name="苏医生", unit=city.units["clinic"])
    account.set_password("synthetic-pass-2022")
    account.save()
    RoleGrant.objects.create(account=account, role=Role.DOCTOR, division=city.divisions["云岭市"], start=BEGAN, granted_by="set-up")
    city.accounts["doctor_two"] = account


def test_exactly_the_listed_fields_arrive(city: City, enrolment: Any) -> None:
    act = notice(city, enrolment)
    came = GateDelivery.objects.get()
    assert came.values == act.values == {"name": NAME, "id_number": NUMBER, "enrolled_on": "2022-04-01"}
    assert (act.compartment, came.compartment) == ("treatment", "enforcement")
    assert act.enforcement == "" and came.treatment == "", "each side under its own key alone"
    assert came.articles == "DR12" and came.unit == city.units["police"]


def test_the_copy_stands_encrypted_and_no_key_leads_from_one_side_to_the_other(city: City, enrolment: Any) -> None:
    act = notice(city, enrolment)
    raw = GateDelivery.objects.extra(select={"raw": '"enforcement"'}).values_list("raw", flat=True)[0]
    assert NAME not in raw and NUMBER not in raw
    related = {field.related_model for field in GateDelivery._meta.get_fields() if field.is_relation}
    assert GateAct not in related and GateDelivery.objects.get().person == ""
    assert str(enrolment.patient_id) == act.person


def test_both_sides_have_it_in_their_log_and_the_log_names_nobody(city: City, enrolment: Any) -> None:
    notice(city, enrolment)
    entries = {entry.act: entry for entry in WriteEntry.objects.filter(act__startswith="gates.")}
    assert set(entries) == {"gates.sign", "gates.arrive"}
    assert entries["gates.sign"].ledger == queries.SENT and entries["gates.arrive"].ledger == queries.INBOX
    assert not any(NAME in str(vars(entry)) or NUMBER in str(vars(entry)) for entry in entries.values())


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - {"doctor"}))
def test_nobody_else_signs_for_the_clinic(city: City, enrolment: Any, who: str) -> None:
    with pytest.raises(GateRefused):
        notice(city, enrolment, who)
    assert not GateAct.objects.exists() and not GateDelivery.objects.exists()


def test_a_gate_that_is_off_lets_nothing_through(city: City, enrolment: Any) -> None:
    for code in ("G3", "G5b", "G8"):
        with pytest.raises(GateRefused):
            notice(city, enrolment, gate=BY_CODE[code])
    assert not GateDelivery.objects.exists()


def test_a_provincial_gate_opens_with_its_article_where_the_city_goes_by_that_province(city: City, settings: Any) -> None:
    person = {"name": NAME, "id_number": NUMBER, "way": "inpatient", "signed_on": date(2022, 4, 1), "confidentiality": True}
    row = city.enter("treatment_agreements", "doctor", person)[0]
    asked = {"gate": BY_CODE["G3"], "ledger": "treatment_agreements"}
    with pytest.raises(GateRefused, match="默认关闭"):
        notice(city, row, **asked)
    settings.QINGYUAN_RULE_PACK = "chongqing"
    assert notice(city, row, **asked).articles == "CQ30"
    assert GateDelivery.objects.get().values == {"name": NAME, "id_number": NUMBER, "signed_on": "2022-04-01"}


def test_what_is_not_listed_is_refused_and_so_is_a_receiver_who_is_none(city: City, enrolment: Any) -> None:
    with pytest.raises(GateRefused) as refusal:
        notice(city, enrolment, typed={"note": "还有别的"})
    assert set(refusal.value.wrong) == {"note"}
    for unit in ("office", "education", "longdong", "clinic"):
        with pytest.raises(GateRefused):
            notice(city, enrolment, to_unit=city.units[unit])
    assert not GateAct.objects.exists()


def test_a_row_of_another_ledger_does_not_pass(city: City, measure: Any, enrolment: Any) -> None:
    with pytest.raises(GateRefused):
        notice(city, measure, ledger="measures")
    with pytest.raises(GateRefused):
        notice(city, None)


def test_a_report_of_a_caseworker_carries_the_facts_alone(city: City, measure: Any) -> None:
    act = actions.sign(
        gate=BY_CODE["G4"], to_unit=city.units["police"], typed=TOLD, by=city.actor("caseworker"), ledger="measures", row=measure
    )
    assert set(act.values) == {"name", "id_number", "what", "happened_on", "facts"}
    assert act.person == str(measure.client_id)
    sent, came = queries.about(str(measure.client_id), "community")
    assert sent == [act] and came == [], "the person's own side sees what was sent"
    for who in ("stranger", "officer", "clerk", "doctor"):
        assert not queries.acts_visible(city.actor(who), TODAY).exists()
    assert set(queries.acts_visible(city.actor("supervisor"), TODAY)) == {act}


def test_another_towns_helper_does_not_sign_for_a_person_of_this_one(city: City, measure: Any) -> None:
    given = {"gate": BY_CODE["G4"], "to_unit": city.units["police"], "typed": TOLD, "ledger": "measures", "row": measure}
    with pytest.raises(GateRefused):
        actions.sign(**given, by=city.actor("stranger"))


def test_to_a_court_nothing_leaves_until_a_second_person_of_the_unit_has_signed(city: City, enrolment: Any) -> None:
    second_doctor(city)
    act = notice(city, enrolment, gate=BY_CODE["G6"], to_unit=city.units["procuratorate"], typed=ASKED)
    assert act.state == GateState.WAITING and not GateDelivery.objects.exists()
    for who in ("doctor", "officer", "supervisor", "prosecutor"):
        with pytest.raises(GateRefused):
            actions.second(act=act, by=city.actor(who))
    done = actions.second(act=act, by=city.actor("doctor_two"))
    assert done.state == GateState.DELIVERED and GateDelivery.objects.get().values["instrument"] == ASKED["instrument"]
    with pytest.raises(GateRefused, match="已经办完"):
        actions.second(act=act, by=city.actor("doctor_two"))
    assert GateDelivery.objects.filter(reference=act.reference).exists()
    assert set(queries.inbox(city.actor("prosecutor"), TODAY)) == {GateDelivery.objects.get()}


def test_without_the_instrument_nobody_gets_an_answer(city: City, enrolment: Any) -> None:
    with pytest.raises(GateRefused) as refusal:
        notice(city, enrolment, gate=BY_CODE["G6"], typed=ASKED | {"instrument": " "})
    assert set(refusal.value.wrong) == {"instrument"}


def test_what_nobody_seconded_is_taken_back_by_who_signed_it(city: City, enrolment: Any) -> None:
    second_doctor(city)
    act = notice(city, enrolment, gate=BY_CODE["G6"], typed=ASKED)
    with pytest.raises(GateRefused):
        actions.give_up(act=act, by=city.actor("doctor_two"))
    assert actions.give_up(act=act, by=city.actor("doctor")).state == GateState.GIVEN_UP
    with pytest.raises(GateRefused):
        actions.second(act=act, by=city.actor("doctor_two"))
    with pytest.raises(GateRefused, match="收不回来"):
        actions.give_up(act=notice(city, enrolment), by=city.actor("doctor"))


def test_the_database_itself_refuses_one_person_twice_and_any_change(city: City, enrolment: Any) -> None:
    act = notice(city, enrolment, gate=BY_CODE["G6"], typed=ASKED)
    with pytest.raises(IntegrityError), transaction.atomic():
        GateAct.objects.filter(pk=act.pk).update(seconded_by_id=act.signed_by_id)
    act.articles = "NL1"
    with pytest.raises(WrittenOnce):
        act.save()
    with pytest.raises(WrittenOnce):
        GateAct.objects.all().delete()


def test_the_receiver_signs_once_and_the_sender_is_not_told_what_was_found(city: City, measure: Any) -> None:
    party = _party(city, measure)
    decided = {"what": "detox", "document_number": "决字1号", "decided_on": "2022-01-03"}
    act = actions.sign(
        gate=BY_CODE["G5"], to_unit=city.units["longdong"], typed=decided, by=city.actor("officer"), ledger="parties", row=party
    )
    came = GateDelivery.objects.get()
    for who in ("officer", "stranger", "clerk", "caseworker"):
        with pytest.raises(GateRefused):
            actions.receive(delivery=came, by=city.actor(who))
    actions.receive(delivery=came, by=city.actor("supervisor"), person=measure.client_id)
    with pytest.raises(GateRefused, match="已经由别人签收"):
        actions.receive(delivery=came, by=city.actor("supervisor"))
    act.refresh_from_db()
    assert act.person == "" and str(measure.client_id) not in str(vars(act))
    assert queries.about(str(measure.client_id), "community")[1] == [GateDelivery.objects.get()]


def _party(city: City, measure: Any) -> Any:
    case = {
        "number": "A1", "title": "案", "case_kind": "criminal", "offence": "CL347", "drug_main": "heroin",
        "division": city.divisions["龙洞镇"].pk, "filed_on": date(2022, 1, 1),
    }  # fmt: skip
    for column, name in (("case_kind", "case_kinds"), ("offence", "offences"), ("drug_main", "drugs")):
        case[column] = catalogue.get_list(name).valid_on(TODAY)[0].code
    city.enter("cases", "officer", case)
    person = {"case_number": "A1", "name": measure.client.name, "id_number": measure.client.id_number, "role": "suspect"}
    return city.enter("parties", "officer", person | {"caught_on": date(2022, 1, 1)})[0]


def test_a_row_passes_the_gate_of_an_enrolment_once(city: City, enrolment: Any) -> None:
    actor, doctor = city.actor("doctor"), BY_CODE["G1"]
    assert doctor in queries.offered_for(actor, "maintenance", enrolment, TODAY)
    notice(city, enrolment)
    assert doctor not in queries.offered_for(actor, "maintenance", enrolment, TODAY), "sent is sent: nothing offers it again"
    with pytest.raises(GateRefused, match="2022-11-23 已经由 白医生 送过"):
        notice(city, enrolment)
    assert GateAct.objects.filter(gate="G1").count() == 1
    assert BY_CODE["G2"] in queries.offered_for(actor, "maintenance", enrolment, TODAY), "a report is of one occasion each"


def test_another_row_passes_it_all_the_same(city: City, enrolment: Any) -> None:
    notice(city, enrolment)
    values = {"name": "測再入", "id_number": id_number(544), "medicine": "methadone", "enrolled_on": date(2022, 5, 1)}
    (other,) = city.enter("maintenance", "doctor", values)
    assert BY_CODE["G1"] in queries.offered_for(city.actor("doctor"), "maintenance", other, TODAY)
