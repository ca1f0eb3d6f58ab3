"""A request for figures from the letter to the closed file: on file, passed on, answered, sent back, excused, withdrawn."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from qingyuan.foundation.audit.models import RowChange, WriteEntry
from qingyuan.governance.actions import returns
from qingyuan.governance.models import Return
from qingyuan.journeys.figures_on_file import answer_from_returns
from qingyuan.organisation.models import Unit
from qingyuan.reference.periods import Period
from qingyuan.situation.actions import requests
from qingyuan.situation.actions.requests import Asking, Question
from qingyuan.situation.enums import RequestState
from qingyuan.situation.models import FigureAnswer, FigureQuestion, FigureRequest, FigureStep
from qingyuan.situation.permissions import NotAllowed, answers_visible, requests_visible
from qingyuan.situation.queries import read
from qingyuan.situation.queries.requests import askable, questions_of, waiting_for
from qingyuan.situation.rules.requests import RequestRefused
from tests.cast import TODAY, City, city
from tests.governance.conftest import Desk, desk
from tests.situation.planted_figures import TELLING, plant_figures

__all__ = ["city", "desk"]
pytestmark = pytest.mark.django_db
OCTOBER = Period.parse("2022-10")
LETTER = Asking("帮扶情况", "省禁毒办", "省禁函〔2022〕31 号", date(2022, 11, 18), date(2022, 11, 28))


@pytest.fixture
def told(city: City) -> City:
    plant_figures(city)
    return city


def registered(city: City, **changes: Any) -> FigureRequest:
    return requests.register(asking=Asking(**(LETTER.__dict__ | changes)), by=city.actor("clerk"))


def asked_of(city: City, *units: str, **about: Any) -> FigureQuestion:
    """A request of one question that was passed on to ``units``."""
    clerk = city.actor("clerk")
    made = requests.add_question(
        asked=registered(city), question=Question("新安置就业人员", people=about.get("people", True), kind=about.get("kind", "number")), by=clerk
    )
    requests.ask_units(question=made, units=[city.units[unit] for unit in units], by=clerk, due_on=date(2022, 11, 25))
    requests.pass_on(asked=made.request, by=clerk)
    return made


def answer_of(question: FigureQuestion, city: City, unit: str) -> FigureAnswer:
    rows = FigureAnswer.objects.select_related("question__request__unit", "unit", "division")
    return rows.get(question=question, unit=city.units[unit])


def give(question: FigureQuestion, city: City, who: str, unit: str, typed: str, note: str = "") -> FigureAnswer:
    return requests.answer(given=answer_of(question, city, unit), typed=typed, note=note, by=city.actor(who))


# --- from letter to closed ------------------------------------------------------------------------------------------------
def test_a_request_closes_by_itself_when_all_have_answered_and_every_step_is_written_down(city: City) -> None:
    question = asked_of(city, "longdong", "shiqiao")
    give(question, city, "supervisor", "longdong", "12")
    assert FigureRequest.objects.get().state == RequestState.OPEN
    give(question, city, "stranger", "shiqiao", "20")
    closed = FigureRequest.objects.get()
    assert closed.state == RequestState.CLOSED and closed.closed_on == TODAY
    steps = list(FigureStep.objects.values_list("step", "by_name"))
    assert [name for _step, name in steps] == ["周文", "周文", "吴主任", "石平", "石平"] and steps[-1][0] == "全部收齐"
    acts = set(WriteEntry.objects.filter(act__startswith="requests.").values_list("act", flat=True))
    assert {"requests.register", "requests.question", "requests.ask", "requests.pass_on", "requests.answer"} <= acts


def test_an_answer_is_signed_by_the_account_and_may_be_mended_until_all_is_in(city: City) -> None:
    question = asked_of(city, "longdong", "shiqiao")
    first = give(question, city, "supervisor", "longdong", "12", "含公益性岗位")
    assert (first.number, first.answered_by_name, first.note) == (12, "吴主任", "含公益性岗位")
    give(question, city, "supervisor", "longdong", "13")
    give(question, city, "stranger", "shiqiao", "20")
    with pytest.raises(RequestRefused, match="已收齐"):
        give(question, city, "supervisor", "longdong", "14")
    assert answer_of(question, city, "longdong").number == 13


def test_an_answer_sent_back_waits_again_with_its_reason_and_opens_a_closed_request(city: City) -> None:
    question = asked_of(city, "longdong")
    given = give(question, city, "supervisor", "longdong", "12")
    assert FigureRequest.objects.get().state == RequestState.CLOSED
    with pytest.raises(RequestRefused, match="理由"):
        requests.send_back(given=answer_of(question, city, "longdong"), reason=" ", by=city.actor("clerk"))
    requests.send_back(given=answer_of(question, city, "longdong"), reason="与台账不符", by=city.actor("clerk"))
    assert FigureRequest.objects.get().state == RequestState.OPEN
    waiting = waiting_for(city.actor("supervisor"), TODAY).get()
    assert waiting.pk == given.pk and waiting.reason == "与台账不符"
    give(question, city, "supervisor", "longdong", "11")
    assert FigureRequest.objects.get().state == RequestState.CLOSED and answer_of(question, city, "longdong").reason == ""


def test_an_excused_unit_is_not_waited_for(city: City) -> None:
    question = asked_of(city, "longdong", "shiqiao")
    give(question, city, "supervisor", "longdong", "12")
    requests.excuse(given=answer_of(question, city, "shiqiao"), reason="新设乡镇", by=city.actor("clerk"))
    assert FigureRequest.objects.get().state == RequestState.CLOSED
    assert not waiting_for(city.actor("stranger"), TODAY).exists()
    with pytest.raises(RequestRefused):
        requests.excuse(given=answer_of(question, city, "longdong"), reason="x", by=city.actor("clerk"))


def test_two_steps_at_once_do_not_overwrite_each_other(city: City) -> None:
    question = asked_of(city, "longdong", "shiqiao")
    stale = answer_of(question, city, "longdong")
    give(question, city, "supervisor", "longdong", "12")
    with pytest.raises(RequestRefused, match="刚被别人办过"):
        requests.excuse(given=stale, reason="晚了一步", by=city.actor("clerk"))


def test_a_withdrawn_request_waits_for_nobody_and_keeps_what_was_answered(city: City) -> None:
    question = asked_of(city, "longdong", "shiqiao")
    give(question, city, "supervisor", "longdong", "12")
    requests.withdraw(asked=question.request, reason="对方来电不再要", by=city.actor("clerk"))
    assert not waiting_for(city.actor("stranger"), TODAY).exists()
    assert answer_of(question, city, "longdong").number == 12
    with pytest.raises(RequestRefused):
        give(question, city, "stranger", "shiqiao", "1")


def test_what_is_passed_on_is_not_changed_and_what_has_no_source_is_not_passed_on(city: City) -> None:
    clerk, asked = city.actor("clerk"), registered(city)
    with pytest.raises(RequestRefused, match="还没有写"):
        requests.pass_on(asked=asked, by=clerk)
    made = requests.add_question(asked=asked, question=Question("社工人数"), by=clerk)
    with pytest.raises(RequestRefused, match="第 1 问还没有着落"):
        requests.pass_on(asked=asked, by=clerk)
    requests.ask_units(question=made, units=[city.units["longdong"]], by=clerk)
    requests.pass_on(asked=asked, by=clerk)
    for attempt in (
        lambda: requests.add_question(asked=asked, question=Question("再加一问"), by=clerk),
        lambda: requests.drop_question(question=made, by=clerk),
        lambda: requests.ask_units(question=made, units=[city.units["shiqiao"]], by=clerk),
    ):
        with pytest.raises(RequestRefused, match="不能再改"):
            attempt()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": " "}, "请写明"),
        ({"title": "在册人员名单"}, "名单"),
        ({"received_on": date(2022, 12, 1), "due_on": date(2022, 12, 9)}, "今天之后"),
        ({"due_on": date(2022, 11, 1)}, "早于收到"),
    ],
)
def test_a_letter_that_cannot_be_registered_says_why(city: City, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(RequestRefused, match=words):
        registered(city, **changes)
    assert not FigureRequest.objects.exists()


def test_a_question_for_a_list_of_people_is_never_registered(city: City) -> None:
    with pytest.raises(RequestRefused, match="名单"):
        requests.add_question(asked=registered(city), question=Question("报送戒毒人员花名册"), by=city.actor("clerk"))
    assert not FigureQuestion.objects.exists()


# --- on file ------------------------------------------------------------------------------------------------------------------
def test_an_answer_from_an_indicator_is_the_figure_of_the_offices_own_page(told: City) -> None:
    clerk = told.actor("clerk")
    made = requests.add_question(asked=registered(told), question=Question("现有人员", people=False), by=clerk)
    requests.answer_from_file(question=made, indicator="G09", part="value", period=OCTOBER, each_place=True, by=clerk)
    view = questions_of(made.request, clerk)[0]
    for line in view.lines:
        place = told.divisions[line.who]
        page = read(code="G09", division=place, period=OCTOBER, reader=clerk, on=TODAY)
        assert line.text == page.text and line.closed == page.closed
    assert {line.text for line in view.lines} <= {"<5", "—"} and not any(word in str(made.on_file) for word in TELLING)
    assert made.people, "what counts people where it comes from counts people here"
    requests.pass_on(asked=made.request, by=clerk)
    assert FigureRequest.objects.get().state == RequestState.CLOSED, "everything was on file"


def test_a_figure_that_does_not_exist_is_not_put_on_file(told: City) -> None:
    clerk = told.actor("clerk")
    made = requests.add_question(asked=registered(told), question=Question("查处人次"), by=clerk)
    with pytest.raises(RequestRefused, match="没有数据"):
        requests.answer_from_file(question=made, indicator="E09", part="value", period=OCTOBER, each_place=False, by=clerk)
    with pytest.raises(RequestRefused):
        answer_from_returns(question=made, cell="GA-JD-01.nothing", period=OCTOBER, by=clerk)
    with pytest.raises(RequestRefused, match="没有已签字锁定"):
        answer_from_returns(question=made, cell="GA-JD-01.handled", period=OCTOBER, by=clerk)


def locked_return(desk: Desk, month: str, **cells: int) -> None:
    clerk, town, leader = desk.actor("clerk"), desk.actor("supervisor"), desk.actor("town_leader")
    returns.generate_due(city=desk.city.divisions["云岭市"], month=Period.parse(month), by=clerk)
    filed = Return.objects.get(form="XZ-01", unit__code="longdong", period=month)
    values = {"events": 4, "school_events": 1, "leaflets": 300, "workers": 2, "surveys": 0} | cells
    filed = returns.save_draft(filed=filed, cells=values, by=town)
    filed = returns.submit(filed=filed, reviewer_name="罗镇长", by=town)
    filed = returns.approve(filed=filed, by=leader)
    filed = returns.approve(filed=filed, by=clerk)
    returns.lock(filed=filed, by=clerk)


def test_signed_returns_answer_unit_by_unit_and_a_missing_month_is_told_not_guessed(desk: Desk) -> None:
    locked_return(desk, "2022-09", events=5)
    locked_return(desk, "2022-10", events=7)
    clerk = desk.actor("clerk")
    made = requests.add_question(asked=registered(desk.city), question=Question("宣传场次", measure="场次"), by=clerk)
    answer_from_returns(question=made, cell="XZ-01.events", period=Period.parse("2022-09..2022-10"), by=clerk)
    lines = {line.who: line for line in questions_of(made.request, clerk)[0].lines}
    assert lines["龙洞镇人民政府"].text == "12"
    other = lines["石桥镇人民政府"]
    assert other.text == "" and other.told is not None and "2 个月的报表还没有锁定" in other.told.why


# --- who sees what ----------------------------------------------------------------------------------------------------------
def test_few_people_are_closed_to_the_office_and_open_to_the_unit(city: City) -> None:
    question = asked_of(city, "longdong", "shiqiao")
    give(question, city, "supervisor", "longdong", "3", "在某村")
    give(question, city, "stranger", "shiqiao", "20")
    for who, shown in (("clerk", "<5"), ("leader", "<5")):
        lines = {line.who: line.text for line in questions_of(question.request, city.actor(who))[0].lines}
        assert lines["龙洞镇人民政府"] == shown and lines["石桥镇人民政府"] == "—"
    own = answers_visible(city.actor("supervisor"), TODAY).get()
    assert own.number == 3
    kept = [json.loads(change.after)["number"] for change in RowChange.objects.filter(row_id=own.pk)]
    assert [set(number) for number in kept] == [{"enc"}], "the log holds the number under the row's own key"


def test_a_unit_sees_only_what_it_is_asked_and_only_after_it_was_passed_on(city: City) -> None:
    clerk = city.actor("clerk")
    made = requests.add_question(asked=registered(city), question=Question("社工人数"), by=clerk)
    requests.ask_units(question=made, units=[city.units["longdong"], city.units["education"]], by=clerk)
    assert not answers_visible(city.actor("supervisor"), TODAY).exists()
    requests.pass_on(asked=made.request, by=clerk)
    assert {one.unit.code for one in answers_visible(city.actor("supervisor"), TODAY)} == {"longdong"}
    assert {one.unit.code for one in answers_visible(city.actor("liaison"), TODAY)} == {"education"}
    for who in ("stranger", "doctor", "security", "officer"):
        assert not answers_visible(city.actor(who), TODAY).exists()
    for who in ("supervisor", "liaison", "officer", "stranger", "doctor", "caseworker"):
        assert not requests_visible(city.actor(who), TODAY).exists()
    assert requests_visible(city.actor("leader"), TODAY).exists()


@pytest.mark.parametrize("who", ["stranger", "clerk", "leader", "caseworker", "town_leader", "liaison", "auditor", "doctor"])
def test_nobody_answers_for_another_unit(city: City, who: str) -> None:
    question = asked_of(city, "longdong")
    with pytest.raises(NotAllowed):
        give(question, city, who, "longdong", "12")


@pytest.mark.parametrize("who", ["supervisor", "leader", "auditor", "liaison", "officer"])
def test_only_the_offices_clerk_handles_a_request(city: City, who: str) -> None:
    question, actor = asked_of(city, "longdong"), city.actor(who)
    given = answer_of(question, city, "longdong")
    for attempt in (
        lambda: requests.register(asking=LETTER, by=actor),
        lambda: requests.withdraw(asked=question.request, reason="x", by=actor),
        lambda: requests.excuse(given=given, reason="x", by=actor),
        lambda: requests.send_back(given=given, reason="x", by=actor),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_figures_are_asked_only_of_units_where_somebody_may_answer_and_never_of_a_clinic(city: City) -> None:
    asked = registered(city)
    found = {unit.code for unit in askable(asked, TODAY)}
    assert found == {"longdong", "shiqiao", "police", "education", "procuratorate"}
    made = requests.add_question(asked=asked, question=Question("社工人数"), by=city.actor("clerk"))
    for unit in ("clinic", "office"):
        with pytest.raises(RequestRefused, match="有人能答复"):
            requests.ask_units(question=made, units=[Unit.objects.get(code=unit)], by=city.actor("clerk"))
    with pytest.raises(RequestRefused, match="不能晚于"):
        requests.ask_units(question=made, units=[city.units["longdong"]], due_on=date(2022, 12, 30), by=city.actor("clerk"))
