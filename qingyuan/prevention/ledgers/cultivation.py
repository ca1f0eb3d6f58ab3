"""Patches, the rounds walked on them, eradications."""

from __future__ import annotations

from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import registry
from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.kinds import Kind
from qingyuan.prevention import facts
from qingyuan.prevention.actions import cultivation
from qingyuan.prevention.ledgers.columns import KEEP, code, count, day, division
from qingyuan.prevention.models import Eradication, Patch, SurveyRound
from qingyuan.prevention.rules import cultivation as rules

registry.register(
    Ledger(
        code="patches",
        title="禁种踏查地块名录",
        room="prevention",
        model=Patch,
        columns=(
            Column("code", "地块编号", required=True, aliases=("编号", "地块号"), searchable=True, max_length=20),
            division("村(社区)", "所在村", "所在村(社区)", "村"),
            code("land", "地块类别", "land_kinds", "类别", "土地类别"),
            Column(
                "area_mu",
                "面积(亩)",
                Kind.DECIMAL,
                required=True,
                unit="亩",
                aliases=("面积", "亩数"),
                publish=Publish.PUBLISHED,
            ),
            Column(
                "bounds",
                "四至(文字)",
                aliases=("四至", "位置说明"),
                listed=False,
                max_length=120,
                help="用文字说明,不记坐标",
            ),
            Column(
                "responsible",
                "责任人(岗位)",
                required=True,
                aliases=("责任人", "包片责任人", "包保责任人"),
                max_length=40,
                help="包片的工作人员姓名或岗位",
            ),
            day("listed_on", "列入日期", "登记日期", "建档日期", required=True),
            day("closed_on", "撤销日期", "停止踏查日期"),
        ),
        natural_key=("code",),
        compartment=Compartment.INTERNAL,
        purpose="每一轮踏查要走到的地块,责任到人;作为踏查覆盖率的分母",
        legal_basis="NL19",
        retention=KEEP,
        dated_by="listed_on",
        create=cultivation.patches.record,
        change=cultivation.patches.change,
        void=cultivation.void_patches,
        follow=cultivation.patches.follow,
        facts=facts.PATCHES,
        prepare=cultivation.prepare_patches,
        check=rules.check_patch,
        ordering=("code",),
        unit_label="块",
    )
)

registry.register(
    Ledger(
        code="survey_rounds",
        title="禁种踏查台账",
        room="prevention",
        model=SurveyRound,
        columns=(
            Column(
                "patch_code",
                "地块编号",
                required=True,
                aliases=("编号", "地块号"),
                path="patch.code",
                searchable=True,
                editable=False,
            ),
            day("surveyed_on", "踏查日期", "踏查时间", "日期", required=True),
            code("method", "踏查方式", "survey_methods", "方式"),
            Column(
                "found",
                "发现原植物",
                Kind.BOOLEAN,
                aliases=("是否发现", "有无发现", "发现情况"),
                publish=Publish.PUBLISHED,
                help="没有发现也要登记:零报告也是报告",
            ),
            code("plant", "植物", "plant_kinds", "种类", "原植物种类", required=False),
            count("plants", "发现株数", "株数", required=False, unit="株"),
            count("eradicated", "已铲除株数", required=False, editable=False, help="由铲除台账算出"),
            Column(
                "surveyors", "踏查人", Kind.STAFF, required=True, aliases=("踏查人员", "参加人员"), help="工作人员姓名"
            ),
            day("reported_on", "报告公安日期", "报告公安机关日期", listed=False, publish=Publish.WITHHELD),
        ),
        natural_key=("patch_id", "surveyed_on"),
        compartment=Compartment.INTERNAL,
        purpose="每块地每一轮踏查的结果,零种植也要报",
        legal_basis="NL19;CL351",
        retention=KEEP,
        dated_by="surveyed_on",
        create=cultivation.survey_rounds.record,
        change=cultivation.survey_rounds.change,
        void=cultivation.void_surveys,
        follow=cultivation.survey_rounds.follow,
        facts=facts.SURVEY_ROUNDS,
        prepare=cultivation.prepare_surveys,
        check=rules.check_survey,
        select_related=("patch",),
        unit_label="次",
    )
)

registry.register(
    Ledger(
        code="eradications",
        title="铲除台账",
        room="prevention",
        model=Eradication,
        columns=(
            Column(
                "patch_code",
                "地块编号",
                required=True,
                aliases=("编号", "地块号"),
                path="survey.patch.code",
                searchable=True,
                editable=False,
            ),
            Column(
                "found_on",
                "发现日期",
                Kind.DATE,
                required=True,
                aliases=("踏查日期", "发现时间"),
                path="survey.surveyed_on",
                editable=False,
            ),
            day("eradicated_on", "铲除日期", "铲除时间", required=True),
            count("plants", "铲除株数", "株数", unit="株"),
            code("method", "铲除方式", "eradication_methods", "方式"),
            Column(
                "witnesses",
                "见证人(工作人员)",
                Kind.STAFF,
                required=True,
                aliases=("见证人", "在场人员", "见证人员"),
                help="两名以上工作人员",
            ),
            day("rechecked_on", "复查日期", "复查时间", publish=Publish.WITHHELD),
            code("recheck_result", "复查结果", "recheck_results", "复查情况", required=False),
        ),
        natural_key=("survey_id", "eradicated_on"),
        compartment=Compartment.INTERNAL,
        purpose="发现的毒品原植物怎样铲除、谁见证、有没有复种",
        legal_basis="NL19;CL351",
        retention=KEEP,
        dated_by="eradicated_on",
        create=cultivation.eradications.record,
        change=cultivation.eradications.change,
        void=cultivation.eradications.void,
        follow=cultivation.eradications.follow,
        facts=facts.ERADICATIONS,
        prepare=cultivation.prepare_eradications,
        check=rules.check_eradication,
        select_related=("survey__patch",),
        unit_label="次",
    )
)
