"""Figures others have printed: the national ones as the yearly report prints them, those of the made-up province invented.

Source of the national lines: 中国毒情形势报告 of each year (domain §4.1).
"""

from __future__ import annotations

from qingyuan.demo.story.slips import Slip

Line = tuple[str, str, int, float | str, str, float | str, float | str, str, str, str]
NATION, REPORT = "国家禁毒委员会办公室", "{year} 年中国毒情形势报告"
PROVINCE, NOTICE = "演示省禁毒委员会办公室", "{year} 年演示省毒情通报"


def _nation(name: str, unit: str, *years: tuple[int, float, float | str]) -> list[Line]:
    return [
        (name, "全国", year, value, unit, change, "", "", NATION, REPORT.format(year=year))
        for year, value, change in years
    ]


PRINTED: tuple[Line, ...] = (
    *_nation("现有吸毒人员", "万人", (2018, 240.4, -5.8), (2019, 214.8, -10.6), (2020, 180.1, -16.1), (2021, 148.6, -17.5)),
    *_nation("戒断三年", "万人", (2019, 253.3, 22.2), (2021, 340.3, 13.4)),
    *_nation("新发现", "万人", (2020, 15.5, ""), (2021, 12.1, -21.7)),
    *_nation("查处吸毒人员", "万人次", (2018, 71.7, ""), (2019, 61.7, -13.9), (2020, 42.7, -30.8), (2021, 32.6, -23.6)),
    *_nation("破获毒品犯罪案件", "万起", (2018, 10.96, ""), (2019, 8.3, ""), (2020, 6.4, -22.9), (2021, 5.4, -16.3)),
    *_nation("抓获犯罪嫌疑人", "万名", (2018, 13.74, ""), (2019, 11.3, ""), (2020, 9.2, ""), (2021, 7.7, -16.7)),
    *_nation("缴获毒品", "吨", (2018, 67.9, ""), (2019, 65.1, ""), (2020, 55.49, ""), (2021, 27.0, -51.4)),
    ("现有吸毒人员", "演示省", 2020, 11.0, "万人", "", "", "", PROVINCE, NOTICE.format(year=2020)),
    # A base that the publisher restated: kept with the base and why.
    ("现有吸毒人员", "演示省", 2021, 9.1, "万人", -15.0, 10.7, "2020 年数按新口径调整为 10.7 万", PROVINCE, NOTICE.format(year=2021)),
    ("破获毒品犯罪案件", "演示省", 2020, 1890, "起", "", "", "", PROVINCE, NOTICE.format(year=2020)),
)  # fmt: skip
PRINTED_FLAWS: tuple[tuple[Line, dict[int, Slip]], ...] = (
    # A change that does not follow from last year's figure, and nothing said about the base.
    (
        ("破获毒品犯罪案件", "演示省", 2021, 1512, "起", -12.4, "", "", PROVINCE, NOTICE.format(year=2021)),
        {5: Slip.DOES_NOT_ADD_UP},
    ),
    # A unit ten thousand times too large.
    (("查处吸毒人员", "演示省", 2021, 8700, "万件", "", "", "", PROVINCE, NOTICE.format(year=2021)), {4: Slip.WRONG_UNIT}),
)
