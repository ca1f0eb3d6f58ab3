"""A new year begins by itself: what is listed is planned again, once, and what nobody keeps any more is not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.journeys import upkeep
from qingyuan.prevention.actions import plans
from qingyuan.prevention.models import LessonPlan, ReachPlan, SurveyPlan
from tests.prevention.conftest import Prevention

pytestmark = pytest.mark.django_db


def positions(model: Any) -> list[int]:
    return sorted(set(model.objects.exclude(outcome="cancelled").values_list("position", flat=True)))


@pytest.fixture
def years_later(settings: Any) -> Any:
    def go(day: str) -> None:
        settings.QINGYUAN_TODAY = date.fromisoformat(day)

    return go


def test_the_first_of_january_plans_places_and_patches_and_the_first_of_september_schools(
    work: Prevention, years_later: Any
) -> None:
    work.place(listed_on=date(2022, 3, 1))
    work.patch()
    work.school()
    assert plans.roll() == 0, "everything listed today has its plan"
    years_later("2023-01-01")
    assert plans.roll() == 3, "the place, the place that the school is, the patch"
    assert positions(ReachPlan) == [2020, 2021, 2022, 2023]
    assert positions(SurveyPlan)[-6:] == [20231, 20232, 20233, 20234, 20235, 20236]
    assert positions(LessonPlan)[-1] == 2022
    years_later("2023-09-01")
    assert plans.roll() == 1 and positions(LessonPlan)[-1] == 2023
    assert plans.roll() == 0, "twice is once"
    assert WriteEntry.objects.filter(act="survey_plan.create").order_by("pk").last().actor_name == plans.SYSTEM.name


def test_what_is_closed_is_not_planned_again(work: Prevention, years_later: Any) -> None:
    place, patch = work.place(listed_on=date(2022, 3, 1)), work.patch()
    assert work.correct(place, closed_on="2022-12-31") == {} and work.correct(patch, closed_on="2022-12-31") == {}
    years_later("2023-02-01")
    assert plans.roll() == 0
    assert positions(ReachPlan) == [] and positions(SurveyPlan)[-1] == 20226


def test_the_upkeep_looks_once_an_hour() -> None:
    [duty] = [duty for duty in upkeep.duties() if duty.name == "plans"]
    assert duty.do is plans.roll and duty.every == 3600
