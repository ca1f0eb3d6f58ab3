"""The policy table for the security officer: by role, by ledger, compared, explained, signed, printed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.ledgers import registry
from qingyuan.organisation import policy
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import PolicyReview
from qingyuan.web import rule_words
from tests.cast import TODAY, City
from tests.security.bodies import readable
from tests.web.pages import browser_of, text_of

pytestmark = pytest.mark.django_db(databases=["default", "audit"])
PAGES = ("/rights/", "/rights/ledgers/", "/rights/compare/", "/rights/why/", "/rights/table.csv", "/rights/paper.docx")


def sign(city: City, table: str | None = None) -> PolicyReview:
    text = table if table is not None else policy.written()
    return PolicyReview.objects.create(
        table=text,
        digest=policy.digest(text),
        remark="通看一遍",
        signed_by=city.accounts["security"],
        signed_at="2022-06-01T09:00:00+08:00",
        next_due=TODAY + timedelta(days=100),
    )


@pytest.mark.parametrize("who", ["clerk", "leader", "supervisor", "town_leader", "officer", "doctor", "liaison"])
def test_the_table_is_for_the_security_officer_and_the_inspector(city: City, who: str) -> None:
    for page in PAGES:
        assert browser_of(city, who).get(page).status_code == 403, page
    assert browser_of(city, who).post("/rights/sign/", {"digest": "", "remark": "x"}).status_code == 403


def test_each_role_and_each_ledger_stands_on_it_with_reason_and_source(city: City) -> None:
    answer = browser_of(city, "auditor").get("/rights/")
    page = text_of(answer)
    for role in {rule.role for rule in policy.POLICY}:
        assert str(Role(role).label) in page
    assert "社工只看自己的服务对象" in page and "《戒毒条例》第十五条" in page
    by_ledger = text_of(browser_of(city, "auditor").get("/rights/ledgers/"))
    for ledger in registry.all_ledgers():
        assert ledger.title in by_ledger
    assert "登记即封存" in by_ledger
    assert "/rights/sign/" not in answer.content.decode(), "the inspector reads and does not sign"


def test_the_filter_narrows_and_a_ledger_nobody_reads_is_said_so(city: City) -> None:
    browser = browser_of(city, "security")
    page = text_of(browser.get("/rights/?role=doctor&ledger=cases"))
    assert "没有这样的一行" in page and "就是看不到" in page
    page = text_of(browser.get("/rights/?ledger=penalties"))
    assert "行政处罚自登记起封存" in page and "社工只看自己的" not in page
    assert "通看" not in text_of(browser.get("/rights/?role=nonsense&ledger=x&compartment=%00"))


def test_the_officer_signs_what_was_read_and_the_inspector_sees_it(city: City) -> None:
    browser = browser_of(city, "security")
    assert "还没有复核过" in text_of(browser.get("/rights/"))
    digest = policy.digest(policy.written())
    due = (TODAY + timedelta(days=300)).isoformat()
    assert browser.post("/rights/sign/", {"digest": digest, "remark": "", "next_due": due}).status_code == 422
    refused = browser.post("/rights/sign/", {"digest": "0" * 64, "remark": "通看一遍", "next_due": due})
    assert refused.status_code == 422 and "变了" in text_of(refused)
    done = browser.post("/rights/sign/", {"digest": digest, "remark": "通看一遍", "next_due": due})
    assert done.status_code == 302
    page = text_of(browser_of(city, "auditor").get("/rights/"))
    assert "与签字的一致" in page and due in page and "安全员" in page and digest in page
    assert "一字未改" in text_of(browser.get("/rights/compare/"))


def test_what_changed_since_the_signature_is_marked(city: City) -> None:
    old = policy.written().replace(
        "internal,auditor,audit,,division,read|export", "internal,auditor,audit,,division,read"
    )
    assert old != policy.written()
    old = "\n".join(line for line in old.splitlines() if not line.startswith("internal,auditor,policy")) + "\n"
    sign(city, old)
    browser = browser_of(city, "security")
    assert "签字以后改了 2 行" in text_of(browser.get("/rights/"))
    answer = browser.get("/rights/compare/")
    page = text_of(answer)
    assert "审计检查人员 · 内部" in page and "查看、导出" in page and "增" in page and "改" in page
    assert "<ins>查看、导出</ins>" in answer.content.decode() and "<del>查看</del>" in answer.content.decode()


def test_an_overdue_review_is_said(city: City, settings: Any) -> None:
    sign(city)
    settings.QINGYUAN_TODAY = date(2023, 6, 1)
    assert "复核已过期" in text_of(browser_of(city, "security").get("/rights/"))


@pytest.mark.parametrize(
    ("account", "ledger", "words"),
    [
        ("caseworker", "measures", ("看得到", "本人服务对象", "set-up授权", "社工只看自己的服务对象")),
        ("clerk", "measures", ("看不到", "没有写着", "隔着墙")),
        ("clerk", "registrations", ("看不到", "除外")),
        ("doctor", "cases", ("看不到", "隔着墙", "戒毒医疗机构医生")),
        ("clerk", "published_statistics", ("看得到",)),
        ("auditor", "audit", ("看得到", "本区划及下级")),
    ],
)
def test_why_an_account_sees_a_ledger_or_not(city: City, account: str, ledger: str, words: tuple[str, ...]) -> None:
    page = text_of(browser_of(city, "security").get(f"/rights/why/?account={account}&ledger={ledger}"))
    assert f"{rule_words.title(ledger)} {words[0]}" in page
    for word in words[1:]:
        assert word in page, page
    entry = ReadEntry.objects.using("audit").filter(ledger="policy").latest("at")
    assert entry.reason == f"{account} {ledger}"


def test_why_says_what_a_list_shows(city: City) -> None:
    """For every account and ledger the page's answer is whether the list would open."""
    browser = browser_of(city, "security")
    for who in ("caseworker", "clerk", "officer", "auditor", "doctor"):
        own = browser_of(city, who)
        for ledger in ("measures", "cases", "meetings", "registrations", "volunteers"):
            page = text_of(browser.get(f"/rights/why/?account={who}&ledger={ledger}"))
            answer = "看得到" if own.get(f"/ledgers/{ledger}/template/").status_code == 200 else "看不到"
            assert f"{rule_words.title(ledger)} {answer}" in page, (who, ledger)


def test_a_disabled_account_and_one_without_a_role_see_nothing(city: City) -> None:
    city.accounts["clerk"].is_active = False
    city.accounts["clerk"].save()
    city.accounts["leader"].grants.all().delete()
    browser = browser_of(city, "security")
    assert "账号已停用" in text_of(browser.get("/rights/why/?account=clerk&ledger=meetings"))
    assert "没有任何角色" in text_of(browser.get("/rights/why/?account=leader&ledger=meetings"))
    assert "请选台账" in text_of(browser.get("/rights/why/?account=nobody&ledger=meetings"))


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_table_on_paper_says_what_the_page_says_and_leaves_a_trace(city: City, kind: str) -> None:
    answer = browser_of(city, "security").get(f"/rights/paper.{kind}")
    text = "".join(readable(answer).split())
    assert policy.digest(policy.written()) in text and "社工只看自己的服务对象" in text
    assert ReadEntry.objects.using("audit").filter(act="print", ledger="policy").exists()
    assert browser_of(city, "security").get("/rights/paper.exe").status_code == 404


def test_the_file_that_is_handed_out_is_the_one_that_decides(city: City) -> None:
    answer = browser_of(city, "auditor").get("/rights/table.csv")
    assert policy.read(answer.content.decode("utf-8")) == policy.POLICY


def test_the_review_waits_on_today_for_who_signs_it_and_for_nobody_else(city: City, settings: Any) -> None:
    assert "权限总表还没有复核过" in text_of(browser_of(city, "security").get("/today/"))
    assert "还没有复核过" not in text_of(browser_of(city, "auditor").get("/today/"))
    signed = sign(city)
    assert "年度复核" not in text_of(browser_of(city, "security").get("/today/"))
    settings.QINGYUAN_TODAY = signed.next_due - timedelta(days=7)
    assert "权限总表年度复核" in text_of(browser_of(city, "security").get("/today/"))
