"""What the drug squad keeps beside cases and seizures: operations, people, exhibits, penalties, tests, linked crimes."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

from qingyuan.demo.books.book import Book, label
from qingyuan.demo.story.police import OPERATIONS, YEARS, Movement, Party, Penalty, Police, Test
from qingyuan.demo.story.slips import Slip, Slipped
from qingyuan.demo.story.telling import Story
from qingyuan.demo.writing_habits import Habit, habit_of

HOME = "市公安局禁毒大队"


def operations(_story: Story) -> Iterable[Book]:
    """Before the cases: a case says which operation it belongs to."""
    habit = habit_of(3)
    rows = [
        [
            one.number,
            one.title,
            label("operation_levels", one.level),
            one.organiser,
            one.document,
            HOME,
            *(habit.dates(day) for day in one.days),
        ]
        for one in OPERATIONS
    ]
    headers = ("编号", "行动名称", "层级", "组织单位", "文号", "牵头单位", "启动日期", "动员部署至", "集中打击至", "总结验收截止")
    yield Book(f"{HOME}/专项行动一览表.xlsx", "operations", "police", "专项行动一览表", headers, rows, habit)


def books(story: Story) -> Iterable[Book]:
    police = Police(story)
    parties, movements, penalties = police.parties(), police.movements(), police.penalties()
    for year in YEARS:
        yield _parties(year, [one for one in parties if int(one.case[7:11]) == year])
    for year in YEARS:
        yield _exhibits(year, [one for one in movements if int(one.case[7:11]) == year])
    for year in YEARS:
        yield _penalties(year, [one for one in penalties if one.decided.year == year])
    yield _tests(police.tests(penalties))
    yield _linked(police)


def _parties(year: int, parties: Sequence[Party]) -> Book:
    chance, habit = random.Random(f"parties {year}"), habit_of(year % 5 + 1)
    rows = [_party(one, habit, chance) for one in parties]
    if year == YEARS[-1]:
        rows += _bad_parties(rows)
    headers = ("案号", "嫌疑人姓名", "身份证号码", "性别", "人员类别", "团伙中作用", "到案时间", "强制措施", "措施日期")
    return Book(f"{HOME}/{year}年涉案人员登记表.xlsx", "parties", "police", f"{year} 年涉案人员登记表", headers, rows, habit)


def _party(one: Party, habit: Habit, chance: random.Random) -> list[Any]:
    return [
        one.case,
        one.person.name,
        one.person.id_number,
        "男" if one.person.male else "女",
        chance.choice(("犯罪嫌疑人", "嫌疑人", "嫌疑人")),
        label("gang_roles", one.gang_role) if one.gang_role != "none" else chance.choice(("无", "")),
        habit.day(one.caught, chance),
        {"detained": "刑拘", "bail": "取保", "sent": "移诉", "at_large": "网逃"}.get(
            one.outcome, label("party_outcomes", one.outcome)
        ),
        habit.day(one.outcome_on, chance),
    ]


def _bad_parties(rows: Sequence[list[Any]]) -> list[list[Any]]:
    """A number Excel has rounded, a case that is not on file, somebody at large who was caught; each stands rightly above."""
    one, two, three = (list(rows[place]) for place in (4, 9, 14))
    one[2] = float(int(str(one[2])[:15]) * 1000)
    two[0] = "A99998120229999"
    three[7] = "在逃"
    return [
        Slipped(one, {2: Slip.ROUNDED}),
        Slipped(two, {0: Slip.NOT_ON_FILE}),
        Slipped(three, {7: Slip.CONTRADICTS}),
    ]


def _exhibits(year: int, movements: Sequence[Movement]) -> Book:
    chance, habit = random.Random(f"exhibits {year}"), habit_of(year % 5 + 2)
    rows = [
        [
            one.case,
            one.exhibit,
            label("exhibit_kinds", one.kind),
            label("drugs", one.drug) if one.drug else "",
            {"stored": "入库保管", "sampled": "送检", "transferred": "随案移送"}.get(one.stage, label("custody_stages", one.stage)),
            habit.day(one.on, chance),
            float(one.quantity),
            "克" if one.measure == "g" else "部",
            one.place,
            "、".join(one.handlers),
            one.document,
        ]
        for one in sorted(movements, key=lambda one: (one.on, one.case, one.exhibit))
    ]
    if year == YEARS[-1]:
        rows += _bad_exhibits(rows)
    headers = ("案号", "物证编号", "物品", "毒品名称", "出入库类别", "出入库日期", "净重", "单位", "存放地点", "经办人", "清单编号")
    return Book(f"{HOME}/{year}年涉案财物出入库登记.xlsx", "exhibits", "police", f"{year} 年涉案财物出入库登记", headers, rows, habit)


def _bad_exhibits(rows: Sequence[list[Any]]) -> list[list[Any]]:
    """One handler only; a word for a stage that is in no list."""
    one, two = list(rows[3]), list(rows[8])
    one[9], two[4] = str(one[9]).partition("、")[0], "借出展览"
    return [Slipped(one, {9: Slip.ONE_OF_TWO}), Slipped(two, {4: Slip.UNKNOWN_WORD})]


def _penalties(year: int, penalties: Sequence[Penalty]) -> Book:
    chance, habit = random.Random(f"penalties {year}"), habit_of(year % 5)
    rows = [
        [
            one.document,
            one.person.name,
            one.person.id_number,
            "吸毒",
            {"detention": "拘留", "exempt": "不处罚"}.get(one.kind, label("penalty_kinds", one.kind)),
            one.village,
            habit.day(one.decided, chance),
            one.days or "",
            one.fine or "",
        ]
        for one in penalties
    ]
    if year == YEARS[-1]:
        one_bad, two_bad = list(rows[2]), list(rows[6])
        one_bad[0], one_bad[7] = f"{one_bad[0]}补", 25
        two_bad[0], two_bad[6] = f"{two_bad[0]}补", "2022.9.31"
        rows += [Slipped(one_bad, {7: Slip.TOO_MUCH}), Slipped(two_bad, {6: Slip.NO_SUCH_DAY})]
    headers = ("文号", "当事人", "证件号码", "案由", "处罚结果", "查获地点", "处罚日期", "拘留日数", "罚款金额")
    return Book(f"{HOME}/{year}年吸毒行政处罚登记.xlsx", "penalties", "police", f"{year} 年吸毒行政处罚登记", headers, rows, habit)


def _tests(tests: Sequence[Test]) -> Book:
    chance, habit = random.Random("enforcement tests"), habit_of(1)
    rows = [
        [
            one.person.name,
            one.person.id_number,
            habit.day(one.tested, chance),
            {"onsite": "现场快检", "lab_retest": "复检"}.get(one.method, label("test_methods", one.method)),
            chance.choice(("尿检", "尿液")) if one.sample == "urine" else "头发",
            "配合" if one.compliance == "willing" else "强制检测",
            "阳" if one.result == "positive" else "阴",
            one.approval,
            one.institution,
            one.village,
            "、".join(one.testers),
        ]
        for one in tests
    ]
    bad = list(rows[5])
    bad[5], bad[7] = "强制检测", ""
    rows.append(Slipped(bad, {7: Slip.MISSING}))
    headers = ("姓名", "身份证号", "检测时间", "检测种类", "检材", "是否配合", "检测结果", "批准文号", "鉴定机构", "查获地点", "检测民警")
    return Book(
        f"{HOME}/2022年执法检测登记.xlsx", "enforcement_tests", "police", "2022 年执法检测登记", headers, rows, habit
    )


def _linked(police: Police) -> Book:
    chance, habit = random.Random("linked crimes"), habit_of(2)
    rows = [
        [
            one.number,
            label("linked_crimes", one.kind),
            one.village,
            habit.day(one.happened, chance),
            label("link_bases", one.basis),
            habit.day(one.solved, chance),
        ]
        for one in police.linked_crimes()
    ]
    bad = list(rows[-1])
    bad[0], bad[1] = f"{bad[0]}补", "偷鸡摸狗"
    rows.append(Slipped(bad, {1: Slip.UNKNOWN_WORD}))
    headers = ("案号", "案由", "案发地", "案发时间", "认定依据", "破案时间")
    return Book(f"{HOME}/涉毒关联案件台账.xlsx", "linked_crimes", "police", "涉毒关联案件台账(2020—2022 年)", headers, rows, habit)
