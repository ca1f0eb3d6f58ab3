"""The ledgers of this room. None publishes a fact of its rows: what leaves are closed counts (``facts``) and signed gate acts."""

from __future__ import annotations

from typing import Any

from qingyuan.casework.serving import declared
from qingyuan.foundation.enums import Compartment, Sensitivity
from qingyuan.ledgers import registry, reindexing
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Ledger, Retention
from qingyuan.ledgers.identity_columns import id_number_column, name_column
from qingyuan.ledgers.kinds import Kind
from qingyuan.treatment import facts, papers, rules
from qingyuan.treatment.actions import care, entries
from qingyuan.treatment.models import Agreement, Dose, Enrolment, MedicalTest, TreatmentEntry

# In a clinic the name alone says that somebody is treated: it is as sensitive as the number.
NAME = name_column("patient", "名字", "患者姓名", "治疗人员姓名", "受治者姓名", sensitivity=Sensitivity.SENSITIVE)
ID_NUMBER = id_number_column("patient")
NOTE = Column(
    "note",
    "备注",
    Kind.LONG_TEXT,
    aliases=("说明",),
    sensitivity=Sensitivity.SENSITIVE,
    listed=False,
    help="不写艾滋病检测情况、诊断和心理咨询内容",
)
KEEP = Retention("只在本机构,按病历保存期限保存;期满删除身份", article="PIPL19;PIPL47")


def _date(name: str, header: str, *aliases: str, required: bool = False) -> Column:
    return Column(name, header, Kind.DATE, required=required, aliases=aliases)


def _code(name: str, header: str, code_list: str, *aliases: str, required: bool = False) -> Column:
    return Column(name, header, Kind.CODE, required=required, aliases=aliases, code_list=code_list, filterable=True)


def _answer(name: str, header: str, code_list: str, *aliases: str, required: bool = True, listed: bool = False, help: str = "") -> Column:
    """An answer about the patient: a code, kept encrypted, so that nothing is filtered by it."""
    return Column(
        name,
        header,
        Kind.CODE,
        required=required,
        aliases=aliases,
        code_list=code_list,
        sensitivity=Sensitivity.SENSITIVE,
        listed=listed,
        help=help,
    )


def _clinic(**words: Any) -> None:
    registry.register(
        Ledger(
            room="treatment",
            compartment=Compartment.TREATMENT,
            retention=KEEP,
            select_related=("patient",),
            caseload_field="recorded_by_id",
            **words,
        )
    )


_clinic(
    code=care.AGREEMENTS,
    title="自愿戒毒协议台账",
    model=Agreement,
    columns=(
        NAME,
        ID_NUMBER,
        _code("way", "治疗方式", "treatment_ways", "方式", required=True),
        _date("signed_on", "签订日期", "协议日期", "签订时间", required=True),
        Column("confidentiality", "已约定个人信息保密", Kind.BOOLEAN, required=True, aliases=("保密约定", "保密")),
        _date("ends_on", "约定期满", "期满日期"),
        _date("ended_on", "结束日期", "结束时间"),
        _code("end_reason", "结束原因", "treatment_end_reasons", "原因"),
        NOTE,
    ),
    natural_key=("patient_id", "signed_on"),
    purpose="医疗机构履行自愿戒毒协议,只供本机构治疗使用",
    legal_basis="NL36;DR9;DR10",
    dated_by="signed_on",
    create=care.record_agreements,
    change=care.change_agreements,
    void=care.void_agreements,
    prepare=care.prepare_agreements,
    check=rules.check_agreement,
    unit_label="份",
)

_clinic(
    code=care.MAINTENANCE,
    title="药物维持治疗台账",
    model=Enrolment,
    columns=(
        NAME,
        ID_NUMBER,
        _code("medicine", "维持药物", "maintenance_medicines", "药物", "药品", required=True),
        _date("enrolled_on", "入组日期", "入组时间", "开始日期", required=True),
        _date("left_on", "退出日期", "退出时间"),
        _code("left_reason", "退出原因", "treatment_end_reasons", "原因"),
        NOTE,
    ),
    natural_key=("patient_id", "enrolled_on"),
    purpose="维持治疗门诊登记入组和退出,只供本机构治疗使用",
    legal_basis="NL51;DR12",
    dated_by="enrolled_on",
    create=care.record_maintenance,
    change=care.change_maintenance,
    void=care.void_maintenance,
    prepare=care.prepare_maintenance,
    check=rules.check_enrolment,
    unit_label="人次",
)

_clinic(
    code=care.DOSES,
    title="维持治疗服药台账",
    model=Dose,
    columns=(
        NAME,
        ID_NUMBER,
        _date("due_on", "服药日期", "日期", "服药时间", required=True),
        _code("attendance", "到诊情况", "dose_attendance", "是否到诊", "服药情况", required=True),
        Column("dose_mg", "剂量(毫克)", Kind.DECIMAL, aliases=("剂量", "剂量(mg)", "服药剂量")),
    ),
    natural_key=("patient_id", "due_on"),
    purpose="逐日登记到诊服药,漏服由本机构医生随访;不是考勤,不给别人看",
    legal_basis="NL51;DR12",
    dated_by="due_on",
    create=care.record_doses,
    change=care.change_doses,
    void=care.void_doses,
    prepare=care.prepare_doses,
    check=rules.check_dose,
    unit_label="次",
)

_clinic(
    code=care.TESTS,
    title="医疗检测台账",
    model=MedicalTest,
    columns=(
        NAME,
        ID_NUMBER,
        _date("tested_on", "检测日期", "检测时间", required=True),
        _code("sample", "检测方式", "test_samples", "检测样本", "样本", required=True),
        Column(
            "result",
            "结果",
            Kind.CODE,
            required=True,
            aliases=("检测结果",),
            code_list="test_results",
            sensitivity=Sensitivity.SENSITIVE,
        ),
        NOTE,
    ),
    natural_key=("patient_id", "tested_on", "sample"),
    purpose="治疗过程中的检测,只为治疗;不进入执法和社区台账",
    legal_basis="NL36;DR9",
    dated_by="tested_on",
    create=care.record_tests,
    change=care.change_tests,
    void=care.void_tests,
    prepare=care.prepare_tests,
    unit_label="次",
)

_clinic(
    code=entries.ENTRIES,
    title="入治登记台账",
    model=TreatmentEntry,
    columns=(
        NAME,
        ID_NUMBER,
        _date("entered_on", "入治日期", "入治时间", "首诊日期", required=True),
        _answer("source", "入治来源", "entry_sources", "转介来源", "来源"),
        _answer("treated_before", "以前接受过戒毒治疗", "entry_history", "是否首次治疗", "既往治疗", listed=True),
        _answer("maintenance_before", "以前参加过药物维持治疗", "maintenance_history", "既往维持治疗"),
        _answer("living_with", "和谁一起住", "living_with", "居住状况", help="只选一类,不写是谁;不问子女"),
        _answer("living_where", "住在哪里", "living_where", "住所"),
        _answer("schooling", "最高完成的教育", "schooling_levels", "文化程度", "受教育程度"),
        _answer("labour", "劳动状况", "labour_states", "就业状况"),
        _answer("substance", "主要物质", "substance_classes", "主要滥用物质", "主要毒品", listed=True),
        _answer("route", "通常使用方式", "use_routes", "使用方式", "吸毒方式", listed=True),
        _answer("frequency", "入治前 30 天使用频率", "use_frequency", "使用频率", "近30天频率", listed=True),
        Column(
            "first_use_age",
            "首次使用年龄",
            Kind.INTEGER,
            aliases=("首次使用主要物质的年龄", "初次使用年龄"),
            listed=False,
            sensitivity=Sensitivity.SENSITIVE,
            help="首次使用主要物质时满几岁;问不到的空着",
        ),
        _answer("injecting", "注射史", "injecting_states", "注射情况", help="只问是否注射过,不问、不记艾滋病和肝炎检测"),
        _answer("second_substance", "还用的物质(一)", "substance_classes", "次要物质一", "次要物质", required=False),
        _answer("third_substance", "还用的物质(二)", "substance_classes", "次要物质二", required=False),
    ),
    natural_key=("patient_id", "entered_on"),
    purpose="入治时问一次的最小数据集,供本机构看一年里来治疗的人有什么需要;不进入任何别处的台账和指标",
    legal_basis="NL36;DR9",
    dated_by="entered_on",
    create=entries.record,
    change=entries.change,
    void=entries.void,
    prepare=entries.prepare,
    check=rules.check_entry,
    unit_label="人次",
)

declared.register(*papers.FORMS)
registry.register_fact(facts.MONTHS)
reindexing.register_people(Compartment.TREATMENT, care.reindex)
