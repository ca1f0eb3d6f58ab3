"""A sheet at the desk: every edit kept with who and when, two writers lose nothing, a second person publishes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.governance.actions import scheme_drafts as desk_actions
from qingyuan.governance.actions.scheme_drafts import DraftRefused, EditedMeanwhile
from qingyuan.governance.enums import DraftState
from qingyuan.governance.models import PublishedScheme, SchemeDraft, SchemeRevision
from qingyuan.governance.models.guarded import WrittenOnce
from qingyuan.governance.permissions import NotAllowed
from qingyuan.governance.queries.scheme_drafts import checked, content_of
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.governance.scoring import drafting
from qingyuan.governance.scoring.problems import SchemeUnreadable
from tests.governance.conftest import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(desk: Desk) -> SchemeDraft:
    return desk_actions.begin(by=desk.actor("clerk"), year=2022, published=desk.publish_sheet())


def row(draft: SchemeDraft, clause_id: str) -> Any:
    return next(one for one in content_of(draft)["clauses"] if one["data"]["id"] == clause_id)


def edit(desk: Desk, draft: SchemeDraft, clause_id: str, seen: int = 0, who: str = "clerk", **fields: Any) -> SchemeDraft:
    found = row(draft, clause_id)
    desk_actions.set_clause(
        draft=draft, seen=seen or draft.revision, key=found["key"], group=found["group"], data=found["data"] | fields, by=desk.actor(who)
    )
    draft.refresh_from_db()
    return draft


def test_a_draft_of_a_published_sheet_is_the_next_version_and_sound(draft: SchemeDraft) -> None:
    found = checked(content_of(draft))
    assert (found.scheme.version, found.ready, draft.revision) == ("2", True, 1)


def test_a_draft_for_another_year_moves_its_dates_and_keeps_its_version(desk: Desk) -> None:
    draft = desk_actions.begin(by=desk.actor("clerk"), year=2024, published=desk.publish_sheet())
    scheme = checked(content_of(draft)).scheme
    assert (str(scheme.valid_from), str(scheme.valid_to), scheme.version) == ("2024-01-01", "2025-01-01", "1")
    assert "2024" in scheme.title and "2022" not in scheme.title, "its name moves with its year"


def test_an_empty_sheet_needs_a_name_and_says_what_is_missing(desk: Desk) -> None:
    with pytest.raises(DraftRefused, match="代号和名称"):
        desk_actions.begin(by=desk.actor("clerk"), year=2023, code="", title="")
    draft = desk_actions.begin(by=desk.actor("clerk"), year=2023, code="village", title="村考核")
    assert [str(one) for one in checked(content_of(draft)).problems] == ["全文:还没有一组条款,请先加一组。"]


def test_every_edit_is_a_revision_with_who_and_when_and_is_audited(desk: Desk, draft: SchemeDraft) -> None:
    edit(desk, draft, "1.1", title="改过的名称")
    last = draft.revisions.first()
    assert last is not None and (last.number, last.by_name, last.words) == (2, desk.actor("clerk").name, "改条款 1.1 改过的名称")
    assert WriteEntry.objects.filter(act="scheme-drafts.edit").count() == 1
    with pytest.raises(WrittenOnce):
        last.delete()
    with pytest.raises(WrittenOnce):
        SchemeRevision.objects.update(by_name="别人")


def test_two_writers_of_two_clauses_both_keep_what_they_wrote(desk: Desk, draft: SchemeDraft) -> None:
    edit(desk, draft, "1.1", seen=1, title="甲改的")
    edit(desk, draft, "1.2", seen=1, title="乙改的")
    assert (row(draft, "1.1")["data"]["title"], row(draft, "1.2")["data"]["title"]) == ("甲改的", "乙改的")


def test_two_writers_of_one_clause_the_second_is_told_and_nothing_is_lost(desk: Desk, draft: SchemeDraft) -> None:
    edit(desk, draft, "1.1", seen=1, title="甲改的")
    with pytest.raises(EditedMeanwhile) as told:
        edit(desk, draft, "1.1", seen=1, title="乙改的")
    assert told.value.other.words == "改条款 1.1 甲改的" and "都还在下面" in str(told.value)
    assert row(draft, "1.1")["data"]["title"] == "甲改的"
    edit(desk, draft, "1.1", seen=told.value.other.number, title="乙改的")
    assert row(draft, "1.1")["data"]["title"] == "乙改的"
    kept = [drafting.from_text(one.content) for one in draft.revisions.all()]
    assert any(one["data"].get("title") == "甲改的" for content in kept for one in content["clauses"])


def test_a_clause_removed_meanwhile_says_so(desk: Desk, draft: SchemeDraft) -> None:
    found = row(draft, "1.1")
    desk_actions.arrange(draft=draft, seen=1, key=found["key"], step="remove", by=desk.actor("clerk"))
    with pytest.raises(EditedMeanwhile, match="移出 1.1"):
        desk_actions.set_clause(draft=draft, seen=1, key=found["key"], group=found["group"], data=found["data"], by=desk.actor("clerk"))
    with pytest.raises(DraftRefused, match="放回"):
        desk_actions.set_clause(draft=draft, seen=2, key=found["key"], group=found["group"], data=found["data"], by=desk.actor("clerk"))


def test_what_is_removed_unbalances_the_sum_and_comes_back(desk: Desk, draft: SchemeDraft) -> None:
    key = row(draft, "1.1")["key"]
    draft = desk_actions.arrange(draft=draft, seen=1, key=key, step="remove", by=desk.actor("clerk"))
    assert any("少 10 分" in one.message for one in checked(content_of(draft)).problems)
    draft = desk_actions.arrange(draft=draft, seen=2, key=key, step="restore", by=desk.actor("clerk"))
    assert checked(content_of(draft)).problems == ()


def test_an_earlier_revision_is_brought_back_as_a_new_one(desk: Desk, draft: SchemeDraft) -> None:
    before = draft.content
    edit(desk, draft, "1.1", points=Decimal(7))
    back = desk_actions.go_back(draft=draft, seen=2, number=1, by=desk.actor("clerk"))
    assert (back.content, back.revision, draft.revisions.count()) == (before, 3, 3)
    with pytest.raises(DraftRefused, match="没有这一次修改"):
        desk_actions.go_back(draft=draft, seen=3, number=99, by=desk.actor("clerk"))


def test_a_field_of_the_wrong_sort_is_refused_and_nothing_stored(desk: Desk, draft: SchemeDraft) -> None:
    with pytest.raises(SchemeUnreadable):
        edit(desk, draft, "1.1", points="十")
    draft.refresh_from_db()
    assert draft.revision == 1


def test_a_draft_with_something_wrong_is_not_handed_on(desk: Desk, draft: SchemeDraft) -> None:
    edit(desk, draft, "1.1", points=Decimal(9))
    with pytest.raises(DraftRefused, match="还有 . 处要改"):
        desk_actions.submit(draft=draft, by=desk.actor("clerk"))


def test_who_wrote_it_does_not_publish_it_and_a_second_person_does(desk: Desk, draft: SchemeDraft) -> None:
    edit(desk, draft, "1.1", title="专题研究禁毒工作")
    draft = desk_actions.submit(draft=draft, by=desk.actor("clerk"))
    with pytest.raises(DraftRefused, match="另一位"):
        desk_actions.publish(draft=draft, by=desk.actor("clerk"))
    made = desk_actions.publish(draft=draft, by=desk.actor("leader"))
    draft.refresh_from_db()
    assert (made.version, made.published_by_name, draft.state, draft.published_id) == ("2", desk.actor("leader").name, DraftState.PUBLISHED, made.pk)
    assert scheme_of(made).clause("1.1", scheme_of(made).valid_from).title == "专题研究禁毒工作"


def test_a_letter_keeps_the_version_it_was_issued_under(desk: Desk) -> None:
    letter = desk.letter()
    old = letter.scheme_id
    draft = desk_actions.begin(by=desk.actor("clerk"), year=2022, published=letter.scheme)
    edit(desk, draft, "1.1", title="新名称")
    made = desk_actions.publish(draft=desk_actions.submit(draft=draft, by=desk.actor("clerk")), by=desk.actor("leader"))
    letter.refresh_from_db()
    assert letter.scheme_id == old != made.pk
    assert PublishedScheme.objects.count() == 2


def test_a_submitted_draft_is_not_edited_until_it_is_sent_back_with_a_reason(desk: Desk, draft: SchemeDraft) -> None:
    desk_actions.submit(draft=draft, by=desk.actor("clerk"))
    draft.refresh_from_db()
    with pytest.raises(DraftRefused, match="待发布"):
        edit(desk, draft, "1.1", title="x")
    with pytest.raises(DraftRefused, match="理由"):
        desk_actions.send_back(draft=draft, reason=" ", by=desk.actor("leader"))
    back = desk_actions.send_back(draft=draft, reason="分值再议", by=desk.actor("leader"))
    assert (back.state, back.sent_back) == (DraftState.OPEN, "分值再议")


def test_a_dropped_draft_stays_readable_and_takes_no_step(desk: Desk, draft: SchemeDraft) -> None:
    gone = desk_actions.drop(draft=draft, reason="改用省里的", by=desk.actor("clerk"))
    assert gone.state == DraftState.DROPPED and checked(content_of(gone)).problems == ()
    with pytest.raises(DraftRefused):
        desk_actions.submit(draft=gone, by=desk.actor("clerk"))


@pytest.mark.parametrize("who", ["supervisor", "town_leader", "auditor", "leader"])
def test_only_the_office_writes(desk: Desk, draft: SchemeDraft, who: str) -> None:
    with pytest.raises(NotAllowed):
        desk_actions.begin(by=desk.actor(who), year=2023, code="x", title="x")
    with pytest.raises(NotAllowed):
        edit(desk, draft, "1.1", who=who, title="x")


def test_a_coercive_count_stands_in_the_way_of_publishing_with_its_reason(desk: Desk, draft: SchemeDraft) -> None:
    edit(desk, draft, "1.1", inputs={"meetings": "indicator:E01.value"})
    problems = [one.message for one in checked(content_of(draft)).problems if one.where == "条款 1.1"]
    assert len(problems) == 1 and "不得" in problems[0]
    with pytest.raises(DraftRefused):
        desk_actions.submit(draft=draft, by=desk.actor("clerk"))
