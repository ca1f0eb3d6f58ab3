"""No cultivation: every round of every patch is a row, a zero report answers it, a find is followed to the last plant."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qingyuan.ledgers.writing import CannotVoid
from qingyuan.prevention.models import Patch, SurveyPlan, SurveyRound
from tests.prevention.conftest import Prevention, facts

pytestmark = pytest.mark.django_db
FOUND, NEXT = date(2022, 4, 12), date(2022, 4, 13)


def season(patch: Patch) -> list[str]:
    rows = SurveyPlan.objects.filter(patch=patch).order_by("position")
    return [row.outcome for row in rows]


def test_a_patch_is_walked_six_times_a_season(work: Prevention) -> None:
    patch = work.patch()
    assert season(patch) == ["open"] * 6
    first = SurveyPlan.objects.order_by("position").first()
    assert first is not None
    assert (first.label, first.opens_on, first.last_day) == ("2022 年第 1 轮", date(2022, 2, 1), date(2022, 2, 28))
    assert (first.division_id, first.unit_id) == (patch.division_id, patch.unit_id)


def test_a_zero_report_is_a_report(work: Prevention) -> None:
    patch = work.patch()
    walked = work.walk(date(2022, 3, 3))
    assert (walked.found, walked.plants) == (False, 0)
    assert season(patch) == ["open", "done", "open", "open", "open", "open"]
    work.walk(date(2022, 3, 30))
    assert season(patch).count("done") == 1, "walking twice in a round answers one round"
    work.walk(date(2022, 10, 2))
    assert season(patch).count("done") == 1, "after the season there is no round to answer"
    [plan] = [fact for fact in facts("survey_plan") if fact.data["outcome"] == "done"]
    assert (plan.happened_on, plan.data["done_on"]) == (date(2022, 3, 31), "2022-03-03")


def test_the_plan_follows_a_walk_that_is_corrected_or_voided(work: Prevention) -> None:
    patch = work.patch()
    walked = work.walk(date(2022, 3, 3))
    assert work.correct(walked, surveyed_on="2022-05-06") == {}
    assert season(patch) == ["open", "open", "open", "done", "open", "open"]
    work.void(walked)
    assert season(patch) == ["open"] * 6


def test_a_patch_listed_in_april_owes_no_round_of_march_and_a_closed_one_none_it_did_not_finish(
    work: Prevention,
) -> None:
    patch = work.patch(listed_on=date(2022, 3, 2))
    assert [row.position for row in SurveyPlan.objects.order_by("position")] == [20223, 20224, 20225, 20226]
    assert work.correct(patch, closed_on="2022-07-15") == {}
    assert season(patch) == ["open", "open", "cancelled", "cancelled"]


def test_a_walk_needs_its_patch_among_those_one_may_read(work: Prevention) -> None:
    work.patch("SQ-01", who="stranger", where="石桥社区")
    told = work.problems("survey_rounds", "supervisor", walk("SQ-01"))
    assert told == work.problems("survey_rounds", "supervisor", walk("没有"))
    assert "先登记地块" in told["patch_code"]


def walk(code: str, **changes: Any) -> dict[str, Any]:
    values = {"patch_code": code, "surveyed_on": FOUND, "method": "foot", "surveyors": ["吴主任"]}
    return values | changes


def test_a_find_knows_how_much_of_it_is_gone(work: Prevention) -> None:
    work.patch()
    find = work.walk(FOUND, plants=30)
    one = work.eradicate(FOUND, FOUND, 18)
    work.eradicate(FOUND, NEXT, 12)
    find.refresh_from_db()
    assert find.eradicated == 30
    [fact] = facts("survey_rounds")
    assert fact.data == {"method": "foot", "plant": "poppy", "found": True, "plants": 30, "eradicated": 30}
    assert work.correct(one, plants="10") == {}
    find.refresh_from_db()
    assert find.eradicated == 22
    work.void(one)
    find.refresh_from_db()
    assert find.eradicated == 12 and facts("survey_rounds")[0].data["eradicated"] == 12


def test_no_more_is_eradicated_than_was_found_and_no_less_found_than_is_gone(work: Prevention) -> None:
    work.patch()
    find = work.walk(FOUND, plants=30)
    work.eradicate(FOUND, FOUND, 18)
    told = work.problems("eradications", "supervisor", gone(NEXT, 13))
    assert "发现 30 株,已登记铲除 18 株,不能再铲除 13 株" in told["plants"]
    assert work.problems("eradications", "supervisor", gone(NEXT, 7), gone(date(2022, 4, 14), 6))["plants"]
    assert work.problems("eradications", "supervisor", gone(FOUND, 30)) == {}, "the same day again replaces that day"
    assert "不能更少" in work.correct(find, plants="17")["plants"]
    assert work.correct(find, plants="18") == {}


def gone(day: date, plants: int) -> dict[str, Any]:
    return {
        "patch_code": "LD-01",
        "found_on": FOUND,
        "eradicated_on": day,
        "plants": plants,
        "method": "manual",
        "witnesses": ["吴主任", "何姐"],
    }


def test_an_eradication_needs_a_find(work: Prevention) -> None:
    work.patch()
    assert "先登记踏查" in work.problems("eradications", "supervisor", gone(NEXT, 1))["found_on"]
    work.walk(FOUND)
    assert "没有发现" in work.problems("eradications", "supervisor", gone(NEXT, 1))["found_on"]


def test_what_rests_on_another_is_voided_first(work: Prevention) -> None:
    patch = work.patch()
    find = work.walk(FOUND, plants=3)
    pulled = work.eradicate(FOUND, NEXT, 3)
    for row, words in ((patch, "撤销日期"), (find, "先作废铲除记录")):
        with pytest.raises(CannotVoid, match=words):
            work.void(row)
    work.void(pulled)
    work.void(find)
    work.void(patch)
    assert not SurveyRound.objects.exists() and set(season(patch)) == {"cancelled"}


def test_what_a_table_says_was_eradicated_is_not_believed(work: Prevention) -> None:
    work.patch()
    find = work.enter("survey_rounds", "supervisor", walk("LD-01", found=True, plant="poppy", plants=9, eradicated=9))
    assert find.eradicated == 0
