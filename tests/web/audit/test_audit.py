"""The log: open to inspectors alone, whole in who-when-what-why, and silent about people whose rows they may not open."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from qingyuan.foundation import audit
from qingyuan.foundation.audit.models import ReadEntry, WriteEntry
from qingyuan.journeys import chain_checks
from qingyuan.ledgers import registry
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account, RoleGrant
from qingyuan.rehabilitation.models import CommunityTest
from tests.cast import BEGAN, PEOPLE, City, id_number
from tests.web.pages import browser_of, text_of
from tests.web.swap import same_after_swap

pytestmark = pytest.mark.django_db
INSPECTORS = ("auditor", "security")


def sealed() -> None:
    for database in ("default", "audit"):
        audit.seal(database)


def entry_of(ledger: str) -> WriteEntry:
    return WriteEntry.objects.filter(ledger=ledger).latest("at")


@pytest.fixture
def voided(town: City) -> City:
    """A test was voided with a typed reason."""
    ledger, row = registry.get("tests"), CommunityTest.objects.get()
    ledger.void(rows=[row], writing=town.writing("supervisor", reason="重复登记,核对登记本后作废"))
    return town


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - set(INSPECTORS) - {"leader", "town_leader"}))
def test_nobody_but_inspectors_and_leaders_opens_any_page_of_the_log(town: City, who: str) -> None:
    browser = browser_of(town, who)
    browser_of(town, "supervisor").get("/people/")
    read = ReadEntry.objects.using("audit").latest("at")
    for address in (
        "/audit/",
        "/audit/writes/",
        "/audit/reads/",
        "/audit/writes/export.csv",
        f"/audit/writes/{entry_of('measures').pk}/",
        f"/audit/reads/{read.pk}/",
    ):
        assert browser.get(address).status_code == 403, address
    assert browser.post("/audit/writes/verify/").status_code == 403


@pytest.mark.parametrize("who", INSPECTORS)
def test_a_write_says_who_when_what_and_why(voided: City, who: str) -> None:
    page = text_of(browser_of(voided, who).get("/audit/"))
    assert "吴主任 龙洞镇人民政府" in page and "作废 社区检测台账" in page
    assert "重复登记,核对登记本后作废" in page and "待封存" in page
    assert "测试乙" not in page
    sealed()
    assert "已封存 #1" in text_of(browser_of(voided, who).get("/audit/"))


@pytest.mark.parametrize("who", INSPECTORS)
def test_changes_of_a_row_one_may_not_open_name_the_columns_and_no_value(voided: City, who: str) -> None:
    entry = WriteEntry.objects.get(act="tests.void")
    html = browser_of(voided, who).get(f"/audit/writes/{entry.pk}/").content.decode()
    assert "涉及的栏:" in html and "检测日期" in html and "您看不到这些行本身" in html
    for secret in ("测试", "999999", "2022-03-01", "negative", "阴性", "李秀"):
        assert secret not in html, secret


def test_changes_of_an_open_subject_are_shown(city: City) -> None:
    account = city.accounts["clerk"]
    meeting = {
        "held_on": date(2022, 3, 1),
        "title": "一季度全会",
        "kind": "commission_plenary",
        "chaired_by_first": True,
    }
    city.enter("meetings", "clerk", meeting)
    html = browser_of(city, "auditor").get(f"/audit/writes/{entry_of('meetings').pk}/").content.decode()
    assert "一季度全会" in html and "您看不到这些行本身" not in html and account.name in html
    assert "已遮盖" not in html, "a title stands encrypted, and whoever opens the meeting reads it"


def test_the_filters_narrow_by_person_act_ledger_and_day(voided: City) -> None:
    browser = browser_of(voided, "auditor")
    assert "1 条" in text_of(browser.get("/audit/writes/?act=void"))
    assert "没有符合条件的记录" in text_of(browser.get("/audit/writes/?who=周文&act=void"))
    assert "没有符合条件的记录" in text_of(browser.get("/audit/writes/?ledger=cases"))
    assert "没有符合条件的记录" in text_of(browser.get("/audit/writes/?day=2022-11-22"))
    assert "1 条" in text_of(browser.get("/audit/writes/?day=2022-11-23&who=吴主任&act=void&ledger=tests"))


def test_a_filter_swaps_the_same_results_that_a_reload_shows(voided: City) -> None:
    same_after_swap(browser_of(voided, "auditor"), "/audit/writes/?who=吴主任")


def test_one_row_is_followed_to_everyone_who_saw_it(town: City) -> None:
    row = CommunityTest.objects.get()
    browser_of(town, "supervisor").get(f"/ledgers/tests/{row.pk}/")
    page = text_of(browser_of(town, "auditor").get(f"/audit/reads/?row={row.pk}"))
    assert "1 条" in page and "吴主任" in page and "打开 社区检测台账" in page
    entry = ReadEntry.objects.using("audit").get(act="detail")
    one = text_of(browser_of(town, "auditor").get(f"/audit/reads/{entry.pk}/"))
    assert str(row.pk) in one and "127.0.0.1" in one


def test_who_tries_a_door_that_is_not_theirs_is_in_the_log(town: City) -> None:
    assert browser_of(town, "clerk").get("/grants/").status_code == 403
    page = text_of(browser_of(town, "auditor").get("/audit/reads/?act=refused"))
    assert "1 条" in page and "周文" in page and "被拒绝" in page
    entry = ReadEntry.objects.using("audit").get(act="refused")
    assert entry.path == "/grants/" and entry.reason
    assert Client().get("/grants/").status_code == 302
    assert ReadEntry.objects.using("audit").filter(act="refused").count() == 1, "a stranger is sent to the sign-in page, not logged"


def test_reading_the_log_is_in_the_log(town: City) -> None:
    browser = browser_of(town, "auditor")
    browser.get("/audit/writes/")
    browser.get(f"/audit/writes/{entry_of('tests').pk}/")
    acts = list(ReadEntry.objects.using("audit").filter(ledger="audit").values_list("act", "actor_name"))
    assert ("list", "孟审") in acts and ("detail", "孟审") in acts


def verified(browser: Client, tab: str = "writes") -> Any:
    return browser.post(f"/audit/{tab}/verify/", headers={"HX-Request": "true", "HX-Target": "chain"})


def test_an_untouched_chain_is_called_sound_with_its_counts(voided: City) -> None:
    sealed()
    answer = verified(browser_of(voided, "auditor"))
    said = text_of(answer)
    assert "<html" not in answer.content.decode()
    assert "完好" in said and "有改动" not in said and "链尾有 1 条待封存" in said, "the check itself is an entry"


def test_the_page_says_when_the_chain_was_last_found_whole_and_by_whom(voided: City) -> None:
    browser = browser_of(voided, "auditor")
    assert "还没有校验" in text_of(browser.get("/audit/writes/"))
    sealed()
    chain_checks.nightly()
    page = text_of(browser.get("/audit/writes/"))
    assert "写入链 完好" in page and "2022-11-23" in page and "后台核对了全部" in page and "还没有校验" not in page
    with connections["default"].cursor() as cursor:
        cursor.execute("UPDATE foundation_writeentry SET actor_name = '别人' WHERE act = 'tests.void'")
    chain_checks.check("default", by=voided.actor("auditor"))
    page = text_of(browser.get("/audit/writes/"))
    assert "有改动:1 处" in page and "孟审核对了全部" in page and "重新校验看全部" in page


def test_an_altered_entry_is_named(voided: City) -> None:
    sealed()
    entry = WriteEntry.objects.get(act="tests.void")
    with connections["default"].cursor() as cursor:
        cursor.execute("UPDATE foundation_writeentry SET actor_name = '别人' WHERE act = 'tests.void'")
    said = text_of(verified(browser_of(voided, "auditor")))
    assert "有改动:1 处" in said and str(entry.pk) in said and "完好" not in said


def test_the_check_works_without_scripts_and_leaves_a_trace(voided: City) -> None:
    sealed()
    page = text_of(browser_of(voided, "auditor").post("/audit/reads/verify/"))
    assert "查阅链 完好" in page and "审计日志" in page
    assert ReadEntry.objects.using("audit").filter(act="verify").exists()


def test_the_export_is_what_the_list_shows_and_nothing_in_it_becomes_a_formula(town: City) -> None:
    account = town.accounts["supervisor"]
    Account.objects.filter(pk=account.pk).update(name="=HYPERLINK(1)")
    account.refresh_from_db()
    ledger, row = registry.get("tests"), CommunityTest.objects.get()
    ledger.void(rows=[row], writing=town.writing("supervisor", reason="=1+1"))
    answer = browser_of(town, "auditor").get("/audit/writes/export.csv?act=void")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][:3] == ["时间", "操作人", "单位"] and len(rows) == 3
    assert rows[-1][1] == "'=HYPERLINK(1)" and rows[-1][6] == "'=1+1"
    assert "测试" not in text and id_number(101) not in text
    assert ReadEntry.objects.using("audit").filter(act="export", ledger="audit").count() == 1


def test_an_auditor_of_one_town_sees_the_acts_of_its_people_only(town: City) -> None:
    account = town.accounts["auditor"]
    RoleGrant.objects.filter(account=account).delete()
    RoleGrant.objects.create(
        account=account, role=Role.AUDITOR, division=town.divisions["石桥镇"], start=BEGAN, granted_by="set-up"
    )
    browser = browser_of(town, "auditor")
    assert "吴主任" not in text_of(browser.get("/audit/writes/"))
    assert browser.get(f"/audit/writes/{entry_of('tests').pk}/").status_code == 404


def test_nonsense_in_the_address_finds_nothing_and_breaks_nothing(town: City) -> None:
    browser = browser_of(town, "auditor")
    assert browser.get("/audit/writes/?row=x&day=32&act=__class__&ledger='&page=-1&who=%00%25").status_code == 200
    assert browser.get("/audit/elsewhere/").status_code == 404
    assert browser.post("/audit/elsewhere/verify/").status_code == 404
