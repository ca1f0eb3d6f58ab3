"""Who studied the work, where and when."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from qingyuan.demo.city import TOWNS

# The fourth planted problem: in 2022 nobody in 大寨乡 has held a meeting on the subject.
SILENT_TOWN, SILENT_YEAR = "大寨乡", 2022
TOPICS = ("一季度禁毒工作", "全民禁毒宣传月安排", "社区戒毒社区康复工作", "禁种铲毒工作", "年度禁毒责任状落实")
DECISIONS = "一、通报上一阶段情况;二、明确责任人和时限;三、经费和人员保障。"


@dataclass(frozen=True)
class Meeting:
    unit: str
    held: date
    kind: str
    title: str
    special: bool
    first: bool
    chair: str
    decisions: str


class Meetings:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def of_towns(self) -> list[Meeting]:
        made: list[Meeting] = []
        for town in TOWNS:
            for year in (2020, 2021, 2022):
                if (town.name, year) != (SILENT_TOWN, SILENT_YEAR):
                    made += self._year(town.name, year)
        return made

    def of_city(self) -> list[Meeting]:
        return [
            self._meeting("市禁毒办", date(year, month, day), kind, f"{year} 年{title}", chair)
            for year in (2020, 2021, 2022)
            for month, day, kind, title, chair in (
                (2, 24, "annual_conference", "全市禁毒工作会议", "市长"),
                (5, 18, "government_exec", "市政府常务会议专题研究禁毒工作", "市长"),
                (9, 9, "commission_plenary", "市禁毒委员会全体会议", "副市长"),
            )
        ]

    def _year(self, town: str, year: int) -> list[Meeting]:
        count = self.random.choice((2, 2, 3, 3, 4))
        months = sorted(self.random.sample(range(1, 10), count))
        return [
            self._meeting(
                town,
                date(year, month, self.random.randint(3, 27)),
                self.random.choice(("party_standing", "town_meeting", "town_meeting")),
                f"{town}专题研究{self.random.choice(TOPICS)}",
                self.random.choice(("党委书记", "镇长" if town.endswith("镇") else "主任", "分管领导")),
            )
            for month in months
        ]

    def _meeting(self, unit: str, held: date, kind: str, title: str, chair: str) -> Meeting:
        return Meeting(unit, held, kind, title, True, chair != "分管领导" and chair != "副市长", chair, DECISIONS)
