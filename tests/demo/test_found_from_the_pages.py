"""What is planted on people's way back is found from the pages alone, by whoever has to see to it and by nobody else.

A reader here begins on «today» and follows links by the words a person reads; no address is typed and nothing is looked up. The
planting is the demo's own, in the small city of the cast.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag
from django.test import Client as Browser

from qingyuan.casework.actions import clock_decisions
from qingyuan.casework.models import Due, RunningClock
from qingyuan.demo import campaigning, handovers, undone, ways
from qingyuan.demo.people import Crowd
from qingyuan.demo.story import journeys
from qingyuan.demo.story.telling import SEED
from qingyuan.organisation.models import Account
from qingyuan.rehabilitation import conversions
from qingyuan.rehabilitation.models import Absence, Client, Isolation, Measure
from tests.cast import TODAY, City, id_number, measure_values

pytestmark = [pytest.mark.django_db(databases=["default", "audit"]), pytest.mark.once]
RENAMED = {"supervisor": "longdong", "stranger": "shiqiao", "clerk": "office", "liaison": "education", "officer": "police"}
#: Who must not find what is a town's: the town beside it, the office and its leader, the police, the clinic, a school's liaison.
OTHERS = ("stranger", "clerk", "leader", "officer", "doctor", "liaison", "prosecutor", "auditor")
NAMES = "甲乙丙丁戊己庚辛"


@dataclass
class Reader:
    """Somebody at a window: the page they have, and the only ways to another one: a link, and a form filled in."""

    browser: Browser
    soup: BeautifulSoup

    @classmethod
    def at_today(cls, city: City, who: str) -> Reader:
        browser = Browser()
        browser.force_login(city.accounts[who])
        return cls(browser, _soup(browser.get("/today/")))

    @property
    def text(self) -> str:
        return " ".join(self.soup.get_text(" ").split())

    def line(self, *words: str) -> Tag:
        """The line of a list or a table, a card or a note in which all ``words`` stand."""
        fitting = [one for one in self.soup.select("li, tr, .note-line") if all(word in one.get_text(" ") for word in words)]
        assert fitting, f"nobody reads {words} here: {self.text[:1500]}"
        return min(fitting, key=lambda one: len(one.get_text()))

    def follow(self, *words: str, link: str = "") -> Reader:
        """The link of the line with these words: the one called ``link``, else the first."""
        found = [one for one in self.line(*words).select("a[href]") if link in one.get_text()]
        assert found, f"no link {link!r} in the line {words}"
        return self._open(str(found[0]["href"]))

    def into(self, label: str) -> Reader:
        """A link or an entry of the frame by its label."""
        found = [one for one in self.soup.select("a[href]") if one.get_text(" ", strip=True).startswith(label)]
        assert found, f"no link called {label}: {[one.get_text(' ', strip=True) for one in self.soup.select('a[href]')]}"
        return self._open(str(found[0]["href"]))

    def send(self, form_of: str, **values: str) -> Reader:
        """Fill in the first form with this field and send it."""
        form = next(one for one in self.soup.select("form") if one.select_one(f"[name={form_of}]"))
        hidden = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[type=hidden]")}
        answer = self.browser.post(str(form["action"]), hidden | values, follow=True)
        assert answer.status_code == 200, answer.content.decode()[:800]
        self.soup = _soup(answer)
        return self

    def _open(self, href: str) -> Reader:
        answer = self.browser.get(href, follow=True)
        assert answer.status_code == 200, (href, answer.status_code)
        self.soup = _soup(answer)
        return self


def _soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content.decode(), "html.parser")


def everything_waiting(city: City, who: str) -> str:
    """«Today» with the whole of both of its lists."""
    texts = [Reader.at_today(city, who).text]
    for side in ("", "?side=others"):
        browser = Browser()
        browser.force_login(city.accounts[who])
        texts.append(_soup(browser.get(f"/today/all/{side}")).get_text(" "))
    return " ".join(texts)


def hidden_from_others(city: City, words: str, address: str = "") -> None:
    """Neither the words nor the page behind them are anybody else's; ``address`` is tried as if it had been overheard."""
    for who in OTHERS:
        assert words not in everything_waiting(city, who), who
        if address:
            browser = Browser()
            browser.force_login(city.accounts[who])
            assert browser.get(address).status_code in (403, 404), (who, address)


@pytest.fixture
def demo(city: City, monkeypatch: pytest.MonkeyPatch) -> City:
    """The cast under the names of the demo's accounts, and the demo's towns the two of the cast."""
    for name, account in RENAMED.items():
        Account.objects.filter(username=name).update(username=account)
    city.units["education"].kind = "education"
    city.units["education"].save()
    for module, town in ((undone, "CONVERTING_TOWN"), (ways, "CONTROLLING_TOWN"), (campaigning, "MOVED_FROM"), (campaigning, "NO_PLAN")):
        monkeypatch.setattr(module, town, "longdong")
    monkeypatch.setattr(campaigning, "MOVED_TO", "shiqiao")
    return city


def people(city: City, count: int, who: str = "supervisor", first: int = 0, **changes: Any) -> list[Client]:
    """People under community detox since early in the year before, in the town of ``who``."""
    days = {"decided_on": date(2021, 2, 1), "served_on": date(2021, 2, 3), "reported_on": date(2021, 2, 8), "agreement_on": date(2021, 2, 9)}
    place = city.divisions["龙洞社区" if who == "supervisor" else "石桥社区"].pk
    rows = [measure_values(city, number, **(days | changes | {"division": place})) for number in range(first, first + count)]
    return [row.client for row in city.enter("measures", who, *rows)]


# --- the beginning ------------------------------------------------------------------------------------------------------
def test_a_report_that_is_overdue_is_found_and_nobody_has_been_called_refusing(demo: City) -> None:
    """The fifteen days of one of the fictional town's late ones have passed: the page asks somebody to look, and decides nothing."""
    told = journeys.Journeys(Crowd(SEED), SEED + 1).measures()
    late = min((one for one in told if one.town == journeys.LATE_TOWN and one.reported is None), key=lambda one: one.served)
    people(demo, 1, decided_on=late.decided, served_on=late.served, reported_on=None, agreement_on=None)
    reader = Reader.at_today(demo, "supervisor").follow("测试甲 还没有报到")
    assert "是否属于拒绝接受社区戒毒" in reader.text and "期限届满本身不产生任何结论" in reader.text
    assert "期间本人是否在拘留所" in reader.text, "what has to be asked first stands on the page"
    measure = Measure.objects.get()
    assert (measure.ended_on, measure.end_reason) == (None, "")
    hidden_from_others(demo, "测试甲", f"/clocks/{RunningClock.objects.get(code='D20').pk}/")


# --- tests --------------------------------------------------------------------------------------------------------------
def test_a_missed_test_is_found_and_what_came_of_it_is_said(demo: City) -> None:
    people(demo, 1, decided_on=date(2022, 1, 3), served_on=date(2022, 1, 5), reported_on=date(2022, 1, 10), agreement_on=date(2022, 1, 12))
    assert undone.say_what_came_of_some() == len(undone.FOUND)
    reader = Reader.at_today(demo, "supervisor").follow("测试甲", "没有做")
    label = reader.soup.find("h1").get_text(" ", strip=True)  # type: ignore[union-attr]
    assert "逾期" in label and "补登" not in label
    waiting = Due.objects.late_on(TODAY).count()
    reader.send("found", found="not_come")
    assert "缺检,已查明" in reader.text and "通知了本人没有来 · 吴主任" in reader.text
    assert Due.objects.late_on(TODAY).count() == waiting - 1
    assert "没有做" not in Reader.at_today(demo, "supervisor").text, "it was the one of the past month"
    listed = reader.into("应做的检测").into("缺检,已查明")
    assert listed.text.count("没有通知到本人") == 1 and listed.text.count("本单位没有安排检测") == 2
    hidden_from_others(demo, "测试甲", f"/dues/{Due.objects.exclude(found='').first().pk}/")  # type: ignore[union-attr]


# --- on the way ---------------------------------------------------------------------------------------------------------
def test_a_group_with_gaps_and_an_absence_nobody_judged_are_found(demo: City) -> None:
    people(demo, 1)
    ways.walk()
    reader = Reader.at_today(demo, "supervisor").into("人员").follow("测试甲")
    assert [one.get_text(" ", strip=True).split()[-1] for one in reader.soup.select("li") if "医务人员" in one.get_text()] == ["缺"]
    assert "待核实" in reader.text
    judged = Reader.at_today(demo, "supervisor").follow("测试甲 的一次离开还没有核实")
    assert judged.soup.select_one("[name=lawful]") is not None
    row = Absence.objects.get(lawful=None)
    hidden_from_others(demo, "还没有核实", f"/ledgers/absences/{row.pk}/")


def test_a_conversion_whose_checklist_is_not_complete_is_found_and_completed(demo: City) -> None:
    (client,) = people(demo, 1)
    measure = undone.convert()
    words = ("测试甲 已转强制隔离戒毒", "还有 2 条没有核")
    reader = Reader.at_today(demo, "supervisor").follow(*words)
    assert "台账已经了结,这张清单还没有核完" in reader.text and "本人的异议已经答复" in reader.text
    address = f"/clocks/{RunningClock.objects.get(subject_id=measure.pk, code='D25').pk}/"
    hidden_from_others(demo, words[0], address)
    of_person = Reader.at_today(demo, "supervisor").follow(*words).into("看这个人")
    assert of_person.line("核对清单没有核完", "4 条里还有 2 条没有人核")
    for position in ("2", "3"):
        page = of_person.browser.get(address)
        form = next(one for one in _soup(page).select("form") if one.select_one(f"[name=position][value='{position}']"))
        typed = {str(one["name"]): str(one["value"]) for one in form.select("input[type=hidden]")}
        of_person.browser.post(str(form["action"]), typed | {"finding": "yes"})
    assert words[0] not in everything_waiting(demo, "supervisor")
    assert "没有核完" not in of_person.browser.get(f"/people/{client.pk}/").content.decode()


def test_conversions_that_are_complete_or_never_ran_out_stand_in_nobody_s_way(demo: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists that ask nothing of anybody, before and after the one that does, more than are looked at together."""
    people(demo, 1)
    done, by = undone.convert(), demo.actor("supervisor")
    complete = RunningClock.objects.get(subject_id=done.pk, code="D25")
    for position in (2, 3):
        clock_decisions.look_into(running=complete, position=position, finding="yes", turn=0, by=by)
    people(demo, 1, first=1)
    left = undone.convert()
    for quiet in people(demo, 2, first=2):
        undone._ended(Measure.objects.select_related("client", "division").get(client=quiet), demo.writing("supervisor"))
    assert left != done and RunningClock.objects.filter(end="row", code="D25").count() == 4
    monkeypatch.setattr(conversions, "MOST", 1)
    found = conversions.unchecked(RunningClock.objects.all(), TODAY)
    assert [(one.running.subject_id, one.left, one.of) for one in found] == [(left.pk, 2, 4)]
    again = people(demo, 1, first=4)
    later = undone.convert()
    assert later.client_id == again[0].pk
    assert {one.running.subject_id for one in conversions.unchecked(RunningClock.objects.all(), TODAY, most=5)} == {left.pk, later.pk}
    assert len(conversions.unchecked(RunningClock.objects.all(), TODAY, most=1)) == 1


def test_who_came_out_and_was_met_by_nobody_and_who_comes_soon_are_found(demo: City) -> None:
    people(demo, 1)
    home = demo.divisions["龙洞社区"].pk
    who = [{"name": f"测试{NAMES[number]}", "id_number": id_number(100 + number), "division": home} for number in (1, 2)]
    out: dict[str, Any] = {"released_on": date(2022, 10, 20)}
    soon: dict[str, Any] = {}
    for person, days, decided, ends in ((who[0], out, date(2020, 10, 21), date(2022, 10, 20)), (who[1], soon, date(2020, 12, 6), date(2022, 12, 5))):
        demo.enter("isolation", "supervisor", person | days | {"decided_on": decided, "ends_on": ends})
    out_of_isolation = Isolation.objects.get(released_on__isnull=False)
    ways.walk()
    reader = Reader.at_today(demo, "supervisor")
    assert reader.line("测试丙 快要出来,还没有安排谁接", "必接必送")
    reader.follow("测试乙 出来了,还没有登记接到")
    assert reader.soup.select_one("[name=met_on]") is not None
    page = reader.into("人员").browser.get(f"/people/{out_of_isolation.client_id}/")
    assert "没有接到的记录" in page.content.decode()
    hidden_from_others(demo, "还没有登记接到", f"/people/{out_of_isolation.client_id}/")


def test_an_exit_that_is_due_and_not_done_is_found(demo: City) -> None:
    over: dict[str, Any] = {"decided_on": date(2019, 8, 1), "served_on": date(2019, 8, 2), "reported_on": date(2019, 8, 5), "agreement_on": date(2019, 8, 6)}
    (client,) = people(demo, 1, **over, ended_on=date(2022, 8, 5), end_reason="discharged")
    people(demo, 1, first=1)
    ways.walk()
    reader = Reader.at_today(demo, "supervisor").follow("测试甲", "动态管控", link="核对")
    assert "测试甲" in reader.text and "届满" in reader.text
    assert Client.objects.get(pk=client.pk).sealed_on is None
    hidden_from_others(demo, "测试甲", f"/people/{client.pk}/")


# --- from hand to hand --------------------------------------------------------------------------------------------------
def test_a_hand_over_nobody_answered_alarms_on_both_sides(demo: City, monkeypatch: pytest.MonkeyPatch) -> None:
    people(demo, 1)
    told = handovers.Told("longdong", "shiqiao", handovers.LATE.on, handovers.LATE.words)
    handovers._offer(told)
    for who in ("supervisor", "stranger"):
        reader = Reader.at_today(demo, who)
        assert "逾期" in reader.line("移交").get_text(), who
    giver = Reader.at_today(demo, "supervisor").follow("移交")
    assert "石桥镇" in giver.text


def test_a_consent_that_ran_out_under_an_open_referral_is_the_helpers_to_find(demo: City) -> None:
    people(demo, 7)
    campaigning._lapsed("longdong")
    reader = Reader.at_today(demo, "supervisor").follow("转介还没有办结", "2022-11-15 到期")
    assert "同意已到期,对方看不到了" in reader.text and "想学电工" in reader.text
    listed = Reader.at_today(demo, "supervisor").into("交接").into("帮扶转介")
    assert listed.line("同意已到期,对方看不到了")
    receiver = Reader.at_today(demo, "liaison").into("帮扶转介")
    assert "没有转介来的帮扶" in receiver.text, "the unit that took it on has nothing of it any more"
    hidden_from_others(demo, "转介还没有办结")


def test_an_objection_to_a_review_waits_for_another_than_who_made_it(demo: City) -> None:
    Account.objects.filter(username="caseworker").update(username="longdong.sg")
    people(demo, 7)
    Client.objects.update(caseworker_id=demo.accounts["caseworker"].pk)
    campaigning._objected("longdong", TODAY)
    words = "帮扶评估有本人异议,还没有答复"
    assert words not in everything_waiting(demo, "caseworker"), "who made the review does not answer"
    reader = Reader.at_today(demo, "supervisor").follow(words)
    assert "不要再叫我去培训" in reader.text
    reader.send("words", words="改为推荐岗位,本月内三次")
    assert words not in everything_waiting(demo, "supervisor")
    hidden_from_others(demo, words)


# --- the check-up -------------------------------------------------------------------------------------------------------
def test_who_is_said_to_have_moved_and_who_has_no_plan_are_found_in_their_towns(demo: City) -> None:
    people(demo, 4)
    people(demo, 2, "stranger", first=4)
    campaigning.check_up()
    ours = Reader.at_today(demo, "supervisor")
    assert ours.line("帮教:还有 1 人没有个案计划")
    plans = ours.follow("帮教:还有 1 人没有个案计划")
    assert plans.line("写计划")
    theirs = Reader.at_today(demo, "stranger").follow("别的乡镇说有 1 人在本单位,待签收")
    assert "龙洞镇" in theirs.text
    assert "等 石桥镇" in Reader.at_today(demo, "supervisor").follow("普查:还有").text
    for who in ("clerk", "leader", "officer", "doctor", "liaison"):
        told = everything_waiting(demo, who)
        assert "没有个案计划" not in told and "待签收" not in told and "测试" not in told, who
