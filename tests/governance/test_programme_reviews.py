"""A programme of several years is reviewed: figures kept, later years adjusted with a reason, decided by who did not write it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.governance.actions import programme_reviews as actions
from qingyuan.governance.actions import programmes
from qingyuan.governance.actions.programmes import Outline, ProgrammeRefused
from qingyuan.governance.enums import ReviewKind
from qingyuan.governance.models import Programme, ProgrammeReview, ProgrammeStep
from qingyuan.governance.permissions import NotAllowed
from qingyuan.governance.queries import programmes as reads
from qingyuan.governance.rules.programmes import Change, Trouble, check_change, check_year
from tests.governance.conftest import Desk, desk
from tests.web.pages import browser_of, text_of

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
YEARS = (2021, 2022, 2023)


@pytest.fixture
def programme(desk: Desk) -> Programme:
    made = programmes.draft(city=desk.city.divisions["云岭市"], outline=Outline("三年行动", 2021, 2023), by=desk.actor("clerk"))
    programmes.set_goal(programme=made, indicator="G01", values=dict.fromkeys(YEARS, Decimal(5)), by=desk.actor("clerk"))
    return programmes.adopt(programme=made, on=date(2021, 3, 1), by=desk.actor("leader"))


def goal_id(programme: Programme) -> int:
    return programme.goals.get().pk


def written(desk: Desk, programme: Programme, *changes: Change) -> ProgrammeReview:
    review = actions.begin(programme=programme, year=2022, by=desk.actor("clerk"))
    return actions.write(review=review, words="进展平稳", changes=changes, seen=review.version, by=desk.actor("clerk"))


def test_an_adjusted_year_holds_from_the_decision_and_not_before(desk: Desk, programme: Programme) -> None:
    goal = goal_id(programme)
    review = written(desk, programme, Change(goal, 2023, Decimal(8), "新增两个成员单位"))
    assert ProgrammeStep.objects.get(goal=goal, year=2023).value == 5
    done = actions.decide(review=review, seen=review.version, by=desk.actor("leader"))
    assert ProgrammeStep.objects.get(goal=goal, year=2023).value == 8
    assert reads.changed(programme) == {(goal, 2023): 5}
    assert (done.kind, done.decided_by_name) == (ReviewKind.MIDTERM, "秦川")
    assert [year["year"] for year in done.figures[0]["years"]] == [2020, 2021, 2022]
    assert WriteEntry.objects.filter(act="programmes.review_decide").count() == 1


def test_what_was_decided_is_found_altered(desk: Desk, programme: Programme) -> None:
    review = written(desk, programme, Change(goal_id(programme), 2023, Decimal(8), "理由"))
    done = actions.decide(review=review, seen=review.version, by=desk.actor("leader"))
    assert actions.digest_of(ProgrammeReview.objects.get(pk=done.pk)) == done.digest
    done.changes.update(after=Decimal(9))
    assert actions.digest_of(ProgrammeReview.objects.get(pk=done.pk)) != done.digest


def test_a_decided_review_is_neither_written_dropped_nor_decided_again(desk: Desk, programme: Programme) -> None:
    review = written(desk, programme)
    actions.decide(review=review, seen=review.version, by=desk.actor("leader"))
    clerk, leader = desk.actor("clerk"), desk.actor("leader")
    for act in (
        lambda: actions.write(review=review, words="改", changes=(), seen=review.version, by=clerk),
        lambda: actions.drop(review=review, by=clerk),
        lambda: actions.decide(review=review, seen=review.version, by=leader),
    ):
        with pytest.raises(ProgrammeRefused, match="已经审定"):
            act()


def test_two_writers_at_once_do_not_overwrite_each_other(desk: Desk, programme: Programme) -> None:
    review = written(desk, programme)
    with pytest.raises(ProgrammeRefused, match="刚被周文改过"):
        actions.write(review=review, words="晚了", changes=(), seen=review.version - 1, by=desk.actor("clerk"))
    with pytest.raises(ProgrammeRefused, match="刚被周文改过"):
        actions.decide(review=review, seen=review.version - 1, by=desk.actor("leader"))
    assert ProgrammeReview.objects.get().words == "进展平稳"


def test_who_may_write_and_who_may_decide(desk: Desk, programme: Programme) -> None:
    for who in ("liaison", "supervisor", "officer", "auditor", "leader"):
        with pytest.raises(NotAllowed):
            actions.begin(programme=programme, year=2022, by=desk.actor(who))
    review = written(desk, programme)
    for who in ("clerk", "liaison", "auditor"):
        with pytest.raises(NotAllowed):
            actions.decide(review=review, seen=review.version, by=desk.actor(who))
    ProgrammeReview.objects.update(drafted_by_id=desk.actor("leader").account_id)
    with pytest.raises(ProgrammeRefused, match="起草人不能审定"):
        actions.decide(review=review, seen=review.version, by=desk.actor("leader"))


def test_a_review_without_a_conclusion_or_of_a_draft_is_refused(desk: Desk, programme: Programme) -> None:
    review = actions.begin(programme=programme, year=2022, by=desk.actor("clerk"))
    with pytest.raises(ProgrammeRefused, match="还没有写评估结论"):
        actions.decide(review=review, seen=review.version, by=desk.actor("leader"))
    with pytest.raises(ProgrammeRefused, match="已经有一次评估"):
        actions.begin(programme=programme, year=2022, by=desk.actor("clerk"))
    draft = programmes.draft(city=programme.city, outline=Outline("另一份", 2022, 2024), by=desk.actor("clerk"))
    with pytest.raises(ProgrammeRefused, match="还没有印发"):
        actions.begin(programme=draft, year=2022, by=desk.actor("clerk"))


def test_a_persons_number_is_not_taken_in_a_review(desk: Desk, programme: Programme) -> None:
    review = actions.begin(programme=programme, year=2022, by=desk.actor("clerk"))
    with pytest.raises(ProgrammeRefused, match="只写工作"):
        actions.write(review=review, words="见 13900001111", changes=(), seen=review.version, by=desk.actor("clerk"))


@pytest.mark.parametrize(
    ("year", "trouble"), [(2020, Trouble.YEAR_OUTSIDE), (2024, Trouble.YEAR_OUTSIDE), (2023, Trouble.YEAR_TO_COME), (2022, None)]
)
def test_a_review_looks_back_on_a_year_that_has_begun(year: int, trouble: Trouble | None) -> None:
    assert check_year(year, YEARS, 2022) is trouble


@pytest.mark.parametrize(
    ("year", "value", "reason", "trouble"),
    [
        (2022, 8, "理由", Trouble.PAST_YEAR),
        (2021, 8, "理由", Trouble.PAST_YEAR),
        (2023, -1, "理由", Trouble.NEGATIVE),
        (2023, 5, "理由", Trouble.SAME),
        (2023, 8, " ", Trouble.NO_REASON),
        (2023, 8, "理由", None),
    ],
)
def test_only_later_years_are_adjusted_each_with_its_reason(year: int, value: int, reason: str, trouble: Trouble | None) -> None:
    standing = {(1, at): Decimal(5) for at in YEARS}
    assert check_change(Change(1, year, Decimal(value), reason), 2022, standing) is trouble


def test_the_office_reviews_on_its_page_the_leader_decides_and_the_paper_is_made(desk: Desk, programme: Programme) -> None:
    office, leader, goal = browser_of(desk.city, "clerk"), browser_of(desk.city, "leader"), goal_id(programme)
    page = office.post(f"/programmes/{programme.pk}/reviews/begin/", {"year": "2022"}, follow=True)
    assert "2023 年目标现为 5" in text_of(page)
    review = ProgrammeReview.objects.get()
    address = f"/programmes/{programme.pk}/reviews/{review.pk}/"
    bare = office.post(f"{address}write/", {"seen": "1", "words": "稳", f"value_{goal}_2023": "9"})
    assert bare.status_code == 422 and "调整目标要写明理由" in text_of(bare)
    given = {"seen": "1", "words": "进展平稳,差距在村", f"value_{goal}_2023": "9", f"reason_{goal}_2023": "单位增加"}
    assert "已写下评估" in text_of(office.post(f"{address}write/", given, follow=True))
    assert office.post(f"{address}decide/", {"seen": "2"}).status_code == 403
    assert leader.post(f"{address}write/", given).status_code == 403
    assert "已审定" in text_of(leader.post(f"{address}decide/", {"seen": "2"}, follow=True))
    told = text_of(leader.get(address))
    assert "5 → 9" in told and "单位增加" in told and "与审定时不符" not in told
    assert "原为 5" in text_of(office.get(f"/programmes/{programme.pk}/"))
    for suffix, head in (("docx", b"PK"), ("pdf", b"%PDF")):
        assert office.get(f"{address}paper.{suffix}").content.startswith(head)
    assert office.get(f"{address}paper.exe").status_code == 404
    for who in ("supervisor", "liaison", "officer"):
        assert browser_of(desk.city, who).get(address).status_code == 404


def test_a_draft_begun_by_mistake_is_taken_back(desk: Desk, programme: Programme) -> None:
    review = actions.begin(programme=programme, year=2022, by=desk.actor("clerk"))
    client = browser_of(desk.city, "clerk")
    answer = client.post(f"/programmes/{programme.pk}/reviews/{review.pk}/drop/", follow=True)
    assert "开始评估" in text_of(answer) and not ProgrammeReview.objects.exists()
