"""The pages of questions about patterns: what was looked at, what a unit is asked, its answer; by the people who do it."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.governance.models import PatternFile, PatternQuestion, SupervisionOrder
from qingyuan.governance.queries.measured_patterns import measurement
from tests.cast import TODAY, City
from tests.governance.patterns import asked, look, picture, step, typed_as_done, typed_together
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
DUE = TODAY + timedelta(days=14)


def page(city: City, who: str, address: str, *args: Any, **query: Any) -> Any:
    return browser_of(city, who).get(reverse(f"web:{address}", args=args), query)


def take(city: City, who: str, question: PatternQuestion, step: str, **given: Any) -> Any:
    version = given.pop("version", PatternQuestion.objects.get(pk=question.pk).version)
    return browser_of(city, who).post(reverse("web:question-step", args=[question.pk, step]), {"version": version, **given})


def button(answer: Any) -> str:
    found = BeautifulSoup(answer.content.decode(), "html.parser").select_one("#next .form-end .btn.p")
    return found.get_text(strip=True) if found else ""


def drafts_from(answer: Any) -> list[Any]:
    """Links to a draft of an order."""
    return BeautifulSoup(answer.content.decode(), "html.parser").select('a[href^="/orders/new/"]')


def test_two_people_bring_a_question_from_its_look_to_its_end_from_their_today(city: City) -> None:
    typed_together(city)
    typed_as_done(city)
    [question] = look()
    assert "龙洞镇人民政府:隔了很久一次补登" in text_of(page(city, "clerk", "today"))
    assert button(page(city, "clerk", "question", question.pk)) == "签发,请单位说明"
    assert page(city, "supervisor", "question", question.pk).status_code == 404
    assert take(city, "clerk", question, "ask", due_on=DUE.isoformat(), words="请说明九月的情形。").status_code == 302

    assert "请本单位说明" in text_of(page(city, "supervisor", "today"))
    told = text_of(page(city, "supervisor", "question", question.pk))
    assert "是问,不是结论" in told and "也可能是:断网断电" in told and "请说明九月的情形" in told
    upload = SimpleUploadedFile("纸面登记.png", picture().data, "image/png")
    assert take(city, "supervisor", question, "answer", answer="九月断网,来网补登。", evidence=upload).status_code == 302

    assert "看说明" in text_of(page(city, "clerk", "today"))
    kept = PatternFile.objects.get()
    sent = page(city, "clerk", "question-file", question.pk, kept.pk)
    assert sent.status_code == 200 and sent.content.startswith(b"\x89PNG")
    assert ReadEntry.objects.using("audit").filter(act="export", ledger="pattern_questions").exists()
    assert take(city, "clerk", question, "accept", reason="看过纸面登记,属实。").status_code == 302
    assert "看过纸面登记,属实。" in text_of(page(city, "supervisor", "question", question.pk))
    assert "隔了很久一次补登" in text_of(page(city, "supervisor", "questions", of="done"))


def test_the_list_says_what_was_looked_at_what_not_and_how_often_it_is_wrong(city: City) -> None:
    asked(city)
    told = text_of(page(city, "clerk", "questions"))
    assert "2021-11-01 到 2022-10-31" in told and "是谁登记的:不看账号" in told
    one = measurement().patterns["together"]
    assert f"{one.wrong} / {one.honest}" in told and f"{one.found} / {one.planted}" in told
    assert "各台账逐条登记的记录" in told
    assert "个单位," not in text_of(page(city, "supervisor", "questions")), "how much others entered is the office's to know"


def test_how_many_questions_there_are_stands_nowhere(city: City) -> None:
    asked(city)
    soup = BeautifulSoup(page(city, "clerk", "questions").content.decode(), "html.parser")
    assert not [word for word in soup.select_one("main").get_text().split() if word.endswith("件问询")]  # type: ignore[union-attr]
    assert [tab.get_text(strip=True) for tab in soup.select(".tabs a")] == ["没有了结的", "了结和撤回的"]


def test_the_rows_open_in_their_ledger_and_the_number_is_drawn(city: City) -> None:
    question = asked(city)
    soup = BeautifulSoup(page(city, "supervisor", "question", question.pk).content.decode(), "html.parser")
    links = [link["href"] for link in soup.select("#rows a")]
    assert len(links) == 12 and all(link.startswith("/ledgers/activities/") for link in links)
    assert browser_of(city, "supervisor").get(links[0]).status_code == 200
    assert "12 / 12" in soup.select_one(".question-bars").get_text()  # type: ignore[union-attr]
    assert not soup.select("[style]")


@pytest.mark.parametrize("who", ["stranger", "caseworker", "officer", "liaison", "doctor", "security"])
def test_nobody_else_finds_a_question(city: City, who: str) -> None:
    question = asked(city)
    assert page(city, who, "question", question.pk).status_code == 404
    assert take(city, who, question, "answer", answer="替他说").status_code == 404
    listed = page(city, who, "questions")
    assert listed.status_code == 403 or "龙洞镇人民政府" not in text_of(listed)


@pytest.mark.parametrize("who", ["caseworker", "doctor", "security"])
def test_who_neither_asks_nor_answers_is_told_so(city: City, who: str) -> None:
    assert page(city, who, "questions").status_code == 403


@pytest.mark.parametrize(("who", "code", "given"), [
    ("supervisor", "accept", {"reason": "自己认可"}),
    ("supervisor", "withdraw", {"reason": "不想说"}),
    ("town_leader", "answer", {"answer": "领导代答"}),
    ("auditor", "withdraw", {"reason": "查过了"}),
    ("clerk", "answer", {"answer": "办公室代答"}),
])
def test_a_step_of_somebody_else_is_refused(city: City, who: str, code: str, given: dict[str, str]) -> None:
    question = asked(city)
    before = PatternQuestion.objects.get(pk=question.pk).state
    assert take(city, who, question, code, **given).status_code in (302, 403)
    assert PatternQuestion.objects.get(pk=question.pk).state == before


def test_what_was_filled_in_wrongly_comes_back_beside_its_field(city: City) -> None:
    question = asked(city)
    answer = take(city, "supervisor", question, "answer", answer="")
    assert answer.status_code == 422 and "请填这一项" in text_of(answer)
    answer = take(city, "supervisor", question, "answer", answer="电话13800000000")
    assert answer.status_code == 422 and "13800000000" in answer.content.decode()
    assert take(city, "clerk", question, "extend", due_on=TODAY.isoformat()).status_code == 422
    assert take(city, "clerk", question, "find").status_code == 404 and take(city, "clerk", question, "none").status_code == 404


def test_whoever_was_second_is_told_to_look_again(city: City) -> None:
    question = asked(city)
    step(city, question, "extend", "clerk", due_on=DUE + timedelta(days=2))
    assert take(city, "leader", question, "withdraw", reason="问错了", version=question.version).status_code == 302
    assert PatternQuestion.objects.get(pk=question.pk).state == "asked"


def test_the_office_takes_the_questions_along_and_a_unit_does_not(city: City) -> None:
    question = asked(city)
    step(city, question, "answer", "supervisor", answer="断网补登。", evidence=[])
    sheet = openpyxl.load_workbook(io.BytesIO(page(city, "clerk", "question-export").content)).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "断网补登。" in cells and any("不计分、不排名" in cell for cell in cells)
    assert page(city, "supervisor", "question-export").status_code == 403


def test_an_order_may_be_drafted_of_what_is_looked_into(city: City) -> None:
    question = asked(city)
    step(city, question, "answer", "supervisor", answer="断网补登。", evidence=[])
    assert not drafts_from(page(city, "clerk", "question", question.pk))
    step(city, question, "look_into", "clerk", reason="请核对纸面记录。")
    assert drafts_from(page(city, "clerk", "question", question.pk))
    draft = page(city, "clerk", "order-new", **{"from": "question", "id": str(question.pk)})
    assert draft.status_code == 200 and "隔了很久一次补登" in draft.content.decode()
    assert not drafts_from(page(city, "supervisor", "question", question.pk))


def test_a_second_order_about_one_question_is_refused_and_its_page_opens_the_first(city: City) -> None:
    question = asked(city)
    step(city, question, "answer", "supervisor", answer="断网补登。", evidence=[])
    step(city, question, "look_into", "clerk", reason="请核对纸面记录。")
    form = {
        "from": "question", "id": str(question.pk), "subject": "核对有关记录", "basis": "依据", "asked": "逐条核对。", "due_on": "2022-12-09",
        "contact": "周文", "word": "云禁督", "units": [str(city.units["longdong"].pk)],
    }  # fmt: skip
    clerk = browser_of(city, "clerk")
    assert clerk.post("/orders/new/", form).status_code == 302
    first = SupervisionOrder.everything.get()
    for _again in range(2):
        second = clerk.post("/orders/new/", form)
        assert second.status_code == 422 and "已由市禁毒办的周文" in text_of(second) and str(question.pk) in second.content.decode()
    assert SupervisionOrder.everything.count() == 1
    shown = page(city, "clerk", "question", question.pk)
    assert not drafts_from(shown) and f"/orders/{first.pk}/" in shown.content.decode()


def test_a_page_of_rows_about_persons_says_why_they_are_closed(city: City) -> None:
    question = asked(city)
    PatternQuestion.objects.filter(pk=question.pk).update(subject="dues", pattern="last_day", seen=9, of=12)
    told = text_of(page(city, "clerk", "question", question.pk))
    assert "关系到个人" in told and "9 件的办理日期" not in told and "9 / 12" not in told
    assert "9 件的办理日期" in text_of(page(city, "supervisor", "question", question.pk))


def test_a_question_past_its_day_stands_before_the_office(city: City, settings: Any) -> None:
    question = asked(city)
    settings.QINGYUAN_TODAY = date(2022, 12, 8)
    assert "催问或转核实" in text_of(page(city, "clerk", "today"))
    assert "逾期" in text_of(page(city, "supervisor", "question", question.pk))
