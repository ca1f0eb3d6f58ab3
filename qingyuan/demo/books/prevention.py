"""What is kept of prevention: places and surveys by the office, schools and lessons by education, activities and patches by towns."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from qingyuan.demo.books.book import Book, label
from qingyuan.demo.city import TOWNS
from qingyuan.demo.story import prevention as told
from qingyuan.demo.story.polling import Stratum
from qingyuan.demo.story.slips import Slip, Slipped
from qingyuan.demo.story.telling import Story
from qingyuan.demo.writing_habits import Habit, full_width, habit_of

KEYS = {town.name: town.key for town in TOWNS}
POSITIONS = {town.name: position for position, town in enumerate(TOWNS)}


def books(story: Story) -> Iterable[Book]:
    """Directories first: an activity finds its place, a lesson its school, a walk its patch, an eradication its find."""
    work = told.tell()
    yield _places(work)
    yield _schools(work)
    yield _lessons(work)
    for town in TOWNS:
        yield _activities(work, town.name)
    for name in told.PATCH_TOWNS:
        yield _patches(work, name)
        yield _walks(work, name, story)
        yield _eradications(work, name, story)
    yield _awareness(work)
    yield _content(work)
    for keeper, folder in (("education", "市教育局"), ("longdong", "龙洞镇")):
        yield _store(work, keeper, folder)


# --- directories -------------------------------------------------------------------------------------------------------
KIND_WORDS = {
    "community": "社区",
    "village": "农村",
    "workplace": "机关单位",
    "home": "家庭",
    "venue": "娱乐场所",
    "school": "学校",
}


def _places(work: told.Prevention) -> Book:
    rows = [
        [
            p.name,
            KIND_WORDS[p.kind],
            p.village,
            label("high_risk_settings", p.setting) if p.setting else "",
            "2021-01-01",
        ]
        for p in work.places
    ]
    # A family was listed by its house number, and a hotel as a class of its own: both are given back.
    rows.append(Slipped(["石桥镇建设路 18 号", "宾馆", "石桥镇", "", "2021-01-01"], {1: Slip.UNKNOWN_WORD}))
    headers = ("点位名称", "点位类别", "所在村(社区)", "高危行业(场所)", "建档日期")
    return Book("市禁毒办/六进点位名录.xlsx", "places", "office", "六进宣传点位名录", headers, rows, habit_of(3))


def _schools(work: told.Prevention) -> Book:
    habit, chance = habit_of(1), random.Random("schools")
    rows = [
        [
            s.name,
            label("school_stages", s.stage),
            s.village,
            habit.day(date(2020, 1, 1), chance),
            *(s.pupils.get(band, "") for band in ("p1_3", "p4_6", "j7_9", "s10_12", "v1_3")),
            "√" if s.qingjiao else "",
            "县级" if s.demonstration else "",
            habit.day(s.awarded, chance),
            habit.day(s.expires, chance),
        ]
        for s in work.schools
    ]
    headers = (
        "校名", "办学类型", "所在村(社区)", "登记日期", "1-3年级", "4-6年级", "初中生", "高中生", "中职生", "青骄第二课堂", "示范学校",
        "授牌日期", "有效期",
    )  # fmt: skip
    return Book("市教育局/学校名录.xlsx", "schools", "education", "全市学校名录", headers, rows, habit)


BAND_WORDS = {"p1_3": "小学低段", "p4_6": "小学高段", "j7_9": "初中", "s10_12": "高中", "v1_3": "中职"}


def _lessons(work: told.Prevention) -> Book:
    habit, chance = habit_of(2), random.Random("lessons")
    rows: list[list[Any]] = [
        [
            one.school,
            habit.day(one.held, chance),
            BAND_WORDS[one.band],
            chance.choice((1, "1课时", "１")) if one.hours == 1 else float(one.hours),
            chance.choice((one.pupils, f"{one.pupils}人")),
            chance.choice(("认识毒品", "远离毒品", "新型毒品的伪装", "禁毒法")),
            chance.choice(("本校", "派出所", "市禁毒办", "镇禁毒办")),
        ]
        for one in work.lessons
    ]
    rows += [
        Slipped(["龙洞小学校", "2022-03-15", "小学高段", 1, 96, "认识毒品", "本校"], {0: Slip.NOT_ON_FILE}),
        Slipped(["石桥中学", "2022-04-31", "初中", 1, 300, "认识毒品", "本校"], {1: Slip.NO_SUCH_DAY}),
        Slipped(["普安中心小学", "2022-05-10", "高中", 1, 120, "认识毒品", "本校"], {2: Slip.CONTRADICTS}),
    ]
    headers = ("学校", "授课日期", "授课年级", "课时数", "听课人数", "授课内容", "授课人单位")
    path = "市教育局/2020—2022年禁毒专题教育课登记表.xlsx"
    return Book(path, "lessons", "education", "禁毒专题教育课登记表", headers, rows, habit)


# --- activities --------------------------------------------------------------------------------------------------------
ACTIVITY_HEADERS = (
    ("活动日期", "活动名称", "主题", "地点", "六进类别", "对象", "形式", "受教育人次", "人数来源", "发放资料(份)"),
    (
        "开展日期",
        "活动内容",
        "活动主题",
        "活动地点",
        "六进",
        "宣传对象",
        "宣传形式",
        "参加人数",
        "统计方式",
        "发放份数",
    ),
    ("时间", "名 称", "宣传主题", "点位名称", "类别", "受众", "活动形式", "覆盖人次", "人数怎么来", "资料份数"),
)
THEME_WORDS = {
    "6_26": ("6.26", "国际禁毒日"),
    "publicity_month": ("宣传月", "禁毒宣传月"),
    "daily": ("日常", "日常宣传"),
}
FORM_WORDS = {"leaflets": ("发放宣传资料", "发放"), "door_to_door": ("入户走访", "入户"), "lecture": ("讲座", "宣讲")}
BASIS_WORDS = {"counted": ("清点", "签到"), "estimated": ("估算", "估计"), "platform": ("后台数", "阅读量")}


def _activities(work: told.Prevention, town: str) -> Book:
    position = POSITIONS[town]
    habit, chance = habit_of(position), random.Random(f"activities {town}")
    own = [one for one in work.activities if one.town == town]
    rows = [_activity_row(one, habit, chance) for one in own]
    if position in FLAWED:
        rows += _activity_flaws(own[3], habit)
    suffix = "csv" if habit.csv else "xlsx"
    path = f"{town}/{town}禁毒宣传活动台账.{suffix}"
    note = "注:人次一栏,讲座按签到,赶集按发放份数估算。"
    return Book(
        path,
        "activities",
        KEYS[town],
        f"{town}禁毒宣传活动台账",
        ACTIVITY_HEADERS[position % 3],
        rows,
        habit,
        note=note,
    )


FLAWED = frozenset({3, 4, 6, 10})


def _activity_flaws(one: told.Activity, habit: Habit) -> list[list[Any]]:
    """A form nobody knows, a day that does not exist, a headcount in words: each repeats what stands correctly elsewhere."""
    row = [habit.dates(one.held), one.title, "日常", one.place, KIND_WORDS[one.kind], "群众", "讲座", one.reach, "清点", ""]
    return [
        Slipped([*row[:6], "快闪", *row[7:]], {6: Slip.UNKNOWN_WORD}),
        Slipped(["2022.6.31", *row[1:]], {0: Slip.NO_SUCH_DAY}),
        Slipped([*row[:7], "几百人", *row[8:]], {7: Slip.MALFORMED}),
    ]


def _activity_row(one: told.Activity, habit: Habit, chance: random.Random) -> list[Any]:
    reach: Any = one.reach
    if chance.random() < 0.2:
        reach = f"{one.reach}人次" if chance.random() < 0.5 else full_width(str(one.reach))
    return [
        habit.day(one.held, chance),
        one.title,
        _word(THEME_WORDS, "activity_themes", one.theme, chance),
        one.place,
        KIND_WORDS[one.kind] if chance.random() < 0.6 or not one.place or "集镇" in one.place else "",
        label("audience_kinds", one.audience),
        _word(FORM_WORDS, "activity_forms", one.form, chance),
        reach,
        chance.choice(BASIS_WORDS[one.basis]),
        "" if one.handed_out is None else one.handed_out,
    ]


def _word(words: Mapping[str, tuple[str, ...]], code_list: str, code: str, chance: random.Random) -> str:
    return chance.choice(words[code]) if code in words else label(code_list, code)


# --- patches -----------------------------------------------------------------------------------------------------------
def _patches(work: told.Prevention, town: str) -> Book:
    habit, chance = habit_of(POSITIONS[town]), random.Random(f"patches {town}")
    rows = [
        [
            p.code,
            p.village,
            label("land_kinds", p.land),
            chance.choice((float(p.area), f"{p.area}亩")),
            p.responsible,
            "2021.1.1",
        ]
        for p in work.patches
        if p.town == town
    ]
    headers = ("地块编号", "所在村", "土地类别", "亩数", "包片责任人", "建档日期")
    path = f"{town}/{town}禁种踏查地块名录.xlsx"
    return Book(
        path, "patches", KEYS[town], f"{town}禁种踏查地块名录", headers, rows, habit, note="注:四至见村里的台账。"
    )


def _walks(work: told.Prevention, town: str, story: Story) -> Book:
    habit, chance = habit_of(POSITIONS[town]), random.Random(f"walks {town}")
    who = "、".join(story.staff[town][:2])
    own = [walk for walk in work.walks if walk.town == town]
    rows: list[list[Any]] = [
        [
            walk.patch,
            habit.day(walk.day, chance),
            {"foot": "人工", "drone": "无人机航拍"}[walk.method],
            "有" if walk.plants else chance.choice(("无", "否", "零报告" if habit.csv else "无")),
            "罂粟" if walk.plants else "",
            f"{walk.plants}株" if walk.plants else chance.choice((0, "")),
            who,
        ]
        for walk in own
    ]
    if town == told.UNWALKED_TOWN:
        rows += [
            Slipped(["QY-99", habit.dates(own[0].day), "人工", "无", "", "", who], {0: Slip.NOT_ON_FILE}),
            Slipped([own[-1].patch, habit.dates(date(2022, 9, 2)), "人工", "有", "罂粟", "", who], {5: Slip.MISSING}),
        ]
    headers = ("地块编号", "踏查时间", "方式", "有无发现", "原植物种类", "株数", "踏查人员")
    return Book(
        f"{town}/{town}禁种踏查登记表.xlsx", "survey_rounds", KEYS[town], f"{town}禁种踏查登记表", headers, rows, habit
    )


def _eradications(work: told.Prevention, town: str, story: Story) -> Book:
    habit, chance = habit_of(POSITIONS[town]), random.Random(f"eradications {town}")
    both = "、".join(story.staff[town][:2])
    rows = [
        [
            one.patch,
            habit.day(one.found, chance),
            habit.day(one.day, chance),
            f"{one.plants}株",
            "人工拔除",
            both,
            habit.day(one.rechecked, chance),
            "合格",
        ]
        for one in work.eradicated
        if one.town == town
    ]
    headers = ("地块编号", "发现时间", "铲除时间", "铲除株数", "铲除方式", "在场人员", "复查时间", "复查情况")
    return Book(f"{town}/{town}铲除登记表.xlsx", "eradications", KEYS[town], f"{town}铲除登记表", headers, rows, habit)


# --- surveys of the public and the store -------------------------------------------------------------------------------
SURVEYOR = "云岭民意调查中心(虚构)"
WAVE = ("调查批次", "第三方机构", "访问开始", "访问结束", "乡镇(街道)", "抽样层", "层总人口", "访问人数", "有效问卷")


def _wave(one: Stratum, habit: Habit, chance: random.Random) -> list[Any]:
    days = [habit.day(one.began, chance), habit.day(one.ended, chance)]
    return [one.wave, SURVEYOR, *days, one.town, one.stratum, one.size, one.sampled, one.valid]


def _awareness(work: told.Prevention) -> Book:
    habit, chance = habit_of(3), random.Random("awareness")
    rows = [[*_wave(one, habit, chance), one.good] for one in work.awareness]
    pupils = [*_wave(work.awareness[-1], habit, chance)[:5], "学生", 900, 60, 50, 51]
    rows.append(Slipped(pupils, {9: Slip.TOO_MUCH}))
    path = "市禁毒办/禁毒知识知晓率调查汇总表.xlsx"
    return Book(path, "awareness_surveys", "office", "禁毒知识知晓率调查分层汇总表", (*WAVE, "合格人数"), rows, habit)


def _content(work: told.Prevention) -> Book:
    habit, chance = habit_of(5), random.Random("content")
    rows = []
    for one in work.content:
        rather = round(one.good * chance.uniform(0.2, 0.35))
        rest = one.valid - one.good
        neutral, little = min(rest, round(rest * 0.6)), rest - min(rest, round(rest * 0.6))
        safe = round(one.valid * chance.uniform(0.93, 0.99))
        rows.append([*_wave(one, habit, chance), one.good - rather, rather, neutral, little, 0, safe])
    headers = (*WAVE, "满意", "比较满意", "一般", "不太满意", "不满意", "觉得安全")
    path = "市禁毒办/群众满意度安全感调查汇总表.xlsx"
    return Book(path, "safety_surveys", "office", "群众满意度、安全感调查分层汇总表", headers, rows, habit)


def _store(work: told.Prevention, keeper: str, folder: str) -> Book:
    habit, chance = habit_of(2 if keeper == "education" else 6), random.Random(f"store {keeper}")
    rows = [
        [
            habit.day(slip.day, chance),
            slip.number,
            label("material_kinds", slip.material),
            {"in": "收入", "out": "发放"}[slip.direction],
            f"{slip.quantity}份",
            slip.counterpart,
        ]
        for slip in work.slips[keeper]
    ]
    if keeper == "longdong":
        boards = [habit.dates(date(2022, 6, 27)), "CK099", "展板", "发放", 12, "各村(社区)"]
        rows.append(Slipped(boards, {4: Slip.TOO_MUCH}))
    headers = ("收发日期", "单号", "品名", "收发", "数量(份)", "来源或去向")
    return Book(f"{folder}/宣传品收发台账.xlsx", "materials", keeper, "宣传品收发台账", headers, rows, habit)
