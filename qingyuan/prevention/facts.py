"""The facts of this room: places, activities, lessons, rounds and strata. Nobody who took part, answered or planted is in them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from qingyuan.ledgers.facts import Fact, FactColumn, FactKind, FactTable
from qingyuan.prevention.rules import surveys
from qingyuan.prevention.rules.schools import lessons_in_scope

ONE_DAY = timedelta(days=1)


def _place(row: Any) -> Fact:
    return Fact(happened_on=row.listed_on, until=row.closed_on, data={"kind": row.kind, "setting": row.setting})


def _activity(row: Any) -> Fact:
    return Fact(
        happened_on=row.held_on,
        data={
            "theme": row.theme,
            "kind": row.kind,
            "audience": row.audience,
            "form": row.form,
            "reach": row.reach,
            "reach_basis": row.reach_basis,
            "handed_out": row.handed_out,
            "at_listed_place": row.place_id is not None,
        },
    )


def _school(row: Any) -> Fact:
    return Fact(
        happened_on=row.listed_on,
        until=row.closed_on,
        data={
            "stage": row.stage,
            "in_scope": lessons_in_scope(row.stage),
            "pupils": row.pupils_p1_3 + row.pupils_p4_6 + row.pupils_j7_9 + row.pupils_s10_12 + row.pupils_v1_3,
            "qingjiao": row.qingjiao,
            "demonstration": row.demonstration,
            "awarded_on": row.awarded_on,
            "expires_on": row.expires_on,
        },
    )


def _lesson(row: Any) -> Fact:
    return Fact(happened_on=row.held_on, data={"grade_band": row.grade_band, "hours": row.hours, "pupils": row.pupils})


def _move(row: Any) -> Fact:
    return Fact(
        happened_on=row.moved_on,
        data={"material": row.material, "direction": row.direction, "quantity": row.quantity},
    )


def _patch(row: Any) -> Fact:
    return Fact(happened_on=row.listed_on, until=row.closed_on, data={"land": row.land, "area_mu": row.area_mu})


def _survey(row: Any) -> Fact:
    return Fact(
        happened_on=row.surveyed_on,
        data={
            "method": row.method,
            "plant": row.plant,
            "found": row.found,
            "plants": row.plants,
            "eradicated": row.eradicated,
        },
    )


def _eradication(row: Any) -> Fact:
    return Fact(
        happened_on=row.eradicated_on,
        data={"method": row.method, "plants": row.plants, "recheck_result": row.recheck_result},
    )


def _stratum(row: Any) -> dict[str, Any]:
    return {
        "stratum_size": row.stratum_size,
        "sampled": row.sampled,
        "valid": row.valid,
        "weight_square": surveys.weight_square(row.valid, row.stratum_size),
    }


def _awareness(row: Any) -> Fact:
    weighted = surveys.stands_for(row.passed, row.valid, row.stratum_size)
    return Fact(happened_on=row.ended_on, data=_stratum(row) | {"passed": row.passed, "weighted_passed": weighted})


def _safety(row: Any) -> Fact:
    good = row.very_content + row.content
    safe = None if row.safe is None else surveys.stands_for(row.safe, row.valid, row.stratum_size)
    return Fact(
        happened_on=row.ended_on,
        data=_stratum(row)
        | {
            "satisfied": good,
            "weighted_satisfied": surveys.stands_for(good, row.valid, row.stratum_size),
            "weighted_safe": safe,
            "safe_asked": None if row.safe is None else row.stratum_size,
        },
    )


def _window(row: Any) -> dict[str, Any]:
    return {"opens_on": row.opens_on, "done_on": row.done_on, "outcome": str(row.outcome)}


def _reach_plan(row: Any) -> Fact:
    """An interval, so that a day of the year finds the places that are to be reached in it and those reached by then."""
    return Fact(happened_on=row.opens_on, until=row.last_day + ONE_DAY, data=_window(row) | {"kind": row.kind})


def _lesson_plan(row: Any) -> Fact:
    return Fact(happened_on=row.last_day, data=_window(row) | {"stage": row.stage, "hours": row.hours})


def _survey_plan(row: Any) -> Fact:
    return Fact(happened_on=row.last_day, data=_window(row))


def _text(name: str, title: str) -> FactColumn:
    return FactColumn(name, "text", title)


def _count(name: str, title: str, *, coercive: bool = False) -> FactColumn:
    return FactColumn(name, "integer", title, coercive=coercive)


WINDOW = (
    FactColumn("opens_on", "date", "开始"),
    FactColumn("done_on", "date", "完成日"),
    FactColumn("outcome", "text", "结果"),
)
STRATUM = (
    _count("stratum_size", "层内人口"),
    _count("sampled", "样本量"),
    _count("valid", "有效样本"),
    FactColumn("weight_square", "decimal", "权数平方和"),
)

PLACES = FactTable(
    name="places",
    kind=FactKind.INTERVAL,
    title="六进点位(期间)",
    build=_place,
    columns=(_text("kind", "六进类别"), _text("setting", "高危行业(场所)")),
)
ACTIVITIES = FactTable(
    name="activities",
    kind=FactKind.EVENT,
    title="宣传教育活动",
    build=_activity,
    columns=(
        _text("theme", "主题"),
        _text("kind", "六进类别"),
        _text("audience", "对象"),
        _text("form", "形式"),
        _count("reach", "受教育人次"),
        _text("reach_basis", "人数怎么来"),
        _count("handed_out", "发放资料"),
        FactColumn("at_listed_place", "boolean", "在名录点位"),
    ),
)
SCHOOLS = FactTable(
    name="schools",
    kind=FactKind.INTERVAL,
    title="学校(期间)",
    build=_school,
    columns=(
        _text("stage", "学段"),
        FactColumn("in_scope", "boolean", "应开课"),
        _count("pupils", "学生"),
        FactColumn("qingjiao", "boolean", "接入青骄第二课堂"),
        _text("demonstration", "示范学校"),
        FactColumn("awarded_on", "date", "命名日期"),
        FactColumn("expires_on", "date", "有效期至"),
    ),
)
LESSONS = FactTable(
    name="lessons",
    kind=FactKind.EVENT,
    title="禁毒专题课",
    build=_lesson,
    columns=(_text("grade_band", "年级段"), FactColumn("hours", "decimal", "课时"), _count("pupils", "听课人次")),
)
MATERIALS = FactTable(
    name="materials",
    kind=FactKind.EVENT,
    title="宣传品收发",
    build=_move,
    columns=(_text("material", "宣传品"), _text("direction", "收发"), _count("quantity", "数量")),
)
PATCHES = FactTable(
    name="patches",
    kind=FactKind.INTERVAL,
    title="踏查地块(期间)",
    build=_patch,
    columns=(_text("land", "地块类别"), FactColumn("area_mu", "decimal", "面积(亩)")),
)
SURVEY_ROUNDS = FactTable(
    name="survey_rounds",
    kind=FactKind.EVENT,
    title="踏查",
    build=_survey,
    columns=(
        _text("method", "踏查方式"),
        _text("plant", "植物"),
        # What is found falls when nobody looks: it is situation, like any other find.
        FactColumn("found", "boolean", "发现", coercive=True),
        _count("plants", "发现株数", coercive=True),
        _count("eradicated", "已铲除株数"),
    ),
)
ERADICATIONS = FactTable(
    name="eradications",
    kind=FactKind.EVENT,
    title="铲除",
    build=_eradication,
    columns=(
        _text("method", "铲除方式"),
        _count("plants", "铲除株数", coercive=True),
        _text("recheck_result", "复查结果"),
    ),
)
AWARENESS = FactTable(
    name="awareness_surveys",
    kind=FactKind.EVENT,
    title="知晓率调查(层)",
    build=_awareness,
    columns=(*STRATUM, _count("passed", "合格"), FactColumn("weighted_passed", "decimal", "合格(加权)")),
)
SAFETY = FactTable(
    name="safety_surveys",
    kind=FactKind.EVENT,
    title="满意度安全感调查(层)",
    build=_safety,
    columns=(
        *STRATUM,
        _count("satisfied", "满意和较满意"),
        FactColumn("weighted_satisfied", "decimal", "满意和较满意(加权)"),
        FactColumn("weighted_safe", "decimal", "觉得安全(加权)"),
        _count("safe_asked", "问了安全感的层内人口"),
    ),
)
REACH_PLAN = FactTable(
    name="reach_plan",
    kind=FactKind.INTERVAL,
    title="六进应进(按年)",
    build=_reach_plan,
    columns=(*WINDOW, _text("kind", "六进类别")),
)
LESSON_PLAN = FactTable(
    name="lesson_plan",
    kind=FactKind.EVENT,
    title="专题课应上(按学年最后一天)",
    build=_lesson_plan,
    columns=(*WINDOW, _text("stage", "学段"), FactColumn("hours", "decimal", "已上课时")),
)
SURVEY_PLAN = FactTable(
    name="survey_plan",
    kind=FactKind.EVENT,
    title="应踏查(按每轮最后一天)",
    build=_survey_plan,
    columns=WINDOW,
)
