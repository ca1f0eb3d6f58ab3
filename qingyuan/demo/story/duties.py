"""What six member units planned for 2022 by their duties, and how far they have come; 2021's plans for comparison."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

YEARS = (2021, 2022)


@dataclass(frozen=True)
class Plan:
    unit: str
    year: int
    title: str
    document: str
    adopted: date
    filed: date
    last_year: str
    arrangement: str
    yuan: int


@dataclass(frozen=True)
class Task:
    unit: str
    year: int
    item: int
    duty: str
    task: str
    done_when: str
    due: date
    quarters: tuple[str, str, str]
    done: date | None
    evidence: str


#: Key of the account, folder, document head, what it did and will do, money.
UNITS: tuple[tuple[str, str, str, str, str, int], ...] = (
    ("education", "市教育局", "云教禁", "专题教育课开课率 98%", "毒品预防教育纳入课程,创建示范学校", 260_000),
    ("youth", "团市委", "云青禁", "登记志愿者 400 余人", "建志愿者队伍、办保险、组织进社区", 120_000),
    ("civil_affairs", "市民政局", "云民禁", "购买帮扶服务 1 项", "购买社工服务、困难救助、未成年人关爱", 1_300_000),
    ("health", "市卫健局", "云卫禁", "污水监测 5 个点位", "戒毒医疗、污水监测、麻精药品管理", 480_000),
    ("propaganda", "市委宣传部", "云宣禁", "主流媒体刊播 36 条", "6·26 宣传月、公益广告、典型宣传", 200_000),
    ("justice", "市司法局", "云司禁", "法治宣传 40 场", "普法、社区矫正衔接、联合检查", 90_000),
)
WORK: dict[str, tuple[tuple[str, str, str, tuple[int, int], int | None], ...]] = {
    # duty, task, done when, due (month, day), days from the due day until done (None = not yet)
    "education": (
        ("禁毒法第十三条", "中小学毒品预防专题教育课开足", "每学期不少于 2 课时,抽查 10% 学校", (6, 30), -5),
        ("禁毒法第十三条", "新一批示范学校初评", "评出不少于 4 所", (10, 31), -9),
        ("禁毒法第十三条", "教师培训两期", "每所学校 1 名骨干教师", (9, 30), 12),
        ("成员单位职责分工", "校园周边联合检查", "每学期 1 次", (11, 15), None),
    ),
    "youth": (
        ("禁毒法第十条", "志愿者登记造册并办理保险", "投保率不低于 70%", (5, 31), -3),
        ("禁毒法第十条", "青年志愿者进社区 20 场", "有照片和签到", (10, 31), -2),
        ("成员单位职责分工", "禁毒微视频征集", "不少于 15 件", (6, 26), -1),
    ),
    "civil_affairs": (
        ("戒毒条例第四条", "完成社工服务采购", "合同签订并报禁毒办", (2, 28), -20),
        ("禁毒法第五十二条", "困难戒毒人员救助摸底", "符合条件的全部纳入", (6, 30), 16),
        ("戒毒条例第四条", "参加联合检查两轮", "检查记录齐全", (10, 31), -20),
        ("成员单位职责分工", "禁毒社会组织年检", "全部年检", (9, 30), None),
    ),
    "health": (
        ("戒毒条例第四条", "污水监测按月采样送检", "5 个点位、每月 1 次", (12, 20), None),
        ("麻醉药品和精神药品管理条例", "麻精药品使用专项检查", "二级以上医疗机构全覆盖", (8, 31), -4),
        ("禁毒法第三十六条", "戒毒门诊医师培训", "持证上岗", (10, 15), -6),
    ),
    "propaganda": (
        ("禁毒法第十二条", "6·26 主题宣传月统筹", "市级媒体专栏不少于 10 期", (6, 30), -2),
        ("禁毒法第十二条", "公益广告投放", "主要路口和车站", (9, 30), None),
        ("成员单位职责分工", "全民禁毒宣传进村寨广播", "村级广播覆盖", (10, 31), None),
        ("成员单位职责分工", "年度禁毒人物宣传", "不少于 3 人", (12, 15), None),
    ),
    "justice": (
        ("戒毒条例第四条", "法律进社区戒毒工作站", "22 个站各 1 场", (9, 30), -8),
        ("成员单位职责分工", "社区矫正与社区戒毒衔接核对", "每季度 1 次", (10, 10), -2),
        ("成员单位职责分工", "牵头联合检查两轮", "检查通报 2 份", (10, 31), -15),
    ),
}


def plans() -> list[Plan]:
    made = []
    for key, name, head, did, will, yuan in UNITS:
        for number, year in enumerate(YEARS, start=1):
            adopted = date(year, 2, 10 + len(key))
            made.append(
                Plan(key, year, f"{name} {year} 年禁毒工作计划", f"{head}〔{year}〕{number}号", adopted,
                     date(year, 3, 3 + number), did, will, yuan if year == 2022 else yuan * 9 // 10)
            )  # fmt: skip
    return made


def tasks() -> list[Task]:
    """The tasks of 2022. What is done has its proof; what is overdue says in its last quarter why."""
    made = []
    for key, lines in WORK.items():
        for item, (duty, task, done_when, (month, day), after) in enumerate(lines, start=1):
            due = date(2022, month, day)
            done = None if after is None else date.fromordinal(due.toordinal() + after)
            made.append(
                Task(key, 2022, item, duty, task, done_when, due, _quarters(due, done), done,
                     "" if done is None else f"{task}情况报告({done.isoformat()})")
            )  # fmt: skip
    return made


def _quarters(due: date, done: date | None) -> tuple[str, str, str]:
    """What was reported at the end of each quarter that is over."""
    words = []
    for end in (date(2022, 3, 31), date(2022, 6, 30), date(2022, 9, 30)):
        if done is not None and done <= end:
            words.append("已完成")
        elif due <= end:
            words.append("逾期,正在补办")
        else:
            words.append("按计划推进" if end.month > 3 else "制定方案")
    return words[0], words[1], words[2]
