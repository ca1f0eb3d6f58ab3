"""The pages of supervision orders: the whole road in the browser by four people, drafts with their basis, what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qingyuan.casework.actions import handovers
from qingyuan.casework.actions.handovers import Terms
from qingyuan.documents.fonts import font_files
from qingyuan.documents.qr import qr_png
from qingyuan.governance.actions import returns
from qingyuan.governance.models import OrderFile, Return, SupervisionOrder
from qingyuan.organisation.models import Unit
from qingyuan.reference.periods import Period
from qingyuan.rehabilitation.actions.handing import CODE
from qingyuan.rehabilitation.models import Client
from tests.cast import TODAY, City, measure_values
from tests.governance.orders import DRAFT, DUE, Orders
from tests.web.pages import browser_of, field_error, text_of

pytestmark = pytest.mark.django_db
BEFORE, SOON = date(2022, 11, 1), date(2022, 11, 10)


@pytest.fixture
def office(city: City, tmp_path: Any, settings: Any) -> Orders:
    if not font_files():
        pytest.skip("no fonts in qingyuan/documents/fonts: run python3 run.py setup")
    settings.QINGYUAN_UPLOADS = tmp_path / "uploads"
    return Orders(city)


def page(office: Orders, who: str, address: str, *args: Any, **query: Any) -> Any:
    return browser_of(office.city, who).get(reverse(f"web:{address}", args=args), query)


def post(office: Orders, who: str, address: str, *args: Any, **data: Any) -> Any:
    return browser_of(office.city, who).post(reverse(f"web:{address}", args=args), data)


def take(office: Orders, who: str, order: SupervisionOrder, step: str, **given: Any) -> Any:
    version = given.pop("version", SupervisionOrder.everything.get(pk=order.pk).version)
    return post(office, who, "order-step", order.pk, step, version=version, **given)


def draft_form(office: Orders, *units: str, **changes: Any) -> dict[str, Any]:
    ids = [office.city.units[unit].pk for unit in units or ("longdong",)]
    return DRAFT | {"units": ids, "due_on": DUE.isoformat(), "word": "", "version": ""} | changes


def now(order: SupervisionOrder) -> SupervisionOrder:
    found: SupervisionOrder = SupervisionOrder.everything.get(pk=order.pk)
    return found


def main_button(answer: Any) -> str:
    soup = BeautifulSoup(answer.content.decode(), "html.parser")
    found = soup.select_one("#next .form-end .btn.p")
    return found.get_text(strip=True) if found else ""


# --- the road -----------------------------------------------------------------------------------------------------------------
def test_four_people_bring_an_order_from_draft_to_close_from_their_today(office: Orders) -> None:
    assert post(office, "clerk", "order-new", **draft_form(office)).status_code == 302
    order = SupervisionOrder.everything.get()
    assert "补齐9月以来缺检" in text_of(page(office, "clerk", "today"))
    assert main_button(page(office, "clerk", "order", order.pk)) == "送签"
    assert page(office, "supervisor", "order", order.pk).status_code == 404
    assert take(office, "clerk", order, "submit").status_code == 302

    assert "督办单待签发:补齐9月以来缺检" in text_of(page(office, "leader", "today"))
    assert main_button(page(office, "leader", "order", order.pk)) == "签发下达"
    assert take(office, "leader", order, "issue").status_code == 302
    assert now(order).number == "云禁督〔2022〕1号"

    told = text_of(page(office, "supervisor", "today"))
    assert "督办单已下达:补齐9月以来缺检" in told and "公文待签收" not in told
    assert main_button(page(office, "supervisor", "order", order.pk)) == "签收"
    assert take(office, "supervisor", order, "receive").status_code == 302
    picture = SimpleUploadedFile("现场.png", qr_png("evidence"), "image/png")
    table = SimpleUploadedFile("明细.xlsx", b"PK\x03\x04 sheet", "application/zip")
    answered = take(office, "supervisor", order, "answer", done="已逐人核对，补检9人次。", evidence=[picture, table])
    assert answered.status_code == 302 and now(order).state == "answered"
    assert OrderFile.objects.filter(order=order).count() == 2

    assert "本单位的督办单" not in text_of(page(office, "town_leader", "today"))
    shown = page(office, "clerk", "order", order.pk)
    assert main_button(shown) == "核查通过,办结" and "现场.png" in text_of(shown)
    assert take(office, "clerk", order, "close", finding="抽查3份检测记录，属实。").status_code == 302
    closed = page(office, "supervisor", "order", order.pk)
    assert "已办结" in text_of(closed) and "抽查3份检测记录，属实。" in text_of(closed) and main_button(closed) == ""
    assert "补齐9月以来缺检" in text_of(page(office, "auditor", "orders", of="done"))


def test_the_notice_opens_for_the_receiver_and_its_buttons_stand_on_the_order(office: Orders) -> None:
    order = office.issued()
    notice = page(office, "supervisor", "paper", order.paper_id)
    assert notice.status_code == 200 and "打开督办单" in text_of(notice)
    assert "关于补齐9月以来缺检的督办通知" in text_of(notice)
    assert page(office, "supervisor", "paper-file", order.paper_id, "pdf").content.startswith(b"%PDF")


def test_evidence_comes_back_as_it_was_sent_to_those_who_read_the_order(office: Orders) -> None:
    order = office.received()
    table = SimpleUploadedFile("明细.xlsx", b"PK\x03\x04 sheet", "application/zip")
    take(office, "supervisor", order, "answer", done="办了", evidence=[table])
    kept = OrderFile.objects.get()
    back = page(office, "clerk", "order-file", order.pk, kept.pk)
    assert back.content == b"PK\x03\x04 sheet" and back["Content-Disposition"].startswith("attachment")
    assert page(office, "stranger", "order-file", order.pk, kept.pk).status_code == 404
    assert page(office, "clerk", "order-file", order.pk, uuid4()).status_code == 404


def test_an_overdue_order_waits_for_the_clerk_to_escalate_and_for_the_leader_to_direct(office: Orders) -> None:
    order = office.received(on=BEFORE, due=SOON)
    told = text_of(page(office, "clerk", "today"))
    assert "龙洞镇人民政府未反馈督办单 云禁督〔2022〕1号" in told and "催办或提级" in told
    assert "逾期没有反馈:龙洞镇人民政府 1 件" in text_of(page(office, "clerk", "orders"))
    assert take(office, "clerk", order, "remind", reason="请尽快").status_code == 302
    assert "2022-11-23 催办过" in text_of(page(office, "supervisor", "today"))
    assert take(office, "clerk", order, "escalate", reason="催办无效").status_code == 302
    assert "督办单已提级:" in text_of(page(office, "leader", "today"))
    there = text_of(page(office, "town_leader", "order", order.pk))
    assert "催办无效" in there and "等上级领导办" in there
    day = (TODAY + timedelta(days=3)).isoformat()
    assert take(office, "leader", order, "direct", reason="三日内办结", due_on=day).status_code == 302
    assert "三日内办结" in text_of(page(office, "supervisor", "order", order.pk))


# --- refused --------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["doctor", "security"])
def test_roles_that_have_no_orders_are_turned_away(office: Orders, who: str) -> None:
    assert page(office, who, "orders").status_code == 403
    assert page(office, who, "orders-flow").status_code == 403


@pytest.mark.parametrize("who", ["leader", "supervisor", "auditor", "liaison", "officer", "town_leader", "caseworker"])
def test_only_the_clerk_of_the_office_drafts(office: Orders, who: str) -> None:
    assert page(office, who, "order-new").status_code == 403
    assert post(office, who, "order-new", **draft_form(office)).status_code == 403
    assert not SupervisionOrder.everything.exists()


@pytest.mark.parametrize(
    ("who", "step", "status"),
    [("stranger", "receive", 404), ("town_leader", "receive", 403), ("caseworker", "receive", 403), ("clerk", "receive", 403), ("auditor", "withdraw", 403)],
)
def test_a_step_of_somebody_else_is_refused_and_nothing_moves(office: Orders, who: str, step: str, status: int) -> None:
    order = office.issued()
    assert take(office, who, order, step, reason="x").status_code == status
    assert now(order).state == "issued"


def test_steps_there_are_not_are_not_found_and_a_get_moves_nothing(office: Orders) -> None:
    order = office.issued()
    for step in ("none", "draft", "change", "__class__"[:5]):
        assert post(office, "clerk", "order-step", order.pk, step.strip("_") or "x", version=1).status_code == 404
    assert page(office, "supervisor", "order-step", order.pk, "receive").status_code == 405
    assert now(order).state == "issued"


def test_an_old_page_is_told_to_look_again(office: Orders) -> None:
    order = office.received()
    old = order.version
    take(office, "supervisor", order, "answer", done="办了")
    again = browser_of(office.city, "supervisor").post(
        reverse("web:order-step", args=[order.pk, "answer"]), {"version": old, "done": "再办"}, follow=True
    )
    assert "刚被别人办过" in text_of(again)
    assert now(order).done == "办了"


def test_a_draft_in_two_windows_is_not_overwritten(office: Orders) -> None:
    order = office.draft()
    first = post(office, "clerk", "order-edit", order.pk, **draft_form(office, version="1", subject="先存的"))
    second = post(office, "clerk", "order-edit", order.pk, **draft_form(office, version="1", subject="后存的"))
    assert (first.status_code, second.status_code) == (302, 422)
    assert "刚被别人办过" in text_of(second) and "后存的" in second.content.decode()
    assert now(order).subject == "先存的"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"subject": ""}, "subject", "请填督办事项。"),
        ({"due_on": "2022-11-23"}, "due_on", "“办理期限”要在今天之后。"),
        ({"due_on": "昨天"}, "due_on", "输入一个有效的日期。"),
        ({"units": []}, "units", "请至少选一个承办单位。"),
        ({"basis": "李某 13800138000"}, "basis", "“督办依据”里不能有身份证号码或手机号,请删去。"),
    ],
)
def test_what_is_wrong_in_a_draft_stands_beside_its_field(office: Orders, changes: dict[str, Any], field: str, words: str) -> None:
    answer = post(office, "clerk", "order-new", **draft_form(office, **changes))
    assert answer.status_code == 422
    assert words in text_of(answer) and (field == "units" or field_error(answer, field) == words)
    assert not SupervisionOrder.everything.exists()


def test_the_worst_that_is_typed_breaks_nothing(office: Orders) -> None:
    for body in ("字" * 50_000, "\x00\x07", "<script>alert(1)</script>", "一、甲\n三、乙"):
        answer = post(office, "clerk", "order-new", **draft_form(office, asked=body))
        assert answer.status_code in (302, 422)
        assert "<script>alert" not in answer.content.decode()
    order = office.received()
    for wrong in (
        SimpleUploadedFile("程序.pdf", b"MZ\x90\x00", "application/pdf"),
        SimpleUploadedFile("网页.html", b"<script>", "text/html"),
        SimpleUploadedFile("假图.png", b"\x89PNG\r\n\x1a\nnothing", "image/png"),
        SimpleUploadedFile("空.pdf", b"", "application/pdf"),
    ):
        answer = take(office, "supervisor", order, "answer", done="办了", evidence=[wrong])
        assert answer.status_code == 422, wrong.name
        assert field_error(answer, "evidence"), wrong.name
    answer = take(office, "supervisor", order, "answer", done="字" * 2001)
    assert answer.status_code == 422 and field_error(answer, "done")
    assert now(order).state == "received" and not OrderFile.objects.exists()


def test_a_receiver_that_is_dissolved_is_not_offered(office: Orders) -> None:
    Unit.objects.filter(code="longdong").update(closed_on=TODAY)
    assert "龙洞镇人民政府" not in text_of(page(office, "clerk", "order-new"))
    answer = post(office, "clerk", "order-new", **draft_form(office))
    assert answer.status_code == 422 and not SupervisionOrder.everything.exists()


# --- begun from what is late -------------------------------------------------------------------------------------------------------
def test_a_late_return_begins_a_draft_with_its_basis(office: Orders) -> None:
    returns.generate_due(
        city=office.city.divisions["云岭市"], month=Period.parse("2022-09"), by=office.city.actor("clerk")
    )
    Unit.objects.filter(code__in=("longdong", "shiqiao")).update(kind="town")
    returns.generate_due(
        city=office.city.divisions["云岭市"], month=Period.parse("2022-09"), by=office.city.actor("clerk")
    )
    filed = Return.objects.filter(unit=office.city.units["longdong"]).first()
    assert filed is not None
    button = BeautifulSoup(page(office, "clerk", "return", filed.pk).content.decode(), "html.parser").find("a", string="督办", class_="btn")
    assert button is not None
    draft = browser_of(office.city, "clerk").get(button["href"])
    said = draft.content.decode()
    assert "至今没有报送" in said and "报送2022年9月" in said
    form = BeautifulSoup(said, "html.parser").select_one(".narrow-form form")
    assert form is not None
    kept = {one["name"]: one["value"] for one in form.select("input[type=hidden]") if one["name"] != "csrfmiddlewaretoken" and one.get("value")}
    basis = form.find("textarea", attrs={"name": "basis"})
    assert basis is not None
    answer = post(office, "clerk", "order-new", **draft_form(office, basis=basis.get_text().strip(), **kept))
    assert answer.status_code == 302
    order = SupervisionOrder.everything.get()
    assert (order.basis_kind, order.cited["return"]) == ("return", str(filed.pk))
    assert reverse("web:return", args=[filed.pk]) in page(office, "clerk", "order", order.pk).content.decode()
    own = BeautifulSoup(page(office, "supervisor", "return", filed.pk).content.decode(), "html.parser")
    assert own.find("a", string="督办", class_="btn") is None


def test_an_instruction_and_a_task_that_are_late_begin_a_draft_once(office: Orders) -> None:
    city = office.city
    told = {"document_number": "州禁毒委〔2022〕9号", "level": "prefecture", "content": "限期整改宣传栏。"}
    told |= {"given_on": date(2022, 9, 1), "due_on": date(2022, 9, 30)}
    row = city.enter("instructions", "supervisor", told)[0]
    plan = {"year": 2022, "title": "教育局计划", "adopted_on": date(2022, 2, 1), "arrangement": "按职责推进"}
    city.enter("unit_plans", "liaison", plan)
    planned = {"year": 2022, "item": 3, "duty": "禁毒法第十三条", "task": "备课", "done_when": "教案入库", "due_on": date(2022, 10, 1)}
    task = city.enter("unit_tasks", "liaison", planned)[0]
    for ledger, one, words, unit in (("instructions", row, "限期整改宣传栏", "longdong"), ("unit_tasks", task, "第3项任务“备课”", "education")):
        shown = BeautifulSoup(page(office, "clerk", "ledger-row", ledger, one.pk).content.decode(), "html.parser")
        button = shown.find("a", string="督办", class_="btn")
        assert button is not None, ledger
        draft = browser_of(city, "clerk").get(button["href"])
        assert words in draft.content.decode()
        query = {"from": "row", "ledger": ledger, "id": one.pk}
        assert post(office, "clerk", "order-new", **draft_form(office, unit, **query)).status_code == 302
        again = text_of(page(office, "clerk", "ledger-row", ledger, one.pk))
        assert "看督办单" in again
        assert "看督办单" not in text_of(page(office, "auditor", "ledger-row", ledger, one.pk))


def test_a_basis_that_is_not_for_the_reader_is_not_taken(office: Orders) -> None:
    for query in (
        {"from": "return", "id": str(uuid4())},
        {"from": "row", "ledger": "measures", "id": str(uuid4())},
        {"from": "row", "ledger": "instructions", "id": "x"},
        {"from": "figure", "indicator": "R99", "part": "value", "place": "999981101000", "span": "2022"},
        {"from": "figure", "indicator": "R05", "part": "missing", "place": "0", "span": "13月"},
    ):
        answer = page(office, "clerk", "order-new", **query)
        assert answer.status_code == 200, query
        assert BeautifulSoup(answer.content.decode(), "html.parser").select_one(".note-line.warning"), query


# --- the picture and engagement ------------------------------------------------------------------------------------------------------
def test_the_flow_picture_marks_where_the_order_stands(office: Orders) -> None:
    order = office.issued()
    soup = BeautifulSoup(page(office, "clerk", "order", order.pk).content.decode(), "html.parser")
    assert [one.get_text(strip=True) for one in soup.select("svg.flow .state.now")] == ["已下达"]
    assert len(soup.select("svg.flow .way.taken")) == 3
    flow = text_of(page(office, "auditor", "orders-flow"))
    assert "核查的人不能是签发的人" in flow and "市禁毒办工作人员" in flow


def test_engagement_counts_duties_by_unit_and_month_and_opens_them(office: Orders) -> None:
    office.received(on=BEFORE, due=SOON)
    office.closed(on=BEFORE, due=SOON)
    office.received(on=BEFORE, due=DUE)
    query = {"period": "2022-01..2022-12"}
    shown = page(office, "clerk", "orders-engagement", **query)
    row = next(one for one in BeautifulSoup(shown.content.decode(), "html.parser").select("main tbody tr") if "龙洞镇" in one.get_text())
    cells = [one.get_text(strip=True) for one in row.find_all("td")]
    assert cells[-3:] == ["2", "1", "1"], "two were due, one was not answered by its day and is still open"
    assert "督办单没有按时反馈 到期 2 件,没有按时 1 件,至今没办 1 件" in text_of(shown)
    unit = office.city.units["longdong"].pk
    opened = page(office, "clerk", "orders-engagement-unit", unit, month="2022-11", **query)
    assert "云禁督〔2022〕1号" in text_of(opened) and "云禁督〔2022〕2号" not in text_of(opened)
    assert page(office, "clerk", "orders-engagement-unit", unit, month="1999-01", **query).status_code == 404
    assert page(office, "stranger", "orders-engagement-unit", unit, **query).status_code == 404
    others = BeautifulSoup(page(office, "liaison", "orders-engagement", **query).content.decode(), "html.parser")
    assert not others.select("main tbody tr")


def test_the_count_in_the_navigation_does_not_grow_with_the_orders(office: Orders, django_assert_max_num_queries: Any) -> None:
    for _number in range(3):
        office.answered()
    client = browser_of(office.city, "clerk")
    client.get("/me/")
    with django_assert_max_num_queries(28):
        few = client.get("/me/password/")
    assert few.status_code == 200


def test_an_overdue_order_is_pressed_once_a_day(office: Orders, settings: Any) -> None:
    order = office.received(on=BEFORE, due=SOON)
    asked = BeautifulSoup(page(office, "clerk", "today").content, "html.parser")
    button = asked.find("a", string="催办或提级")
    assert button is not None
    opened = BeautifulSoup(browser_of(office.city, "clerk").get(button["href"]).content, "html.parser")
    assert [one.summary.get_text() for one in opened.select("details.other-step[open]") if one.summary] == ["催办"]
    assert take(office, "clerk", order, "remind", reason="请尽快").status_code == 302
    told = text_of(page(office, "clerk", "today"))
    assert "催办或提级" not in told and "督办单 云禁督〔2022〕1号 补齐9月以来缺检" in told, "it waits for the town again"
    settings.QINGYUAN_TODAY = TODAY + timedelta(days=1)
    assert "催办或提级" in text_of(page(office, "clerk", "today"))


@pytest.mark.parametrize("who", ["clerk", "leader", "supervisor", "officer"])
def test_a_hand_over_nobody_answered_becomes_an_order_of_the_office(office: Orders, who: str) -> None:
    city = office.city
    city.enter("measures", "caseworker", measure_values(city, 1))
    late = handovers.offer(
        keeper=CODE, subjects=[Client.objects.get().pk], to_unit=city.units["shiqiao"], to_caseworker=None,
        terms=Terms("moved", "本人迁往石桥镇"), by=city.actor("supervisor"), on=BEFORE,
    )  # fmt: skip
    draft = browser_of(city, who).get(reverse("web:order-new"), {"from": "handover", "id": late.pk})
    if who != "clerk":
        assert draft.status_code == 403 or "应于2022年11月16日前答复" not in text_of(draft)
        return
    form = BeautifulSoup(draft.content, "html.parser")
    basis = form.select_one("textarea[name=basis]")
    assert basis is not None and "应于2022年11月16日前答复，至今没有答复" in basis.get_text() and "测试" not in basis.get_text()
    assert "移交逾期没有答复" in text_of(page(office, who, "today"))
    typed = draft_form(office, "shiqiao") | {"from": "handover", "id": str(late.pk)}
    assert post(office, who, "order-new", **typed).status_code == 302
    assert "移交逾期没有答复" not in text_of(page(office, who, "today")), "now the order stands there"
    overview = BeautifulSoup(page(office, who, "handovers").content, "html.parser")
    assert overview.find("a", href=reverse("web:order", args=[SupervisionOrder.everything.get().pk])) is not None
    gone = browser_of(city, who).get(reverse("web:order-new"), {"from": "handover", "id": uuid4()})
    assert "没有找到要引用的依据" in text_of(gone)
