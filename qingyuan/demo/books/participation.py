"""What the youth league, civil affairs, the office, health, the police desk and six towns keep besides: people who help,
services bought, reports counted, joint inspections, water samples, figures others printed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

from qingyuan.demo.books.book import Book, label
from qingyuan.demo.city import TOWNS
from qingyuan.demo.story.participation import (
    INSPECTED,
    LEAGUE,
    OWN_TEAMS,
    Helper,
    Participation,
    in_force_by_town,
    tell_participation,
)
from qingyuan.demo.story.printed import PRINTED, PRINTED_FLAWS
from qingyuan.demo.story.slips import Slip, Slipped
from qingyuan.demo.story.telling import Story
from qingyuan.demo.writing_habits import Habit, habit_of

KEYS = {town.name: town.key for town in TOWNS}


def books(story: Story) -> Iterable[Book]:
    """Associations before the contracts that name them; the rest in any order."""
    told = of_story(story)
    yield from _volunteers(told)
    yield _associations(told)
    yield _contracts(told)
    yield _staff(told)
    yield from _reports(told)
    yield from _visits(told)
    yield from _water(told)
    yield _printed()


def of_story(story: Story) -> Participation:
    """This subject's part of the story."""
    names = tuple((town, people) for town, people in story.staff.items())
    return tell_participation(names, tuple(sorted(in_force_by_town(story.measures).items())))


def _volunteers(told: Participation) -> Iterable[Book]:
    headers = ("姓 名", "手机号码", "所属乡镇(街道)", "志愿服务队", "加入时间", "退出时间", "是否购买保险")
    habit = habit_of(4)
    league = [v for v in told.volunteers if v.keeper == LEAGUE]
    rows = _helpers(league, habit, random.Random("volunteers"))
    short = [league[3].name, "0400-20000", league[3].town, league[3].team, habit.dates(league[3].joined), "", "是"]
    street = [league[8].name, league[8].phone, "云岭市南街", league[8].team, habit.dates(league[8].joined), "", "是"]
    rows += [Slipped(short, {1: Slip.MALFORMED}), Slipped(street, {2: Slip.UNKNOWN_PLACE})]
    yield Book(f"{LEAGUE}/禁毒志愿者花名册.xlsx", "volunteers", "youth", "云岭市禁毒志愿者花名册", headers, rows, habit,
               note="注:只登记姓名、电话、服务地,不评星级。")  # fmt: skip
    headers = ("志愿者姓名", "联系方式", "社区", "队伍", "登记日期", "注销日期", "意外险")
    for position, town in enumerate(OWN_TEAMS):
        habit = habit_of(position)
        own = [v for v in told.volunteers if v.keeper == KEYS[town]]
        rows = _helpers(own, habit, random.Random(f"volunteers {town}"))
        yield Book(f"{town}/{town}禁毒志愿者登记表.xlsx", "volunteers", KEYS[town], f"{town}禁毒志愿者登记表", headers, rows, habit)


def _helpers(people: Sequence[Helper], habit: Habit, chance: random.Random) -> list[list[Any]]:
    return [
        [v.name, v.phone, v.town, v.team, habit.day(v.joined, chance), habit.day(v.left, chance), "√" if v.insured else "否"]
        for v in people
    ]


def _associations(told: Participation) -> Book:
    habit, chance = habit_of(2), random.Random("associations")
    rows = [
        [b.title, b.registration, label("association_kinds", b.kind), "云岭市", habit.day(b.registered, chance), b.focus]
        for b in told.associations
    ]
    wrong = told.associations[1]
    miscopied = wrong.registration[:-1] + ("1" if wrong.registration[-1] != "1" else "2")
    branch = [f"{wrong.title}(二分会)", miscopied, "社会团体", "云岭市", habit.dates(wrong.registered), ""]
    rows.append(Slipped(branch, {1: Slip.CHECK_DIGIT}))
    headers = ("组织名称", "统一社会信用代码", "组织类型", "登记地", "成立时间", "主要业务")
    return Book("市民政局/禁毒社会组织名录.xlsx", "associations", "civil_affairs", "参与禁毒工作的社会组织名录", headers, rows, habit)


def _contracts(told: Participation) -> Book:
    habit, chance = habit_of(0), random.Random("contracts")
    rows: list[list[Any]] = [
        [
            c.document,
            c.registration,
            label("service_kinds", c.service),
            c.buyer,
            c.place,
            habit.day(c.starts, chance),
            habit.day(c.ends, chance),
            f"{c.yuan // 10_000}万元" if c.yuan % 10_000 == 0 and chance.random() < 0.5 else c.yuan,
            c.workers or "",
        ]
        for c in told.contracts
    ]
    one = told.contracts[-1]
    backwards = ["云禁购〔2022〕12号", one.registration, "心理咨询", "市妇联", "云岭市", "2022-12-31", "2022-03-01", 50000, ""]
    rows.append(Slipped(backwards, {6: Slip.CONTRADICTS}))
    headers = ("合同号", "承接主体信用代码", "项目类别", "甲方", "服务范围", "合同起始", "合同终止", "合同金额(元)", "派驻社工人数")
    return Book("市民政局/政府购买禁毒服务合同台账.xlsx", "service_contracts", "civil_affairs", "政府购买禁毒服务合同台账", headers, rows, habit)


def _staff(told: Participation) -> Book:
    habit, chance = habit_of(3), random.Random("staff")
    rows = [
        [
            w.town,
            w.name,
            label("staff_kinds", w.kind) if w.kind != "officer" else chance.choice(("禁毒专干", "专职")),
            w.workplace,
            habit.day(w.started, chance),
            habit.day(w.ended, chance),
            w.phone,
        ]
        for w in told.staff
    ]
    one = told.staff[6]
    helper = [one.town, one.name, "志愿者", one.workplace, habit.dates(one.started), "", one.phone]
    rows.append(Slipped(helper, {2: Slip.UNKNOWN_WORD}))
    headers = ("所在乡镇", "工作人员姓名", "专兼职", "用人单位", "到岗时间", "离职日期", "电话")
    return Book("市禁毒办/禁毒工作人员花名册.xlsx", "staff", "office", "云岭市禁毒工作人员花名册", headers, rows, habit)


def _reports(told: Participation) -> Iterable[Book]:
    headers = ("统计月份", "涉及乡镇", "来源", "举报类别", "受理数", "属实", "不实", "无法核查", "在办", "答复件数")
    for year in (2021, 2022):
        rows: list[list[Any]] = [
            [
                f"{r.month:%Y-%m-%d}",
                r.town,
                label("report_channels", r.channel),
                label("report_categories", r.category),
                r.received,
                r.confirmed,
                r.unfounded,
                r.unclear,
                r.pending,
                r.answered,
            ]
            for r in told.reports
            if r.month.year == year
        ]
        if year == 2022:
            rows.append(Slipped(["2022-05-31", "马场镇", "信函", "制毒", 3, 1, 1, 0, 0, 0], {4: Slip.DOES_NOT_ADD_UP}))
        path = f"市公安局禁毒大队/{year}年举报受理统计表.xlsx"
        yield Book(path, "reports_received", "police", f"{year} 年涉毒举报受理统计表(只计件数)", headers, rows, habit_of(5))


def _visits(told: Participation) -> Iterable[Book]:
    headers = (
        "检查时间", "记录编号", "被检查乡镇", "公安", "综治", "司法局", "民政局", "抽查份数", "检查项目数", "问题数", "发现问题", "整改时限",
        "复查时间", "复查结果",
    )  # fmt: skip
    for position, town in enumerate(INSPECTED):
        habit, chance = habit_of(position), random.Random(f"visits {town}")
        rows: list[list[Any]] = [
            [
                habit.day(v.day, chance),
                v.document,
                v.town,
                *("√" if here else "" for here in v.present),
                v.files,
                v.items,
                v.failed,
                v.problems,
                habit.day(v.mend_by, chance),
                habit.day(v.again, chance),
                "" if v.passed is None else "是" if v.passed else "否",
            ]
            for v in told.visits
            if v.town == town
        ]
        yield Book(f"{town}/{town}联合检查台账.xlsx", "inspections", KEYS[town], f"{town}社区戒毒社区康复联合检查台账", headers, rows, habit)


def _water(told: Participation) -> Iterable[Book]:
    headers = ("污水处理厂名称", "所在地", "服务人口(人)", "采样时间", "检测项目", "检测浓度", "低于LOQ", "日流量", "检测单位")
    for year in (2021, 2022):
        habit, chance = habit_of(year % 5), random.Random(f"water {year}")
        rows: list[list[Any]] = [
            [
                s.site,
                s.town,
                f"{s.served / 10_000:.2f}万" if chance.random() < 0.1 else s.served,
                habit.day(s.day, chance),
                label("water_targets", s.target),
                "" if s.concentration is None else s.concentration,
                "是" if s.concentration is None else "",
                s.flow,
                "演示州疾控中心实验室",
            ]
            for s in told.water
            if s.day.year == year
        ]
        if year == 2022:
            one = next(s for s in told.water if s.day.year == 2022)
            again = [f"{one.site}(复测)", one.town, one.served, habit.dates(one.day), "冰毒", one.concentration, "", 0.92]
            rows.append(Slipped([*again, "演示州疾控中心实验室"], {7: Slip.WRONG_UNIT}))
        path = f"市卫健局/{year}年污水毒情监测结果.xlsx"
        yield Book(path, "wastewater", "health", f"{year} 年污水毒情监测结果", headers, rows, habit,
                   note="注:日流量单位 m³/d,浓度单位 ng/L;低于定量限的浓度留空。")  # fmt: skip


def _printed() -> Book:
    rows: list[list[Any]] = [list(row) for row in PRINTED]
    rows += [Slipped(row, slips) for row, slips in PRINTED_FLAWS]
    headers = ("指标名称", "范围", "年度", "公布数", "单位", "同比(%)", "同口径上年数", "口径说明", "发布机构", "来源")
    return Book("市禁毒办/公开毒情数据.xlsx", "published_statistics", "office", "公开毒情数据", headers, rows, habit_of(0),
                note="注:全国数照公开报告抄录,演示省、演示州的数为虚构。")  # fmt: skip
