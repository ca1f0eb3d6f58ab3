"""What six member units keep about themselves: the plan of the year and its list of tasks."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from qingyuan.demo.books.book import Book
from qingyuan.demo.story import duties
from qingyuan.demo.story.slips import Slip, Slipped
from qingyuan.demo.story.telling import Story
from qingyuan.demo.writing_habits import habit_of


def books(story: Story) -> Iterable[Book]:
    """Unit by unit, the plan before its tasks."""
    for position, (key, folder, *_rest) in enumerate(duties.UNITS):
        yield _plans(position, key, folder)
        yield _tasks(position, key, folder)


def _plans(position: int, key: str, folder: str) -> Book:
    habit, chance = habit_of(position), random.Random(f"plans {key}")
    rows: list[list[Any]] = [
        [
            plan.year,
            plan.title,
            plan.document,
            habit.day(plan.adopted, chance),
            habit.day(plan.filed, chance),
            plan.last_year,
            plan.arrangement,
            f"{plan.yuan / 10_000:g}万元" if position % 2 else plan.yuan,
        ]
        for plan in duties.plans()
        if plan.unit == key
    ]
    headers = ("计划年度", "标题", "发文字号", "印发时间", "报送时间", "去年总结", "今年安排", "经费(元)")
    return Book(f"{folder}/禁毒工作计划登记表.xlsx", "unit_plans", key, f"{folder}禁毒工作计划登记表", headers, rows, habit)


def _tasks(position: int, key: str, folder: str) -> Book:
    habit, chance = habit_of(position), random.Random(f"tasks {key}")
    rows: list[list[Any]] = [
        [
            task.year,
            task.item,
            task.duty,
            task.task,
            task.done_when,
            habit.day(task.due, chance),
            *task.quarters,
            habit.day(task.done, chance),
            task.evidence,
        ]
        for task in duties.tasks()
        if task.unit == key
    ]
    if key == "propaganda":  # done, and nothing that shows it
        screen = [2022, 5, "成员单位职责分工", "户外大屏播放", "每周 1 次", habit.dates(duties.tasks()[0].due)]
        rows.append(Slipped([*screen, "", "", "", "2022-06-20", ""], {10: Slip.MISSING}))
    headers = ("年份", "编号", "职责来源", "重点工作", "验收标准", "完成期限", "一季度", "二季度", "三季度", "办结日期", "佐证材料")
    return Book(f"{folder}/2022年禁毒任务清单.xlsx", "unit_tasks", key, f"{folder} 2022 年禁毒任务清单", headers, rows, habit)
