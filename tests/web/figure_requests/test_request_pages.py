"""Requests for figures on the page: registered, settled, passed on, answered from «今天», exported with sources."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.situation.enums import RequestState
from qingyuan.situation.models import FigureAnswer, FigureQuestion, FigureRequest
from qingyuan.web.figure_requests.presenters import badge
from tests.cast import TODAY, City, city
from tests.situation.planted_figures import TELLING, plant_figures
from tests.web.pages import browser_of, field_error, text_of

__all__ = ["city"]
pytestmark = pytest.mark.django_db
LETTER = {"title": "帮扶情况", "asked_by": "省禁毒办", "document_number": "省禁函31号", "received_on": "2022-11-18", "due_on": "2022-11-28"}
QUESTION = {"text": "新安置就业人员", "kind": "number", "measure": "人", "people": "on"}


@pytest.fixture
def told(city: City) -> City:
    plant_figures(city)
    return city


def begun(city: City, **question: Any) -> tuple[Client, FigureQuestion]:
    client = browser_of(city, "clerk")
    assert client.post("/figure-requests/new/", LETTER).status_code == 302
    asked = FigureRequest.objects.get()
    assert client.post(f"/figure-requests/{asked.pk}/questions/", QUESTION | question).status_code == 302
    return client, FigureQuestion.objects.get()


def passed_on(city: City, *units: str) -> tuple[Client, FigureQuestion]:
    client, question = begun(city)
    wanted = [city.units[unit].pk for unit in units]
    assert client.post(f"/figure-questions/{question.pk}/", {"what": "units", "units": wanted}).status_code == 302
    assert "已转下去" in text_of(client.post(f"/figure-requests/{question.request_id}/pass-on/", follow=True))
    return client, question


def answer_of(city: City, unit: str) -> FigureAnswer:
    return FigureAnswer.objects.get(unit=city.units[unit])


def answered(city: City, who: str, unit: str, typed: str, note: str = "") -> Any:
    return browser_of(city, who).post(f"/figure-answers/{answer_of(city, unit).pk}/", {"typed": typed, "note": note}, follow=True)


def test_what_is_wrong_with_a_letter_stands_beside_its_field(city: City) -> None:
    client = browser_of(city, "clerk")
    empty = client.post("/figure-requests/new/", LETTER | {"asked_by": "", "due_on": "月底"})
    assert empty.status_code == 422 and "哪个单位要" in field_error(empty, "asked_by") and field_error(empty, "due_on")
    early = client.post("/figure-requests/new/", LETTER | {"due_on": "2022-11-01"})
    assert early.status_code == 422 and "早于收到日期" in text_of(early)


def test_a_question_for_a_list_is_refused_beside_its_field(city: City) -> None:
    client, question = begun(city)
    refused = client.post(f"/figure-requests/{question.request_id}/questions/", QUESTION | {"text": "在册人员名单"})
    assert refused.status_code == 422 and "人员名单" in field_error(refused, "text") and FigureQuestion.objects.count() == 1


def test_from_the_letter_to_the_workbook(city: City) -> None:
    client, question = passed_on(city, "longdong", "shiqiao")
    town = text_of(browser_of(city, "supervisor").get("/today/"))
    assert "要数:新安置就业人员" in town and "帮扶情况 · 市禁毒办转来" in town
    assert "省禁毒办要数:帮扶情况" in text_of(browser_of(city, "clerk").get("/today/"))
    wrong = browser_of(city, "supervisor").post(f"/figure-answers/{answer_of(city, 'longdong').pk}/", {"typed": "十二"})
    assert wrong.status_code == 422 and "要填一个数" in field_error(wrong, "typed")
    assert "已答复" in text_of(answered(city, "supervisor", "longdong", "12"))
    assert "要数:" not in text_of(browser_of(city, "supervisor").get("/today/"))
    answered(city, "stranger", "shiqiao", "20", "含公益性岗位")
    page = text_of(client.get(f"/figure-requests/{question.request_id}/"))
    for words in ("已收齐", "12", "20", "合计 32", "含公益性岗位 · 石平 2022-11-23", "全部收齐"):
        assert words in page
    file = client.get(f"/figure-requests/{question.request_id}/export.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
    assert sheet is not None
    lines = [[value for value in row if value] for row in sheet.iter_rows(values_only=True)]
    assert any("龙洞镇人民政府" in line and "12" in line and "吴主任 2022-11-23" in line for line in lines)
    assert any("合计" in line and "32" in line for line in lines)
    assert any("省禁函31号" in str(line) for line in lines)
    assert ReadEntry.objects.filter(ledger="figure_requests", act="export").exists()


def test_few_people_are_closed_on_page_and_in_file_and_the_note_beside_them_too(city: City) -> None:
    client, question = passed_on(city, "longdong", "shiqiao")
    answered(city, "supervisor", "longdong", "3", "三个都在大坪村")
    answered(city, "stranger", "shiqiao", "20")
    page = client.get(f"/figure-requests/{question.request_id}/")
    text = text_of(page)
    assert "<5" in text and "大坪村" not in text and "合计" not in text and "不公开" in text
    file = client.get(f"/figure-requests/{question.request_id}/export.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    said = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "<5" in said and "3" not in said and "23" not in said and not any("大坪" in words for words in said)
    own = text_of(browser_of(city, "supervisor").get("/figure-requests/"))
    assert "3" in own and "三个都在大坪村" in text_of(browser_of(city, "supervisor").get(f"/figure-answers/{answer_of(city, 'longdong').pk}/"))


def test_a_question_is_answered_from_an_indicator_closed_as_on_its_page(told: City) -> None:
    client, question = begun(told)
    picked = client.get(f"/figure-questions/{question.pk}/?indicator=R05&period=2022-10", headers={"HX-Request": "true"})
    parts = {option["value"] for option in BeautifulSoup(picked.content, "html.parser").select("#id_part option")}
    assert "missing" in parts
    bad = client.post(f"/figure-questions/{question.pk}/", {"what": "indicator", "indicator": "G09", "part": "value", "period": "上月"})
    assert bad.status_code == 422 and "不是期间" in field_error(bad, "period")
    client.post(
        f"/figure-questions/{question.pk}/",
        {"what": "indicator", "indicator": "G09", "part": "value", "period": "2022-10", "each_place": "on"},
    )
    page = text_of(client.get(f"/figure-requests/{question.request_id}/"))
    assert "<5" in page and "由台账计算 · G09 现有吸毒人员数 · 2022 年 10 月" in page
    assert not any(word in page for word in TELLING)
    done = text_of(client.post(f"/figure-requests/{question.request_id}/pass-on/", follow=True))
    assert "都在库里,已收齐" in done


def test_sent_back_with_a_reason_and_excused(city: City) -> None:
    client, question = passed_on(city, "longdong", "shiqiao")
    answered(city, "supervisor", "longdong", "12")
    back = f"/figure-answers/{answer_of(city, 'longdong').pk}/send-back/"
    assert "请写明理由" in text_of(client.post(back, {"reason": " "}, follow=True))
    assert "已退回" in text_of(client.post(back, {"reason": "与台账不符"}, follow=True))
    assert "退回重报:与台账不符" in text_of(browser_of(city, "supervisor").get("/today/"))
    excuse = f"/figure-answers/{answer_of(city, 'shiqiao').pk}/excuse/"
    assert "免报" in text_of(client.post(excuse, {"reason": "没有这项工作"}, follow=True))
    answered(city, "supervisor", "longdong", "11")
    assert FigureRequest.objects.get().state == RequestState.CLOSED


def test_more_requests_cost_no_more_questions_to_the_database(city: City, django_assert_max_num_queries: Any) -> None:
    client, _question = passed_on(city, "longdong", "shiqiao")
    with CaptureQueriesContext(connection) as one:
        client.get("/today/")
    cost = len(one)
    for _number in range(4):
        client.post("/figure-requests/new/", LETTER)
    with django_assert_max_num_queries(cost):
        client.get("/today/")


def test_overdue_is_shown_to_both_sides(city: City) -> None:
    _client, question = passed_on(city, "longdong")
    FigureAnswer.objects.update(due_on=TODAY - timedelta(days=2))
    FigureRequest.objects.update(due_on=TODAY - timedelta(days=1))
    assert "逾期 2 天" in text_of(browser_of(city, "supervisor").get("/figure-requests/"))
    assert "逾期 1 天" in text_of(browser_of(city, "clerk").get("/figure-requests/"))
    for who in ("supervisor", "clerk"):
        count = badge(city.actor(who), TODAY)
        assert count is not None and count.number == 1 and count.late


def test_a_unit_is_asked_in_a_draft_only_when_it_is_passed_on_and_others_never_see_it(city: City) -> None:
    client, question = begun(city)
    client.post(f"/figure-questions/{question.pk}/", {"what": "units", "units": [city.units["longdong"].pk]})
    waiting = answer_of(city, "longdong")
    assert browser_of(city, "supervisor").get(f"/figure-answers/{waiting.pk}/").status_code == 404
    client.post(f"/figure-requests/{question.request_id}/pass-on/")
    assert browser_of(city, "supervisor").get(f"/figure-answers/{waiting.pk}/").status_code == 200
    for who in ("stranger", "liaison", "doctor", "officer"):
        other = browser_of(city, who)
        for path in (f"/figure-answers/{waiting.pk}/", f"/figure-requests/{question.request_id}/", f"/figure-questions/{question.pk}/"):
            assert other.get(path).status_code == 404
        assert other.post(f"/figure-answers/{waiting.pk}/", {"typed": "1"}).status_code == 404
        assert other.post(f"/figure-answers/{waiting.pk}/send-back/", {"reason": "x"}).status_code == 404
        assert "新安置就业" not in text_of(other.get("/figure-requests/"))
    assert browser_of(city, "town_leader").post(f"/figure-answers/{waiting.pk}/", {"typed": "1"}).status_code == 403
    assert browser_of(city, "leader").post(f"/figure-requests/{question.request_id}/withdraw/", {"reason": "x"}).status_code == 403


def test_withdrawing_needs_a_reason_and_a_question_may_be_dropped_before(city: City) -> None:
    client, question = begun(city)
    assert client.post(f"/figure-questions/{question.pk}/", {"what": "drop"}).status_code == 302
    assert not FigureQuestion.objects.exists()
    assert "请写明理由" in text_of(client.post(f"/figure-requests/{question.request_id}/withdraw/", {"reason": ""}, follow=True))
    client.post(f"/figure-requests/{question.request_id}/withdraw/", {"reason": "对方不要了"})
    assert FigureRequest.objects.get().state == RequestState.WITHDRAWN
