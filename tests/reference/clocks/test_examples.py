"""Worked examples: the day, the state and the reason with its article, for every declared clock.

``examples.csv`` holds each length of each clock once or twice, with days reckoned on a calendar. The scenarios below are
worked by hand from the articles; one line is one story: events, the day asked, the last day (``-``: none), the state, and
words of a reason.
"""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qingyuan.reference import clocks
from qingyuan.reference.clocks import BadEvents, ClockNotInForce, Kind
from qingyuan.reference.packs import get_pack
from qingyuan.reference.statutes import describe

TABLE = list(csv.DictReader(Path(__file__).with_name("examples.csv").read_text(encoding="utf-8").splitlines()))

SCENARIOS = """
D20 | received 2022-03-01 | 2022-03-10 | 2022-03-16 | running | 15 日(《戒毒条例》第十四条)
D20 | received 2022-03-01 | 2022-03-16 | 2022-03-16 | due_today | 2022-03-16 届满
D20 | received 2022-03-01 | 2022-03-17 | 2022-03-16 | overdue | 2022-03-16 届满
D20 | received 2022-04-16 | 2022-04-20 | 2022-05-05 | running | 是劳动节,顺延至 2022-05-05
D20 | received 2022-03-01; reported 2022-03-16 | 2022-04-01 | 2022-03-16 | done | 到乡镇(街道)报到
D20 | received 2022-03-01; reported 2022-03-17 | 2022-04-01 | 2022-03-16 | done_late | 到乡镇(街道)报到
D20 | received 2022-03-01; custody 2022-03-05 | 2022-03-20 | - | suspended | 《行政案件程序规定》第二百二十一条
D20 | received 2022-03-01; custody 2022-03-05; released 2022-03-15 | 2022-03-20 | 2022-03-28 | running | 中止 10 日不计入
D20 | received 2022-03-01; custody 2022-03-05; released 2022-03-15; reported 2022-03-20 | 2022-04-20 | 2022-03-28 | done | 解除拘留或者羁押
D20 | received 2022-03-01; revoked 2022-03-08 | 2022-04-20 | 2022-03-16 | stopped | 决定被撤销或者变更
D20 | 起算 2022-03-01; 完成 2022-03-02 | 2022-04-20 | 2022-03-16 | done | 到乡镇(街道)报到
D120 | received 2022-03-01; custody 2022-03-01; released 2022-03-11 | 2022-03-12 | 2022-03-25 | running | 先执行行政拘留
D22 | reported 2022-03-16 | 2022-04-01 | 2025-03-15 | running | 当日计入 3 年
D22 | reported 2024-02-29 | 2024-03-01 | 2027-02-27 | running | 当日计入 3 年
D22 | reported 2022-03-16; detained 2022-06-01; released 2022-07-01 | 2022-07-02 | 2025-04-14 | running | 《戒毒条例》第二十四条
D22 | reported 2022-03-16; detained 2022-06-01 | 2022-07-02 | - | suspended | 已计 77 日
D32 | reported 2022-03-16; detained 2022-06-01 | 2022-07-02 | - | suspended | 社区戒毒中止,释放后继续
D33 | reported 2022-03-16; imprisoned 2022-06-01 | 2022-07-02 | 2025-03-15 | stopped | 被收监执行刑罚
D22 | reported 2022-03-16; isolated 2022-06-01 | 2022-07-02 | 2025-03-15 | stopped | 《禁毒法》第三十八条
D22 | reported 2022-03-16; moved 2022-06-01 | 2022-07-02 | 2025-03-15 | running | 时间连续计算
D22 | reported 2022-03-16 | 2025-03-16 | 2025-03-15 | ended | 2025-03-15 届满
D22 | reported 2022-03-16; discharged 2025-03-15 | 2025-04-16 | 2025-03-15 | done | 解除社区戒毒
D22 | reported 2022-03-16; credited 2022-03-16 days=100 | 2022-07-02 | 2024-12-05 | running | 折抵 100 日
D40 | decided 2022-03-15 | 2022-04-01 | 2024-03-14 | running | 2 年
D40 | decided 2022-03-15; escaped 2022-06-01; recovered 2022-07-01 | 2022-08-01 | 2024-04-13 | running | 中止 30 日不计入
D40 | decided 2022-03-15; hospital 2022-06-01 | 2022-08-01 | 2024-03-14 | running | 期限连续计算
D144 | decided 2022-03-15; custody 2022-06-01 | 2022-08-01 | 2024-03-14 | running | 《戒毒条例》第三十六条
D142 | decided 2022-03-15; hospital 2022-06-01 | 2022-08-01 | 2024-03-14 | running | 《戒毒条例》第三十一条
D49 | decided 2022-03-15; escaped 2022-06-01 | 2022-08-01 | - | suspended | 脱逃期间不计入
D40 | decided 2022-03-15; extended 2024-03-01 term=6_month by=x | 2024-03-10 | 2024-09-14 | running | 延长 6 个月
D40 | decided 2022-03-15; extended 2024-03-01 term=12_month by=x; extended 2024-09-01 term=6_month by=x | 2024-10-01 | 2025-03-14 | running | 连同延长最长 3 年
D40 | decided 2022-03-15; converted 2023-01-01 | 2023-02-01 | 2024-03-14 | stopped | 变更为社区戒毒
D43 | start 2022-03-15 | 2022-04-01 | 2023-03-14 | running | 1 年
D51 | reported 2022-03-16 term=18_month | 2022-04-01 | 2023-09-15 | running | 18 个月
D51 | reported 2022-03-16 term=18_month; detained 2022-05-01; released 2022-05-11 | 2022-06-01 | 2023-09-25 | running | 拘留
D53 | start 2020-01-10 | 2022-04-01 | 2023-01-09 | running | 《戒毒条例》第七条第二款
D53 | start 2020-01-10; relapsed 2022-05-01 | 2022-06-01 | 2025-04-30 | running | 期限重新计算
D31 | start 2025-03-15 | 2025-03-01 | 2025-03-14 | running | 2025-03-06 至 2025-03-14
D46 | start 2022-03-10 | 2022-03-01 | 2022-03-07 | running | 最迟 2022-03-07
D60 | accepted 2022-03-01 | 2022-03-02 | 2022-03-31 | running | 30 日
D60 | accepted 2022-03-01; extended 2022-03-30 by=x | 2022-04-01 | 2022-05-05 | running | 延长 30 日
D60 | accepted 2022-03-01; appraisal 2022-03-05~2022-03-14 | 2022-04-01 | 2022-04-11 | running | 鉴定,其间不计入
D60b | filed 2026-03-02; extended 2026-03-30 by=x; extended 2026-04-29 by=x | 2026-05-01 | 2026-06-01 | running | 延长 30 日
D60b | filed 2026-03-02; hearing 2026-03-10; heard 2026-03-20 | 2026-03-21 | 2026-04-13 | running | 听证
D61 | start 2022-03-10 | 2022-09-11 | 2022-09-10 | ended | 6 个月
D102 | start 2022-03-10 term=10_day | 2022-03-11 | 2022-03-20 | running | 10 日
D153 | executed 2022-03-10 term=25_day | 2022-03-11 | 2022-03-30 | running | 按 20 日 计
D152 | executed 2022-03-10 term=10_day; credited 2022-03-10 days=2 | 2022-03-11 | 2022-03-18 | running | 折抵 2 日
D78 | received 2022-09-21 option=judgment | 2022-09-22 | 2022-10-08 | running | 是国庆节,顺延至 2022-10-08
D78 | received 2022-09-21 option=裁定 | 2022-09-22 | 2022-09-26 | running | 5 日
D78 | received 2022-09-21 | 2022-09-22 | - | undecided | 请在起算事件里写 option
D70 | start 2022-09-29 option=ordinary | 2022-09-30 | 2022-10-02 | running | 不因节假日延长
D71 | received 2022-09-29 option=free | 2022-09-30 | 2022-10-14 | running | 15 日
D72 | arrested 2022-07-31 | 2022-08-01 | 2022-09-30 | running | 2 个月
D72 | arrested 2022-07-31; extended_1 2022-09-25 by=x | 2022-10-01 | 2022-10-31 | running | 延长 1 个月
D72 | arrested 2022-07-31; extended_1 2022-09-25; extended_2 2022-10-25; extended_3 2022-12-05 | 2023-01-02 | 2023-02-28 | running | 《刑事诉讼法》第一百五十九
D72 | arrested 2022-07-10; new_crime 2022-08-20 | 2022-09-01 | 2022-10-20 | running | 期限重新计算(《刑事诉讼法》第一百六十条第一款)
D72 | arrested 2022-07-10; appraisal 2022-07-20~2022-08-18 | 2022-09-01 | 2022-10-10 | running | 精神病鉴定,其间不计入
D72 | arrested 2022-07-10; released 2022-08-20 | 2022-09-01 | 2022-09-10 | stopped | 释放或者变更强制措施
D73 | received 2022-07-10 option=ordinary; extended 2022-08-05 | 2022-08-06 | 2022-08-25 | running | 延长 15 日
D73 | received 2022-07-10 option=ordinary; returned 2022-09-01; returned 2022-11-01 | 2022-11-02 | 2022-12-01 | running | 《刑事诉讼法》第一百七十五条
D177 | received 2022-07-10 option=ordinary; jurisdiction 2022-08-01 | 2022-08-02 | 2022-09-01 | running | 改变管辖后收到案件
D75 | received 2022-07-10; adjourned 2022-08-01; continued 2022-08-31 | 2022-09-02 | 2022-10-10 | running | 中止 30 日不计入
D75 | received 2022-07-10; ordinary 2022-08-01 | 2022-09-02 | 2022-10-01 | running | 转为普通程序
D101 | start 2022-02-28 term=1_month | 2022-03-01 | 2022-03-31 | running | 1 个月
D101 | start 2022-01-30 term=1_month | 2022-02-01 | 2022-02-28 | running | 1 个月
D100 | start 2022-09-24 term=7_day | 2022-09-25 | 2022-10-08 | running | 是国庆节,顺延至 2022-10-08
D103 | start 2022-09-29 option=5 | 2022-09-30 | 2022-10-11 | running | 5 个工作日
D184 | executed 2022-03-10 term=6_month; credited 2022-03-10 days=30 | 2022-04-11 | 2022-08-10 | running | 折抵 30 日
D90 | start 2022-12-31 | 2023-01-02 | 2023-03-31 | running | 应在 2023-03-31 前办理
D10 | start 2022-03-10T14:30; done 2022-03-11T14:29 | 2022-03-12 | 2022-03-11T14:30 | done | 24 小时
D10 | start 2022-03-10T14:30; done 2022-03-11T14:31 | 2022-03-12 | 2022-03-11T14:30 | done_late | 24 小时
D41 | start 2022-03-10T14:30; identified 2022-03-12T09:00 | 2022-03-12 | 2022-03-13T09:00 | running | 重新计算
D150 | start 2026-03-10T08:00 option=many | 2026-03-10 | 2026-03-10T20:00 | due_today | 12 小时
D202 | received 2026-03-10 option=conditional; extended 2026-03-20 term=10_working_day | 2026-03-21 | 2026-04-08 | running | 延长 10 个工作日
"""


def _events(text: str) -> list[dict[str, Any]]:
    found = []
    for piece in text.split(";"):
        event, on, *more = piece.split()
        on, _, until = on.partition("~")
        entry: dict[str, Any] = {"event": event, "on": on}
        if until:
            entry["until"] = until
        for extra in more:
            key, value = extra.split("=")
            name = {"by": "approved_by"}.get(key, key)
            entry[name] = int(value) if key == "days" else value.replace("_", " ", 1)
        found.append(entry)
    return found


TOLD = [tuple(part.strip() for part in line.split(" | ")) for line in SCENARIOS.strip().splitlines()]


@pytest.mark.parametrize(
    ("code", "events", "on", "last", "state", "reason"), TOLD, ids=[f"{one[0]}: {one[1]}" for one in TOLD]
)
def test_a_story_ends_on_its_day_for_its_reason(
    code: str, events: str, on: str, last: str, state: str, reason: str
) -> None:
    found = clocks.answer(code, clocks.read_events(_events(events)), on=date.fromisoformat(on))
    shown = f"{found.moment:%Y-%m-%dT%H:%M}" if found.moment else str(found.last_day or "-")
    reasons = "\n".join(str(one) for one in found.reasons)
    assert (shown, str(found.state)) == (last, state)
    assert reason in reasons
    assert any(one.articles for one in found.reasons)


@pytest.mark.parametrize("row", TABLE, ids=[f"{row['code']}-{number}" for number, row in enumerate(TABLE)])
def test_every_length_of_every_clock(row: dict[str, str]) -> None:
    events = clocks.read_events(json.loads(row["events"]))
    found = clocks.answer(row["code"], events, on=date.fromisoformat(row["on"]), pack=row["pack"])
    if row["last"].startswith("opens:"):
        assert str(found.opens_on) == row["last"].removeprefix("opens:")
    elif "T" in row["last"]:
        assert found.moment is not None and found.moment.isoformat(timespec="minutes") == row["last"]
    else:
        assert str(found.last_day or "") == row["last"]
    assert str(found.state) == row["state"]
    assert row["reason"] in "\n".join(str(one) for one in found.reasons)
    assert all("《" in describe(one.articles) for one in found.reasons if one.articles)


def test_there_are_enough_examples_and_none_is_left_out() -> None:
    asked = {row["code"] for row in TABLE} | {one[0] for one in TOLD}
    not_asked = {clock.code for clock in clocks.all_clocks()} - asked
    assert {clocks.get_clock(code).kind for code in not_asked} <= {Kind.RULE, Kind.COUNTER, Kind.TERM}
    assert len(TABLE) + len(TOLD) >= 250


COUNTED = [
    ("D24", "refused 2022-01-10; evaded 2022-03-10", 2, 0, None),
    ("D24", "refused 2022-01-10; evaded 2022-03-10; 拒绝检测 2022-06-01", 3, 0, "2022-06-01"),
    ("D25", "left 2022-01-01~2022-01-12; left 2022-03-01~2022-03-18", 2, 30, None),
    ("D25", "left 2022-01-01~2022-01-12; left 2022-03-01~2022-03-19", 2, 31, "2022-03-19"),
    ("D25", "left 2022-01-01~2022-01-10; left 2022-03-01~2022-03-12; left 2022-05-01~2022-05-08", 3, 30, "2022-05-03"),
    ("D25", "left 2022-01-01~2022-01-31", 1, 31, "2022-01-31"),
    ("D25", "left 2022-01-01~2022-01-30", 1, 30, None),
    ("D25", "left 2022-01-01~2022-02-09; lawful 2022-01-05~2022-01-20", 1, 24, None),
    ("D25", "left 2022-01-01~2022-01-02; left 2022-02-01~2022-02-02; left 2022-03-01~2022-03-02", 0, 0, None),
    ("D128", "refused 2022-01-10; evaded 2022-03-10; left 2022-05-01~2022-05-20", 3, 20, "2022-05-03"),
]


@pytest.mark.parametrize(("code", "events", "times", "days", "reached"), COUNTED)
def test_a_counter_shows_its_days_and_concludes_nothing(
    code: str, events: str, times: int, days: int, reached: str | None
) -> None:
    tally = clocks.count(code, clocks.read_events(_events(events)), on=date(2022, 12, 31))
    assert (tally.times, tally.days, str(tally.reached_on) if tally.reached_on else None) == (times, days, reached)
    told = "\n".join(str(one) for one in tally.reasons)
    assert ("由人决定" in told) == tally.reached
    assert "《戒毒条例》第二十条" in told or code == "D128"
    assert sum(len(one.days) for one in tally.occasions if one.counted) == days


def test_an_objection_is_shown_both_ways() -> None:
    events = clocks.read_events(
        [{"event": "refused", "on": f"2022-0{month}-10", "objected": month == 3} for month in (1, 2, 3)]
    )
    tally = clocks.count("D24", events, on=date(2022, 12, 31))
    assert tally.reached_on == date(2022, 3, 10) and tally.undisputed_on is None
    assert any("不计有异议的,没有达到" in one.text for one in tally.reasons)
    assert tally.as_json()["opens"]["checklist"]


class TestPacks:
    def test_a_province_has_its_own_length_and_its_outermost_day(self) -> None:
        found = clocks.start("D20", date(2022, 3, 1), "zhejiang")
        assert (found.last_day, found.latest) == (date(2022, 3, 3), date(2022, 3, 16))
        assert not found.confirmed
        assert found.reasons[0].articles == "ZJ37"

    def test_a_provincial_text_that_has_ended_gives_way_to_the_national_rule(self) -> None:
        assert clocks.start("D20", date(2023, 3, 1), "zhejiang").last_day == date(2023, 3, 16)

    def test_what_no_text_fixes_is_unconfirmed_and_says_why(self) -> None:
        rolled = clocks.start("D20", date(2022, 4, 16))
        assert not rolled.confirmed and any("由本地确认" in note for note in rolled.notes)
        assert clocks.start("D20", date(2022, 3, 1)).confirmed
        assert not get_pack().require("report.rolls", date(2022, 3, 1)).confirmed


class TestRefusals:
    @pytest.mark.parametrize(
        ("code", "events", "why"),
        [
            ("D20", "custody 2022-03-05", "还没有起算"),
            ("D20", "received 2022-03-05; received 2022-03-06", "只能起算一次"),
            ("D20", "received 2022-03-05; released 2022-03-06", "没有中止"),
            ("D20", "received 2022-03-05; custody 2022-03-06; custody 2022-03-07", "已经中止"),
            ("D20", "received 2022-03-05; extended 2022-03-06", "不认识"),
            ("D20", "received 2022-03-05; revoked 2022-03-06; reported 2022-03-07", "期限终止"),
            (
                "D73",
                "received 2022-07-10 option=ordinary; returned 2022-08-01; returned 2022-09-01; returned 2022-10-01",
                "以 2 次为限",
            ),
            ("D40", "decided 2022-03-15; extended 2024-03-01 term=13_month by=x", "一次最长 1 年"),
            ("D40", "decided 2022-03-15; extended 2024-03-01", "延长多久"),
            ("D51", "reported 2022-03-15", "以决定为准"),
            ("D51", "reported 2022-03-15 term=37_month", "最长 3 年"),
            ("D152", "executed 2022-03-15 term=5_day; credited 2022-03-15", "折抵的天数"),
            ("D78", "received 2022-03-15 option=none", "judgment(判决)"),
        ],
    )
    def test_what_the_law_does_not_know_is_refused_with_what_it_knows(self, code: str, events: str, why: str) -> None:
        with pytest.raises(BadEvents, match=why.replace("(", r"\(").replace(")", r"\)")):
            clocks.answer(code, clocks.read_events(_events(events)), on=date(2030, 1, 1))

    def test_an_extension_without_its_approver_is_counted_and_marked(self) -> None:
        events = clocks.read_events(_events("accepted 2022-03-01; extended 2022-03-30"))
        found = clocks.answer("D60", events, on=date(2022, 4, 1))
        assert not found.confirmed and any("上一级公安机关" in note for note in found.notes)

    def test_a_law_that_was_not_yet_in_force_has_no_clock(self) -> None:
        with pytest.raises(ClockNotInForce):
            clocks.start("D60b", date(2022, 3, 1))
        with pytest.raises(ClockNotInForce):
            clocks.start("D60", date(2026, 3, 1))

    @pytest.mark.parametrize(
        "loaded",
        [
            None,
            "text",
            {"no": "events"},
            [1],
            [{}],
            [{"event": "start"}],
            [{"event": "", "on": "2022-03-01"}],
            [{"event": "start", "on": "2022-02-30"}],
            [{"event": "start", "on": 20220301}],
            [{"event": "start", "on": "2022-03-01", "unknown": 1}],
            [{"event": "start", "on": "2022-03-01", "until": "2022-02-01"}],
            [{"event": "start", "on": "2022-03-01", "days": -1}],
            [{"event": "start", "on": "2022-03-01", "term": "soon"}],
            [{"event": "start", "on": "2022-03-01", "objected": "yes"}],
            [{"event": "start", "on": "2022-03-01", "paper": 7}],
        ],
    )
    def test_a_file_that_cannot_be_read_says_which_event_and_how_to_write_it(self, loaded: Any) -> None:
        with pytest.raises(BadEvents, match=r"2022-03-01|事件"):
            clocks.read_events(loaded)

    def test_a_correction_needs_what_it_corrects(self) -> None:
        events = clocks.read_events([{"event": "start", "on": "2022-03-01", "corrects": "a"}])
        with pytest.raises(BadEvents, match="不存在"):
            clocks.answer("D20", events, on=date(2022, 3, 2))


def test_every_article_of_every_declaration_is_of_a_law_on_file() -> None:
    for clock in clocks.all_clocks():
        keys = [clock.articles, *(one.articles for one in (*clock.terms, *clock.effects) if one.articles)]
        for key in ";".join(keys).split(";"):
            assert describe(key).startswith("《"), (clock.code, key)


def test_what_ends_a_persons_liberty_or_status_opens_a_decision_of_a_person() -> None:
    for code in ("D20", "D22", "D24", "D25", "D40", "D51", "D53", "D70", "D72", "D173", "D183"):
        opens = clocks.get_clock(code).opens
        assert opens is not None and opens.by and len(opens.checklist) >= 3
    found = clocks.answer("D22", clocks.read_events(_events("reported 2018-03-16")), on=date(2022, 1, 1))
    assert found.as_json()["opens"]["decision"] == "解除社区戒毒"
    assert clocks.start("D22", date(2022, 3, 1)).as_json()["opens"] is None
