"""The desk from the pages: a person comes, shows papers, gets a copy; a correction; a clinic that answers by itself; refusals."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from qingyuan.casework.models import DataRequest, ServedPaper
from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.journeys.todo import sources
from qingyuan.rehabilitation.actions import own_page
from qingyuan.rehabilitation.enums import AskedFor
from qingyuan.rehabilitation.models import Client, OwnRequest
from qingyuan.web.account.proof import ASKED_AGAIN
from tests.cast import TODAY, City, id_number, measure_values
from tests.enforcement.rows import PARTY, filed
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
REFUSED = 422
ASKED = {
    "kind": "copy", "asker": "self", "came_by": "in_person", "received_on": TODAY.isoformat(), "name": "测试甲",
    "id_number": id_number(100), "asker_name": "", "contact": "", "words": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _uploads(tmp_path: Any, settings: Any) -> None:
    settings.QINGYUAN_UPLOADS = tmp_path


@pytest.fixture
def measure(city: City) -> Any:
    return city.enter("measures", "caseworker", measure_values(city, 0))[0]


def received(browser: Any, **changes: str) -> str:
    """The address of a request that was just written down."""
    answer = browser.post("/requests/new/", ASKED | changes)
    assert answer.status_code == 302, text_of(answer)
    return str(answer.url)


def collected(browser: Any, **changes: str) -> str:
    address = received(browser, **changes)
    browser.post(f"{address}identity/", {"seen": ["id_card"], "words": ""})
    browser.post(f"{address}collect/")
    return address


def decided(browser: Any, address: str, **each: str) -> Any:
    """Every item alike."""
    held = DataRequest.objects.get(pk=address.split("/")[2])
    given = {f"{name}-{item.pk}": text for item in held.items.all() if item.rows for name, text in each.items()}
    return browser.post(f"{address}decide/", given, follow=True)


def test_a_person_comes_shows_a_card_and_takes_a_copy_of_everything_home(city: City, measure: Any) -> None:
    browser = browser_of(city, "supervisor")
    address = received(browser)
    page = text_of(browser.get(address))
    assert "核对身份" in page and "查到的记录" not in page and "2022-12-14" in page
    assert browser.post(f"{address}identity/", {"words": ""}).status_code == REFUSED
    browser.post(f"{address}identity/", {"seen": ["id_card"], "words": ""})
    page = text_of(browser.post(f"{address}collect/", follow=True))
    assert "社区" in page and "1 条" in page
    page = text_of(decided(browser, address, verdict="given"))
    assert "取答复和副本" in page
    packed = zipfile.ZipFile(io.BytesIO(b"".join(browser.get(f"{address}copy/"))))
    assert packed.namelist() == ["答复书.docx", "答复书.pdf", "副本.json"]
    told = json.loads(packed.read("副本.json"))
    assert told["person"] == {"name": "测试甲", "id_number": id_number(100)}
    records = next(one for one in told["holdings"] if one["code"] == "measures")["records"]
    assert len(records) == 1 and id_number(100) in records[0].values() and "2022-01-10" in records[0].values()
    assert packed.read("答复书.pdf").startswith(b"%PDF") and len(packed.read("答复书.docx")) > 2000
    assert ReadEntry.objects.filter(act="export", ledger="data-requests").count() == 1
    assert ReadEntry.objects.filter(act="collect", ledger="measures").count() == 1
    answer = browser.post(f"{address}hand-over/", {"way": "in_person", "on": TODAY.isoformat(), "seen": ["id_card"], "words": ""}, follow=True)
    assert "已答复" in text_of(answer)
    assert browser.get(f"{address}copy/").status_code == 404
    page = text_of(browser.post(f"{address}objection/", {"words": "日期不对,已告知可以起诉"}, follow=True))
    assert "日期不对" in page


def test_the_answer_is_a_numbered_paper_of_the_unit_served_with_the_copy_and_filed_in_the_register(city: City, measure: Any) -> None:
    browser = browser_of(city, "supervisor")
    address = collected(browser)
    page = text_of(decided(browser, address, verdict="given"))
    paper = ServedPaper.objects.get(form="data-answer")
    assert paper.number and paper.number in page and paper.subject_id == measure.pk and paper.state == "issued"
    browser.post(f"{address}make/")
    assert ServedPaper.objects.count() == 1, "made anew it keeps its number"
    letter = zipfile.ZipFile(io.BytesIO(b"".join(browser.get(f"{address}copy/")))).read("答复书.docx")
    assert paper.number in zipfile.ZipFile(io.BytesIO(letter)).read("word/document.xml").decode()
    browser.post(f"{address}hand-over/", {"way": "in_person", "on": TODAY.isoformat(), "seen": ["id_card"], "words": ""})
    paper.refresh_from_db()
    assert (paper.way, paper.sent_on) == ("direct", TODAY) and paper.state == "issued", "its signed receipt is not on file yet"
    assert paper.number in text_of(browser.get("/serving/")) and paper.number in text_of(browser.get(address))
    printed = text_of(browser.get(f"/serving/{paper.pk}/"))
    assert "个人信息" in printed
    words = json.dumps(paper.words, ensure_ascii=False)
    assert "社区戒毒社区康复台账" in words and id_number(100) not in words and "2022-01-10" not in words, "decisions, and none of the records"


def _row_at(city: City, who: str) -> Any:
    """A row about 测试甲 at the police, or at the clinic in either way of treatment."""
    person = {"name": "测试甲", "id_number": id_number(100)}
    if who == "officer":
        filed(city)
        return city.enter("parties", "officer", PARTY | person)[0]
    if who == "doctor":
        return city.enter("treatment_agreements", "doctor", person | {"way": "outpatient", "signed_on": TODAY, "confidentiality": True})[0]
    return city.enter("maintenance", "doctor", person | {"medicine": "methadone", "enrolled_on": TODAY})[0]


@pytest.mark.parametrize(("who", "ledger", "column"), [
    ("officer", "parties", "enforcement"), ("doctor", "treatment_agreements", "treatment"), ("doctor in maintenance", "maintenance", "treatment"),
])  # fmt: skip
def test_the_answers_of_police_and_clinic_are_numbered_served_and_filed_and_nobody_elses(city: City, who: str, ledger: str, column: str) -> None:
    row = _row_at(city, who)
    who = who.split()[0]
    browser = browser_of(city, who)
    address = collected(browser)
    page = text_of(decided(browser, address, verdict="given"))
    paper = ServedPaper.objects.get()
    assert (paper.ledger, paper.subject_id, paper.state) == (ledger, row.pk, "issued") and paper.number and paper.number in page
    assert {name for name in ("community", "enforcement", "treatment") if getattr(paper, name)} == {column}, "under the key of its own side"
    letter = zipfile.ZipFile(io.BytesIO(b"".join(browser.get(f"{address}copy/")))).read("答复书.docx")
    assert paper.number in zipfile.ZipFile(io.BytesIO(letter)).read("word/document.xml").decode()
    browser.post(f"{address}hand-over/", {"way": "mail", "on": TODAY.isoformat(), "words": "XA0001CN"})
    paper.refresh_from_db()
    assert (paper.way, paper.sent_on) == ("mail", TODAY)
    [said] = paper.services.all()
    assert said.words == {"tracking": "XA0001CN"} and getattr(said, column)
    assert paper.number in text_of(browser.get("/serving/")) and paper.number in text_of(browser.get("/serving/register/"))
    assert browser.get(f"/serving/{paper.pk}/").status_code == 200
    for other in set(city.accounts) - {who}:
        theirs = browser_of(city, other)
        assert theirs.get(f"/serving/{paper.pk}/").status_code in (403, 404), other
        for path in ("/serving/", "/serving/register/", "/today/"):
            assert paper.number not in text_of(theirs.get(path)), (other, path)
        assert str(paper.pk) not in theirs.get("/search/", {"q": paper.number}).content.decode(), other


def test_an_office_keeps_no_rows_about_people_and_numbers_no_answer(city: City, measure: Any) -> None:
    browser = browser_of(city, "clerk")
    assert "取答复和副本" in text_of(decided(browser, collected(browser), verdict="given"))
    assert not ServedPaper.objects.exists()


def test_an_answer_to_somebody_who_is_not_on_file_has_no_line_in_the_register(city: City, measure: Any) -> None:
    browser = browser_of(city, "supervisor")
    address = collected(browser, id_number=id_number(777), name="查无此人")
    assert "取答复和副本" in text_of(decided(browser, address, verdict="given"))
    assert not ServedPaper.objects.exists()


def test_a_request_taken_back_takes_its_paper_back_and_the_number_is_kept(city: City, measure: Any) -> None:
    browser = browser_of(city, "supervisor")
    address = collected(browser)
    decided(browser, address, verdict="given")
    browser.post(f"{address}withdraw/", {"words": "本人来电撤回"})
    paper = ServedPaper.objects.get(form="data-answer")
    assert paper.state == "withdrawn" and paper.number
    assert DataRequest.objects.get().state == "withdrawn"


def test_the_list_names_nobody_and_today_says_by_when(city: City, measure: Any) -> None:
    browser = browser_of(city, "supervisor")
    received(browser)
    assert "测试甲" not in text_of(browser.get("/requests/")) and "查阅、复制" in text_of(browser.get("/requests/"))
    job = next(one for one in sources.mine(city.actor("supervisor"), TODAY) if one.kind == "data_requests")
    assert "测试甲" not in job.title + job.note and job.left is not None and job.left.day.isoformat() == "2022-12-14"
    late = TODAY + timedelta(days=30)
    assert sources.pressing(city.actor("supervisor"), late) > sources.pressing(city.actor("town_leader"), late)


def test_the_office_looks_into_no_ledger_of_the_town_and_its_letter_says_nothing_of_it(city: City, measure: Any) -> None:
    browser = browser_of(city, "clerk")
    address = collected(browser)
    assert "没有查到" in text_of(browser.get(address))
    assert "取答复和副本" in text_of(decided(browser, address))
    packed = zipfile.ZipFile(io.BytesIO(b"".join(browser.get(f"{address}copy/"))))
    assert json.loads(packed.read("副本.json"))["holdings"] == []


def test_who_is_not_proved_is_told_the_same_whether_on_file_or_not(city: City, measure: Any) -> None:
    browser, told = browser_of(city, "supervisor"), []
    for number, name in ((id_number(100), "测试甲"), (id_number(777), "查无此人")):
        address = received(browser, id_number=number, name=name)
        refused = text_of(browser.post(f"{address}collect/", follow=True))
        page = text_of(browser.post(f"{address}unproved/", {"words": "没有带证件"}, follow=True))
        told.append([text.replace(name, "某").replace(number, "号") for text in (refused, page)])
    assert told[0] == told[1] and "身份未核实" in told[0][1]


def test_a_correction_is_made_in_its_ledger_first_and_only_then_agreed_to(city: City, measure: Any) -> None:
    browser = browser_of(city, "supervisor")
    address = collected(browser, kind="correct", words="协议日期应为 1 月 13 日")
    page = text_of(decided(browser, address, verdict="given"))
    assert "还没有更正" in page
    change = f"/ledgers/measures/{measure.pk}/change/"
    assert change in browser.get(address).content.decode()
    measure.agreement_on = TODAY.replace(month=1, day=13)
    measure.changed_at = DataRequest.objects.get().received_at + timedelta(minutes=5)
    measure.save()
    assert "待交付" in text_of(decided(browser, address, verdict="given"))


def test_what_may_not_be_deleted_is_refused_with_its_article(city: City, measure: Any) -> None:
    browser = browser_of(city, "supervisor")
    address = collected(browser, kind="delete", words="请删除全部")
    assert "还在台账里" in text_of(decided(browser, address, verdict="given"))
    assert "选理由" in text_of(decided(browser, address, verdict="refused"))
    page = text_of(decided(browser, address, verdict="refused", ground="kept", remark="档案期限未满"))
    assert "第四十七条" in page and "档案期限未满" in page


def test_a_clinic_answers_its_own_patient_and_the_desk_that_passed_it_on_learns_the_day_alone(city: City) -> None:
    patient = {"name": "测试甲", "id_number": id_number(100)}
    city.enter("treatment_agreements", "doctor", patient | {"way": "outpatient", "signed_on": TODAY, "confidentiality": True, "note": "暗约"})
    clerk, doctor = browser_of(city, "clerk"), browser_of(city, "doctor")
    address = collected(clerk)
    clerk.post(f"{address}pass-on/", {"clinics": "yes", "wished": "yes"})
    there = f"/requests/{DataRequest.objects.get(compartment='treatment').pk}/"
    doctor.post(f"{there}identity/", {"seen": ["id_card"], "words": ""})
    assert "自愿戒毒" in text_of(doctor.post(f"{there}collect/", follow=True))
    decided(doctor, there, verdict="given")
    packed = zipfile.ZipFile(io.BytesIO(b"".join(doctor.get(f"{there}copy/"))))
    assert "暗约" in packed.read("副本.json").decode()
    doctor.post(f"{there}hand-over/", {"way": "in_person", "on": TODAY.isoformat(), "seen": ["id_card"], "words": ""})
    page = text_of(clerk.get(address))
    assert f"{TODAY} 已答复" in page and "自愿戒毒" not in page and "暗约" not in page
    assert clerk.get(there).status_code == 404 and clerk.get(f"{there}copy/").status_code == 404


def test_a_correction_asked_for_on_the_own_page_becomes_a_request_once(city: City, measure: Any) -> None:
    client = Client.objects.get()
    asked = own_page.ask(client=client, asked_for=AskedFor.CORRECTION, words="电话换了")
    browser = browser_of(city, "caseworker")
    Client.objects.filter(pk=client.pk).update(caseworker_id=city.accounts["caseworker"].pk)
    assert "转为个人信息请求" in text_of(browser.get(f"/people/{client.pk}/own/"))
    for _time in range(2):
        answer = browser.post(f"/people/{client.pk}/own/{asked.pk}/request/", follow=True)
    assert "已经转为" in text_of(answer)
    made = DataRequest.objects.get()
    assert (made.kind, made.own_request_id, made.values["words"]) == ("correct", asked.pk, "电话换了")
    assert browser_of(city, "stranger").post(f"/people/{client.pk}/own/{asked.pk}/request/").status_code == 404
    leave = own_page.ask(client=client, asked_for=AskedFor.LEAVE, words="探亲", from_day=TODAY, until_day=TODAY)
    assert "请假" in text_of(browser.post(f"/people/{client.pk}/own/{leave.pk}/request/", follow=True))
    assert OwnRequest.objects.count() == 2 and DataRequest.objects.count() == 1


@pytest.mark.parametrize("who", ["leader", "liaison", "town_leader", "auditor", "security", "prosecutor"])
def test_whoever_receives_no_requests_is_shown_why(city: City, who: str) -> None:
    browser = browser_of(city, who)
    for path in ("/requests/", "/requests/new/"):
        assert browser.get(path).status_code == 403
    assert browser.post("/requests/new/", ASKED).status_code == 403 and not DataRequest.objects.exists()


@pytest.mark.parametrize("step", ["identity", "unproved", "withdraw", "collect", "decide", "make", "hand-over", "objection", "pass-on"])
def test_nobody_of_another_unit_takes_a_step(city: City, step: str) -> None:
    address = received(browser_of(city, "supervisor"))
    for who in ("stranger", "officer", "doctor", "clerk"):
        assert browser_of(city, who).post(f"{address}{step}/", {"words": "x"}).status_code == 404
    assert browser_of(city, "supervisor").post(f"{address}none/").status_code == 404


def test_a_file_that_leaves_is_asked_about_again() -> None:
    assert ASKED_AGAIN["web:desk-copy"].file
