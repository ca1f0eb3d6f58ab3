"""Hand-overs in the browser: who sees what, what a form says, and what «today» tells."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser

from qingyuan.casework.actions import handovers
from qingyuan.casework.actions.handovers import Terms
from qingyuan.casework.models import HandOver
from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.organisation.models import Account, RoleGrant
from qingyuan.rehabilitation.actions.handing import CODE
from qingyuan.rehabilitation.models import Client
from qingyuan.rehabilitation.people import person_key
from tests.cast import BEGAN, City, id_number, measure_values
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def towns(city: City) -> City:
    for username, unit, place in (("colleague", "longdong", "龙洞镇"), ("far_caseworker", "shiqiao", "石桥镇")):
        account = Account.objects.create(username=username, name={"colleague": "同事甲"}.get(username, "远方乙"), unit=city.units[unit])
        RoleGrant.objects.create(account=account, role="caseworker", division=city.divisions[place], start=BEGAN, granted_by="set-up")
        city.accounts[username] = account
    city.enter("measures", "caseworker", measure_values(city, 1), measure_values(city, 3))
    city.enter("measures", "supervisor", measure_values(city, 2))
    return city


def person(serial: int = 1) -> Client:
    return Client.objects.get(pk=person_key(id_number(100 + serial)).client_id)


def made(city: City, *serials: int) -> HandOver:
    return handovers.offer(
        keeper=CODE, subjects=[person(one).pk for one in serials or (1,)], to_unit=city.units["shiqiao"], to_caseworker=None,
        terms=Terms("moved", "本人迁往石桥镇"), by=city.actor("supervisor"),
    )  # fmt: skip


def typed(city: City, **changes: Any) -> dict[str, Any]:
    return {
        "people": [str(person().pk)], "receiver": f"u{city.units['shiqiao'].pk}", "reason": "moved",
        "counted_from": "2022-11-23", "words": "本人迁往石桥镇",
    } | changes  # fmt: skip


def test_offered_on_one_side_and_signed_for_on_the_other(towns: City) -> None:
    giver, taker = browser_of(towns, "supervisor"), browser_of(towns, "stranger")
    assert "测试乙" in text_of(giver.get("/handovers/new/"))
    response = giver.post("/handovers/new/", typed(towns))
    one = HandOver.objects.get()
    assert response.status_code == 302 and response["Location"] == f"/handovers/{one.pk}/"
    assert "现在仍由龙洞镇人民政府 · 何姐负责" in text_of(giver.get(f"/handovers/{one.pk}/"))
    assert "龙洞镇人民政府" in text_of(taker.get("/handovers/"))
    page = text_of(taker.get(f"/handovers/{one.pk}/"))
    assert "测试乙" in page and "社区戒毒" in page and id_number(101) not in page
    waits = text_of(giver.get(f"/people/{person().pk}/"))
    assert "正在移交给石桥镇人民政府,等对方在 2022-12-08 前签收;签收以前仍由现在的负责人负责" in waits
    assert taker.get(f"/people/{person().pk}/").status_code == 404, "no record is open before it is signed for"
    assert ReadEntry.objects.using("audit").filter(actor_name="石平", ledger="hand-overs", act="detail").exists()
    assert "移交待接收:龙洞镇人民政府 移来 1 人" in text_of(taker.get("/today/"))
    place = towns.divisions["石桥社区"].pk
    done = taker.post(
        f"/handovers/{one.pk}/accept/", {"accept-caseworker": str(towns.accounts["far_caseworker"].pk), "accept-division": str(place)}, follow=True
    )
    assert "自 2022-11-23 起由石桥镇人民政府 · 远方乙负责" in text_of(done)
    assert taker.get(f"/people/{person().pk}/").status_code == 200
    assert browser_of(towns, "far_caseworker").get(f"/people/{person().pk}/").status_code == 200
    assert giver.get(f"/people/{person().pk}/").status_code == 404
    assert browser_of(towns, "caseworker").get(f"/people/{person().pk}/").status_code == 404
    after = text_of(giver.get(f"/handovers/{one.pk}/"))
    assert "测试乙" in after and "社区戒毒 ·" not in after, "who gave knows whom, not what has happened since"


def test_refused_and_taken_back_with_words(towns: City) -> None:
    one, taker, giver = made(towns), browser_of(towns, "stranger"), browser_of(towns, "supervisor")
    assert "请写明为什么不接收" in text_of(taker.post(f"/handovers/{one.pk}/refuse/", {"refuse-why": ""}))
    assert taker.post(f"/handovers/{one.pk}/refuse/", {"refuse-why": ""}).status_code == 422
    done = taker.post(f"/handovers/{one.pk}/refuse/", {"refuse-why": "没有来本镇居住"}, follow=True)
    assert "没有转移,仍由龙洞镇人民政府 · 何姐负责" in text_of(done)
    assert "测试乙" not in text_of(done), "who refused reads no more names"
    again = made(towns)
    assert giver.post(f"/handovers/{again.pk}/withdraw/", {"withdraw-why": ""}).status_code == 422
    giver.post(f"/handovers/{again.pk}/withdraw/", {"withdraw-why": "不迁了"})
    told = taker.post(f"/handovers/{again.pk}/accept/", {"accept-division": str(towns.divisions["石桥镇"].pk)}, follow=True)
    assert "吴主任已于 2022-11-23 办过:已撤回" in text_of(told)
    assert person().unit.code == "longdong"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"people": []}, "请先选要移交的人"),
        ({"people": ["00000000-0000-0000-0000-000000000000"]}, "不在您的名下"),
        ({"receiver": "u999999"}, "选择一个有效的选项"),
        ({"reason": ""}, "请选移交原因"),
        ({"words": ""}, "请写移交说明"),
        ({"counted_from": "昨天"}, "日期请写成"),
        ({"counted_from": "2023-01-01"}, "不能在今天之后"),
    ],
)
def test_what_is_wrong_stands_on_the_form_and_nothing_is_offered(towns: City, wrong: dict[str, Any], said: str) -> None:
    response = browser_of(towns, "supervisor").post("/handovers/new/", typed(towns, **wrong))
    assert (response.status_code, said in text_of(response)) == (422, True)
    assert not HandOver.objects.exists()


def test_a_caseworker_is_offered_colleagues_and_no_other_unit(towns: City) -> None:
    browser = browser_of(towns, "caseworker")
    page = text_of(browser.get("/handovers/new/"))
    assert "同事甲" in page and "石桥镇" not in page and "测试丙" not in page
    assert browser.post("/handovers/new/", typed(towns)).status_code == 422
    response = browser.post("/handovers/new/", typed(towns, receiver=f"a{towns.accounts['colleague'].pk}", reason="balance"))
    assert response.status_code == 302
    colleague = browser_of(towns, "colleague")
    one = HandOver.objects.get()
    assert colleague.post(f"/handovers/{one.pk}/accept/", {}, follow=True).status_code == 200
    assert person().caseworker_id == towns.accounts["colleague"].pk


@pytest.mark.parametrize("who", ["clerk", "leader", "officer", "town_leader", "colleague", "doctor", "auditor", "liaison"])
def test_nobody_else_opens_or_answers_it(towns: City, who: str) -> None:
    one, browser = made(towns), browser_of(towns, who)
    assert browser.get(f"/handovers/{one.pk}/").status_code in (403, 404)
    for step, data in (("accept", {}), ("refuse", {"refuse-why": "x"}), ("withdraw", {"withdraw-why": "x"})):
        assert browser.post(f"/handovers/{one.pk}/{step}/", data).status_code in (403, 404)
    if who != "colleague":
        assert browser.get("/handovers/new/").status_code == 403
        assert browser.post("/handovers/new/", typed(towns)).status_code == 403
    assert browser.post("/handovers/reassign/", {}).status_code == 403
    assert HandOver.objects.get().state == "offered"


def test_superiors_see_what_hangs_without_names_or_how_many(towns: City, settings: Any) -> None:
    made(towns, 1, 3)
    settings.QINGYUAN_TODAY = date(2022, 12, 9)
    for who in ("clerk", "leader", "town_leader"):
        browser = browser_of(towns, who)
        page = text_of(browser.get("/handovers/"))
        assert "龙洞镇人民政府" in page and "逾期" in page and "测试" not in page and "2 人" not in page
        assert "移交逾期没有答复:龙洞镇人民政府 移交 石桥镇人民政府" in text_of(browser.get("/today/"))
    assert "移交逾期没有答复:石桥镇人民政府" in text_of(browser_of(towns, "supervisor").get("/today/"))
    assert "移交待接收" in text_of(browser_of(towns, "stranger").get("/today/"))
    assert person().unit.code == "longdong"


def test_workers_are_shown_by_name_with_their_load_and_nobody_elses(towns: City) -> None:
    page = text_of(browser_of(towns, "supervisor").get("/handovers/caseload/"))
    for said in ("何姐", "同事甲", "吴主任", "专干直接负责", "不超过 30 人", "戒毒条例", "待本地书面确认"):
        assert said in page
    assert "远方乙" not in page
    own = text_of(browser_of(towns, "caseworker").get("/handovers/caseload/"))
    assert "何姐" in own and "同事甲" not in own
    assert browser_of(towns, "officer").get("/handovers/caseload/").status_code == 403


def test_the_office_sees_towns_and_no_worker(towns: City) -> None:
    page = text_of(browser_of(towns, "clerk").get("/handovers/caseload/"))
    assert "龙洞镇" in page
    for name in ("何姐", "同事甲", "吴主任", "测试"):
        assert name not in page.replace("测试环境", "")


def test_people_of_somebody_who_is_gone_alarm_and_are_spread(towns: City) -> None:
    Account.objects.filter(username="caseworker").update(is_active=False)
    browser = browser_of(towns, "supervisor")
    assert "无人负责:2 人的社工已经不在岗" in text_of(browser.get("/today/"))
    assert "有 2 人的社工已经不在岗" in text_of(browser.get("/handovers/"))
    assert "已经不在岗,请重新分派" in text_of(browser.get("/handovers/caseload/"))
    page = text_of(browser.get("/handovers/reassign/"))
    assert "测试乙" in page and "建议给 同事甲" in page and "测试丙" not in page
    data = {"people": [str(person(one).pk) for one in (1, 3)], "to": "balance", "reason": "post_left", "words": ""}
    assert "请写移交说明" in text_of(browser.post("/handovers/reassign/", data))
    assert browser.post("/handovers/reassign/", data | {"words": "何姐调走"}).status_code == 302
    # One of nobody in particular is the supervisor's, so the colleague, who had none, takes both.
    assert {person(one).caseworker_id for one in (1, 3)} == {towns.accounts["colleague"].pk}
    assert "无人负责" not in text_of(browser.get("/today/"))


def test_a_unit_without_a_supervisor_alarms_the_office(towns: City) -> None:
    RoleGrant.objects.filter(account__username="supervisor").update(end=date(2022, 11, 1))
    assert "无人负责:龙洞镇人民政府没有禁毒专干账号" in text_of(browser_of(towns, "clerk").get("/today/"))
    assert "龙洞镇人民政府" in text_of(browser_of(towns, "town_leader").get("/handovers/"))


def test_addresses_that_are_nonsense_are_not_there(towns: City) -> None:
    browser: Browser = browser_of(towns, "supervisor")
    for url in ("/handovers/?show=x", "/handovers/reassign/?carrier=x", "/handovers/00000000-0000-0000-0000-000000000000/"):
        assert browser.get(url).status_code == 404, url


def test_more_people_and_more_hand_overs_cost_no_more_questions(towns: City, django_assert_max_num_queries: Any) -> None:
    towns.enter("measures", "supervisor", *(measure_values(towns, serial, id_number=id_number(600 + serial)) for serial in range(40)))
    ids = list(Client.objects.filter(caseworker_id=None).order_by("pk").values_list("pk", flat=True))
    for pk in ids[:12]:
        handovers.offer(
            keeper=CODE, subjects=[pk], to_unit=towns.units["shiqiao"], to_caseworker=None, terms=Terms("moved", "迁居"), by=towns.actor("supervisor")
        )
    browser = browser_of(towns, "supervisor")
    browser.get("/handovers/away/")
    for url in ("/handovers/?show=given", "/handovers/new/", "/handovers/caseload/", "/handovers/reassign/?carrier=none"):
        with django_assert_max_num_queries(60):
            assert browser.get(url).status_code == 200
