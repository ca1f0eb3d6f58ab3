"""What a town keeps: people under measures, tests, isolation dates, meetings."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from qingyuan.demo.books.book import Book, label
from qingyuan.demo.city import TOWNS
from qingyuan.demo.story.telling import Story
from qingyuan.demo.writing_habits import Habit, habit_of


def books(story: Story) -> Iterable[Book]:
    """Town by town, in the order in which they have to be imported: a test needs its measure."""
    for position, town in enumerate(TOWNS):
        habit = habit_of(position)
        yield _measures(story, town.name, town.key, habit)
        yield _isolation(story, town.name, town.key, habit)
        yield from _tests(story, town.name, town.key, habit)
        yield _meetings(story, town.name, town.key, habit)
    yield _city_meetings(story)


def month_to_import(story: Story) -> Book:
    """The workbook left for the newcomer: 龙洞镇 catches up in November."""
    habit = habit_of(6)
    rows = [_test_row(test, habit, random.Random(11)) for test in story.november]
    rows += story.november_flaws
    return Book(
        "本月待导入/龙洞镇2022年11月尿检登记.xlsx",
        "tests",
        "longdong",
        "龙洞镇 2022 年 11 月尿检登记表",
        TEST_HEADERS[0],
        rows,
        habit,
        note="注:9、10 月停检人员本月补检,补检不算在原来的窗口内。",
    )


TEST_HEADERS = (
    ("姓 名", "身份证号码", "检测时间", "检测方式", "检测结果", "检测性质", "检测人员"),
    ("人员姓名", "公民身份号码", "尿检日期", "检材", "结果", "性质", "检测员"),
    ("姓名", "身份证号", "检测日期", "检测样本", "尿检结果", "检测目的", "检测人"),
)
SAMPLE_WORDS = {"urine": ("尿液", "尿检", "尿"), "saliva": ("唾液",), "hair": ("毛发", "头发"), "blood": ("血液",)}
RESULT_WORDS = {"negative": ("阴性", "阴", "阴性 "), "positive": ("阳性", "阳")}
PURPOSE_WORDS = {"scheduled": ("定期检测", "", "定期尿检"), "surprise": ("随机抽检",)}


def _tests(story: Story, town: str, key: str, habit: Habit) -> Iterable[Book]:
    position = [each.name for each in TOWNS].index(town)
    for year in (2019, 2020, 2021, 2022):
        chance = random.Random(f"{town}{year}")
        rows = [_test_row(test, habit, chance) for test in story.tests if test.town == town and test.tested.year == year]
        if year == 2022:
            rows += story.flaws_of_tests(town, habit.dates)
        suffix = "csv" if habit.csv else "xlsx"
        yield Book(
            f"{town}/{town}{year}年尿检登记表.{suffix}",
            "tests",
            key,
            f"{town} {year} 年社区戒毒社区康复人员定期检测登记表",
            TEST_HEADERS[position % 3],
            rows,
            habit,
            note="注:检测须两人在场。",
        )


def _test_row(test: Any, habit: Habit, chance: random.Random) -> list[Any]:
    name = test.person.name
    if len(name) == 2 and chance.random() < 0.3:
        name = f"{name[0]}  {name[1]}"
    return [
        name,
        test.person.id_number,
        habit.day(test.tested, chance),
        chance.choice(SAMPLE_WORDS[test.sample]),
        chance.choice(RESULT_WORDS[test.result]),
        chance.choice(PURPOSE_WORDS[test.purpose]),
        chance.choice(("、", " ", "、")).join(test.testers),
    ]


def _measures(story: Story, town: str, key: str, habit: Habit) -> Book:
    chance = random.Random(f"measures {town}")
    names = {"CD": ("社区戒毒",), "CR": ("社区康复",)}
    rows = [
        [
            m.person.name,
            m.person.id_number,
            chance.choice(names[m.kind]),
            m.village,
            habit.day(m.decided, chance),
            m.document,
            habit.day(m.served, chance),
            habit.day(m.reported, chance),
            habit.day(m.agreed, chance),
            habit.day(m.ends, chance),
            habit.day(m.ended, chance),
            label("measure_end_reasons", m.end_reason) if m.end_reason else "",
        ]
        for m in story.measures
        if m.town == town
    ]
    headers = (
        "姓名", "身份证号码", "戒毒措施", "村(社区)", "责令日期", "决定书文号", "送达日期", "报到时间", "签订协议日期", "到期日期", "解除日期", "解除原因",
    )  # fmt: skip
    return Book(f"{town}/{town}社区戒毒社区康复人员台账.xlsx", "measures", key, f"{town}社区戒毒社区康复人员台账", headers, rows, habit)


def _isolation(story: Story, town: str, key: str, habit: Habit) -> Book:
    chance = random.Random(f"isolation {town}")
    rows = [
        [
            i.person.name,
            i.person.id_number,
            i.village,
            habit.day(i.decided, chance),
            habit.day(i.ends, chance),
            habit.day(i.released, chance),
        ]
        for i in story.isolations
        if i.town == town
    ]
    headers = ("姓名", "身份证号", "村(社区)", "强戒决定日期", "到期日期", "出所日期")
    return Book(f"{town}/{town}强制隔离戒毒人员状态表.xlsx", "isolation", key, f"{town}强制隔离戒毒人员状态表", headers, rows, habit)


def _meetings(story: Story, town: str, key: str, habit: Habit) -> Book:
    return _meeting_book(f"{town}/{town}会议台账.xlsx", key, f"{town}专题会议台账", town, story, habit)


def _city_meetings(story: Story) -> Book:
    return _meeting_book("市禁毒办/会议台账.xlsx", "office", "市级会议台账", "市禁毒办", story, habit_of(0))


def _meeting_book(path: str, keeper: str, title: str, unit: str, story: Story, habit: Habit) -> Book:
    chance = random.Random(path)
    rows = [
        [
            habit.day(m.held, chance),
            label("meeting_kinds", m.kind),
            m.title,
            "是" if m.special else "否",
            "√" if m.first else "",
            m.chair,
            m.decisions,
        ]
        for m in story.meetings
        if m.unit == unit
    ]
    headers = ("召开日期", "会议类型", "会议名称", "是否专题", "主要领导主持", "主持人", "会议内容")
    return Book(path, "meetings", keeper, title, headers, rows, habit)
