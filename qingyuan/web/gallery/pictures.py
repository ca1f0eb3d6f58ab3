"""Sample pictures of the gallery: fictional numbers of a fictional city."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message

from qingyuan.web import charts

THIS_YEAR = (9, 12, 10, 14, 11, 13, 15, 12, 16, 16)
LAST_YEAR = (11, 10, 12, 12, 13, 12, 13, 12, 14, 14)
TOWNS = (
    ("猫洞乡", 1, 0, None), ("普安镇", 2, 0, 26), ("马场镇", 3, 0, 30), ("白果镇", 4, 0, 28), ("兴隆镇", 5, 0, 25),
    ("新场乡", 0, 1, None), ("青岩乡", 1, 1, 16), ("双河镇", 2, 1, 27), ("东山街道", 3, 1, 38), ("西门街道", 4, 1, 35),
    ("清水河镇", 6, 1, 44), ("木城乡", 0, 2, None), ("大寨乡", 1, 2, None), ("龙洞镇", 2, 2, 23), ("永宁镇", 3, 2, 47),
    ("杨柳街道", 4, 2, 34), ("石桥镇", 5, 2, 52), ("落别乡", 1, 3, 17), ("岩脚镇", 2, 3, 31), ("三岔镇", 3, 3, 33),
    ("平寨镇", 4, 3, 24), ("沙子镇", 5, 3, 30),
)  # fmt: skip
COVERAGE = (
    ("猫洞乡", 5, 12), ("龙洞镇", 74, 95), ("大寨乡", 14, 18), ("青岩乡", 28, 34), ("落别乡", 29, 31),
    ("双河镇", 45, 50), ("平寨镇", 62, 66), ("白果镇", 70, 75), ("三岔镇", 88, 97), ("东山街道", 128, 138),
    ("西门街道", 112, 124), ("石桥镇", 190, 206), ("清水河镇", 205, 222), ("永宁镇", 168, 180),
)  # fmt: skip
TODAY = date(2022, 11, 23)
TESTS_FROM = date(2021, 2, 15)


def messages() -> list[Message]:
    return [
        Message(constants.SUCCESS, "已入库 460 行;有问题的 6 行没有入库,可以下载改好再导一次。"),
        Message(constants.ERROR, "没有保存:这张报表已经锁定。要更正请走更正程序。"),
    ]


def cases() -> charts.LineChart:
    labels = [f"{month}月" for month in range(1, 11)]
    return charts.line_chart(
        labels,
        [
            charts.Series("去年同期", LAST_YEAR, "then", f"去年同期 {sum(LAST_YEAR)}"),
            charts.Series("今年", THIS_YEAR, "now", f"今年 {sum(THIS_YEAR)}", ["#"] * len(labels)),
        ],
        title="破获毒品案件,按月,起",
        unit="起",
        whole=True,
    )


def towns() -> charts.TileMap:
    tiles = [
        charts.Tile(name, column, row, value, "<5" if value is None else str(value), "#")
        for name, column, row, value in TOWNS
    ]
    return charts.tile_map(tiles, title="各乡镇每万人在册人数")


def coverage() -> charts.Funnel | None:
    return charts.funnel([charts.Sample(name, done, due, "#") for name, done, due in COVERAGE], title="定期检测到位率")


def client() -> charts.Timeline:
    days = [TESTS_FROM + timedelta(days=30 * number) for number in range(12)]
    days += [date(2022, 3, 1) + timedelta(days=60 * number) for number in range(5)]
    marks = [charts.Mark(day, "missed" if number == 9 else "done", f"{day} 检测") for number, day in enumerate(days)]
    marks += [charts.Mark(date(2022, 11, 29), "waiting", "2022-11-29 前检测")]
    return charts.timeline(
        [
            charts.Lane(
                "社区戒毒",
                [
                    charts.Span(date(2021, 2, 1), date(2021, 10, 1), "石桥镇", href="#"),
                    charts.Span(date(2021, 10, 1), date(2021, 10, 15), "转移中", "gap"),
                    charts.Span(date(2021, 10, 15), None, "东山街道(转入,时间连续)", href="#"),
                    charts.Span(TODAY, date(2024, 3, 8), "预计 2024-03-08 期满(3 年 + 36 天)", "plan"),
                ],
            ),
            charts.Lane("中止", [charts.Span(date(2022, 3, 2), date(2022, 4, 7), "", "pause", "#")]),
            charts.Lane("检测", (), marks),
        ],
        start=date(2021, 1, 1),
        end=date(2024, 4, 1),
        today=TODAY,
        title="社区戒毒措施、中止和检测",
    )
