"""The pages on which a table of reward rules is written, tried and published; who is shown what."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qingyuan.governance.models import PublishedRewardTable, RewardDraft
from qingyuan.governance.queries.reward_drafts import content_of
from qingyuan.governance.rewards import drafting
from qingyuan.governance.rewards.reading import looked_at
from qingyuan.governance.rewards.shipped import shipped_text
from qingyuan.governance.scoring.serialise import read_data
from qingyuan.web.rewards.rule_data import example_form, rule_data, rule_form
from qingyuan.web.rewards.rule_forms import ExampleForm, RuleForm
from tests.governance.conftest import Desk, desk
from tests.web.pages import browser_of, text_of

__all__ = ["desk"]
RULES: Any = read_data(shipped_text("town", "1"))


def sent_by(response: Any) -> dict[str, Any]:
    """What the rule's form would send as it stands."""
    soup = BeautifulSoup(response.content.decode(), "html.parser")
    form = next(one for one in soup.find_all("form") if one.find(attrs={"name": "text"}))
    found: dict[str, Any] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        assert isinstance(field, Tag)
        name = str(field.get("name") or "")
        if not name or (field.get("type") == "checkbox" and not field.has_attr("checked")):
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True)
            found[name] = str(chosen.get("value")) if isinstance(chosen, Tag) else ""
        else:
            found[name] = field.get_text().strip("\n") if field.name == "textarea" else str(field.get("value") or "on" * (field.get("type") == "checkbox"))
    return found


@pytest.mark.parametrize("rule", RULES["rules"], ids=lambda one: one["id"])
def test_what_a_form_shows_of_a_rule_it_sends_back_as_the_same_rule(rule: dict[str, Any]) -> None:
    """Every rule that comes with the platform, through the words of its form and back."""
    shown = {name: "" if value is None else value for name, value in rule_form(rule).items()}
    form = RuleForm({name: value for name, value in shown.items() if value is not False})
    assert form.is_valid(), form.errors
    told = [{name: value for name, value in example_form(one).items() if value is not None and value is not False} for one in rule.get("examples", [])]
    rows = [ExampleForm(one) for one in told]
    assert all(row.is_valid() for row in rows)
    back = rule_data(form.cleaned_data, [row.cleaned_data for row in rows])
    both = [looked_at({"id": "x", "title": "x", "version": "1", "valid_from": "2021-01-01", "source": "x", "rules": [one]})[0].rules for one in (rule, back)]
    assert both[0] == both[1]


@pytest.fixture
def draft(db: None, desk: Desk) -> RewardDraft:
    given = {"table": "town 1", "valid_from": "2023-01-01"}
    assert browser_of(desk.city, "clerk").post(reverse("web:reward-draft-begin"), given).status_code == 302
    return RewardDraft.objects.get()


def at(draft: RewardDraft, place: str) -> str:
    return reverse("web:reward-draft-rule", args=[draft.pk, place])


def test_the_office_changes_a_rule_and_a_leader_publishes_it(desk: Desk, draft: RewardDraft) -> None:
    client = browser_of(desk.city, "clerk")
    form = sent_by(client.get(at(draft, "r6")))
    assert (form["id"], form["share_from"], form["share_to"], form["ex-0-because"]) == ("Y1", "60", "80", "恰好六成")
    form |= {"share_to": "75", "ex-1-because": "恰好七成五", "ex-1-share": "75", "do": "save"}
    assert client.post(at(draft, "r6"), form).status_code == 302
    here = reverse("web:reward-draft", args=[draft.pk])
    shown = text_of(client.get(here))
    assert "恰好七成五" in shown and "没有问题" in shown and "改规则 Y1" in shown
    assert client.post(reverse("web:reward-draft-step", args=[draft.pk, "submit"])).status_code == 302
    assert client.post(reverse("web:reward-draft-step", args=[draft.pk, "publish"])).status_code == 422, "who wrote it does not publish it"
    leader = browser_of(desk.city, "leader")
    assert "发布这一版" in text_of(leader.get(here))
    assert leader.post(reverse("web:reward-draft-step", args=[draft.pk, "publish"])).status_code == 302
    made = PublishedRewardTable.objects.get()
    assert (made.code, made.version, made.valid_from.isoformat()) == ("town", "2", "2023-01-01")
    assert "第 2 版,自 2023-01-01 起" in text_of(browser_of(desk.city, "supervisor").get(reverse("web:reward-rules")))


def test_an_example_that_fails_is_said_at_once_and_nothing_is_stored(desk: Desk, draft: RewardDraft) -> None:
    client = browser_of(desk.city, "clerk")
    form = sent_by(client.get(at(draft, "r6"))) | {"share_to": "90", "do": "try"}
    side = client.post(at(draft, "r6"), form)
    assert "不符" in text_of(side) and "写的是不提出,算得提出" in text_of(side) and "<form" not in side.content.decode()
    draft.refresh_from_db()
    assert draft.revision == 1


def test_an_unreadable_field_stands_red_and_stays_typed(desk: Desk, draft: RewardDraft) -> None:
    client = browser_of(desk.city, "clerk")
    form = sent_by(client.get(at(draft, "r6"))) | {"share_from": "六十", "ex-2-share": "50", "do": "save"}
    answer = client.post(at(draft, "r6"), form)
    assert answer.status_code == 422 and sent_by(answer)["share_from"] == "六十" and "请写一句这是什么情形" in text_of(answer)
    draft.refresh_from_db()
    assert draft.revision == 1


def test_a_rule_over_ranks_or_people_caught_is_kept_and_said_to_be_never_applied(desk: Desk, draft: RewardDraft) -> None:
    client = browser_of(desk.city, "clerk")
    form = sent_by(client.get(at(draft, "new"))) | {"id": "X1", "kind": "commend", "text": "抓获人数最多的,通报表扬。", "source": "某地", "grades": "最高一等"}
    side = text_of(client.post(at(draft, "new"), form | {"do": "try"}))
    assert "不执行" in side and "抓获" in side


def test_somebody_who_saved_meanwhile_is_shown_beside_and_nothing_is_lost(desk: Desk, draft: RewardDraft) -> None:
    client = browser_of(desk.city, "clerk")
    form = sent_by(client.get(at(draft, "r6")))
    assert client.post(at(draft, "r6"), form | {"share_to": "79", "ex-1-share": "79", "do": "save"}).status_code == 302
    answer = client.post(at(draft, "r6"), form | {"share_to": "78", "ex-1-share": "78", "do": "save"})
    assert answer.status_code == 409 and "对方存下的这一条" in text_of(answer) and sent_by(answer)["share_to"] == "78"


def test_rules_are_moved_removed_and_brought_back(desk: Desk, draft: RewardDraft) -> None:
    client, here = browser_of(desk.city, "clerk"), reverse("web:reward-draft-arrange", args=[draft.pk])
    for number, step in enumerate(("up", "remove", "restore"), start=1):
        assert client.post(here, {"seen": number, "key": "r2", "step": step}).status_code == 302
    assert [one["key"] for one in content_of(RewardDraft.objects.get())["rules"]][-1] == "r2"
    assert client.post(here, {"seen": 4, "key": "r2", "step": "burn"}).status_code == 404
    shown = text_of(client.get(reverse("web:reward-draft-history", args=[draft.pk])))
    assert "上移 C1" in shown and "移出 C1" in shown
    client.post(reverse("web:reward-draft-history", args=[draft.pk]), {"seen": 4, "number": 1})
    assert [one["key"] for one in content_of(RewardDraft.objects.get())["rules"]][1] == "r2"


def test_the_tables_own_lines_are_changed_on_their_page(desk: Desk, draft: RewardDraft) -> None:
    client, here = browser_of(desk.city, "clerk"), reverse("web:reward-draft-sheet", args=[draft.pk])
    given = {
        "seen": 1, "id": "town", "title": "新名称", "version": "7", "valid_from": "2023-03-01", "unit_kinds": ["town"], "source": "云禁发〔2022〕9号",
    }  # fmt: skip
    assert client.post(here, given | {"version": ""}).status_code == 422
    assert client.post(here, given).status_code == 302
    sheet = content_of(RewardDraft.objects.get())[drafting.SHEET]
    assert (sheet["title"], sheet["version"], sheet["applies_to"]) == ("新名称", "7", {"unit_kinds": ["town"]})


def test_a_file_goes_out_and_comes_in_again(desk: Desk, draft: RewardDraft) -> None:
    client = browser_of(desk.city, "clerk")
    out = client.get(reverse("web:reward-draft-file", args=[draft.pk]))
    brought = client.post(reverse("web:reward-draft-import"), {"file": SimpleUploadedFile("表.yaml", out.content, "text/yaml")})
    assert brought.status_code == 302
    second = RewardDraft.objects.exclude(pk=draft.pk).get()
    assert looked_at(drafting.table_data(content_of(second))) == looked_at(drafting.table_data(content_of(draft)))
    for bad, words in ((b"a: [", "不是有效的"), (b"- 1", "不是一张奖惩规则表"), ("名".encode("gbk"), "UTF-8")):
        answer = client.post(reverse("web:reward-draft-import"), {"file": SimpleUploadedFile("表.yaml", bad, "text/yaml")})
        assert answer.status_code == 422 and words in text_of(answer)


@pytest.mark.parametrize(("who", "read", "write"), [
    ("leader", 200, 403), ("auditor", 200, 403), ("supervisor", 404, 403), ("liaison", 404, 403), ("officer", 404, 403),
])  # fmt: skip
def test_who_reads_a_draft_and_who_writes_in_it(desk: Desk, draft: RewardDraft, who: str, read: int, write: int) -> None:
    client = browser_of(desk.city, who)
    assert client.get(reverse("web:reward-draft", args=[draft.pk])).status_code == read
    assert client.get(at(draft, "r6")).status_code == write
    assert client.post(at(draft, "r6"), {"do": "save"}).status_code == write
    assert ("草稿" in text_of(client.get(reverse("web:reward-rules")))) == (read == 200)
