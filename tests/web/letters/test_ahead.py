"""Around today: the year's end foretold, what moved since the score was kept, and the duties that bring the next points."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from qingyuan.casework.models import Due
from qingyuan.foundation import clock
from qingyuan.governance.actions import manual, snapshots
from qingyuan.governance.actions.letters import issue
from qingyuan.governance.actions.schemes import publish_scheme
from qingyuan.governance.models import Letter, Return, ScoreSnapshot, UnitTask
from qingyuan.governance.queries import forecast as forecast_queries
from qingyuan.governance.queries.forecast import forecast_of
from qingyuan.governance.queries.inputs import of_towns
from qingyuan.governance.queries.moved import moved_since, tree_then
from qingyuan.governance.queries.next_points import PLANS, RETURNS, TASKS, TESTS, Duty, next_points
from qingyuan.governance.rules.forecast import Forecast
from qingyuan.governance.rules.outlook import Basis
from qingyuan.governance.scoring.numbers import Number
from qingyuan.governance.scoring.serialise import tree_hash
from qingyuan.indicators import catalogue
from qingyuan.indicators.refresh import refresh
from qingyuan.journeys import score_keeping, upkeep
from qingyuan.web.letters.forecasting import _basis
from tests.cast import TODAY, measure_values
from tests.governance.conftest import SHEET, Desk
from tests.web.letters.conftest import come_to_test
from tests.web.letters.test_score_page import page_of, soup_of
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db


def keep_yesterday(town: Desk) -> date:
    day = TODAY - timedelta(days=1)
    snapshots.take(year=2022, on=day, by=town.actor("clerk"))
    return day


def test_the_town_reads_its_years_end_and_what_it_rests_on(town: Desk, letter: Letter) -> None:
    page = text_of(browser_of(town.city, "supervisor").get(page_of(letter, "forecast/")))
    assert "年终预计" in page and "把握" in page
    assert "应检尽检率:至今 18 办成 16" in page
    assert "由人评定,不预计" in page and "不进考核" in page
    assert "录入晚的没有算" in page  # everything of this town was entered today


def test_what_the_town_entered_late_this_year_is_reckoned_with(
    town: Desk, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each month-end two tests less stood there than are known of it now."""

    def seen(codes: tuple[str, ...], city_id: int, day: date, *_more: object) -> dict[int, dict[str, Number]]:
        found = {place: dict(numbers) for place, numbers in of_towns(codes, city_id, day).items()}
        for numbers in found.values():
            number = numbers["indicator:R05"]
            if number.numerator is not None and number.numerator > 2:
                numbers["indicator:R05"] = replace(number, numerator=number.numerator - 2)
        return found

    before = forecast_of(letter, TODAY)
    monkeypatch.setattr(forecast_queries, "_as_seen", seen)
    found = forecast_of(letter, TODAY)
    assert isinstance(before, Forecast) and isinstance(found, Forecast)
    assert before.looks == 0 and found.looks > 0
    late = [basis.late for clause in found.clauses for _label, basis in clause.bases]
    assert 0 < max(late) < 1  # two tests at one of six month-ends
    page = text_of(browser_of(town.city, "supervisor").get(page_of(letter, "forecast/")))
    assert "录入晚的也算进去" in page
    assert _basis("率", Basis(16, 18, 4, 2.6)).endswith("已排好还没到期的 4,估计还有 3 没有录入")


def test_the_tile_asks_for_the_forecast_when_the_score_stands(town: Desk, letter: Letter) -> None:
    client = browser_of(town.city, "supervisor")
    tile = soup_of(client, page_of(letter)).select_one("[id^=forecast-]")
    assert tile is not None and tile["hx-get"] == page_of(letter, "forecast/")
    content = client.get(page_of(letter, "forecast/"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in content and "年终预计" in content


def test_the_office_gets_no_forecast_where_few_people_count(town: Desk, letter: Letter) -> None:
    page = text_of(browser_of(town.city, "clerk").get(page_of(letter, "forecast/")))
    assert "只给本单位看" in page and "把握" not in page and "逐条预计" not in page


def test_the_same_facts_give_the_same_forecast_and_new_ones_another(town: Desk, letter: Letter) -> None:
    first = forecast_of(letter, TODAY)
    assert forecast_of(letter, TODAY) == first
    come_to_test(town, 5, TODAY)
    refresh()
    assert isinstance(first, Forecast) and first.total.low <= first.total.middle <= first.total.high
    assert forecast_of(letter, TODAY) != first


def test_the_score_of_a_snapshot_is_made_again_of_what_was_known_then(town: Desk, letter: Letter) -> None:
    day = keep_yesterday(town)
    kept = ScoreSnapshot.objects.get(letter=letter, day=day)
    town.city.enter("meetings", "supervisor", {"held_on": date(2022, 4, 1), "kind": "special", "title": "补记", "special_topic": True, "decisions": "落实"})
    come_to_test(town, 4, date(2022, 11, 2))
    refresh()
    assert tree_hash(tree_then(letter, kept)) == kept.tree_hash


def late_agreement(town: Desk) -> None:
    """One more person who reported in August and has no agreement: two points less."""
    dates = {"decided_on": date(2022, 8, 1), "served_on": date(2022, 8, 5), "reported_on": date(2022, 8, 10), "agreement_on": None}
    town.city.enter("measures", "supervisor", measure_values(town.city, 9, **dates))
    refresh()


def test_what_moved_opens_on_the_row_that_moved_it(town: Desk, letter: Letter) -> None:
    keep_yesterday(town)
    late_agreement(town)
    moved = moved_since(letter, TODAY, town.actor("supervisor"))
    assert moved is not None and moved.exact
    change = next(one for one in moved.clauses if one.id == "2.2")
    assert change.delta == Decimal(-2)
    assert [row.came for number in change.numbers for row in number.rows] == [True]
    client = browser_of(town.city, "supervisor")
    soup = soup_of(client, page_of(letter, "moved/"))
    row = next(a for a in soup.select("main a") if "新计入" in a.get_text() and "/ledgers/measures/" in str(a["href"]))
    assert client.get(str(row["href"])).status_code == 200


def test_nothing_is_said_to_have_moved_where_nothing_did(town: Desk, letter: Letter) -> None:
    keep_yesterday(town)
    page = text_of(browser_of(town.city, "supervisor").get(page_of(letter, "moved/")))
    assert "没有条款的得分变了" in page


def test_without_a_snapshot_the_page_says_so(town: Desk, letter: Letter) -> None:
    assert "还没有留存过得分" in text_of(browser_of(town.city, "supervisor").get(page_of(letter, "moved/")))


def test_others_are_not_told_how_a_clause_of_few_people_moved(town: Desk, letter: Letter) -> None:
    """The clerk's page is the same whether the closed clause moved or not."""
    keep_yesterday(town)
    client = browser_of(town.city, "clerk")
    before = text_of(client.get(page_of(letter, "moved/")))
    late_agreement(town)
    after = text_of(client.get(page_of(letter, "moved/")))
    assert "签订协议" not in after and before == after
    assert "变没变只对本单位说" in after and "最省力" not in after


def test_a_number_given_by_hand_is_named_among_what_moved(town: Desk, letter: Letter) -> None:
    keep_yesterday(town)
    entry = manual.enter(
        letter=letter, key="manual:批示交办逾期件数", value=Decimal(1), reason="一件逾期", by=town.actor("clerk"), holds_from=TODAY
    )
    manual.review(entry=entry, by=town.actor("leader"))
    moved = moved_since(letter, TODAY, town.actor("supervisor"))
    assert moved is not None
    change = next(one for one in moved.clauses if one.id == "1.3")
    assert [one.pk for number in change.numbers for one in number.entries] == [entry.pk]


def test_everything_listed_as_next_is_a_due_plan_or_return_that_stands_open(town: Desk, letter: Letter) -> None:
    actor = town.actor("supervisor")
    listed = [duty for days in range(0, 120, 7) for duty in next_points(letter, TODAY - timedelta(days=days), actor)]
    assert listed
    for duty in listed:
        assert duty.fact in {TESTS, RETURNS, TASKS, *PLANS}
        if duty.fact == TESTS:
            assert Due.objects.filter(pk__in=duty.rows).count() == len(duty.rows)
        if duty.fact == RETURNS:
            assert Return.objects.filter(pk__in=duty.rows, first_submitted_on=None).count() == len(duty.rows)
        assert duty.all > 0 and duty.each * len(duty.rows) == duty.all
    today = next_points(letter, TODAY, actor)
    opened = {str(pk) for pk in Due.objects.open_on(TODAY).values_list("pk", flat=True)}
    assert {str(pk) for duty in today if duty.fact == TESTS for pk in duty.rows} <= opened
    assert [duty.each for duty in today] == sorted((duty.each for duty in today), reverse=True)


def test_no_list_of_next_points_can_be_counted_by_something_coercive() -> None:
    coercive = [one for one in catalogue.catalogue().versions() if one.coercive]
    assert coercive
    assert not [one.code for one in coercive if one.facts <= {TESTS, RETURNS, TASKS, *PLANS}]


def planned(town: Desk, *tasks: dict[str, object]) -> Letter:
    """A letter whose sheet counts the town's tasks of the year, and its plan with a task done in spring and these."""
    plan = {"year": 2022, "title": "禁毒工作计划", "adopted_on": date(2022, 1, 10), "arrangement": "按职责安排"}
    town.city.enter("unit_plans", "supervisor", plan)
    spring = {"task": "签订责任书", "due_on": date(2022, 3, 31), "done_on": date(2022, 3, 20), "evidence": "责任书"}
    fixed = {"year": 2022, "duty": "禁毒法第十一条", "done_when": "活动有记录"}
    for number, task in enumerate((spring, *tasks), start=1):
        town.city.enter("unit_tasks", "supervisor", {**fixed, "item": number, **task})
    refresh()
    text = SHEET.replace("indicator:G07.value", "indicator:G19.value")
    sheet = publish_scheme(text=text, by=town.actor("leader"))
    return issue(unit=town.city.units["longdong"], terms=town.terms(sheet), by=town.actor("clerk"))


def tasks_of(letter: Letter, on: date, town: Desk) -> list[Duty]:
    return [duty for duty in next_points(letter, on, town.actor("supervisor")) if duty.fact == TASKS]


def test_a_task_of_the_years_plan_is_next_until_it_is_done_where_a_clause_counts_tasks(town: Desk) -> None:
    letter = planned(town, {"task": "宣传进村", "due_on": date(2022, 12, 20)})
    (duty,) = tasks_of(letter, TODAY, town)
    assert (duty.title, duty.last_day, len(duty.rows)) == ("宣传进村", date(2022, 12, 20), 1) and duty.all > 0
    assert not tasks_of(letter, date(2022, 12, 21), town)
    client = browser_of(town.city, "supervisor")
    line = next(a for a in soup_of(client, page_of(letter, "moved/")).select("main a") if "宣传进村" in a.get_text())
    assert "年度计划任务" in line.get_text() and client.get(str(line["href"])).status_code == 200
    UnitTask.objects.filter(pk=duty.rows[0]).update(done_on=TODAY, evidence="照片")
    assert not tasks_of(letter, TODAY, town)


def test_tasks_are_not_next_where_no_clause_counts_them(town: Desk, letter: Letter) -> None:
    plan = {"year": 2022, "title": "禁毒工作计划", "adopted_on": date(2022, 1, 10), "arrangement": "按职责安排"}
    town.city.enter("unit_plans", "supervisor", plan)
    task = {"year": 2022, "item": 1, "duty": "禁毒法第十一条", "task": "宣传进村", "done_when": "有记录", "due_on": date(2022, 12, 20)}
    town.city.enter("unit_tasks", "supervisor", task)
    refresh()
    assert not tasks_of(letter, TODAY, town)


def test_an_act_upon_people_in_a_plan_is_never_held_out_for_points(town: Desk) -> None:
    acts = ("对社区戒毒人员加做一次尿检", "排查涉毒人员", "抓获吸毒人员不少于 5 名", "责令接受社区戒毒")
    letter = planned(town, *({"task": words, "due_on": date(2022, 12, 20)} for words in acts))
    assert UnitTask.objects.filter(done_on=None).count() == len(acts)
    assert not tasks_of(letter, TODAY, town)


def test_a_window_that_is_done_is_no_longer_next(town: Desk, letter: Letter) -> None:
    actor = town.actor("supervisor")
    before = sum(len(duty.rows) for duty in next_points(letter, TODAY, actor) if duty.fact == TESTS)
    come_to_test(town, 3, TODAY)
    refresh()
    after = sum(len(duty.rows) for duty in next_points(letter, TODAY, actor) if duty.fact == TESTS)
    assert after == before - 1


def test_the_town_opens_the_next_points_where_they_are_done(town: Desk, letter: Letter) -> None:
    client = browser_of(town.city, "supervisor")
    soup = soup_of(client, page_of(letter, "moved/"))
    links = [str(a["href"]) for a in soup.select("main a") if "人次" in a.get_text()]
    assert links and all(client.get(href).status_code == 200 for href in links)


def test_scores_are_kept_once_a_night(town: Desk, letter: Letter) -> None:
    assert "scores" in {duty.name for duty in upkeep.duties()}
    assert score_keeping.nightly() == 1
    assert score_keeping.nightly() == 0
    assert ScoreSnapshot.objects.filter(letter=letter, day=clock.today() - timedelta(days=1)).count() == 1


@pytest.mark.parametrize("part", ["forecast/", "moved/"])
def test_who_may_not_see_the_letter_sees_neither_part(town: Desk, letter: Letter, part: str) -> None:
    assert browser_of(town.city, "stranger").get(page_of(letter, part)).status_code == 404
