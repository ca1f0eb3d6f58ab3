"""Returns on the page: filled in, refused beside the field, sent back with a reason, locked, corrected; who has not filed."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.governance.actions import returns
from qingyuan.governance.enums import ReturnState
from qingyuan.governance.models import Return
from qingyuan.indicators.refresh import refresh
from qingyuan.reference.periods import Period
from qingyuan.web.returns.listing import badge
from tests.cast import TODAY
from tests.governance.conftest import Desk, desk
from tests.web.pages import browser_of, field_error, text_of

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
GOOD = {
    "events": "4",
    "school_events": "1",
    "leaflets": "300",
    "workers": "2",
    "surveys": "0",
    "reviewer_name": "罗镇长",
}


@pytest.fixture
def filed(desk: Desk) -> Return:
    """龙洞镇's return of October, still empty."""
    returns.generate_due(city=desk.city.divisions["云岭市"], month=Period.parse("2022-10"), by=desk.actor("clerk"))
    return Return.objects.get(form="XZ-01", unit__code="longdong")


def send(desk: Desk, who: str, filed: Return, move: str, **typed: Any) -> str:
    response = browser_of(desk.city, who).post(f"/returns/{filed.pk}/{move}/", typed, follow=True)
    assert response.status_code == 200, text_of(response)
    return text_of(response)


def locked(desk: Desk, filed: Return) -> Return:
    send(desk, "supervisor", filed, "submit", **GOOD)
    send(desk, "town_leader", filed, "approve")
    send(desk, "clerk", filed, "approve")
    send(desk, "clerk", filed, "lock")
    filed.refresh_from_db()
    assert filed.state == ReturnState.LOCKED
    return filed


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(desk: Desk, filed: Return) -> None:
    client = browser_of(desk.city, "supervisor")
    typed = GOOD | {"school_events": "9", "reviewer_name": ""}
    response = client.post(f"/returns/{filed.pk}/submit/", typed)
    assert response.status_code == 422
    assert "进学校的场次不能多于总场次" in field_error(response, "events")
    assert "请填写本单位审核人" in field_error(response, "reviewer_name")
    assert 'value="9"' in response.content.decode()
    letters = client.post(f"/returns/{filed.pk}/save/", GOOD | {"leaflets": "三百"})
    assert letters.status_code == 422 and "要填数字" in field_error(letters, "leaflets")
    filed.refresh_from_db()
    assert filed.state == ReturnState.DRAFT


def test_an_empty_cell_may_be_saved_but_not_submitted(desk: Desk, filed: Return) -> None:
    assert "还没有报出" in send(desk, "supervisor", filed, "save", events="4")
    response = browser_of(desk.city, "supervisor").post(f"/returns/{filed.pk}/submit/", GOOD | {"workers": ""})
    assert "没有发生请填 0" in field_error(response, "workers")


def test_from_draft_to_locked_with_every_step_written_down(desk: Desk, filed: Return) -> None:
    page = text_of(browser_of(desk.city, "clerk").get(f"/returns/{locked(desk, filed).pk}/"))
    for words in ("填写 吴主任", "报送 吴主任", "审核通过 罗镇长", "锁定 周文", "已锁定", "逾期 16 天报出"):
        assert words in page


def test_sending_back_needs_a_reason_and_the_town_reads_it_first_thing(desk: Desk, filed: Return) -> None:
    send(desk, "supervisor", filed, "submit", **GOOD)
    assert "要写明理由" in send(desk, "town_leader", filed, "send-back", reason=" ")
    assert "已退回" in send(desk, "town_leader", filed, "send-back", reason="场次与台账不一致")
    mine = text_of(browser_of(desk.city, "supervisor").get("/returns/"))
    assert "1 张等我办" in mine and "退回理由:场次与台账不一致" in mine
    assert "已报出" in send(desk, "supervisor", filed, "submit", **GOOD)


def test_the_one_who_filled_it_in_may_not_approve_it(desk: Desk, filed: Return) -> None:
    send(desk, "supervisor", filed, "submit", **GOOD)
    refused = browser_of(desk.city, "supervisor").post(f"/returns/{filed.pk}/approve/")
    assert refused.status_code == 403 and "换一人审核" in text_of(refused)


def test_a_locked_return_is_corrected_beside_itself_with_a_reason(desk: Desk, filed: Return) -> None:
    old = locked(desk, filed)
    assert "要写明理由" in send(desk, "supervisor", old, "correct", reason="")
    page = send(desk, "supervisor", old, "correct", reason="漏报一场")
    fresh = Return.objects.get(version=2)
    assert (
        "第 2 版,更正:漏报一场" in page
        and 'name="events"' in browser_of(desk.city, "supervisor").get(f"/returns/{fresh.pk}/").content.decode()
    )
    send(desk, "supervisor", fresh, "save", events="5")
    shown = text_of(browser_of(desk.city, "supervisor").get(f"/returns/{fresh.pk}/"))
    assert "原报 4" in shown
    old.refresh_from_db()
    assert old.cells["events"] == "4" and "这不是最新的一版" in text_of(
        browser_of(desk.city, "clerk").get(f"/returns/{old.pk}/")
    )


def test_the_office_sees_who_has_not_filed_and_cannot_fill_in_for_them(desk: Desk, filed: Return) -> None:
    client = browser_of(desk.city, "clerk")
    page = text_of(client.get("/returns/"))
    assert "0 张等我办,4 张等别人办" in page
    assert "龙洞镇人民政府 2022 年 10 月 乡镇(街道)禁毒工作月报" in page and "逾期 16 天未报" in page
    assert 'name="events"' not in client.get(f"/returns/{filed.pk}/").content.decode()


def test_what_waits_for_the_office_is_only_what_the_town_has_passed(desk: Desk, filed: Return) -> None:
    send(desk, "supervisor", filed, "submit", **GOOD)
    assert "0 张等我办" in text_of(browser_of(desk.city, "clerk").get("/returns/"))
    assert badge(desk.actor("clerk"), TODAY) is None or badge(desk.actor("clerk"), TODAY).number == 0  # type: ignore[union-attr]
    send(desk, "town_leader", filed, "approve")
    assert "1 张等我办" in text_of(browser_of(desk.city, "clerk").get("/returns/"))
    waiting = badge(desk.actor("clerk"), TODAY)
    assert waiting is not None and waiting.number == 1


def test_the_badge_of_a_town_counts_its_own_and_says_when_late(desk: Desk, filed: Return) -> None:
    waiting = badge(desk.actor("supervisor"), TODAY)
    assert waiting is not None and (waiting.number, waiting.late) == (1, True)


def test_a_number_of_the_observatory_opens_on_its_returns_and_says_whose_the_rest_are(
    desk: Desk, filed: Return
) -> None:
    refresh()
    address = "/returns/?indicator=G07&part=missing&period=2022-01..2022-11"
    own = text_of(browser_of(desk.city, "supervisor").get(address))
    assert "数据报送及时率 · 未报" in own and "乡镇(街道)禁毒工作月报" in own and "市公安局禁毒大队" not in own
    police = text_of(browser_of(desk.city, "officer").get(address))
    assert "公安禁毒月报" in police and "1 张报表" in police and "报表只对填报单位和审核它的人开放" in police


def test_the_export_holds_the_rows_of_the_list(desk: Desk, filed: Return) -> None:
    content = browser_of(desk.city, "supervisor").get("/returns/export.xlsx").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    rows = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert [row[:5] for row in rows[-1:]] == [
        ["乡镇(街道)禁毒工作月报", "龙洞镇人民政府", "2022 年 10 月", "填报中", "2022-11-07"]
    ]


def test_a_stranger_finds_no_return_and_a_step_that_is_none_is_not_found(desk: Desk, filed: Return) -> None:
    stranger = browser_of(desk.city, "stranger")
    assert stranger.get(f"/returns/{filed.pk}/").status_code == 404
    assert stranger.post(f"/returns/{filed.pk}/submit/", GOOD).status_code == 404
    assert browser_of(desk.city, "supervisor").post(f"/returns/{filed.pk}/burn/").status_code == 404
    assert browser_of(desk.city, "supervisor").get(f"/returns/{filed.pk}/submit/").status_code == 405


@pytest.mark.parametrize("who", ["supervisor", "town_leader", "clerk", "leader", "officer", "prosecutor", "auditor"])
def test_looking_writes_nothing(desk: Desk, filed: Return, who: str) -> None:
    before = (WriteEntry.objects.count(), Return.objects.get(pk=filed.pk).moved)
    client = browser_of(desk.city, who)
    for address in ("/returns/", "/returns/?form=XZ-01", "/returns/export.xlsx", f"/returns/{filed.pk}/"):
        assert client.get(address).status_code in (200, 404)
    assert (WriteEntry.objects.count(), Return.objects.get(pk=filed.pk).moved) == before
