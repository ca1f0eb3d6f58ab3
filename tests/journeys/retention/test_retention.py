"""What ends: found rule by rule, held back where the law says so, planned, approved by a second person, carried out as planned."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from qingyuan.casework.actions import data_requests as desk
from qingyuan.casework.actions import retention as actions
from qingyuan.casework.actions.retention import RetentionRefused
from qingyuan.casework.enums import Asked, AskedBy, Asker, PlanState
from qingyuan.casework.models import DataRequestStep, RetentionPlan, RunningClock
from qingyuan.enforcement.models import Party, Penalty
from qingyuan.foundation import audit, clock
from qingyuan.foundation.audit.models import RecordKey, WriteEntry
from qingyuan.foundation.enums import Compartment
from qingyuan.indicators.refresh import refresh
from qingyuan.journeys.retention import carrying, finding
from qingyuan.journeys.retention import plan as plans
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.models import FactRow, ImportBatch
from qingyuan.ledgers.models.imports import BatchState
from qingyuan.reference import catalogue
from qingyuan.rehabilitation.actions import campaigns, own_page
from qingyuan.rehabilitation.models import CampaignLine, Client, Control, Measure, OwnCode
from tests.cast import TODAY, City, id_number, measure_values
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uploads(tmp_path: Any, settings: Any) -> None:
    settings.QINGYUAN_UPLOADS = tmp_path


def case(city: City, number: str, kind: str = "criminal") -> None:
    values = {
        "number": number, "title": f"案{number}", "case_kind": kind, "offence": catalogue.get_list("offences").valid_on(TODAY)[0].code,
        "drug_main": "heroin", "division": city.divisions["龙洞镇"].pk, "filed_on": date(2022, 1, 1),
    }  # fmt: skip
    values["drug_main"] = catalogue.get_list("drugs").valid_on(TODAY)[0].code
    city.enter("cases", "officer", values)


def party(city: City, number: str, name: str, serial: int, **changes: Any) -> Party:
    """By default a minor who was not prosecuted."""
    values = {"case_number": number, "name": name, "id_number": id_number(serial, changes.pop("born", "20080101")), "role": "suspect"}
    values |= {"caught_on": date(2022, 1, 5), "outcome": "not_prosecuted", "outcome_on": date(2022, 3, 1)} | changes
    row: Party = city.enter("parties", "officer", values)[0]
    return row


@pytest.fixture
def minor(city: City) -> Party:
    case(city, "A1")
    return party(city, "A1", "酆小雪", 601)


def approved(city: City, on: date = TODAY) -> RetentionPlan:
    made = carrying.propose(preview=finding.preview(on), by=city.actor("security"))
    return actions.approve(plan=made, by=city.actor("leader"))


def done(city: City, on: date = TODAY, batch: int = carrying.BATCH) -> RetentionPlan:
    return carrying.carry_out(plan=approved(city, on), by=city.actor("security"), batch=batch)


def found(on: date = TODAY) -> dict[str, int]:
    return finding.preview(on).counts


def test_the_record_of_a_minor_ends_with_its_outcome_and_an_adult_s_does_not(city: City, minor: Party) -> None:
    party(city, "A1", "成年", 602, born="19900101")
    early = party(city, "A1", "更早", 603, caught_on=date(2021, 5, 1), outcome_on=date(2021, 5, 31))
    (line,) = finding.preview(TODAY).lines
    assert (line.rule, line.effect, line.ledger, line.row_id, line.since) == ("MINOR", "seal", "parties", minor.pk, date(2022, 3, 1))
    assert early.pk != line.row_id
    assert finding.preview(date(2022, 2, 28)).lines == ()


def test_nothing_is_sealed_while_the_case_is_under_way_or_somebody_asks(city: City, minor: Party) -> None:
    other = party(city, "A1", "在办", 604, born="19900101", outcome="detained", outcome_on=date(2022, 1, 6))
    assert found() == {} and finding.preview(TODAY).holds == {("MINOR", "open_case"): 1}
    Party.objects.filter(pk=other.pk).update(outcome="sentenced")
    assert found() == {"MINOR": 1}
    about = desk.About(minor.name, minor.id_number)
    asked = desk.receive(kind=Asked.COPY, asker=Asker.SELF, came_by=AskedBy.LETTER, received_on=TODAY, about=about, by=city.actor("officer"))
    asked = desk.identify(request=asked, seen=["id_card"], words="", by=city.actor("officer"))
    desk.collect(request=asked, found=[desk.Found("parties", "涉案人员", [minor.pk])], by=city.actor("officer"))
    assert finding.preview(TODAY).holds == {("MINOR", "open_request"): 1}
    desk.withdraw(request=asked, words="来电撤回", by=city.actor("officer"))
    assert found() == {"MINOR": 1}


def test_a_violation_is_sealed_when_it_was_punished_after_the_new_law_came_in(city: City) -> None:
    case(city, "B1", "administrative")
    for serial, day in ((611, date(2025, 12, 31)), (612, date(2026, 1, 1))):
        row = party(city, "B1", f"甲{serial}", serial, born="19900101")
        Party.objects.filter(pk=row.pk).update(outcome="penalised", outcome_on=day)
    assert found(date(2026, 1, 1)) == {"VIOLATION": 1} and found(date(2025, 12, 31)) == {}


def test_a_sealed_row_is_found_by_nobody_and_still_counted(city: City, minor: Party) -> None:
    refresh()
    counted = set(FactRow.objects.filter(fact="parties").values_list("row_id", flat=True))
    RunningClock.objects.filter(subject_id=minor.pk).update(closed=False)
    assert done(city).state == PlanState.DONE
    refresh()
    assert counted and counted <= set(FactRow.objects.filter(fact="parties").values_list("row_id", flat=True))
    ledger, officer = registry.get("parties"), city.actor("officer")
    assert not queries.rows(ledger, officer, TODAY).exists() and not Party.everything.filter(pk=minor.pk).exists()
    browser = browser_of(city, "officer")
    for path in ("/ledgers/parties/?when=all", f"/ledgers/parties/?when=all&q={id_number(601, '20080101')}", "/cases/", "/today/"):
        page = text_of(browser.get(path, follow=True))
        assert "酆" not in page
    assert "没有找到" in text_of(browser.get("/search/?q=酆小雪"))
    assert browser.get(f"/ledgers/parties/{minor.pk}/").status_code == 404
    assert not RecordKey.objects.filter(row_id=minor.pk, sealed_at=None).exists()
    assert WriteEntry.objects.filter(act="parties.seal").count() == 1
    assert not RunningClock.objects.filter(subject_id=minor.pk, closed=False).exists()
    assert Party._base_manager.get(pk=minor.pk).sealed_on == TODAY and found() == {}


def ended(city: City) -> Client:
    """Somebody whose control ended on paper and who was never sealed, as rows of an older release may be."""
    measure = city.enter("measures", "supervisor", measure_values(city, 0))[0]
    Measure.objects.filter(pk=measure.pk).update(ended_on=date(2022, 1, 20), end_reason="discharged")
    control = {
        "division_id": measure.division_id, "unit_id": measure.unit_id, "client_id": measure.client_id, "recorded_at": clock.now(),
        "starts_on": date(2019, 1, 1), "ended_on": date(2022, 11, 1), "basis": "execution", "certificate_number": "证1", "key": "k",
    }  # fmt: skip
    Control.objects.create(**control)
    client: Client = measure.client
    return client


def test_who_should_have_been_sealed_at_the_exit_is_found_and_sealed(city: City) -> None:
    client = ended(city)
    assert found() == {"EXIT": 1}
    done(city)
    client.refresh_from_db()
    assert client.sealed_on == date(2022, 11, 1) and not Measure.objects.filter(client=client).exists()
    assert found() == {}


def test_who_has_a_measure_still_running_is_held_back(city: City) -> None:
    client = ended(city)
    Measure.objects.filter(client=client).update(ended_on=None, end_reason="")
    assert found() == {} and finding.preview(TODAY).holds == {("EXIT", "open_measure"): 1}


def test_codes_files_and_copies_end_after_their_thirty_days(city: City) -> None:
    measure = city.enter("measures", "supervisor", measure_values(city, 0))[0]
    own_page.hand_out(client=measure.client, by=city.actor("supervisor"))
    assert found() == {}
    Measure.objects.filter(pk=measure.pk).update(ended_on=TODAY - timedelta(days=30), end_reason="discharged")
    old = datetime(2022, 10, 1, 12, tzinfo=clock.ZONE)
    batch = ImportBatch.objects.create(ledger="tests", filename="名单.xlsx", digest="d", stored_as="x", state=BatchState.CHECKED, created_at=old)
    officer = city.actor("officer")
    about = desk.About("测试甲", id_number(100))
    asked = desk.receive(kind=Asked.COPY, asker=Asker.SELF, came_by=AskedBy.LETTER, received_on=TODAY, about=about, by=officer)
    asked = desk.identify(request=asked, seen=["id_card"], words="", by=officer)
    asked = desk.decide(request=desk.collect(request=asked, found=[], by=officer), decided={}, by=officer)
    asked = desk.keep_copy(request=asked, data=b"copy", by=officer)
    DataRequestStep.objects.filter(step="copy")._raw_delete("default")
    step = DataRequestStep(request=asked, step="copy", made_at=old, made_by_name="韩警官")
    step.seal({}, Compartment.ENFORCEMENT)
    step.save()
    assert found() == {"CODE": 1, "COPY": 1, "STAGED": 1}
    done(city)
    batch.refresh_from_db()
    asked.refresh_from_db()
    assert batch.state == BatchState.DISCARDED and asked.stored_as == "" and OwnCode.objects.get().revoked_by_name == "安全员"
    assert found() == {}
    assert {"imports.expire", "own-codes.expire", "data-requests.expire_copy"} <= set(WriteEntry.objects.values_list("act", flat=True))


def test_a_plan_holds_ids_and_counts_and_nobody_s_name(city: City, minor: Party) -> None:
    content = plans.content_of(finding.preview(TODAY))
    text = json.dumps(plans.signed(content), ensure_ascii=False)
    assert str(minor.pk) in text and minor.name not in text and minor.id_number not in text and content["counts"] == {"MINOR": 1}


def test_a_plan_that_was_changed_by_hand_or_signed_elsewhere_is_not_read(city: City, minor: Party) -> None:
    file = plans.signed(plans.content_of(finding.preview(TODAY)))
    assert plans.read(json.dumps(file))[1] == file["digest"]
    for changed in (
        file | {"plan": file["plan"] | {"on": "2030-01-01"}},
        file | {"signature": "0" * 32},
        {"plan": file["plan"]},
        [],
    ):
        with pytest.raises(plans.BadPlan):
            plans.read(json.dumps(changed))
    forged = file["plan"] | {"lines": []}
    with pytest.raises(plans.BadPlan):
        plans.read(json.dumps(file | {"plan": forged, "digest": plans.digest_of(forged)}))


def test_nothing_is_carried_out_before_a_second_person_has_approved(city: City, minor: Party) -> None:
    security = city.actor("security")
    made = carrying.propose(preview=finding.preview(TODAY), by=security)
    with pytest.raises(RetentionRefused, match="第二个人"):
        carrying.carry_out(plan=made, by=security)
    with pytest.raises(RetentionRefused, match="领导批准"):
        actions.approve(plan=made, by=security)
    actions.approve(plan=made, by=city.actor("leader"))
    with pytest.raises(RetentionRefused, match="安全管理员办理"):
        carrying.carry_out(plan=made, by=city.actor("leader"))
    assert Party.objects.filter(pk=minor.pk).exists()


@pytest.mark.parametrize("who", ["clerk", "leader", "auditor", "officer", "supervisor", "doctor"])
def test_only_the_security_officer_proposes(city: City, minor: Party, who: str) -> None:
    with pytest.raises(RetentionRefused, match="安全管理员提出"):
        carrying.propose(preview=finding.preview(TODAY), by=city.actor(who))


def test_what_changed_since_is_refused_as_a_whole(city: City, minor: Party) -> None:
    second = party(city, "A1", "鄢小满", 605)
    plan = approved(city)
    Party.objects.filter(pk=second.pk).update(version=2)
    with pytest.raises(RetentionRefused, match=f"1 处:MINOR {second.pk}"):
        carrying.carry_out(plan=plan, by=city.actor("security"))
    assert Party.objects.filter(pk=minor.pk).exists()
    Party.objects.filter(pk=second.pk).update(version=1)
    third = party(city, "A1", "新来的", 606)
    with pytest.raises(RetentionRefused, match=str(third.pk)):
        carrying.carry_out(plan=plan, by=city.actor("security"))
    plan.refresh_from_db()
    assert (plan.state, plan.done) == (PlanState.APPROVED, 0)


def test_a_run_that_was_broken_off_goes_on_where_it_stopped(city: City, minor: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    for serial in range(607, 611):
        party(city, "A1", f"未成年{serial}", serial)
    plan, calls = approved(city), 0
    effect = carrying.EFFECTS["MINOR"]

    def breaks(*given: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            effect(*given)
            raise OSError("power cut")
        effect(*given)

    monkeypatch.setitem(carrying.EFFECTS, "MINOR", breaks)
    with pytest.raises(OSError):
        carrying.carry_out(plan=plan, by=city.actor("security"), batch=2)
    plan.refresh_from_db()
    assert plan.done == 2 and Party.objects.count() == 3, "the batch that broke is as if it had not begun"
    late = party(city, "A1", "后来的", 620)
    assert carrying.carry_out(plan=plan, by=city.actor("security"), batch=2).done == 5
    assert list(Party.objects.values_list("pk", flat=True)) == [late.pk], "what came later waits for a plan of its own"
    with pytest.raises(RetentionRefused):
        carrying.carry_out(plan=plan, by=city.actor("security"))


def test_rules_that_changed_since_are_refused(city: City, minor: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = approved(city)
    monkeypatch.setattr("qingyuan.reference.retention.digest", lambda: "other")
    with pytest.raises(RetentionRefused, match="规则在方案提出以后改过"):
        carrying.carry_out(plan=plan, by=city.actor("security"))


def test_a_plan_for_a_day_to_come_can_be_read_and_not_proposed(city: City, minor: Party) -> None:
    with pytest.raises(RetentionRefused, match="今天之后"):
        carrying.propose(preview=finding.preview(TODAY + timedelta(days=1)), by=city.actor("security"))
    assert not RetentionPlan.objects.exists()


def test_a_dropped_plan_is_carried_out_no_more(city: City, minor: Party) -> None:
    plan = actions.drop(plan=approved(city), by=city.actor("security"))
    with pytest.raises(RetentionRefused):
        carrying.carry_out(plan=plan, by=city.actor("security"))
    with pytest.raises(RetentionRefused):
        actions.drop(plan=plan, by=city.actor("leader"))


# --- penalties: closed from entry, and counted so -------------------------------------------------------------------------
def penalty(city: City, number: str, serial: int, decided_on: date, **changes: Any) -> Penalty:
    code = catalogue.get_list("offences").valid_on(TODAY)[0].code, catalogue.get_list("penalty_kinds").valid_on(TODAY)[0].code
    values = {"document_number": number, "name": f"甲{serial}", "id_number": id_number(serial, changes.pop("born", "19900101"))}
    values |= {"act": code[0], "kind": code[1], "division": city.divisions["龙洞镇"].pk, "decided_on": decided_on}
    row: Penalty = city.enter("penalties", "officer", values | changes)[0]
    return row


def test_penalties_are_collected_as_closed_from_entry_each_under_its_rule(city: City) -> None:
    penalty(city, "P1", 621, date(2022, 3, 1))
    penalty(city, "P2", 622, date(2022, 3, 1), born="20080101")
    early = penalty(city, "P3", 623, date(2021, 5, 31), born="20080101")
    old, new, young = (penalty(city, f"P{serial}", serial, date(2022, 3, 2)) for serial in (624, 625, 626))
    Penalty.objects.filter(pk=old.pk).update(decided_on=date(2025, 12, 31))
    Penalty.objects.filter(pk=new.pk).update(decided_on=date(2026, 1, 1))
    Penalty.objects.filter(pk=young.pk).update(decided_on=date(2026, 1, 1), minor=True)
    assert early.minor
    assert finding.closed_from_entry(TODAY) == {"MINOR": 1, "VIOLATION": 0}
    assert finding.closed_from_entry(date(2026, 1, 1)) == {"MINOR": 2, "VIOLATION": 1}, "whom two rules end counts once"
    assert finding.preview(date(2026, 1, 1)).lines == (), "there is nothing left to do for them"


def test_a_penalty_whose_values_in_the_log_are_open_is_found_and_closed(city: City) -> None:
    row = penalty(city, "P1", 631, date(2022, 3, 1), born="20080101")
    assert audit.unseal_record_key(row.pk)
    assert finding.closed_from_entry(TODAY)["MINOR"] == 0
    (line,) = finding.preview(TODAY).lines
    assert (line.rule, line.effect, line.ledger, line.row_id, line.since) == ("MINOR", "seal", "penalties", row.pk, date(2022, 3, 1))
    assert done(city).state == PlanState.DONE
    assert RecordKey.objects.get(pk=row.pk).sealed_at is not None and found() == {}
    assert WriteEntry.objects.get(act="penalties.seal").row_id == row.pk
    assert finding.closed_from_entry(TODAY)["MINOR"] == 1


def test_the_page_says_how_many_are_closed_from_entry_and_keeps_small_numbers_closed(city: City) -> None:
    for serial in range(641, 648):
        penalty(city, f"P{serial}", serial, date(2022, 3, 1), born="20080101")
    page = text_of(browser_of(city, "security").get("/retention/"))
    assert "登记时已经封存:7" in page.replace(" ", "")
    Penalty.objects.filter(document_number__in=("P641", "P642", "P643")).update(voided_at=clock.now(), void_reason="x")
    assert "登记时已经封存:4" not in text_of(browser_of(city, "security").get("/retention/")).replace(" ", "")


# --- what was written on the lines of a check-up ---------------------------------------------------------------------------
def test_a_year_after_a_check_up_its_words_go_from_the_rows_and_from_the_log_and_the_results_stay(city: City) -> None:
    city.enter("measures", "supervisor", measure_values(city, 0), measure_values(city, 1))
    made = campaigns.issue(
        title="普查", document_number="1号", starts_on=date(2021, 10, 1), ends_on=date(2021, 11, 20), reference_on=date(2021, 9, 30),
        places=[city.divisions["云岭市"]], by=city.actor("clerk"),
    )  # fmt: skip
    assert not CampaignLine.frame.exists(), "nobody was on the register then"
    Measure.objects.update(decided_on=date(2021, 5, 1))
    campaigns._draw(made, TODAY)
    line = CampaignLine.objects.first()
    campaigns.say(line=line, state="abroad", by=city.actor("supervisor"), version=1, happened_on=date(2021, 11, 1), paper_number="境7")
    assert "CAMPAIGN" not in found(date(2022, 11, 19)) and found(date(2022, 11, 20))["CAMPAIGN"] == 1
    done(city)
    now = CampaignLine.objects.get(pk=line.pk)
    assert (now.state, now.happened_on, now.paper_number, now.words, now.said_by_id) == ("abroad", date(2021, 11, 1), "", "", None)
    assert RecordKey.objects.get(row_id=line.pk).sealed_at is not None
    assert WriteEntry.objects.filter(act="campaigns.clear").count() == 1 and "CAMPAIGN" not in found()
