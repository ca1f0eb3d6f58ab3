"""The clerk's path through the editor, page by page, and who may not walk it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from qingyuan.foundation import clock
from qingyuan.governance.actions import scheme_drafts as actions
from qingyuan.governance.models import PublishedScheme, SchemeDraft
from qingyuan.governance.queries.scheme_drafts import content_of
from qingyuan.governance.queries.scheme_trial import trial
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.scoring.scheme import Scheme
from qingyuan.governance.scoring.serialise import read_scheme, scheme_hash
from qingyuan.indicators.refresh import refresh
from tests.governance.conftest import SHEET, Desk, desk
from tests.web.letters.conftest import WINDOWS, come_to_test, settle
from tests.web.pages import browser_of, text_of

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(databases=["default", "audit"])


@pytest.fixture
def draft(desk: Desk) -> SchemeDraft:
    return actions.begin(by=desk.actor("clerk"), year=2022, published=desk.publish_sheet())


def at(draft: SchemeDraft, clause_id: str) -> str:
    """The address of a clause's form."""
    key = next(one["key"] for one in content_of(draft)["clauses"] if one["data"]["id"] == clause_id)
    return f"/schemes/drafts/{draft.pk}/clauses/{key}/"


def sent_by(response: HttpResponse) -> dict[str, Any]:
    """What the browser would send of the form as it stands."""
    form = BeautifulSoup(response.content.decode(), "html.parser").find(id="clause-form")
    assert isinstance(form, Tag)
    return dict(_values(form))


def _values(form: Tag) -> Iterator[tuple[str, Any]]:
    for field in form.find_all(["input", "textarea", "select"]):
        name = str(field.get("name", ""))
        if not name or name == "csrfmiddlewaretoken":
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True)
            yield name, str(chosen["value"]) if isinstance(chosen, Tag) else ""
        elif field.name == "textarea":
            yield name, field.get_text()
        elif field.get("type") != "checkbox" or field.has_attr("checked"):
            yield name, str(field.get("value", ""))


def test_the_list_shows_versions_and_drafts_to_the_office_and_only_versions_to_a_town(desk: Desk, draft: SchemeDraft) -> None:
    office, town = (text_of(browser_of(desk.city, who).get("/schemes/")) for who in ("clerk", "supervisor"))
    assert "起草中" in office and "建草稿" in office and "导入文件" in office
    assert "起草中" not in town and "建草稿" not in town and "已发布" in town


def test_a_form_stored_as_it_was_shown_changes_nothing(desk: Desk, draft: SchemeDraft) -> None:
    client = browser_of(desk.city, "clerk")
    for clause_id in ("1.1", "1.4", "2.1"):
        page = client.get(at(draft, clause_id))
        response = client.post(at(draft, clause_id), sent_by(page) | {"do": "save"})
        assert response.status_code == 302
    draft.refresh_from_db()
    assert [one["data"] for one in content_of(draft)["clauses"]] == [
        one["data"] for one in content_of(SchemeDraft(content=draft.revisions.get(number=1).content))["clauses"]
    ]


def test_no_key_of_the_file_is_shown_in_the_form(desk: Desk, draft: SchemeDraft) -> None:
    words = text_of(browser_of(desk.city, "clerk").get(at(draft, "1.4")))
    assert not any(key in words for key in ("when_empty", "bands", "from_points", "tiers", "params"))
    assert "一个数落在哪一档" in words and "没有应办事项时" in words


def test_a_changed_example_is_run_at_once_and_the_difference_shown(desk: Desk, draft: SchemeDraft) -> None:
    client = browser_of(desk.city, "clerk")
    form = sent_by(client.get(at(draft, "1.1")))
    tried = text_of(client.post(at(draft, "1.1"), form | {"examples.1.points": "6", "do": "try"}))
    assert "不符" in tried and "示例 2" in tried and "相符" in tried
    draft.refresh_from_db()
    assert draft.revision == 1


def test_a_gap_between_bands_stands_beside_the_clause_with_a_link_to_its_field(desk: Desk, draft: SchemeDraft) -> None:
    client = browser_of(desk.city, "clerk")
    form = sent_by(client.get(at(draft, "1.4")))
    # 90 to 100, and below 80: nobody knows what 85 gives.
    broken = form | {"rule.params.bands.1.to": "100", "rule.params.bands.2.to": "80", "do": "save"}
    assert client.post(at(draft, "1.4"), broken).status_code == 302
    page = client.get(at(draft, "1.4"))
    link = BeautifulSoup(page.content.decode(), "html.parser").select_one("#clause-side a[href^='#f-']")
    assert link is not None and link["href"] == "#f-rule-kind"
    whole = text_of(client.get(f"/schemes/drafts/{draft.pk}/"))
    assert "条款 1.4" in whole and "处要改" in whole


def test_points_that_do_not_add_up_are_said_on_the_sheet_and_at_the_group(desk: Desk, draft: SchemeDraft) -> None:
    client = browser_of(desk.city, "clerk")
    client.post(at(draft, "1.2"), sent_by(client.get(at(draft, "1.2"))) | {"points": "4", "do": "save"})
    page = text_of(client.get(f"/schemes/drafts/{draft.pk}/"))
    assert "少 1 分" in page
    assert client.post(f"/schemes/drafts/{draft.pk}/step/submit/").status_code == 422


def test_a_number_that_is_none_is_refused_where_it_stands_and_stays_typed(desk: Desk, draft: SchemeDraft) -> None:
    client = browser_of(desk.city, "clerk")
    response = client.post(at(draft, "1.1"), sent_by(client.get(at(draft, "1.1"))) | {"points": "十分", "do": "save"})
    assert response.status_code == 422 and "应为数字" in text_of(response)
    assert sent_by(response)["points"] == "十分"


def test_a_coercive_count_is_refused_beside_its_clause_with_the_reason(desk: Desk, draft: SchemeDraft) -> None:
    client = browser_of(desk.city, "clerk")
    form = sent_by(client.get(at(draft, "1.1"))) | {"inputs.0.source": "E01.value 破获案件", "do": "try"}
    assert "不得设为目标、得分" in text_of(client.post(at(draft, "1.1"), form))
    found = text_of(client.get("/schemes/inputs/?q=E01"))
    assert "不能计分" in found


def test_the_page_of_numbers_lists_them_before_anything_is_typed(desk: Desk, draft: SchemeDraft) -> None:
    client = browser_of(desk.city, "clerk")
    bare = text_of(client.get("/schemes/inputs/"))
    assert all(words in bare for words in ("由台账算出,可以计分", "报表里填的,可以计分", "R05.value", "报表 XZ-01.events", "由人填、第二人复核"))
    free, barred = bare.split("不能计分", 1)
    assert "R05.value" in free and "E01.value" not in free and "E01.value" in barred, "what may not be scored stands apart, with its reason"
    assert "由台账算出" not in text_of(client.get("/schemes/inputs/?q=R05")), "a search shows what it found, nothing else"


def test_a_new_clause_takes_its_kind_by_its_sentence_and_then_asks_for_its_fields(desk: Desk, draft: SchemeDraft) -> None:
    client = browser_of(desk.city, "clerk")
    group = content_of(draft)["groups"][0]["key"]
    here = f"/schemes/drafts/{draft.pk}/clauses/new/?group={group}"
    form = sent_by(client.get(here))
    drawn = client.post(here, form | {"rule.kind": "deduct_per_missing", "do": "refresh"})
    assert "每缺一个扣" in text_of(drawn) and "扣完为止" in text_of(drawn)
    form = sent_by(drawn) | {
        "title": "走访记录", "points": "5", "inputs.0.name": "缺次", "inputs.0.source": "手工 缺走访次数", "rule.params.each": "1",
        "rule.params.unit": "次", "do": "save",
    }  # fmt: skip
    saved = client.post(here, form, follow=True)
    assert "走访记录" in text_of(saved) and "每缺 1 次" in text_of(saved)
    draft.refresh_from_db()
    data = next(one["data"] for one in content_of(draft)["clauses"] if one["data"]["title"] == "走访记录")
    assert data["inputs"] == {"缺次": "manual:缺走访次数"} and data["rule"]["params"]["each"] == 1


def test_an_open_text_shows_both_readings_side_by_side_until_one_is_chosen(desk: Desk, draft: SchemeDraft) -> None:
    client = browser_of(desk.city, "clerk")
    form = sent_by(client.get(at(draft, "1.3")))
    each = {"readings.{}.id": "", "readings.{}.words": "", "readings.{}.rule.kind": "deduct_per_missing"}
    opened = {key.format(i): value for i in (0, 1) for key, value in each.items()}
    opened |= {"readings.0.id": "每件", "readings.0.words": "每件都扣", "readings.1.id": "每两件", "readings.1.words": "满两件才扣"}
    opened |= {f"readings.{i}.rule.params.{name}": value for i in (0, 1) for name, value in (("each", "1"), ("input", "late"))}
    opened |= {"readings.1.rule.params.per": "2", "readings.1.rule.params.count": "full", "examples.1.reading": "每件", "examples.2.reading": "每件"}
    # The form draws one blank row; a second one comes with «再加一行».
    tried = client.post(at(draft, "1.3"), form | opened | {"do": "save"}, follow=True)
    words = text_of(tried)
    assert "两种读法,请选一种" in words and "每件都扣" in words and "满两件才扣" in words
    assert "读法未定" in text_of(client.get(f"/schemes/drafts/{draft.pk}/"))
    chosen = client.post(at(draft, "1.3"), sent_by(tried) | {"chosen": "每件", "do": "save"}, follow=True)
    assert "两种读法,请选一种" not in text_of(chosen)


def test_two_clerks_at_once_the_second_sees_both_and_loses_nothing(desk: Desk, draft: SchemeDraft) -> None:
    client = browser_of(desk.city, "clerk")
    mine = sent_by(client.get(at(draft, "1.1"))) | {"title": "乙写的名称", "do": "save"}
    client.post(at(draft, "1.1"), sent_by(client.get(at(draft, "1.1"))) | {"title": "甲写的名称", "do": "save"})
    told = client.post(at(draft, "1.1"), mine)
    assert told.status_code == 409
    words = text_of(told)
    assert "改过这里" in words and "对方存下的这一条" in words and "甲写的名称" in words
    assert sent_by(told)["title"] == "乙写的名称"
    assert client.post(at(draft, "1.1"), sent_by(told) | {"do": "save"}).status_code == 302


def test_a_clause_is_moved_removed_and_put_back_from_the_sheet(desk: Desk, draft: SchemeDraft) -> None:
    client = browser_of(desk.city, "clerk")
    keys = [one["key"] for one in content_of(draft)["clauses"]]
    here = f"/schemes/drafts/{draft.pk}/arrange/"
    assert client.post(here, {"key": keys[1], "step": "up", "seen": "1"}).status_code == 302
    draft.refresh_from_db()
    assert [one["key"] for one in content_of(draft)["clauses"]][:2] == [keys[1], keys[0]]
    client.post(here, {"key": keys[0], "step": "remove", "seen": "2"})
    assert "移出的" in text_of(client.get(f"/schemes/drafts/{draft.pk}/"))
    assert client.post(here, {"key": keys[0], "step": "restore", "seen": "3"}).status_code == 302
    assert client.post(here, {"key": keys[0], "step": "burn", "seen": "4"}).status_code == 404
    assert client.post(here, {"key": "k999", "step": "up", "seen": "4"}).status_code == 422


def test_the_sheets_own_rules_and_a_group_are_changed_by_forms(desk: Desk, draft: SchemeDraft) -> None:
    client = browser_of(desk.city, "clerk")
    here = f"/schemes/drafts/{draft.pk}/sheet/"
    form = sent_by(client.get(here))
    assert client.post(here, form | {"title": "2022 年新办法", "do": "save"}).status_code == 302
    bad = client.post(here, sent_by(client.get(here)) | {"valid_to": "", "do": "save"})
    assert bad.status_code == 422 and "失效日" in text_of(bad)
    group = content_of(draft)["groups"][0]["key"]
    there = f"/schemes/drafts/{draft.pk}/groups/{group}/"
    assert client.post(there, sent_by(client.get(there)) | {"title": "组织保障", "do": "save"}).status_code == 302
    page = text_of(client.get(f"/schemes/drafts/{draft.pk}/"))
    assert "2022 年新办法" in page and "组织保障" in page


def test_history_names_each_edit_and_brings_one_back(desk: Desk, draft: SchemeDraft) -> None:
    client = browser_of(desk.city, "clerk")
    client.post(at(draft, "1.1"), sent_by(client.get(at(draft, "1.1"))) | {"title": "临时名称", "do": "save"})
    here = f"/schemes/drafts/{draft.pk}/history/"
    assert "改条款 1.1 临时名称" in text_of(client.get(here))
    assert client.post(here, {"number": "1", "seen": "2"}).status_code == 302
    assert "临时名称" not in text_of(client.get(at(draft, "1.1")))


def test_an_exported_file_passes_the_checker_and_comes_back_as_the_same_sheet(desk: Desk, draft: SchemeDraft) -> None:
    client = browser_of(desk.city, "clerk")
    text = client.get(f"/schemes/drafts/{draft.pk}/file.yaml").content.decode()
    brought = client.post("/schemes/import/", {"file": SimpleUploadedFile("办法.yaml", text.encode())})
    assert brought.status_code == 302
    other = SchemeDraft.objects.exclude(pk=draft.pk).get()
    again = client.get(f"/schemes/drafts/{other.pk}/file.yaml").content.decode()
    assert scheme_hash(read_scheme(again)) == scheme_hash(read_scheme(text))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("办法.yaml", SHEET.replace("points: 25", "points: 二十五").encode(), "应为数字"),
        ("办法.yaml", b"total: [", "第 1 行"),
        ("办法.yaml", "名称".encode("gbk"), "UTF-8"),
        ("办法.exe", b"MZ\x90", "只收 json、yaml、yml 文件"),
        ("办法.yaml", b"", "空"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_by_its_line(desk: Desk, name: str, content: bytes, says: str) -> None:
    response = browser_of(desk.city, "clerk").post("/schemes/import/", {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 422 and says in text_of(response)
    assert not SchemeDraft.objects.exists()


def test_a_wrong_field_of_a_file_is_named_with_its_line(desk: Desk) -> None:
    text = SHEET.replace("points: 25", "points: 二十五", 1)
    line = next(i for i, row in enumerate(text.splitlines(), start=1) if "二十五" in row)
    response = browser_of(desk.city, "clerk").post("/schemes/import/", {"file": SimpleUploadedFile("x.yaml", text.encode())})
    assert f"第 {line} 行" in text_of(response)


def test_a_second_person_publishes_and_the_page_says_letters_keep_theirs(desk: Desk, draft: SchemeDraft) -> None:
    clerk, leader = browser_of(desk.city, "clerk"), browser_of(desk.city, "leader")
    clerk.post(f"/schemes/drafts/{draft.pk}/step/submit/")
    assert "您改过这份草稿" in text_of(clerk.get(f"/schemes/drafts/{draft.pk}/"))
    assert clerk.post(f"/schemes/drafts/{draft.pk}/step/publish/").status_code == 422
    page = text_of(leader.get(f"/schemes/drafts/{draft.pk}/"))
    assert "须签补充责任书" in page
    published = leader.post(f"/schemes/drafts/{draft.pk}/step/publish/", follow=True)
    assert "第 2 版" in text_of(published)
    assert PublishedScheme.objects.count() == 2
    assert leader.post(f"/schemes/drafts/{draft.pk}/step/nothing/").status_code == 404


def test_the_effect_on_last_years_letters_is_shown_letter_by_letter_and_opened_down(desk: Desk) -> None:
    settle(desk, people=6, tested=16)
    letter = desk.letter()
    draft = actions.begin(by=desk.actor("clerk"), year=2023, published=letter.scheme)
    client = browser_of(desk.city, "clerk")
    form = sent_by(client.get(at(draft, "1.1")))
    # Each meeting gives two points instead of five, at most four: written into the examples too.
    less = {"points": "4", "rule.params.each": "2", "examples.0.points": "4", "examples.1.points": "2", "examples.2.points": "4"}
    assert client.post(at(draft, "1.1"), form | less | {"do": "save"}).status_code == 302
    refused = text_of(client.get(f"/schemes/drafts/{draft.pk}/effect/?year=2022"))
    assert "改好才能试算" in refused
    group = content_of(draft)["groups"][0]["key"]
    for where, change in ((f"groups/{group}/", {"points": "19"}), ("sheet/", {"total": "94"})):
        here = f"/schemes/drafts/{draft.pk}/{where}"
        assert client.post(here, sent_by(client.get(here)) | change | {"do": "save"}).status_code == 302
    page = text_of(client.get(f"/schemes/drafts/{draft.pk}/effect/?year=2022"))
    assert letter.division.name in page and "-6" in page.replace("−", "-")
    opened = text_of(client.get(f"/schemes/drafts/{draft.pk}/effect/{letter.pk}/"))
    assert "10 / 10" in opened and "4 / 4" in opened and "规则改为" in opened
    assert client.get(f"/schemes/drafts/{draft.pk}/effect/?year=19x9").status_code == 404


def test_what_turns_on_few_people_stays_closed_in_a_trial(desk: Desk) -> None:
    settle(desk, people=3, tested=7)
    letter = desk.letter()
    draft = actions.begin(by=desk.actor("clerk"), year=2022, published=letter.scheme)
    client = browser_of(desk.city, "clerk")
    page = text_of(client.get(f"/schemes/drafts/{draft.pk}/effect/?year=2022"))
    assert "只对本单位开放" in page and "—" in page
    opened = text_of(client.get(f"/schemes/drafts/{draft.pk}/effect/{letter.pk}/"))
    assert "只对本单位开放" in opened


def test_no_number_of_trials_tells_two_small_towns_apart(desk: Desk) -> None:
    """Two towns that differ only in a number of few people give one and the same page, whatever bands the draft has."""
    settle(desk, people=3, tested=7)
    letter = desk.letter()
    clerk = desk.actor("clerk")

    def shown() -> list[Any]:
        out = []
        for border in (50, 70, 80, 90, 95, 100):
            text = SHEET.replace("from: 95, points: 20", f"from: {border}, points: 20") if border > 85 else SHEET
            scheme: Scheme = read_scheme(text)
            (found,) = trial(scheme, [letter], clock.today(), clerk).letters
            out.append((found.after, found.grade_after, [(one.id, one.before, one.after, one.closed) for one in found.clauses if one.closed]))
        return out

    before = shown()
    come_to_test(desk, 1, WINDOWS[2])
    refresh()
    assert shown() == before
    assert any(found[2] for found in before)


@pytest.mark.parametrize("who", ["supervisor", "town_leader", "caseworker"])
def test_a_draft_is_not_for_others(desk: Desk, draft: SchemeDraft, who: str) -> None:
    client = browser_of(desk.city, who)
    for page in ("", "history/", "effect/", "sheet/", "file.yaml"):
        assert client.get(f"/schemes/drafts/{draft.pk}/{page}").status_code in {403, 404}, page
    assert client.post("/schemes/begin/", {"year": "2023", "code": "x", "title": "x"}).status_code == 403
    assert client.post(f"/schemes/drafts/{draft.pk}/arrange/", {"key": "k2", "step": "up"}).status_code in {403, 404}
    assert SchemeDraft.objects.get().revision == 1


def test_a_leader_reads_and_decides_but_writes_nothing(desk: Desk, draft: SchemeDraft) -> None:
    client = browser_of(desk.city, "leader")
    assert client.get(f"/schemes/drafts/{draft.pk}/").status_code == 200
    assert client.get(at(draft, "1.1")).status_code == 403
    assert client.post(at(draft, "1.1"), {"do": "save"}).status_code == 403


def test_a_published_version_is_read_by_everyone_with_its_rules_in_sentences(desk: Desk, draft: SchemeDraft) -> None:
    kept = PublishedScheme.objects.get()
    page = text_of(browser_of(desk.city, "supervisor").get(f"/schemes/published/{kept.pk}/"))
    assert "每次 5,最多 10" in page and "发布后不再改" in page
    text = browser_of(desk.city, "supervisor").get(f"/schemes/published/{kept.pk}/file.yaml").content.decode()
    assert scheme_hash(read_scheme(text)) == scheme_hash(scheme_of(kept))
    assert browser_of(desk.city, "supervisor").get(f"/schemes/published/{kept.pk}/file.exe").status_code == 404
