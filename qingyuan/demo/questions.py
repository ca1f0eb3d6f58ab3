"""Patterns planted in what units entered, the look that finds them, and two honest ones asked, explained and accepted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from qingyuan.demo.loading import keeper
from qingyuan.demo.pictures import as_taken, handed_on
from qingyuan.demo.story import questions as story
from qingyuan.foundation import clock
from qingyuan.governance.actions import questions
from qingyuan.governance.actions.kept_files import Evidence
from qingyuan.governance.models import PatternQuestion
from qingyuan.ledgers import entering, registry
from qingyuan.ledgers.declaration import Writing


def type_together() -> None:
    """Rows of two towns, entered by the form as their keepers do; the clock of the demo stands, so the moments are set after."""
    activities = [
        {"held_on": one.day, "title": f"{story.TYPED_TITLE}{number}", "theme": "日常宣传", "kind": "农村", "audience": "村民",
         "form": "发放资料", "reach": 30 + 7 * (number % 5), "reach_basis": "清点"}
        for number, one in enumerate(story.typed_together(), start=1)
    ]  # fmt: skip
    _enter("activities", story.TYPED_TOWN, activities, story.typed_together(), story.TYPED_ON)
    receipts = [
        {"moved_on": one.day, "slip": f"白入{number:03d}", "material": "宣传折页", "direction": "收入", "quantity": 50, "counterpart": "市禁毒办"}
        for number, one in enumerate(story.stock_together(), start=1)
    ]
    _enter("materials", story.STOCK_TOWN, receipts, story.stock_together(), story.STOCK_ON)


def _enter(code: str, who: str, values: Sequence[dict[str, Any]], typed: Sequence[story.Typed], on: tuple[date, int]) -> None:
    ledger, writing = registry.get(code), Writing(by=keeper(who), on=on[0])
    for value, one in zip(values, typed, strict=True):
        draft = entering.draft_of_new(ledger, {name: str(cell) for name, cell in value.items()}, writing)
        if draft.problems:
            raise ValueError(f"{code}: {draft.problems[0].message}")
        row = entering.enter(ledger, draft, writing)
        ledger.model.everything.filter(pk=row.pk).update(recorded_at=_at(*on) + timedelta(seconds=one.after))  # type: ignore[attr-defined]


def shown_with(unit: str, subject: str, first: bool) -> list[Evidence]:
    """The photograph that comes with the answer of an order: 沙子镇 lays down again what 东山街道 laid down before."""
    if unit == story.FIRST_SHOWN and first:
        return [Evidence("宣传栏.jpg", "image/jpeg", as_taken(story.BOARD))]
    if unit == story.SHOWN_AGAIN and subject == story.SHOWN_AGAIN_SUBJECT:
        return [Evidence("更正后公示.jpg", "image/jpeg", handed_on(story.BOARD))]
    return []


def joint_picture() -> bytes:
    """What two towns laid down for their assessment of 2021."""
    return as_taken(story.JOINT)


def ask() -> None:
    """The look of 1 November, then the steps of the story, each on its own day."""
    questions.look(on=story.LOOKED_ON, at=_at(story.LOOKED_ON, 2))
    for told in story.STEPS:
        question = PatternQuestion.objects.get(unit__code=told.unit)
        questions.take(question=question, step=told.step, by=keeper(told.who), given=told.given, at=_at(told.on, 10))


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 20, tzinfo=clock.ZONE)
