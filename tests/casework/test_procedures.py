"""Procedures as tables: what a table must hold, who may take which step, and that no walk leaves the table. No database."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.casework.procedures import rules
from qingyuan.casework.procedures.declaration import BadProcedure, Side, UnknownProcedure
from qingyuan.casework.procedures.loading import all_procedures, get_procedure, read_procedure
from qingyuan.casework.procedures.picture import as_svg, draw
from qingyuan.casework.procedures.rules import Past, Standing, StepRefused, may_step, next_steps, read_given
from qingyuan.organisation.enums import Action, Role
from qingyuan.reference.catalogue import get_list

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "qingyuan/casework/procedures/tables/supervision_order.yaml"
ON = date(2022, 11, 23)
EVERYTHING = frozenset(Action)
ORDER = get_procedure("supervision_order")


def table() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return loaded


def read(data: dict[str, Any]) -> Any:
    return read_procedure("changed", yaml.safe_dump(data, allow_unicode=True))


def step_of(data: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(step for step in data["steps"] if step["code"] == code)
    return found


def without_step(data: dict[str, Any], *codes: str) -> None:
    data["steps"] = [step for step in data["steps"] if step["code"] not in codes]


# --- the table ---------------------------------------------------------------------------------------------------------------
def test_the_shipped_table_is_read_whole() -> None:
    assert ORDER.start == "draft"
    assert {state.code for state in ORDER.states if state.end} == {"closed", "withdrawn", "discarded"}
    assert [step.code for step in ORDER.steps_from("answered")] == ["close", "send_back", "withdraw"]
    assert set(all_procedures()) == {path.stem for path in TABLE.parent.glob("*.yaml")}


def test_the_code_list_names_the_states_of_the_table() -> None:
    listed = {code.code: code.name_zh for code in get_list("order_states").valid_on(ON)}
    assert listed == {state.code: state.label for state in ORDER.states}


def _unknown_target(data: dict[str, Any]) -> None:
    step_of(data, "receive")["to"] = "nowhere"


def _unknown_source(data: dict[str, Any]) -> None:
    step_of(data, "receive")["from"] = ["nowhere"]


def _never_reached(data: dict[str, Any]) -> None:
    data["states"].append({"code": "limbo", "label": "悬着", "waits": "issuer"})
    data["steps"].append({"code": "leave", "label": "离开", "from": ["limbo"], "to": "closed", "who": [{"side": "issuer", "action": "change"}]})


def _nobody_leaves(data: dict[str, Any]) -> None:
    without_step(data, "direct")
    for code in ("answer", "withdraw", "remind"):
        step = step_of(data, code)
        step["from"] = [state for state in step["from"] if state != "escalated"]


def _no_end_in_reach(data: dict[str, Any]) -> None:
    data["states"] += [{"code": "one", "label": "甲", "waits": "issuer"}, {"code": "two", "label": "乙", "waits": "issuer"}]
    who = [{"side": "issuer", "action": "change"}]
    data["steps"] += [
        {"code": "in", "label": "进", "from": ["received"], "to": "one", "who": who},
        {"code": "there", "label": "去", "from": ["one"], "to": "two", "who": who},
        {"code": "back", "label": "回", "from": ["two"], "to": "one", "who": who},
    ]


def _same_code(data: dict[str, Any]) -> None:
    data["steps"].append(dict(step_of(data, "receive")))


def _same_label(data: dict[str, Any]) -> None:
    step_of(data, "send_back")["label"] = step_of(data, "close")["label"]


def _two_beginnings(data: dict[str, Any]) -> None:
    step_of(data, "receive")["from"] = []


def _after_the_end(data: dict[str, Any]) -> None:
    step_of(data, "remind")["from"].append("closed")


def _unknown_side(data: dict[str, Any]) -> None:
    step_of(data, "receive")["who"] = [{"side": "passer_by", "action": "change"}]


def _nobodys_right(data: dict[str, Any]) -> None:
    step_of(data, "receive")["who"] = [{"side": "receiver", "action": "approve"}]


def _nobodys_role(data: dict[str, Any]) -> None:
    step_of(data, "receive")["who"] = [{"side": "receiver", "action": "change", "roles": ["doctor"]}]


def _unknown_condition(data: dict[str, Any]) -> None:
    step_of(data, "escalate")["when"] = ["full_moon"]


def _never_both(data: dict[str, Any]) -> None:
    step_of(data, "escalate")["unless"] = ["past_due"]


def _apart_from_nothing(data: dict[str, Any]) -> None:
    step_of(data, "close")["other_person"] = ["nobody"]


def _apart_from_what_comes_later(data: dict[str, Any]) -> None:
    step_of(data, "issue")["other_person"] = ["discard"]


def _day_from_a_text(data: dict[str, Any]) -> None:
    step_of(data, "send_back")["sets"] = {"due_on": "reason"}


def _unknown_day(data: dict[str, Any]) -> None:
    step_of(data, "issue")["sets"] = {"birthday": "today"}


def _unknown_paper(data: dict[str, Any]) -> None:
    step_of(data, "issue")["paper"] = "poem"


def _unknown_key(data: dict[str, Any]) -> None:
    step_of(data, "issue")["colour"] = "red"


def _no_label(data: dict[str, Any]) -> None:
    del step_of(data, "issue")["label"]


def _bad_flag(data: dict[str, Any]) -> None:
    step_of(data, "withdraw")["grave"] = "very"


def _nobody_takes_it(data: dict[str, Any]) -> None:
    step_of(data, "issue")["who"] = []


def _two_main_steps(data: dict[str, Any]) -> None:
    step_of(data, "send_back")["main"] = True


WRONG = (
    (_unknown_target, "步骤 receive 写的状态 nowhere 不存在"),
    (_unknown_source, "步骤 receive 写的状态 nowhere 不存在"),
    (_never_reached, "状态 limbo 走不到"),
    (_nobody_leaves, "状态 escalated 进得去出不来"),
    (_no_end_in_reach, "从状态 one 走不到任何结束"),
    (_same_code, "步骤 receive 写了两次"),
    (_same_label, "状态 answered 里名称相同的步骤 核查通过,办结 写了两次"),
    (_two_beginnings, "开始的一步(from: [])要恰好一个,现在有 2 个"),
    (_after_the_end, "状态 closed 已经结束,不能再办 remind"),
    (_unknown_side, "写的是“passer_by”"),
    (_nobodys_right, "步骤 receive 按权限总表没有角色能办"),
    (_nobodys_role, "步骤 receive 按权限总表没有角色能办"),
    (_unknown_condition, "条件 full_moon 没有在 conditions 里说明"),
    (_never_both, "步骤 escalate 的 when 和 unless 相同"),
    (_apart_from_nothing, "要避开的步骤 nobody 不存在"),
    (_apart_from_what_comes_later, "但 discard 不会在它之前"),
    (_day_from_a_text, "要取自必填的日期字段或 today"),
    (_unknown_day, "日期 birthday 没有在 days 里说明"),
    (_unknown_paper, "文种 poem 不存在"),
    (_unknown_key, "里不认识 colour"),
    (_no_label, "步骤 issue 缺 label"),
    (_bad_flag, "grave 应为 true 或 false"),
    (_nobody_takes_it, "步骤 issue 没有写谁来办"),
    (_two_main_steps, "状态 answered 的主要步骤(main)里"),
)


@pytest.mark.parametrize(("spoil", "words"), WRONG, ids=[spoil.__name__ for spoil, _words in WRONG])
def test_a_table_that_cannot_be_followed_is_refused_with_the_place(spoil: Any, words: str) -> None:
    data = table()
    spoil(data)
    with pytest.raises(BadProcedure, match="流程 changed") as refused:
        read(data)
    assert words in str(refused.value)


@pytest.mark.parametrize("text", ["", "- 1", "steps: [", "title: 1", "steps: {}", "states: [1]\nsteps: [2]"])
def test_what_is_no_table_at_all_is_refused_and_does_not_break(text: str) -> None:
    with pytest.raises(BadProcedure):
        read_procedure("nothing", text)


def test_an_unknown_procedure_names_those_there_are() -> None:
    with pytest.raises(UnknownProcedure, match="supervision_order"):
        get_procedure("tea_party")


# --- who may -------------------------------------------------------------------------------------------------------------------
def standing(account: int, unit: int, **sides: frozenset[Action]) -> Standing:
    return Standing(account, unit, {Side(side): actions for side, actions in sides.items()}, frozenset(Role))


CLERK = standing(1, 10, issuer=frozenset({Action.CREATE, Action.CHANGE, Action.VOID}), checker=frozenset({Action.CHANGE}))
LEADER = standing(2, 10, issuer=frozenset({Action.APPROVE}), checker=frozenset({Action.APPROVE}), superior=frozenset({Action.APPROVE}))
TOWN = standing(3, 20, receiver=frozenset({Action.CHANGE}))
STRANGER = Standing(4, 30)
ROAD = (Past("draft", 1, 10), Past("submit", 1, 10), Past("issue", 2, 10), Past("receive", 3, 20), Past("answer", 3, 20))
LATE = ("past_due",)


def codes(state: str, who: Standing, past: tuple[Past, ...] = ROAD, conditions: tuple[str, ...] = ()) -> list[str]:
    return [step.code for step in next_steps(ORDER, state, who, past=past, conditions=conditions)]


@pytest.mark.parametrize(
    ("state", "who", "conditions", "steps"),
    [
        ("draft", CLERK, (), ["change", "submit", "discard"]),
        ("draft", LEADER, (), []),
        ("to_sign", LEADER, (), ["return_draft", "issue"]),
        ("issued", TOWN, (), ["receive"]),
        ("issued", CLERK, (), ["remind"]),
        ("issued", CLERK, LATE, ["remind", "escalate"]),
        ("received", TOWN, (), ["ask_extension", "answer"]),
        ("received", TOWN, LATE, ["answer"]),
        ("extension", LEADER, (), ["grant_extension", "refuse_extension", "withdraw"]),
        ("answered", CLERK, (), ["close", "send_back"]),
        ("answered", LEADER, (), ["send_back", "withdraw"]),
        ("escalated", LEADER, LATE, ["direct", "withdraw"]),
        ("closed", CLERK, (), []),
        ("withdrawn", LEADER, (), []),
        ("received", STRANGER, LATE, []),
    ],
)
def test_each_sees_the_steps_that_are_theirs(state: str, who: Standing, conditions: tuple[str, ...], steps: list[str]) -> None:
    assert codes(state, who, conditions=conditions) == steps


def test_whoever_signed_or_answered_does_not_check() -> None:
    close = may_step(ORDER, "close", "answered", LEADER, past=ROAD)
    assert (close.allowed, close.reason) == (False, "签发下达的人不能再核查通过,办结,请换一个人办。")
    both = Standing(3, 20, {Side.CHECKER: EVERYTHING}, frozenset())
    assert "反馈办理情况的人不能再" in may_step(ORDER, "close", "answered", both, past=ROAD).reason
    colleague = Standing(9, 20, {Side.CHECKER: EVERYTHING}, frozenset())
    assert "反馈办理情况的单位不能再" in may_step(ORDER, "close", "answered", colleague, past=ROAD).reason
    assert may_step(ORDER, "close", "answered", CLERK, past=ROAD).allowed


def test_only_the_last_one_who_took_a_step_is_kept_apart() -> None:
    twice = (*ROAD, Past("answer", 5, 21))
    again = Standing(3, 20, {Side.CHECKER: EVERYTHING}, frozenset())
    assert may_step(ORDER, "close", "answered", again, past=twice).allowed


def test_a_refusal_says_what_stands_in_the_way() -> None:
    assert may_step(ORDER, "answer", "issued", TOWN).reason == "现在是“已下达”,不能反馈办理情况;请刷新页面看最新状态。"
    assert may_step(ORDER, "receive", "issued", CLERK).reason == "“签收”由承办单位办理。"
    assert may_step(ORDER, "escalate", "received", CLERK).reason == "要过了办理期限才能提级督办。"
    assert may_step(ORDER, "ask_extension", "received", TOWN, conditions=LATE).reason == "已经过了办理期限,不能申请延期。"


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40), st.booleans()), max_size=60))
def test_no_walk_leaves_the_table_and_an_end_is_an_end(choices: list[tuple[int, int, bool]]) -> None:
    people = (CLERK, LEADER, TOWN, STRANGER)
    state, past = "", []
    known = {one.code for one in ORDER.states}
    for who, pick, late in choices:
        person, conditions = people[who], LATE if late else ()
        offered = next_steps(ORDER, state, person, past=past, conditions=conditions) if state else (ORDER.beginning,)
        assert all(may_step(ORDER, one.code, state, person, past=past, conditions=conditions).allowed for one in offered if state)
        if not state and not may_step(ORDER, "draft", "", person).allowed:
            continue
        if not offered:
            continue
        step = offered[pick % len(offered)]
        assert not state or not ORDER.state(state).end
        state = step.after(state)
        assert state in known
        past.append(Past(step.code, person.account_id, person.unit_id))
        if step.code == "close":
            signed = [one for one in past if one.step == "issue"][-1]
            answered = [one for one in past if one.step == "answer"][-1]
            assert person.account_id not in (signed.account_id, answered.account_id)


@given(st.sampled_from(ORDER.steps), st.sampled_from(ORDER.states))
def test_a_step_may_be_taken_by_everyone_s_right_exactly_where_the_table_says(step: Any, state: Any) -> None:
    all_rights = Standing(99, 99, dict.fromkeys(Side, EVERYTHING), frozenset(Role))
    conditions = step.when
    allowed = may_step(ORDER, step.code, state.code, all_rights, conditions=conditions).allowed
    assert allowed == (state.code in step.froms)


# --- what is filled in -----------------------------------------------------------------------------------------------------------
def test_what_a_step_does_not_ask_for_is_not_taken() -> None:
    kept = read_given(ORDER.step("withdraw"), {"reason": "  重复下达  ", "state": "closed"}, ON)
    assert kept == {"reason": "重复下达"}


@pytest.mark.parametrize(
    ("step", "given_", "field", "words"),
    [
        ("withdraw", {}, "reason", "请填“撤回理由”"),
        ("withdraw", {"reason": " \n "}, "reason", "请填“撤回理由”"),
        ("withdraw", {"reason": "字" * 201}, "reason", "最多 200 字,现有 201 字"),
        ("answer", {"done": "找到张某 110101 19900101 1234 补检"}, "done", "不能有身份证号码或手机号"),
        ("answer", {"done": "电话 138-0013-8000"}, "done", "不能有身份证号码或手机号"),
        ("answer", {"done": "办了", "evidence": list("1234567")}, "evidence", "最多 6 个文件"),
        ("send_back", {"reason": "不实", "due_on": ON}, "due_on", "要在今天之后"),
        ("send_back", {"reason": "不实", "due_on": ON - timedelta(days=1)}, "due_on", "要在今天之后"),
        ("send_back", {"reason": "不实", "due_on": ON + timedelta(days=367)}, "due_on", "超过一年"),
        ("send_back", {"reason": "不实", "due_on": "明天"}, "due_on", "要写成 2022-11-30"),
        ("send_back", {"reason": "不实"}, "due_on", "请填“重办期限”"),
    ],
)
def test_what_is_filled_in_wrongly_is_refused_beside_its_field(step: str, given_: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(StepRefused) as refused:
        read_given(ORDER.step(step), given_, ON)
    assert (refused.value.field, words in str(refused.value)) == (field, True)


def test_years_and_amounts_in_several_lines_are_no_telephone() -> None:
    text = "2019\n2020\n2021\n2022\n共计 1 380 013 元"
    assert rules.clean_text(text, 100, "办理情况") == text


# --- the picture -----------------------------------------------------------------------------------------------------------------
def test_the_picture_shows_every_state_and_step_once_and_is_the_same_each_time() -> None:
    picture = draw(ORDER, now="answered", taken={"draft", "submit"})
    assert picture == draw(ORDER, now="answered", taken={"draft", "submit"})
    assert [box.code for box in picture.states] == [state.code for state in ORDER.states]
    assert [arrow.code for arrow in picture.arrows] == [step.code for step in ORDER.steps]
    assert [box.code for box in picture.states if box.mark == "now"] == ["answered"]
    assert {arrow.code for arrow in picture.arrows if arrow.taken} == {"draft", "submit"}


def test_nothing_in_the_picture_lies_over_anything_else() -> None:
    picture = draw(ORDER)
    lefts = [box.x for box in picture.states]
    assert all(after - before >= picture.states[0].width for before, after in zip(lefts, lefts[1:], strict=False))
    rows = [arrow.y for arrow in picture.arrows]
    assert all(after - before >= 30 for before, after in zip(rows, rows[1:], strict=False))
    assert all(0 < place < picture.width for arrow in picture.arrows for place in (*arrow.dots, arrow.x1, arrow.x2))


def test_the_arrow_of_a_step_ends_in_the_state_it_leads_to() -> None:
    picture = draw(ORDER)
    middles = {box.code: box.middle for box in picture.states}
    for step, arrow in zip(ORDER.steps, picture.arrows, strict=True):
        assert arrow.dots == tuple(sorted(middles[code] for code in step.froms))
        if step.to:
            assert arrow.heads and not arrow.loop
            assert all(points.startswith(f"{middles[step.to]},") for points in arrow.heads)
        else:
            assert arrow.loop and not arrow.heads


def test_the_file_is_plain_and_the_handbook_shows_the_table_as_it_is() -> None:
    svg = as_svg(draw(ORDER))
    assert not re.search(r"<script|<style|style=|href=|<foreignObject", svg)
    kept = ROOT / "docs/handbook/pictures/supervision_order.svg"
    assert kept.read_text(encoding="utf-8") == svg, "qingyuan procedure supervision_order --svg docs/handbook/pictures/supervision_order.svg"


def test_words_of_a_table_cannot_break_out_of_the_picture() -> None:
    data = table()
    data["states"][0]["label"] = "<b>&\"起草"
    svg = as_svg(draw(read(data)))
    assert "&lt;b&gt;&amp;" in svg
    assert "<b>" not in svg
