"""What the city's offices keep: population, registered users by town, cases and seizures."""

from __future__ import annotations

import random
from collections.abc import Iterable
from decimal import Decimal

from qingyuan.demo.books.book import Book, label
from qingyuan.demo.story.telling import Story
from qingyuan.demo.writing_habits import grams, habit_of
from qingyuan.reference import catalogue


def books(story: Story) -> Iterable[Book]:
    """Population first: rates need it; a seizure needs its case."""
    yield _population(story)
    yield from _registrations(story)
    yield from _cases(story)
    yield from _seizures(story)


def _cases(story: Story) -> Iterable[Book]:
    tiers = _tiers(story)
    for year in (2020, 2021, 2022):
        chance = random.Random(f"cases {year}")
        habit = habit_of(year % 5)
        rows = [
            [
                c.number,
                c.title,
                "刑事案件",
                label("offences", c.offence),
                label("drugs", c.drug),
                c.village,
                habit.day(c.filed, chance),
                habit.day(c.cracked, chance),
                label("case_tiers", tiers[c.number]) if c.number in tiers else "",
                c.operation,
            ]
            for c in story.cases
            if int(c.number[7:11]) == year
        ]
        headers = ("案号", "案件名称", "案件类别", "罪名", "涉案毒品", "发案地", "立案时间", "破案时间", "大要案等级", "专项行动")
        yield Book(f"市公安局禁毒大队/{year}年毒品案件台账.xlsx", "cases", "police", f"{year} 年毒品案件台账", headers, rows, habit)


def _tiers(story: Story) -> dict[str, str]:
    """Tiers of the cases in which something was seized, by the comparable index: grams × 50 / the drug's large amount.

    The province watches over the two heaviest of each year, which makes them major whatever they weigh.
    """
    tiers = sorted((Decimal(code.extra["min_index_g"]), code.code) for code in catalogue.get_list("case_tiers"))
    index: dict[str, Decimal] = {}
    for one in story.seizures:
        large = catalogue.get_list("drugs").require(one.drug).extra["large_g"]
        index[one.case] = index.get(one.case, Decimal(0)) + (one.grams * 50 / Decimal(large) if large else one.grams)
    made = {case: max(tier for tier in tiers if found >= tier[0])[1] for case, found in index.items()}
    for year in (2020, 2021, 2022):
        of_year = sorted((found, case) for case, found in index.items() if int(case[7:11]) == year)
        made |= {case: "major" for _found, case in of_year[-2:]}
    return made


def _seizures(story: Story) -> Iterable[Book]:
    for year in (2020, 2021, 2022):
        chance = random.Random(f"seizures {year}")
        habit = habit_of((year + 1) % 5)
        rows = [
            [
                s.case,
                s.item,
                label("drugs", s.drug),
                grams(s.grams, chance),
                habit.day(s.seized, chance),
                label("place_kinds", s.place),
                label("seizure_origins", s.origin),
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
