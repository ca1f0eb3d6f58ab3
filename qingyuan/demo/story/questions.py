"""Patterns planted in the entries of units, and two honest ones: what the look of 1 November finds, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

LOOKED_ON: Final = date(2022, 11, 1)
#: Activities of August to October, all typed on the afternoon of the last day of October.
TYPED_TOWN, TYPED_TITLE = "machang", "进村入户禁毒宣传"
#: Receipts of material of different days, typed one after another on one evening.
STOCK_TOWN = "baiguo"
#: The order whose answer carries a photograph that another unit's answer carried before.
FIRST_SHOWN, SHOWN_AGAIN = "dongshan", "shazi"
SHOWN_AGAIN_SUBJECT = "报送8月工作月报"
#: Two small towns that held an activity together and laid down the same photograph for their own assessments: honest.
TOGETHER_TOWNS: Final = ("新场乡", "木城乡")
BOARD, JOINT = "宣传栏", "两乡联合宣传"
#: Tests dated, since July, the very last day of their window: nothing is missed, no figure changes.
LATE_TOWN, LATE_KEY, LATE_FROM, LATE_UNTIL = "三岔镇", "sancha", date(2022, 7, 1), date(2022, 10, 31)
#: Months in which exactly as many tests are done as the agreed target asks for, never one more or less.
LINE_TOWN, LINE_KEY, LINE, LINE_FROM, LINE_UNTIL = "杨柳街道", "yangliu", 95, date(2022, 1, 1), date(2022, 10, 31)


@dataclass(frozen=True)
class Typed:
    """A row that was typed: what it is about and when; ``after`` seconds from the first."""

    day: date
    after: int


def typed_together() -> list[Typed]:
    """Sixteen activities, typed within three minutes."""
    return [Typed(date(2022, 8, 3) + timedelta(days=4 * number), 9 * number + number % 4) for number in range(16)]


def stock_together() -> list[Typed]:
    """Twelve receipts, typed within two minutes."""
    return [Typed(date(2022, 6, 2) + timedelta(days=6 * number), 8 * number + number % 3) for number in range(12)]


TYPED_ON: Final = (date(2022, 10, 31), 16)
STOCK_ON: Final = (date(2022, 10, 28), 19)


@dataclass(frozen=True)
class Told:
    """A step of a question: of which town, by whom, on which day and at which hour, with what filled in."""

    unit: str
    step: str
    who: str
    on: date
    given: dict[str, object]


ALL_ON_ONE_DAY = "7月起专干只剩1人，改为窗口最后一天集中到卫生院检测，检测记录逐人签字，原件在镇综治中心。"
ANSWER_BY, STOCK_BY = date(2022, 11, 15), date(2022, 11, 24)
JOINTLY = "去年9月与木城乡合办宣传，两乡在同一处设点，共用一张现场照片。两乡联合通知：新政办〔2021〕17号。"
STEPS: Final = (
    Told("xinchang", "ask", "office", date(2022, 11, 1), {"due_on": ANSWER_BY}),
    Told("mucheng", "ask", "office", date(2022, 11, 1), {"due_on": ANSWER_BY}),
    Told("xinchang", "answer", "xinchang", date(2022, 11, 7), {"answer": JOINTLY}),
    Told("mucheng", "answer", "mucheng", date(2022, 11, 8), {"answer": "与新场乡合办，照片是同一张，两乡各自登记了自己的人次。"}),
    Told("xinchang", "accept", "office", date(2022, 11, 9), {"reason": "两乡说法一致，联合通知已核对，照片共用有理由。"}),
    Told("mucheng", "accept", "office", date(2022, 11, 9), {"reason": "与新场乡的说明一致。"}),
    Told("sancha", "ask", "office", date(2022, 11, 2), {"due_on": ANSWER_BY}),
    Told("sancha", "answer", "sancha", date(2022, 11, 14), {"answer": ALL_ON_ONE_DAY}),
    Told("baiguo", "ask", "office", date(2022, 11, 10), {"due_on": STOCK_BY, "words": "请一并说明入库单由谁保管。"}),
)
