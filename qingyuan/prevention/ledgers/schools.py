"""Schools and their lessons."""

from __future__ import annotations

from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import registry
from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.kinds import Kind
from qingyuan.prevention import facts
from qingyuan.prevention.actions import schools
from qingyuan.prevention.ledgers.columns import KEEP, code, count, day, division
from qingyuan.prevention.models import Lesson, School
from qingyuan.prevention.rules import schools as rules


def _pupils(band: str, header: str, *aliases: str) -> Column:
    return count(f"pupils_{band}", header, *aliases, required=False, listed=False, publish=Publish.WITHHELD)


registry.register(
    Ledger(
        code="schools",
        title="学校名录",
        room="prevention",
        model=School,
        columns=(
            Column("name", "学校名称", required=True, aliases=("学校", "校名"), searchable=True, max_length=80),
            code("stage", "学段", "school_stages", "办学类型", "学校类型"),
            division("村(社区)", "所在村(社区)", "所在地", "乡镇(街道)", "乡镇"),
            day("listed_on", "列入日期", "登记日期", "建校日期", required=True),
            day("closed_on", "撤并日期", "停办日期"),
            _pupils("p1_3", "小学1-3年级人数", "1-3年级", "小学低段人数"),
            _pupils("p4_6", "小学4-6年级人数", "4-6年级", "小学高段人数"),
            _pupils("j7_9", "初中人数", "初中生", "7-9年级"),
            _pupils("s10_12", "高中人数", "高中生"),
            _pupils("v1_3", "中职人数", "中职生"),
            Column(
                "qingjiao",
                "接入青骄第二课堂",
                Kind.BOOLEAN,
                aliases=("青骄", "青骄第二课堂", "是否接入青骄"),
                publish=Publish.PUBLISHED,
            ),
            code("demonstration", "示范学校级别", "demonstration_levels", "示范学校", "示范级别", required=False),
            day("awarded_on", "命名日期", "命名时间", "授牌日期"),
            day("expires_on", "有效期至", "有效期", "到期日期"),
        ),
        natural_key=("name",),
        compartment=Compartment.INTERNAL,
        purpose="学校和各年级段学生数,作为毒品预防教育的分母;只有数,没有学生名单",
        legal_basis="NL13",
        retention=KEEP,
        dated_by="listed_on",
        create=schools.schools.record,
        change=schools.schools.change,
        void=schools.void_schools,
        follow=schools.schools.follow,
        facts=facts.SCHOOLS,
        prepare=schools.prepare_schools,
        check=rules.check_school,
        unit_label="所",
    )
)

registry.register(
    Ledger(
        code="lessons",
        title="禁毒专题教育课台账",
        room="prevention",
        model=Lesson,
        columns=(
            Column(
                "school_name",
                "学校名称",
                required=True,
                aliases=("学校", "校名", "上课学校"),
                path="school.name",
                searchable=True,
                editable=False,
            ),
            day("held_on", "上课日期", "授课日期", "日期", "时间", required=True),
            code("grade_band", "年级段", "grade_bands", "年级", "授课年级"),
            Column(
                "hours",
                "课时",
                Kind.DECIMAL,
                required=True,
                unit="课时",
                aliases=("课时数", "学时"),
                publish=Publish.PUBLISHED,
            ),
            count("pupils", "听课人次", "听课人数", "学生人数", "受教育学生"),
            Column("topic", "课题", aliases=("授课内容", "课程名称"), max_length=120),
            Column("teacher", "授课单位", aliases=("授课人单位", "主讲单位"), max_length=80, help="写单位,不写人名"),
        ),
        natural_key=("school_id", "held_on", "grade_band"),
        compartment=Compartment.INTERNAL,
        purpose="学校开设的禁毒专题教育课,课时达标从这里算",
        legal_basis="NL13",
        retention=KEEP,
        dated_by="held_on",
        create=schools.lessons.record,
        change=schools.lessons.change,
        void=schools.lessons.void,
        follow=schools.lessons.follow,
        facts=facts.LESSONS,
        prepare=schools.prepare_lessons,
        check=rules.check_lesson,
        select_related=("school",),
        unit_label="节次",
    )
)
