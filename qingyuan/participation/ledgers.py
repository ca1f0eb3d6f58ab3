"""The ledgers of this room."""

from __future__ import annotations

from qingyuan.foundation.enums import Compartment, Sensitivity
from qingyuan.ledgers import registry
from qingyuan.ledgers.columns import Column, Publish
from qingyuan.ledgers.declaration import Ledger, Retention
from qingyuan.ledgers.kinds import Kind
from qingyuan.participation import facts, rules
from qingyuan.participation.actions import associations, people, reports
from qingyuan.participation.models import Association, ReportCount, ServiceContract, StaffMember, Volunteer

NAME = Column(
    "name",
    "姓名",
    Kind.PERSON_NAME,
    required=True,
    aliases=("名字", "志愿者姓名", "人员姓名", "工作人员姓名"),
    sensitivity=Sensitivity.PERSONAL,
    searchable=True,
    index="name_index",
    example="何立新",
)
PAPERS = Retention("文书档案按保管期限表", article="档案法")


def _phone(*, required: bool = False) -> Column:
    return Column(
        "phone",
        "联系电话",
        Kind.PHONE,
        required=required,
        aliases=("电话", "手机", "手机号", "手机号码", "联系方式"),
        sensitivity=Sensitivity.PERSONAL,
        example="13800000000",
    )


def _division(header: str, *aliases: str) -> Column:
    return Column(
        "division", header, Kind.DIVISION, required=True, aliases=aliases, publish=Publish.PUBLISHED
    )


def _date(name: str, header: str, *aliases: str, required: bool = False, listed: bool = True) -> Column:
    return Column(
        name, header, Kind.DATE, required=required, aliases=aliases, publish=Publish.PUBLISHED, listed=listed
    )


def _code(name: str, header: str, code_list: str, *aliases: str, required: bool = True) -> Column:
    return Column(
        name,
        header,
        Kind.CODE,
        required=required,
        aliases=aliases,
        code_list=code_list,
        publish=Publish.PUBLISHED,
        filterable=True,
    )


def _count(name: str, header: str, *aliases: str, required: bool = False) -> Column:
    return Column(name, header, Kind.INTEGER, required=required, aliases=aliases, publish=Publish.PUBLISHED)


registry.register(
    Ledger(
        code="volunteers",
        title="禁毒志愿者台账",
        room="participation",
        model=Volunteer,
        columns=(
            NAME,
            _phone(required=True),
            _division("服务区划", "服务地", "乡镇(街道)", "所在乡镇", "所属乡镇(街道)", "社区"),
            Column("team", "所属队伍", aliases=("志愿服务队", "队伍", "所属组织", "单位"), max_length=60),
            _date("joined_on", "登记日期", "加入日期", "加入时间", "登记时间", "注册日期", required=True),
            _date("left_on", "退出日期", "退出时间", "注销日期", listed=False),
            Column(
                "insured",
                "是否投保",
                Kind.BOOLEAN,
                aliases=("保险", "是否购买保险", "意外险"),
                publish=Publish.PUBLISHED,
            ),
        ),
        natural_key=("name", "phone"),
        compartment=Compartment.INTERNAL,
        purpose="组织志愿者参与禁毒宣传和戒毒社会服务,提供培训和保障;不排名,不记分",
        legal_basis="NL10;PIPL6",
        retention=Retention("退出满一年后删除姓名和电话", article="PIPL19", months=12),
        dated_by="joined_on",
        create=people.record_volunteers,
        change=people.change_volunteers,
        void=people.void_volunteers,
        facts=facts.VOLUNTEERS,
        prepare=people.prepare_volunteers,
        indexes=people.indexes,
        check=rules.check_volunteer,
        unit_label="人",
    )
)

registry.register(
    Ledger(
        code="associations",
        title="禁毒社会组织台账",
        room="participation",
        model=Association,
        columns=(
            Column(
                "title", "名称", required=True, aliases=("组织名称", "社会组织名称", "单位名称"), max_length=80, searchable=True
            ),
            Column(
                "registration",
                "统一社会信用代码",
                required=True,
                aliases=("信用代码", "登记号", "登记证号", "社会信用代码"),
                max_length=18,
                searchable=True,
                help="18 位,按文本填写",
            ),
            _code("kind", "组织类别", "association_kinds", "类别", "组织类型", "性质"),
            _division("所在区划", "登记地", "区划", "所在地"),
            _date("registered_on", "登记成立日期", "成立日期", "成立时间", "登记日期", required=True),
            _date("closed_on", "注销日期", "注销时间", listed=False),
            Column("focus", "业务范围", aliases=("主要业务", "业务", "服务内容"), max_length=200, listed=False),
        ),
        natural_key=("registration",),
        compartment=Compartment.INTERNAL,
        purpose="掌握参与禁毒工作的协会和社会组织,作为购买服务的依据",
        legal_basis="DR8",
        retention=PAPERS,
        dated_by="registered_on",
        create=associations.record_associations,
        change=associations.change_associations,
        void=associations.void_associations,
        facts=facts.ASSOCIATIONS,
        prepare=associations.prepare_associations,
        check=rules.check_association,
        ordering=("registered_on", "pk"),
        unit_label="家",
    )
)

registry.register(
    Ledger(
        code="service_contracts",
        title="购买服务合同台账",
        room="participation",
        model=ServiceContract,
        columns=(
            Column(
                "registration",
                "承接组织统一社会信用代码",
                required=True,
                aliases=("统一社会信用代码", "信用代码", "承接主体信用代码", "登记证号"),
                path="association.registration",
                max_length=18,
                searchable=True,
                editable=False,
                help="先在禁毒社会组织台账登记这个组织",
            ),
            Column("document", "合同编号", required=True, aliases=("合同号", "编号"), max_length=60, searchable=True),
            _code("service", "服务类别", "service_kinds", "服务内容", "项目类别", "类别"),
            Column(
                "buyer", "购买单位", required=True, aliases=("购买主体", "甲方", "采购单位"), max_length=60, searchable=True
            ),
            _division("服务区划", "服务地", "服务范围", "区划"),
            _date("starts_on", "起始日期", "开始日期", "合同起始", "服务开始时间", required=True),
            _date("ends_on", "终止日期", "结束日期", "合同终止", "服务结束时间", required=True),
            Column(
                "amount_yuan",
                "合同金额",
                Kind.DECIMAL,
                required=True,
                unit="元",
                aliases=("金额", "合同金额(元)", "金额(元)", "购买资金", "合同价"),
                publish=Publish.PUBLISHED,
                help="以元为单位",
            ),
            _count("workers", "派驻人数", "派驻社工人数", "配备人数"),
        ),
        natural_key=("document",),
        compartment=Compartment.INTERNAL,
        purpose="登记向社会组织购买的禁毒服务:谁买、买什么、多少钱、从何时到何时",
        legal_basis="NL6;DR8",
        retention=PAPERS,
        dated_by="starts_on",
        create=associations.record_contracts,
        change=associations.change_contracts,
        void=associations.void_contracts,
        facts=facts.CONTRACTS,
        prepare=associations.prepare_contracts,
        check=rules.check_contract,
        select_related=("association",),
        unit_label="份",
    )
)

registry.register(
    Ledger(
        code="staff",
        title="禁毒工作人员花名册",
        room="participation",
        model=StaffMember,
        columns=(
            NAME,
            _code("kind", "人员类别", "staff_kinds", "类别", "岗位类别", "身份", "专兼职"),
            _division("工作区划", "乡镇(街道)", "所在乡镇", "工作地", "区划"),
            Column("workplace", "工作单位", aliases=("单位", "所在单位", "用人单位"), max_length=60),
            _date("started_on", "到岗日期", "到岗时间", "上岗日期", "任职日期", required=True),
            _date("ended_on", "离岗日期", "离岗时间", "离职日期"),
            _phone(),
        ),
        natural_key=("name", "division", "started_on"),
        compartment=Compartment.INTERNAL,
        purpose="掌握专职人员、社工的配备,计算每名专职人员服务多少人;不给个人评等次",
        legal_basis="DR15;DR17",
        retention=Retention("离岗满三年后删除姓名和电话", article="PIPL19", months=36),
        dated_by="started_on",
        create=people.record_staff,
        change=people.change_staff,
        void=people.void_staff,
        facts=facts.STAFF,
        prepare=people.prepare_staff,
        indexes=people.indexes,
        check=rules.check_staff,
        ordering=("division__code", "started_on", "pk"),
        unit_label="人",
    )
)

registry.register(
    Ledger(
        code="reports_received",
        title="举报受理计数台账",
        room="participation",
        model=ReportCount,
        columns=(
            Column(
                "month", "月份", Kind.DATE, required=True, aliases=("统计月份", "年月"), publish=Publish.PUBLISHED
            ),
            _division("涉及区划", "乡镇(街道)", "涉及乡镇", "乡镇", "辖区"),
            _code("channel", "举报渠道", "report_channels", "渠道", "来源", "方式"),
            _code("category", "举报内容类别", "report_categories", "类别", "内容类别", "举报类别"),
            _count("received", "受理件数", "受理数", "受理", "件数", required=True),
            _count("confirmed", "查证属实", "属实"),
            Column("unfounded", "查证不实", Kind.INTEGER, aliases=("不实", "不属实")),
            Column("unclear", "无法查证", Kind.INTEGER, aliases=("无法核查",)),
            _count("pending", "正在查证", "在办", "正在核查"),
            _count("answered", "已答复", "答复件数", "已反馈"),
        ),
        natural_key=("unit_id", "division", "month", "channel", "category"),
        compartment=Compartment.INTERNAL,
        purpose="只计举报的件数和办理状态;没有内容,没有举报人",
        legal_basis="NL9",
        retention=Retention("统计资料长期保存"),
        dated_by="month",
        create=reports.record_reports,
        change=reports.change_reports,
        void=reports.void_reports,
        facts=facts.REPORTS,
        prepare=reports.prepare_reports,
        check=rules.check_reports,
        ordering=("-month", "division__code", "channel", "category"),
        unit_label="格",
    )
)
