"""What stands in a row does not depend on the language of who clicked: acts that write words of their own, by somebody who reads English."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils.translation import gettext

from qingyuan.casework.actions import data_requests
from qingyuan.casework.actions.data_requests import About
from qingyuan.casework.enums import Asked, AskedBy, Asker
from qingyuan.foundation.enums import Compartment
from qingyuan.governance.actions import orders, reward_drafts, scheme_drafts
from qingyuan.governance.models import PatternQuestion, RewardDraft
from qingyuan.governance.queries import order_basis
from qingyuan.organisation.models import Division
from qingyuan.rehabilitation.actions import campaigns, own_page
from qingyuan.rehabilitation.models import CampaignLine, Client, OwnCode
from qingyuan.situation.actions import requests
from qingyuan.situation.actions.requests import Asking, Question
from qingyuan.situation.models import FigureAnswer, FigureStep
from tests.cast import TODAY, City, id_number, measure_values
from tests.governance import patterns
from tests.governance.inspections import Inspecting
from tests.governance.orders import DRAFT
from tests.governance.orders import at as at_ten
from tests.stored_words import english

pytestmark = pytest.mark.django_db


def a_campaign_is_cleared(city: City) -> None:
    city.enter("measures", "supervisor", measure_values(city, 0))
    made = campaigns.issue(
        title="清源大普查", document_number="云禁毒办〔2022〕31号", starts_on=date(2022, 11, 1), ends_on=date(2022, 12, 31),
        reference_on=date(2022, 10, 31), places=[city.divisions["云岭市"]], by=city.actor("clerk"),
    )  # fmt: skip
    line = CampaignLine.objects.select_related("client", "campaign").get()
    campaigns.say(line=line, state="seen", by=city.actor("supervisor"), version=line.version, happened_on=TODAY, words="在村委会见到")
    campaigns.clear(campaign=made, by=city.actor("security"))
    assert CampaignLine.frame.get().said_by_name == "(到期删去)"


def a_code_is_handed_out_twice(city: City) -> None:
    city.enter("measures", "supervisor", measure_values(city, 0))
    for _time in range(2):
        own_page.hand_out(client=Client.objects.get(), by=city.actor("supervisor"))
    own_page.set_pin(code=OwnCode.objects.get(revoked_at=None), pin="402817")


def figures_are_asked_for(city: City) -> None:
    clerk, letter = city.actor("clerk"), Asking("帮扶情况", "省禁毒办", "省禁函〔2022〕31 号", date(2022, 11, 18), date(2022, 11, 28))
    asked = requests.register(asking=letter, by=clerk)
    question = requests.add_question(asked=asked, question=Question("新安置就业人员", people=True), by=clerk)
    requests.ask_units(question=question, units=[city.units["longdong"], city.units["shiqiao"]], by=clerk)
    requests.pass_on(asked=asked, by=clerk)

    def given(unit: str) -> FigureAnswer:
        return FigureAnswer.objects.select_related("question__request__unit", "unit", "division").get(unit=city.units[unit])

    requests.answer(given=given("longdong"), typed="12", note="", by=city.actor("supervisor"))
    requests.send_back(given=given("longdong"), reason="请核对", by=clerk)
    requests.answer(given=given("longdong"), typed="13", note="", by=city.actor("supervisor"))
    requests.excuse(given=given("shiqiao"), reason="没有这项工作", by=clerk)
    assert list(FigureStep.objects.order_by("at", "pk").values_list("step", flat=True))[-1] == "全部收齐"


def a_request_is_passed_on(city: City) -> None:
    by = city.actor("clerk")
    held = data_requests.receive(
        kind=Asked.COPY, asker=Asker.SELF, came_by=AskedBy.LETTER, received_on=TODAY, about=About("测试甲", id_number(100)), by=by
    )
    held = data_requests.identify(request=held, seen=["id_card"], words="", by=by)
    data_requests.pass_on(request=held, sides=[Compartment.TREATMENT], units=[city.units["longdong"].pk], wished=True, by=by)


def rules_and_sheets_are_drafted(city: City) -> None:
    by = city.actor("clerk")
    scheme_drafts.begin(by=by, year=2023, code="YL-KH", title="云岭市禁毒工作考核")
    reward_drafts.begin(by=by, valid_from=date(2023, 1, 1), code="YL-JC", title="奖惩规则")
    draft = RewardDraft.objects.get()
    key = reward_drafts.set_rule(draft=draft, seen=draft.revision, key="", data={"id": "R1"}, by=by)
    for step in ("up", "remove", "restore"):
        draft.refresh_from_db()
        reward_drafts.arrange(draft=draft, seen=draft.revision, key=key, step=step, by=by)
    draft.refresh_from_db()
    reward_drafts.go_back(draft=draft, seen=draft.revision, number=1, by=by)


def an_inspection_becomes_an_order(city: City) -> None:
    here = Inspecting.of(city)
    start = order_basis.from_inspection(here.actor("clerk"), TODAY, here.final({("S04", 0): "档案柜没有上锁"}).pk)
    basis = orders.Basis(start.kind, start.cited)
    orders.draft(values=DRAFT, unit_ids=list(start.unit_ids), due_on=TODAY + timedelta(days=9), by=city.actor("clerk"), basis=basis, at=at_ten(TODAY))


def a_question_is_asked_and_answered(city: City) -> None:
    question = patterns.asked(city)
    patterns.step(city, question, "answer", "supervisor", answer="断网补登。", evidence=[])
    assert PatternQuestion.objects.get().state == "answered"


ACTS: tuple[Callable[[City], None], ...] = (
    a_campaign_is_cleared, a_code_is_handed_out_twice, figures_are_asked_for, a_request_is_passed_on, rules_and_sheets_are_drafted,
    an_inspection_becomes_an_order, a_question_is_asked_and_answered,
)  # fmt: skip


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_what_an_act_writes_is_chinese_for_who_reads_english_too(city: City, act: Callable[[City], None]) -> None:
    with english() as found:
        act(city)
    assert found == []


def test_the_look_finds_a_word_of_the_page_in_a_row(city: City) -> None:
    with english() as found:
        Division.objects.filter(pk=0).update(name=gettext("保存"))
        assert gettext("保存").endswith("保存"), "what is only shown is nobody's row"
    assert len(found) == 1 and "保存" in found[0]


def test_the_look_sees_into_encrypted_columns(city: City) -> None:
    with english() as found:
        Client._meta.get_field("name").get_prep_value(gettext("保存"))
    assert len(found) == 1 and found[0].startswith("Client.name")
