"""The ledgers of one person's way back: what happens while a measure is carried out, releases, dynamic control."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qingyuan.casework.clocks import wanted
from qingyuan.foundation.enums import Compartment, Sensitivity
from qingyuan.ledgers import registry
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.kinds import Kind
from qingyuan.rehabilitation import clocks
from qingyuan.rehabilitation.actions import case, controls, plans
from qingyuan.rehabilitation.columns import ID_NUMBER, KEEP, NAME
from qingyuan.rehabilitation.models import (
    Absence,
    CarePlan,
    Control,
    Credit,
    Encouraged,
    Move,
    PlanGoal,
    Release,
    Suspension,
    TeamMember,
    Warned,
)
from qingyuan.rehabilitation.rules import case as rules
from qingyuan.rehabilitation.rules import plan as plan_rules

WHO = (
    replace(NAME, required=False),
    replace(ID_NUMBER, required=False, help="18 位,按文本填写;本单位没有同名的人时可以不填"),
)


def _day(name: str, header: str, *aliases: str, required: bool = False, help: str = "") -> Column:
    return Column(name, header, Kind.DATE, required=required, aliases=aliases, help=help)


def _code(name: str, header: str, code_list: str, *aliases: str) -> Column:
    return Column(name, header, Kind.CODE, required=True, aliases=aliases, code_list=code_list, filterable=True)


def _staff(name: str, header: str, *aliases: str, help: str = "") -> Column:
    return Column(name, header, Kind.STAFF, aliases=aliases, help=help)


def _words(name: str, header: str, *aliases: str, required: bool = False, help: str = "") -> Column:
    return Column(
        name, header, Kind.LONG_TEXT, required=required, aliases=aliases, sensitivity=Sensitivity.PERSONAL, listed=False, help=help
    )


def _register(code: str, title: str, model: type[Any], columns: tuple[Column, ...], by: Any, **said: Any) -> None:
    registry.register(
        Ledger(
            code=code,
            title=title,
            room="rehabilitation",
            model=model,
            columns=(*WHO, *columns),
            compartment=Compartment.COMMUNITY,
            retention=KEEP,
            create=by.record,
            change=by.change,
            void=by.void,
            follow=by.follow,
            caseload_field="client__caseworker_id",
            select_related=("client",),
            **({"prepare": by.prepare} | said),
        )
    )


_register(
    "releases",
    "出所衔接台账",
    Release,
    (
        _code("origin", "从哪里出来", "release_origins", "来源"),
        _day("expected_on", "预计出来日期", "预计出所日期", "期满日期", required=True),
        _staff("meeters", "安排接的人", "接人安排", help="岗位或姓名,可以几个人"),
        _day("released_on", "实际出来日期", "出所日期", "释放日期"),
        _day("met_on", "接到日期", "接回日期"),
        _staff("met_by", "接的人", "接回人"),
        _day("papers_on", "收到移交文书日期", "移交日期"),
    ),
    case.RELEASES,
    natural_key=("client_id", "origin", "expected_on"),
    purpose="必接必送:出来以前安排谁接,出来当天接到并移交;只记日期",
    legal_basis="DR34;DR40;NL48",
    dated_by="expected_on",
    check=rules.check_release,
)
_register(
    "team",
    "社区戒毒社区康复工作小组台账",
    TeamMember,
    (
        _code("part", "成员类别", "team_parts", "类别"),
        Column(
            "post",
            "岗位或单位",
            required=True,
            aliases=("成员", "岗位", "单位"),
            max_length=60,
            sensitivity=Sensitivity.PERSONAL,
            help="写岗位或单位,如“龙洞派出所社区民警”",
        ),
        _day("joined_on", "加入日期", required=True),
        _day("left_on", "退出日期"),
    ),
    case.TEAM,
    natural_key=("client_id", "part", "joined_on"),
    purpose="工作小组五类人员是否齐全",
    legal_basis="DR17",
    dated_by="joined_on",
    check=rules.check_team,
    unit_label="人次",
)
_register(
    "care_plans",
    "个案计划台账",
    CarePlan,
    (
        _day("made_on", "制定日期", "计划日期", required=True),
        _words("knowledge", "戒毒知识辅导"),
        _words("persuasion", "教育劝诫"),
        _words("skills", "技能就业就学就医援助", "职业技能培训", "就业援助"),
        _words("other", "其他帮助", "其他"),
        _day("review_on", "下次评估日期", "评估日期", required=True),
    ),
    plans.PLANS,
    natural_key=("client_id", "made_on"),
    purpose="按戒毒条例第十八条的四类帮助制定个案计划并定期评估",
    legal_basis="DR18",
    dated_by="made_on",
    check=rules.check_plan,
    unit_label="份",
)
_register(
    plans.GOALS_LEDGER,
    "计划目标台账",
    PlanGoal,
    (
        _day("set_on", "定下日期", "目标日期", required=True, help="属于这一天已有的那份个案计划"),
        Column("number", "序号", Kind.INTEGER, required=True, aliases=("目标序号",)),
        _words("goal", "要达到什么", "目标", required=True, help="本人在自己的手机上看得到:不写毒品、疾病和别人的名字"),
        _words("own_words", "本人的话", "本人怎么说", help="写了的,本人的手机上显示这一句"),
        _day("by_on", "到哪天", "完成期限", required=True),
        Column("outcome", "评估结果", Kind.CODE, aliases=("达到情况",), code_list="goal_outcomes", help="没有评估的空着;不打分、不算比例"),
        _day("looked_on", "评估日期"),
    ),
    plans.GOALS,
    natural_key=("client_id", "set_on", "number"),
    purpose="个案计划要达到什么、到哪天,每次评估达到没有;专干同意以后本人在自己的页面看得到",
    legal_basis="DR18",
    dated_by="set_on",
    check=plan_rules.check_goal,
    unit_label="条",
)
_register(
    "absences",
    "离开报备台账",
    Absence,
    (
        _day("left_on", "离开日期", "外出日期", "请假起", required=True),
        _day("until_on", "报备至", "请假至", "拟返回日期"),
        _day("back_on", "返回日期", "销假日期", help="返回当天不算离开"),
        Column("lawful", "合法", Kind.BOOLEAN, aliases=("是否合法", "是否请假"), help="没有核实的先不填,不填不计"),
        Column("document_number", "凭证编号", aliases=("请假条编号", "批准编号"), max_length=60, help="只写编号,不写事由"),
        _staff("seen_by", "凭证核看人", "核看人", help="看过凭证原件的人"),
    ),
    case.ABSENCES,
    natural_key=("client_id", "left_on"),
    purpose="离开所在县(市、区)三日以上的书面报告;只记起止、是否合法和谁看过凭证,不记事由",
    legal_basis="DR19;DR20",
    dated_by="left_on",
    check=rules.check_absence,
    unit_label="次",
)
_register(
    "warnings",
    "教育劝诫台账",
    Warned,
    (
        _day("warned_on", "日期", "谈话日期", required=True),
        _code("way", "方式", "warning_ways"),
        _words("facts", "违反协议的事实", "事实", required=True),
        _words("answered", "本人陈述", "陈述申辩", required=True),
        _staff("warned_by", "谈话人", "工作人员"),
    ),
    case.WARNINGS,
    natural_key=("client_id", "warned_on", "way"),
    purpose="违反协议的,批评教育、劝诫,记下本人怎么说;不作结论",
    legal_basis="NL35;DR18",
    dated_by="warned_on",
    unit_label="次",
)
_register(
    "encouragements",
    "鼓励记录台账",
    Encouraged,
    (
        _day("given_on", "日期", "鼓励日期", required=True),
        _code("kind", "方式", "encouragement_kinds", "鼓励方式"),
        Column(
            "did",
            "本人做得好的事",
            Kind.LONG_TEXT,
            required=True,
            aliases=("做得好的事", "事由"),
            sensitivity=Sensitivity.PERSONAL,
            listed=False,
            help="本人在自己的手机上看得到:写事实,不写毒品、疾病、检测结果和别人的名字",
        ),
        Column("days", "守约满几天", Kind.INTEGER, aliases=("天数", "守约天数"), help="只有守约证明填"),
        Column(
            "basis",
            "协议依据",
            aliases=("依据",),
            max_length=60,
            sensitivity=Sensitivity.PERSONAL,
            help="减少见面次数的,写协议第几条;法定检测次数不能减",
        ),
        _staff("given_by", "给的人", "工作人员"),
    ),
    plans.ENCOURAGEMENTS,
    natural_key=("client_id", "given_on", "kind"),
    purpose="做得好的当面说、写下来,与教育劝诫放在一起看;不打分、不分级、不计数、不作考核",
    legal_basis="DR18;DR7",
    dated_by="given_on",
    check=plan_rules.check_encouragement,
    unit_label="次",
)
_register(
    "suspensions",
    "社区戒毒社区康复中止台账",
    Suspension,
    (
        _day("stopped_on", "中止日期", required=True),
        _day("resumed_on", "恢复日期", "继续执行日期"),
        Column("document_number", "中止通知文号", required=True, aliases=("文号",), max_length=60),
    ),
    case.SUSPENSIONS,
    natural_key=("client_id", "stopped_on"),
    purpose="社区戒毒、社区康复中止和继续执行的日期;期限随之顺延,决定书所载的期满日期不改",
    legal_basis="DR24;NL48",
    dated_by="stopped_on",
    check=rules.check_suspension,
    prepare=case.prepare_suspension,
    unit_label="次",
)
_register(
    "moves",
    "变更执行地台账",
    Move,
    (
        _day("moved_on", "变更日期", required=True),
        Column(
            "place",
            "新执行地",
            required=True,
            aliases=("转往", "迁往"),
            max_length=80,
            sensitivity=Sensitivity.PERSONAL,
            help="乡镇(街道)全称;本市内的,另外办移交",
        ),
        _day("papers_on", "材料转送日期", "转送日期"),
        _day("arrived_on", "新执行地报到日期", help="社区戒毒时间自首次报到之日起连续计算"),
    ),
    case.MOVES,
    natural_key=("client_id", "moved_on"),
    purpose="变更执行地:转送材料、十五日内报到,时间连续计算",
    legal_basis="DR22",
    dated_by="moved_on",
    check=rules.check_move,
    unit_label="次",
)
_register(
    "credits",
    "期限折抵台账",
    Credit,
    (
        _day("credited_on", "决定日期", required=True),
        Column("days", "折抵天数", Kind.INTEGER, required=True, aliases=("天数", "已执行天数")),
        Column("document_number", "决定文书号", required=True, aliases=("文书号",), max_length=60),
    ),
    case.CREDITS,
    natural_key=("client_id", "credited_on"),
    purpose="变更为社区戒毒的,已执行的期限折抵",
    legal_basis="DR31",
    dated_by="credited_on",
    check=rules.check_credit,
    unit_label="次",
)
_register(
    "controls",
    "动态管控台账",
    Control,
    (
        _day("starts_on", "起算日期", required=True),
        _code("basis", "起算依据", "control_bases"),
        _day("relapsed_on", "重新起算日期"),
        _day(
            "ended_on", "停止动态管控日期", "停止日期", help="一般不用填:先出“停止动态管控证明”,归入回证时自动写上;写上以后,这个人在各处封存"
        ),
        Column("certificate_number", "证明编号", aliases=("证明书编号",), max_length=60, help="平台出的证明自动写上文书号;别处出的照原件填"),
    ),
    controls,
    natural_key=("client_id", "starts_on"),
    purpose="戒断三年未复吸的停止动态管控,出具证明,姓名封存",
    legal_basis="DR7(2);DR43",
    dated_by="starts_on",
    check=rules.check_control,
)

for _ledger, _wanted, _columns in (
    ("moves", clocks.of_move, clocks.MOVE_COLUMNS),
    ("controls", clocks.of_control, clocks.CONTROL_COLUMNS),
):
    wanted.register(
        wanted.Runs(
            ledger=_ledger,
            wanted=_wanted,
            columns=_columns,
            person=lambda row: str(row.client_id),
            caseworker=lambda row: row.client.caseworker_id if row.unit_id == row.client.unit_id else None,
        )
    )
