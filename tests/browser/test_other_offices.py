"""Another office's form bound by the keyboard alone, and a request for figures: nothing runs off, nobody is shut out."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from qingyuan.reference.periods import Period
from qingyuan.situation.actions import forms, requests
from qingyuan.situation.models import ForeignForm, FormLayout
from tests.browser.conftest import Enter, Road
from tests.browser.test_every_page import PHONE, WIDE, grave, runs_off
from tests.cast import TODAY
from tests.situation.blanks import workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=["default", "audit"], transaction=True)]


def test_a_column_is_bound_by_keyboard_alone(road: Road, enter: Enter, tmp_path: Path) -> None:
    file = tmp_path / "月报.xlsx"
    file.write_bytes(workbook())
    visitor = enter("clerk", *WIDE)
    page = visitor.go("/foreign-forms/")
    page.get_by_label("表名").fill("禁毒月报")
    page.get_by_label("来表单位").fill("州禁毒办")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="上传并开始绑定").press("Enter")
    # the arrows belong to the page's script: a key pressed while the page still loads moves nothing
    page.wait_for_url("**/bind/**")
    page.locator("#c-1-A3").focus()
    for key in ("ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator("#c-1-C4")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_contain_text("破案")
    expect(page.locator("#c-1-C4")).to_have_attribute("aria-current", "true")
    page.select_option("#id_indicator", "E01")
    expect(page.locator("#id_part")).to_contain_text("其中:其中大要案")
    expect(page.locator("#id_indicator")).to_have_value("E01")
    with page.expect_navigation():
        page.locator("#panel button", has_text="绑定").first.press("Enter")
    expect(page.locator(".notes")).to_contain_text("已绑定 3 行")
    expect(page.locator("#c-1-C5")).to_contain_text("E01 本月")
    assert {one.indicator for one in FormLayout.objects.get().bound.values()} == {"E01"}
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.locator("#c-1-C6").click()
    expect(page.locator("#panel")).to_contain_text("石桥镇")
    expect(page.locator("#panel .where")).to_be_in_viewport()


def test_the_pages_of_forms_and_requests_hold_on_both_screens(road: Road, enter: Enter) -> None:
    city, clerk = road.city, road.city.actor("clerk")
    layout = forms.receive_form(title="月报", sent_by="州禁毒办", file_name="a.xlsx", data=workbook(), by=clerk).layout
    forms.bind_column(layout=layout, binding=forms.Binding("1!C4", "E01"), by=clerk)
    forms.save_template(layout=layout, by=clerk)
    made = forms.fill(form=layout.form, month=Period.parse("2022-10"), by=clerk)
    forms.revise(form=layout.form, by=clerk)
    asked = requests.register(asking=requests.Asking("帮扶情况", "省禁毒办", "省禁函1号", TODAY, TODAY), by=clerk)
    question = requests.add_question(asked=asked, question=requests.Question("社工人数"), by=clerk)
    form = ForeignForm.objects.get()
    pages = [
        f"/foreign-forms/{form.pk}/", f"/foreign-forms/{form.pk}/bind/", f"/foreign-forms/{form.pk}/bind/?cell=1!C5",
        f"/foreign-forms/fillings/{made.pk}/", f"/figure-questions/{question.pk}/", f"/figure-requests/{asked.pk}/",
        "/figure-requests/new/",
    ]  # fmt: skip
    wrong = _wrong(enter, "clerk", pages)
    requests.ask_units(question=question, units=[city.units["longdong"]], by=clerk)
    requests.pass_on(asked=asked, by=clerk)
    answer = question.answers.get()
    wrong += _wrong(enter, "clerk", [f"/figure-requests/{asked.pk}/"])
    wrong += _wrong(enter, "supervisor", ["/figure-requests/", f"/figure-answers/{answer.pk}/"])
    assert wrong == []


def _wrong(enter: Enter, who: str, pages: list[str]) -> list[str]:
    visitor, found = enter(who, *WIDE), []
    for address in pages:
        page = visitor.go(address)
        for width, height in (WIDE, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            found += [f"{address} at {width}: {runs_off(page)} px"] if runs_off(page) > 0 else []
            found += [f"{address} at {width}: {violation}" for violation in grave(page)]
        page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    return found
