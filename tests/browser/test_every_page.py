"""Every main page for every role: nothing runs off the side, the keyboard gets everywhere; axe goes to every page in
``test_whole_census``, once at the person whose work it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from qingyuan.foundation.audit.models import ReadEntry, WriteEntry
from qingyuan.governance.models import Return
from qingyuan.rehabilitation.models import Client, CommunityTest
from tests.browser.conftest import Enter, Road, Visitor, follow
from tests.cast import measure_values

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=["default", "audit"], transaction=True)]
WIDE, PHONE = (1366, 768), (390, 844)
SHUT = 400
#: One of each sort; every address at somebody whose work it is: ``test_whole_census``.
ROLES = ("supervisor", "clerk", "officer", "auditor", "doctor")
# Where colour on colour or a missing name would keep somebody from working; «moderate» and «minor» are looked at by hand.
GRAVE = frozenset({"serious", "critical"})


def addresses(road: Road) -> Iterator[str]:
    """Pages below those of the road; who may not open one is told so, and that page must hold too."""
    letter, client, test = road.letters["longdong"], Client.objects.earliest("pk"), CommunityTest.objects.earliest("pk")
    yield from ("/me/", "/me/password/", "/search/?q=龙洞", "/nowhere/", "/prove/?back=/me/")
    yield from ("/me/security/", "/me/security/app/", "/me/security/passkey/")
    yield "/grants/clerk/sign-in/"
    yield from (f"/letters/{letter.pk}/", f"/letters/{letter.pk}/text/", f"/letters/{letter.pk}/curve/")
    yield from ("/indicators/R05/", "/indicators/R05/rows/?part=missing", "/indicators/E01/")
    yield from (
        "/ledgers/tests/?when=all",
        f"/ledgers/tests/{test.pk}/",
        "/ledgers/tests/new/",
        "/ledgers/tests/import/",
    )
    yield from ("/ledgers/meetings/", "/ledgers/cases/", "/ledgers/import/", "/dues/?state=late")
    yield from (f"/people/{client.pk}/", f"/people/{client.pk}/test/", f"/returns/{Return.objects.earliest('pk').pk}/")
    yield f"/audit/writes/{WriteEntry.objects.filter(ledger='tests').earliest('pk').pk}/"
    yield f"/audit/reads/{ReadEntry.objects.using('audit').earliest('pk').pk}/"


def pages(road: Road, visitor: Visitor) -> list[str]:
    """The entries of this person's road, then the pages below them."""
    links = visitor.page.locator(".road .ways a")
    entries = [str(links.nth(place).get_attribute("href")) for place in range(links.count())]
    assert "/today/" in entries
    return [*entries, *addresses(road)]


def runs_off(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth"))


def grave(page: Page) -> list[str]:
    """What axe finds that would shut somebody out: the rule and the first place."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['target']}" for one in found if one["impact"] in GRAVE]


@pytest.mark.parametrize("who", ROLES)
def test_no_page_is_wider_than_its_window(road: Road, enter: Enter, who: str) -> None:
    wrong = []
    visitor = enter(who, *WIDE)
    for address in pages(road, visitor):
        page = visitor.go(address)
        for width, height in (WIDE, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            over = runs_off(page)
            if over > 0:
                wrong.append(f"{address} at {width}: {over} px")
        page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    assert wrong == []


def test_the_page_of_strangers_shuts_nobody_out(road: Road, enter: Enter, page: Page) -> None:
    page.goto(road.url + "/sign-in/")
    assert grave(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert runs_off(page) <= 0
    assert grave(page) == []


def test_phone_pages_shut_nobody_out(road: Road, enter: Enter) -> None:
    visitor = enter("supervisor", *PHONE)
    client = Client.objects.earliest("pk")
    wrong = []
    for address in ("/today/", "/people/", f"/people/{client.pk}/", f"/people/{client.pk}/test/", "/dues/"):
        wrong += [f"{address} {violation}" for violation in grave(visitor.go(address))]
    assert wrong == []


def test_a_test_is_recorded_on_a_phone_in_three_touches_from_today(road: Road, enter: Enter) -> None:
    days = {"decided_on": date(2022, 10, 20), "served_on": date(2022, 10, 22), "reported_on": date(2022, 10, 27)}
    road.city.enter("measures", "supervisor", measure_values(road.city, 7, agreement_on=None, **days))
    before = CommunityTest.objects.count()
    page = enter("supervisor", *PHONE).go("/today/")
    follow(page, page.get_by_role("link", name="记检测").first)
    page.get_by_label("结果").select_option(label="阴性")
    page.get_by_label("检测人").fill("李秀、王平")
    save = page.get_by_role("button", name="保存")
    box = save.bounding_box()
    assert box is not None and box["height"] >= 44 and box["y"] + box["height"] <= 844, "the button is under the thumb"
    save.click()
    expect(page.locator(".note-line.success")).to_be_visible()
    assert CommunityTest.objects.count() == before + 1


def test_the_way_to_every_page_opens_on_a_phone_and_closes_again(road: Road, enter: Enter) -> None:
    page = enter("clerk", *PHONE).go("/today/")
    expect(page.locator(".road")).to_be_hidden()
    page.get_by_role("link", name="更多").click()
    expect(page.locator(".road")).to_be_visible()
    follow(page, page.locator(".road").get_by_role("link", name="搜索"))
    page.locator("#page").get_by_role("searchbox").fill("石桥")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="石桥镇", exact=True).click()
    expect(page.locator("h1")).to_contain_text("石桥镇")


def test_the_first_key_leads_past_the_road(road: Road, enter: Enter) -> None:
    page = enter("clerk").go("/situation/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('page').contains(document.activeElement)")


def test_the_search_is_one_key_away_and_pickers_close_by_escape(road: Road, enter: Enter) -> None:
    page = enter("clerk").go("/situation/")
    page.keyboard.press("/")
    expect(page.locator("header").get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("R05")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("应检尽检率")
    picker = page.locator("details.pick").first
    picker.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(picker.locator(".panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(picker.locator(".panel")).to_be_hidden()
    expect(picker.locator("summary")).to_be_focused()


def test_a_dialog_takes_the_keyboard_and_gives_it_back(road: Road, enter: Enter) -> None:
    test = CommunityTest.objects.earliest("pk")
    page = enter("supervisor").go(f"/ledgers/tests/{test.pk}/")
    opener = page.get_by_role("button", name="作废", exact=True).first
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for _press in range(6):
        assert page.evaluate(
            "document.activeElement === document.body || document.querySelector('dialog[open]').contains(document.activeElement)"
        ), "the page behind a dialog must not take the keyboard"
        page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    assert CommunityTest.objects.filter(pk=test.pk).exists()


def test_the_chain_is_checked_in_place(road: Road, enter: Enter) -> None:
    page = enter("auditor").go("/audit/")
    # The worker may have checked it already: then the button says so.
    page.get_by_role("button", name=re.compile("校验整条链|重新校验")).click()
    expect(page.locator("#chain .tag")).to_have_text("完好")
    page.get_by_label("操作人").fill("吴主任")
    page.get_by_role("button", name="筛选").click()
    expect(page).to_have_url(re.compile("who="))
    expect(page.locator("#results table tbody tr").first).to_contain_text("吴主任")
    expect(page.locator("#chain .tag")).to_have_text("完好")
