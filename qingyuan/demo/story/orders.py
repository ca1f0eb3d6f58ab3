"""Supervision orders of the autumn, one in every state: closed in time and late, extended, sent back, escalated, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Told:
    """One step of an order: which, by whom (account), on which day, with what filled in."""

    step: str
    who: str
    on: date
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Order:
    """``basis``: "figure", "return" or "" for words; ``by``: the day asked for; ``steps``: after the draft."""

    unit: str
    subject: str
    basis: str
    asked: str
    drafted: date
    by: date
    steps: tuple[Told, ...] = ()
    origin: str = ""


def _out(day: date, receiver: str = "", received: date | None = None) -> tuple[Told, ...]:
    """Handed up and signed on one day, and received where a day is given."""
    steps = (Told("submit", "office", day), Told("issue", "leader", day))
    return (*steps, Told("receive", receiver, received)) if received is not None else steps


OVERDUE_TOWN, EXTENDED_TOWN, ESCALATED_TOWN = "longdong", "luobie", "shazi"
WITHDRAWN_SUBJECT = "补报秋季踏查地块图"

ORDERS: tuple[Order, ...] = (
    Order(
        "dongshan",
        "核对社区康复协议签订情况",
        "8月联合检查发现东山街道有协议没有写明检测时间。",
        "逐份核对协议，缺项的补签，并说明以后怎样避免。",
        date(2022, 9, 6),
        date(2022, 9, 23),
        (
            *_out(date(2022, 9, 6), "dongshan", date(2022, 9, 7)),
            Told("answer", "dongshan", date(2022, 9, 20), {"done": "已逐份核对，缺项的全部补签；以后由专干签前复核。"}),
            Told("close", "office", date(2022, 9, 22), {"finding": "抽看5份协议，检测时间都已写明。"}),
        ),
    ),
    Order(
        "education",
        "补齐示范学校自查表",
        "全市禁毒工作会议要求示范学校每学期自查一次。",
        "督促各示范学校完成自查，报自查表和整改事项。",
        date(2022, 9, 13),
        date(2022, 9, 30),
        (
            *_out(date(2022, 9, 13), "education", date(2022, 9, 14)),
            Told("answer", "education", date(2022, 9, 29), {"done": "各示范学校已自查，自查表随件报送。"}),
            Told("close", "office", date(2022, 10, 8), {"finding": "自查表齐全，整改事项有人有时限。"}),
        ),
    ),
    Order(
        "shazi",
        "报送8月工作月报",
        "沙子镇8月工作月报逾期报送，且两项数字与台账不符。",
        "核对数字，写明差在哪里，按规定更正。",
        date(2022, 9, 20),
        date(2022, 10, 10),
        (
            *_out(date(2022, 9, 20), "shazi", date(2022, 9, 26)),
            Told("answer", "shazi", date(2022, 10, 14), {"done": "已核对并更正，差错是漏登两场活动。"}),
            Told("close", "office", date(2022, 10, 17), {"finding": "更正后的月报与台账一致；反馈晚了4天。"}),
        ),
    ),
    Order(
        "dazhai",
        "整改宣传栏长期不更新",
        "9月督查发现大寨乡两处宣传栏内容停在去年。",
        "更新宣传栏，写明每季度由谁检查。",
        date(2022, 9, 27),
        date(2022, 10, 20),
        (
            *_out(date(2022, 9, 27), "dazhai", date(2022, 9, 28)),
            Told("answer", "dazhai", date(2022, 10, 18), {"done": "已更新。"}),
            Told("send_back", "office", date(2022, 10, 20), {"reason": "没有说明以后由谁检查，也没有照片。", "due_on": date(2022, 11, 1)}),
            Told("answer", "dazhai", date(2022, 10, 31), {"done": "两处都已更新，每季度第一周由宣传委员检查并拍照。"}),
            Told("close", "office", date(2022, 11, 2), {"finding": "现场看过，内容已更新，检查人已落实。"}),
        ),
    ),
    Order(
        "longdong",
        WITHDRAWN_SUBJECT,
        "秋季踏查汇总缺龙洞镇地块图。",
        "补报地块图。",
        date(2022, 10, 25),
        date(2022, 11, 8),
        (
            *_out(date(2022, 10, 25)),
            Told("withdraw", "leader", date(2022, 10, 27), {"reason": "地块图已随第二批材料报来，不需要再办。"}),
        ),
    ),
    Order(
        "luobie",
        "落实未派发宣传品",
        "季度盘点，落别乡有宣传品在库超过半年。",
        "按计划派发并登记；说明积压原因。",
        date(2022, 10, 26),
        date(2022, 11, 12),
        (
            *_out(date(2022, 10, 26), "luobie", date(2022, 10, 28)),
            Told("ask_extension", "luobie", date(2022, 11, 9), {"reason": "大部分要在赶集日派发，11月只有两个赶集日。", "wanted": date(2022, 11, 30)}),
            Told("grant_extension", "leader", date(2022, 11, 10), {"due_on": date(2022, 11, 30), "reason": "同意，派发照片随反馈报送。"}),
        ),
    ),
    Order(
        "shazi",
        "报送10月工作月报",
        "",
        "按规定口径填报并由负责同志审核后报出；说明逾期的原因和以后怎样按时报送。",
        date(2022, 11, 8),
        date(2022, 11, 16),
        (
            *_out(date(2022, 11, 8), "shazi", date(2022, 11, 10)),
            Told("remind", "office", date(2022, 11, 15), {"reason": "明天到期，请尽快报送。"}),
            Told("escalate", "office", date(2022, 11, 18), {"reason": "连续两个月没有按时报送，催办后仍没有反馈。"}),
        ),
        "return",
    ),
    Order(
        "longdong",
        "补齐缺检",
        "",
        "逐人核对窗口已过、没有检测的情况：有合法缺席凭证的登记凭证，没有的约定时间补检，并写明原因。",
        date(2022, 11, 9),
        date(2022, 11, 20),
        _out(date(2022, 11, 9), "longdong", date(2022, 11, 10)),
        "figure",
    ),
    Order(
        "police",
        "核对缴获物品入库时间",
        "三季度财物核对，有缴获物品入库登记晚于规定时间。",
        "核对原因，写明整改办法。",
        date(2022, 11, 11),
        date(2022, 11, 25),
        (
            *_out(date(2022, 11, 11), "police", date(2022, 11, 11)),
            Told("answer", "police", date(2022, 11, 21), {"done": "已核对，晚登记的都是跨节假日移交；已改为当日先登记后补手续。"}),
        ),
    ),
    Order(
        "court",
        "报送10月审判情况表",
        "市人民法院10月报表至今没有报送。",
        "报送10月报表。",
        date(2022, 11, 14),
        date(2022, 11, 28),
        (
            *_out(date(2022, 11, 14), "court", date(2022, 11, 15)),
            Told("ask_extension", "court", date(2022, 11, 22), {"reason": "两件案件的结案日期要与档案核对。", "wanted": date(2022, 12, 5)}),
        ),
    ),
    Order(
        "dazhai",
        "完成返乡人员较多村的宣传",
        "岁末年初工作通知要求进村入户宣传不少于两次。",
        "排出到村的日期，办一次登记一次。",
        date(2022, 11, 21),
        date(2022, 12, 15),
        _out(date(2022, 11, 21)),
    ),
    Order(
        "luobie",
        "反馈联合检查发现的问题",
        "10月联合检查的问题清单要求一个月内整改。",
        "逐条写明整改情况。",
        date(2022, 11, 22),
        date(2022, 12, 9),
        (Told("submit", "office", date(2022, 11, 22)),),
    ),
    Order(
        "dongshan",
        "落实社区工作站值班安排",
        "群众来信反映工作站中午没有人。",
        "公布值班表，写明午间怎样安排。",
        date(2022, 11, 23),
        date(2022, 12, 12),
    ),
)
