"""Tables of reward rules at the desk: written with every edit kept, examples run, published by another, in force from their day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.governance.actions import reward_drafts as desk_actions
from qingyuan.governance.actions import rewards
from qingyuan.governance.actions.reward_drafts import DraftRefused, EditedMeanwhile
from qingyuan.governance.models import Consequence, PublishedRewardTable, RewardDraft
from qingyuan.governance.models.guarded import WrittenOnce
from qingyuan.governance.permissions import NotAllowed
from qingyuan.governance.queries import reward_drafts as reads
from qingyuan.governance.queries.rewards import tables
from qingyuan.governance.rewards import drafting
from qingyuan.governance.rewards.examples import run
from qingyuan.governance.rewards.reading import BadRewardTable, looked_at, read_table
from qingyuan.governance.rewards.shipped import shipped, shipped_text, table_for
from qingyuan.governance.scoring.serialise import read_data
from tests.cast import TODAY
from tests.governance.conftest import Desk, desk
from tests.governance.rewarding import Rewarding
from tests.governance.year_end import YearEnd, at

__all__ = ["desk"]
NEXT = date(2023, 1, 1)
TALK: dict[str, Any] = {
    "id": "T9", "kind": "talk", "text": "得分率不到 60% 的,约谈单位负责同志。", "source": "云禁发〔2022〕9号", "when": {"to": 60}, "confirmed": True,
    "examples": [{"because": "差一点到六成", "share": Decimal("59.99"), "meets": True}, {"because": "恰好六成", "share": 60, "meets": False}],
}  # fmt: skip


# --- pure -------------------------------------------------------------------------------------------------------------------
def test_every_rule_that_comes_with_the_platform_and_is_applied_has_examples_that_hold() -> None:
    for table in shipped():
        for rule in table.rules:
            assert rule.refused or rule.examples, rule.id
            assert not [one for one in run(rule) if one.wrong], rule.id
            assert rule.refused or any(one.meets for one in run(rule)), f"{rule.id}: no example in which it proposes"


@pytest.mark.parametrize(("change", "words"), [
    ({"meets": False}, "写的是不提出,算得提出"), ({"share": 80}, "写的是提出,算得不提出"), ({"group": "best"}, "group 要写"), ({"meets": "是"}, "meets 要写"),
    ({"because": ""}, "没有写 because"), ({"score": 1}, "不认识“score”"),
])  # fmt: skip
def test_an_example_that_does_not_hold_stops_the_table(change: dict[str, Any], words: str) -> None:
    rule = TALK | {"examples": [{"because": "五成", "share": 50, "meets": True} | change]}
    text = yaml.safe_dump({"id": "x", "title": "表", "version": "1", "valid_from": "2022-01-01", "source": "本市文件", "rules": [rule]}, allow_unicode=True)
    with pytest.raises(BadRewardTable, match=words):
        read_table(text)


def test_an_example_of_a_mapping_says_its_points() -> None:
    rule = next(one for one in shipped()[0].rules if one.id == "P1")
    assert [one.answer for one in run(rule)] == ["1.5 分", "0 分"]


@given(st.lists(st.sampled_from("acdkx"), max_size=30), st.randoms(use_true_random=False))
def test_whatever_is_done_to_the_rules_none_is_lost(steps: list[str], chance: Any) -> None:
    content = drafting.from_data({"id": "x", "rules": [{"id": "A"}, {"id": "B"}, {"id": "C"}]})
    known = {"r1", "r2", "r3"}
    for step in steps:
        here, gone = [one["key"] for one in content["rules"]], [one["key"] for one in content["removed"]]
        if step == "a":
            content, key = drafting.with_rule(content, "", {"id": "N"})
            assert key not in known
            known.add(key)
        elif step == "c" and here:
            content = drafting.moved(content, chance.choice(here), chance.choice((-1, 1)))
        elif step == "d" and here:
            content = drafting.removed(content, chance.choice(here))
        elif step == "k" and gone:
            content = drafting.restored(content, chance.choice(gone))
        content = drafting.from_text(drafting.as_text(content))
    keys = [one["key"] for one in (*content["rules"], *content["removed"])]
    assert sorted(keys) == sorted(known) and len(keys) == len(set(keys))


def test_a_table_taken_apart_and_put_together_is_the_same_table() -> None:
    data: Any = read_data(shipped_text("town", "1"))
    table, problems = looked_at(drafting.table_data(drafting.from_data(data)))
    assert not problems and table.rules == read_table(shipped_text("town", "1")).rules


def test_of_two_tables_of_one_day_the_citys_own_counts() -> None:
    ours = next(one for one in shipped() if one.code == "town")
    own = read_table(shipped_text("town", "1").replace('version: "1"', 'version: "2"'))
    assert table_for((ours, own), "town", TODAY) is own


# --- at the desk ------------------------------------------------------------------------------------------------------------
def begun(desk: Desk, valid_from: date = NEXT) -> RewardDraft:
    return desk_actions.begin(by=desk.actor("clerk"), text=shipped_text("town", "1"), valid_from=valid_from)


def with_talk(desk: Desk, valid_from: date = NEXT) -> RewardDraft:
    draft = begun(desk, valid_from)
    desk_actions.set_rule(draft=draft, seen=1, key="", data=TALK, by=desk.actor("clerk"))
    return RewardDraft.objects.get(pk=draft.pk)


def published(desk: Desk, valid_from: date = NEXT) -> PublishedRewardTable:
    draft = desk_actions.submit(draft=with_talk(desk, valid_from), by=desk.actor("clerk"))
    return desk_actions.publish(draft=draft, by=desk.actor("leader"))


@pytest.mark.django_db
def test_a_next_version_begins_from_the_old_one_with_its_own_day(desk: Desk) -> None:
    draft = begun(desk)
    sheet = reads.content_of(draft)[drafting.SHEET]
    assert (sheet["version"], sheet["valid_from"], draft.begun_from) == ("2", "2023-01-01", "town 1")
    assert reads.checked(reads.content_of(draft)).left == 0


@pytest.mark.django_db
def test_only_another_person_publishes_and_the_version_counts_from_its_day(desk: Desk) -> None:
    draft = desk_actions.submit(draft=with_talk(desk), by=desk.actor("clerk"))
    with pytest.raises(NotAllowed):
        desk_actions.publish(draft=draft, by=desk.actor("supervisor"))
    made = desk_actions.publish(draft=draft, by=desk.actor("leader"))
    chosen = {day: table_for(tables(), "town", day) for day in (date(2022, 12, 31), NEXT)}
    assert [one.version for one in chosen.values() if one] == ["1", "2"]
    assert chosen[NEXT] is not None and chosen[NEXT].rule("T9").confirmed and chosen[NEXT].digest == made.content_hash
    with pytest.raises(WrittenOnce):
        PublishedRewardTable.objects.update(content="{}")


@pytest.mark.django_db
def test_who_wrote_in_it_does_not_publish_it(desk: Desk) -> None:
    draft = with_talk(desk)
    draft.revisions.filter(number=1).exists()
    RewardDraft.objects.filter(pk=draft.pk).update(state="submitted")
    made = draft.revisions.model(draft=draft, number=9, words="x", content=draft.content, made_at=at(TODAY), by_name="李领导")
    made.by_id = desk.actor("leader").account_id
    made.save(force_insert=True)
    with pytest.raises(DraftRefused, match="另一位"):
        desk_actions.publish(draft=draft, by=desk.actor("leader"))
    assert not PublishedRewardTable.objects.exists()


@pytest.mark.django_db
def test_a_draft_with_anything_wrong_is_not_handed_on(desk: Desk) -> None:
    draft = begun(desk)
    wrong = TALK | {"examples": [], "article": "NL999"}
    key = desk_actions.set_rule(draft=draft, seen=1, key="", data=wrong, by=desk.actor("clerk"))
    found = reads.checked(reads.content_of(RewardDraft.objects.get(pk=draft.pk)))
    mine = next(one for one in found.rules if one.key == key)
    assert len(mine.problems) == 2 and "算例" in mine.problems[0] and "NL999" in mine.problems[1]
    with pytest.raises(DraftRefused, match="还有 2 处"):
        desk_actions.submit(draft=draft, by=desk.actor("clerk"))


@pytest.mark.django_db
def test_two_who_write_in_one_rule_do_not_overwrite_each_other(desk: Desk) -> None:
    draft = begun(desk)
    desk_actions.set_rule(draft=draft, seen=1, key="r4", data=TALK, by=desk.actor("clerk"))
    with pytest.raises(EditedMeanwhile):
        desk_actions.set_rule(draft=draft, seen=1, key="r4", data=TALK | {"text": "另一种写法。"}, by=desk.actor("clerk"))
    desk_actions.set_rule(draft=draft, seen=1, key="r5", data=TALK | {"id": "T8"}, by=desk.actor("clerk"))
    content = reads.content_of(RewardDraft.objects.get(pk=draft.pk))
    assert [drafting.found(content, key)["data"]["id"] for key in ("r4", "r5")] == ["T9", "T8"]


@pytest.mark.django_db
def test_an_earlier_edit_comes_back_as_a_new_one(desk: Desk) -> None:
    draft = with_talk(desk)
    back = desk_actions.go_back(draft=draft, seen=draft.revision, number=1, by=desk.actor("clerk"))
    assert back.revision == 3 and len(reads.content_of(back)["rules"]) == len(shipped()[0].rules) and back.revisions.count() == 3


@pytest.mark.django_db
def test_a_version_or_a_day_is_not_taken_twice(desk: Desk) -> None:
    published(desk)
    draft = begun(desk)
    found = reads.checked(reads.content_of(draft))
    assert found.table.version == "3" and ["2023-01-01 已有第 2 版生效" in words for words in found.problems] == [True]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["supervisor", "liaison", "auditor", "officer"])
def test_nobody_else_begins_one(desk: Desk, who: str) -> None:
    with pytest.raises(NotAllowed):
        desk_actions.begin(by=desk.actor(who), text=shipped_text("town", "1"), valid_from=NEXT)


@pytest.mark.django_db
def test_what_was_proposed_keeps_its_rule_and_the_trial_proposes_nothing(desk: Desk) -> None:
    office = Rewarding(YearEnd(desk))
    round = office.proposed()
    before = {one.pk: (one.table_version, one.table_hash) for one in Consequence.objects.all()}
    draft = with_talk(desk, TODAY - timedelta(days=1))
    tried = reads.trial(desk.actor("clerk"), reads.checked(reads.content_of(draft)).table, TODAY)
    assert tried is not None and tried.units == 2
    assert {rule: (old, new) for rule, old, new in tried.rows}["T9"][0] == 0
    published_ = desk_actions.publish(draft=desk_actions.submit(draft=draft, by=desk.actor("clerk")), by=desk.actor("leader"))
    rewards.propose(round=round, by=desk.actor("clerk"), at=at(TODAY))
    assert {pk: pair for pk, pair in ((one.pk, (one.table_version, one.table_hash)) for one in Consequence.objects.all()) if pk in before} == before
    assert published_.version == "2"
