"""Minutes made from a meeting of the ledger, and their number carried back into it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.casework.actions import papers
from qingyuan.casework.models import Paper
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.papers.rules import PaperRefused
from qingyuan.casework.papers.text import read_body
from qingyuan.documents.fonts import font_files
from qingyuan.documents.model import Heading, KeyValue
from qingyuan.governance import minutes
from qingyuan.governance.models import Meeting
from tests.cast import TODAY, City

HELD = date(2022, 9, 9)


def meeting(city: City, who: str = "clerk", **changes: Any) -> Meeting:
    values = {
        "held_on": HELD, "kind": "commission_plenary", "title": "市禁毒委员会全体会议", "special_topic": True,
        "chaired_by_first": False, "chair": "副市长", "decisions": "一、通报情况;二、明确责任人和时限；三、经费保障。",
    } | changes  # fmt: skip
    return city.enter("meetings", who, values)[0]


@pytest.mark.django_db
def test_a_draft_says_who_chaired_and_what_was_decided_and_asks_who_came(city: City) -> None:
    paper = minutes.draft(meeting=meeting(city), by=city.actor("clerk"))
    read = read_body(paper.body or "", minutes=True)
    head = read.blocks[0]
    assert isinstance(head, KeyValue) and dict(head.pairs)["主持"] == "副市长"
    assert [block.text for block in read.blocks if isinstance(block, Heading)] == ["通报情况。", "明确责任人和时限。", "经费保障。"]
    assert [slip.line for slip in read.slips] == [2, 4], "place and attendance wait to be filled in, and nothing else"
    assert paper.title == "市禁毒委员会全体会议纪要"
    assert (paper.kind, paper.dated, paper.word) == ("minutes", HELD, "云禁毒办纪要")


@pytest.mark.django_db
def test_one_meeting_has_one_set_of_minutes(city: City) -> None:
    held, clerk = meeting(city), city.actor("clerk")
    first = minutes.draft(meeting=held, by=clerk)
    with pytest.raises(PaperRefused, match="已有纪要"):
        minutes.draft(meeting=held, by=clerk)
    papers.void(paper=first, reason="重写", by=clerk)
    assert minutes.draft(meeting=held, by=clerk).pk != first.pk


@pytest.mark.django_db
def test_minutes_are_drafted_by_the_unit_that_kept_the_meeting(city: City) -> None:
    held = meeting(city, "supervisor", kind="town_meeting")
    with pytest.raises(PaperRefused, match="登记这次会议的单位"):
        minutes.draft(meeting=held, by=city.actor("clerk"))
    with pytest.raises(NotAllowed):
        minutes.draft(meeting=held, by=city.actor("caseworker"))


@pytest.mark.django_db
@pytest.mark.skipif(not font_files(), reason="no fonts in qingyuan/documents/fonts: run python3 run.py setup")
def test_the_number_goes_into_the_ledger_once_and_never_over_another(city: City) -> None:
    held, clerk, leader = meeting(city), city.actor("clerk"), city.actor("leader")
    paper = minutes.draft(meeting=held, by=clerk)
    body = (paper.body or "").replace("地点：", "地点：市政府").replace("出席：", "出席：各成员单位")
    values = {"title": paper.title, "body": body, "word": paper.word, "dated": paper.dated}
    paper = papers.change(paper=paper, kind="minutes", values=values, version=1, by=clerk)
    assert not minutes.carry_number(paper=paper, by=clerk, on=TODAY), "a draft has no number to carry"
    paper = papers.issue(paper=papers.sign(paper=papers.submit(paper=paper, by=clerk), by=leader), by=clerk)
    paper = Paper.objects.get(pk=paper.pk)
    assert minutes.carry_number(paper=paper, by=clerk, on=TODAY)
    held.refresh_from_db()
    assert held.document_number == "云禁毒办纪要〔2022〕1号"
    assert not minutes.carry_number(paper=paper, by=clerk, on=TODAY)


@pytest.mark.parametrize(
    ("text", "decisions"),
    [
        ("一、甲;二、乙", ["甲。", "乙。"]),
        ("1.甲\n2、乙\n（3）丙。", ["甲。", "乙。", "丙。"]),
        ("经费1.5万元", ["经费1.5万元。"]),
        ("1.5万元经费由财政安排", ["1.5万元经费由财政安排。"]),
        ("", []),
        (" ;;\n", []),
    ],
)
def test_decisions_are_told_apart_and_lose_their_own_numbers(text: str, decisions: list[str]) -> None:
    assert minutes.decisions_of(text) == decisions


@given(st.lists(st.text(alphabet="甲乙丙丁戊", min_size=1, max_size=8), max_size=120))
def test_as_many_decisions_come_out_as_went_in_up_to_what_the_standard_numbers(items: list[str]) -> None:
    assert minutes.decisions_of("；".join(items)) == [f"{item}。" for item in items][:99]
