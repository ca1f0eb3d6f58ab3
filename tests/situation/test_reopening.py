"""Opening a closed month again tells every unit that quoted a figure of it, and nobody else."""

from __future__ import annotations

import pytest

from qingyuan.documents.fonts import font_files
from qingyuan.reference.periods import Period
from qingyuan.situation.actions import closing as actions
from qingyuan.situation.models import PeriodClose, ReopenNotice
from qingyuan.situation.queries import closing
from qingyuan.situation.queries.citing import citing
from tests.cast import TODAY, City
from tests.situation.planted_figures import plant_figures
from tests.situation.test_citing import drafted, issued
from tests.situation.test_forms import filled, template

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not font_files(), reason="no fonts in qingyuan/documents/fonts: run python3 run.py setup"),
]


@pytest.fixture
def told(city: City) -> City:
    plant_figures(city)
    return city


def closed(city: City, month: str) -> PeriodClose:
    asked = actions.ask(
        division=city.divisions["云岭市"], month=Period.parse(month), note="乡镇稍后再关", by=city.actor("clerk")
    )
    return actions.approve(close=asked, by=city.actor("leader"))


def test_the_office_that_quoted_in_a_paper_and_in_a_form_is_told_where(told: City) -> None:
    paper = issued(drafted(told), told)
    template(told)
    filled(told)
    close = closed(told, "2022-10")
    notices = actions.reopen(close=close, reason="公安补登了两起案件", by=told.actor("leader"))
    assert {(one.unit.code, one.quoted_in) for one in notices} == {
        ("office", f"《{paper.title}》({paper.number})"),
        ("office", "来表《禁毒月报》2022-10"),
    }
    [first, second] = closing.notices_for(told.actor("clerk"))
    actions.read(notice=first, by=told.actor("clerk"))
    assert list(closing.notices_for(told.actor("clerk"))) == [second]
    assert not closing.notices_for(told.actor("supervisor")).exists()


def test_a_month_nobody_quoted_is_opened_without_a_notice(told: City) -> None:
    close = closed(told, "2021-05")
    assert citing(close, TODAY) == [] == actions.reopen(close=close, reason="补登会议记录", by=told.actor("leader"))
    assert not ReopenNotice.objects.exists()


def test_nobody_reads_the_notice_of_another_unit(told: City) -> None:
    issued(drafted(told), told)
    [notice] = actions.reopen(close=closed(told, "2022-10"), reason="公安补登了两起案件", by=told.actor("leader"))
    with pytest.raises(actions.CannotClose):
        actions.read(notice=notice, by=told.actor("supervisor"))
    notice.refresh_from_db()
    assert notice.read_at is None
