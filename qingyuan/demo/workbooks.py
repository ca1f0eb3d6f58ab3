"""The workbooks the offices keep, written from the story: titles above, synonyms in headers, totals and notes below."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from qingyuan.demo.city import TOWNS
from qingyuan.demo.story.telling import Story
from qingyuan.demo.writing_habits import Habit, dashed, grams, habit_of
from qingyuan.reference import catalogue

FICTIONAL = "演示城市 · 虚构数据"
CREATED = datetime(2022, 11, 1, 9, 0, 0, tzinfo=UTC)


@dataclass
class Book:
    """One file: who keeps it, which ledger it is, its table."""

    path: str
    ledger: str
    keeper: str
    title: str
    headers: tuple[str, ...]
    rows: list[list[Any]]
    habit: Habit
    note: str = ""
    banner: str = field(default=FICTIONAL)


def books(story: Story) -> list[Book]:
    """All workbooks, in the order in which they have to be imported."""
    made = [_population(story), *_registrations(story), *_cases(story), *_seizures(story)]
    for position, town in enumerate(TOWNS):
        habit = habit_of(position)
        made += [
            _measures(story, town.name, town.key, habit),
            _isolation(story, town.name, town.key, habit),
            *_tests(story, town.name, town.key, habit),
            _meetings(story, town.name, town.key, habit),
        ]
    made.append(_city_meetings(story))
    return [book for book in made if book.rows]


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


def write(book: Book, folder: Path) -> Path:
    """Write ``book`` below ``folder``; the same story gives the same bytes."""
    path = folder / book.path
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = _lines(book)
    path.write_bytes(_csv(lines) if path.suffix == ".csv" else _xlsx(book, lines))
    return path


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
            _name("measure_end_reasons", m.end_reason) if m.end_reason else "",
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
            _name("meeting_kinds", m.kind),
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


def _cases(story: Story) -> Iterable[Book]:
    for year in (2020, 2021, 2022):
        chance = random.Random(f"cases {year}")
        habit = habit_of(year % 5)
        rows = [
            [
                c.number,
                c.title,
                "刑事案件",
                _name("offences", c.offence),
                _name("drugs", c.drug),
                c.village,
                habit.day(c.filed, chance),
                habit.day(c.cracked, chance),
            ]
            for c in story.cases
            if int(c.number[7:11]) == year
        ]
        headers = ("案号", "案件名称", "案件类别", "罪名", "涉案毒品", "发案地", "立案时间", "破案时间")
        yield Book(f"市公安局禁毒大队/{year}年毒品案件台账.xlsx", "cases", "police", f"{year} 年毒品案件台账", headers, rows, habit)


def _seizures(story: Story) -> Iterable[Book]:
    for year in (2020, 2021, 2022):
        chance = random.Random(f"seizures {year}")
        habit = habit_of((year + 1) % 5)
        rows = [
            [
                s.case,
                s.item,
                _name("drugs", s.drug),
                grams(s.grams, chance),
                habit.day(s.seized, chance),
                _name("place_kinds", s.place),
                _name("seizure_origins", s.origin),
            ]
            for s in story.seizures
            if s.seized.year == year
        ]
        headers = ("案号", "批次", "毒品名称", "重量", "查获日期", "查获场所", "来源方向")
        yield Book(f"市公安局禁毒大队/{year}年缴获毒品台账.xlsx", "seizures", "police", f"{year} 年缴获毒品台账", headers, rows, habit)


def _registrations(story: Story) -> Iterable[Book]:
    for year in (2020, 2021, 2022):
        rows = [
            [
                f"{c.month.year}-{c.month.month:02d}-{c.month.day:02d}",
                c.town,
                c.registered,
                c.abstinent,
                c.dead,
                c.left,
                c.current,
                c.in_contact,
                c.new,
                c.new_rural,
            ]
            for c in story.counts
            if c.month.year == year
        ]
        rows += story.flaws_of_counts(year)
        headers = ("月份", "乡镇(街道)", "登记累计", "戒断三年", "死亡", "离境", "现有吸毒人员", "在控", "新发现", "新发现农村")
        path = f"市公安局禁毒大队/{year}年在册人员计数表.xlsx"
        yield Book(path, "registrations", "police", f"{year} 年在册吸毒人员分乡镇计数表", headers, rows, habit_of(3))


def _population(story: Story) -> Book:
    rows = [[year, town.name, population, "演示统计公报"] for year, town, population in story.population()]
    return Book("市禁毒办/常住人口.xlsx", "population", "office", "各乡镇(街道)常住人口", ("年度", "乡镇(街道)", "常住人口数", "数据来源"), rows, habit_of(0))


def _name(code_list: str, code: str) -> str:
    return catalogue.get_list(code_list).label(code)


def _lines(book: Book) -> list[list[Any]]:
    """The whole sheet: titles, header, rows with the occasional blank or subtotal, total, notes."""
    habit = book.habit
    lead = ["序号"] if habit.serial_column else []
    lines: list[list[Any]] = []
    if habit.titles >= 1:
        lines.append([f"{book.title}({book.banner})"])
    if habit.titles >= 2:
        lines.append([f"填报单位:{book.path.split('/')[0]}", "", "", "", "填报日期:2022年11月1日"])
    lines.append([*lead, *book.headers])
    for number, row in enumerate(book.rows, start=1):
        lines.append([*([number] if lead else []), *row])
        if habit.totals and number % 40 == 0:
            lines.append([*([""] if lead else []), "小计", 40])
    if habit.totals:
        lines.append(["合计", len(book.rows)])
    if habit.note and book.note:
        lines += [[], [book.note]]
    return lines


def _xlsx(book: Book, lines: Sequence[Sequence[Any]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": book.title, "comments": FICTIONAL, "created": CREATED})
        sheet = workbook.add_worksheet("汇总")
        bold = workbook.add_format({"bold": True, "align": "center", "text_wrap": True, "border": 1})
        big = workbook.add_format({"bold": True, "font_size": 16, "align": "center"})
        text = workbook.add_format({"num_format": "@"})
        header_at = next(number for number, line in enumerate(lines) if len(line) >= len(book.headers))
        for number, line in enumerate(lines):
            put = _putter(sheet, number, text)
            for column, value in enumerate(line):
                if number == header_at:
                    sheet.write_string(number, column, str(value), bold)
                else:
                    put(column, value)
        width = len(lines[header_at]) - 1
        if book.habit.titles and lines[0]:
            sheet.merge_range(0, 0, 0, width, str(lines[0][0]), big)
        sheet.set_column(0, width, 14)
        sheet.freeze_panes(header_at + 1, 0)
    return out.getvalue()


def _putter(sheet: Any, number: int, text: Any) -> Callable[[int, Any], None]:
    def put(column: int, value: Any) -> None:
        if value in ("", None):
            return
        if isinstance(value, int | float):
            sheet.write_number(number, column, value)
        else:
            sheet.write_string(number, column, str(value), text)

    return put


def _csv(lines: Sequence[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([["" if value is None else _plain(value) for value in line] for line in lines])
    return out.getvalue().encode("gb18030")


def _plain(value: Any) -> str:
    return dashed(value) if hasattr(value, "isoformat") else str(value)
