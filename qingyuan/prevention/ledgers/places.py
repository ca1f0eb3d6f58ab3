"""Places of 六进, activities held there, and the store of materials."""

from __future__ import annotations

from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import registry
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Ledger
from qingyuan.prevention import facts
from qingyuan.prevention.actions import materials, places
from qingyuan.prevention.ledgers.columns import KEEP, code, count, day, division
from qingyuan.prevention.models import Activity, MaterialMove, Place
from qingyuan.prevention.rules import activities as rules
from qingyuan.prevention.rules import materials as material_rules

registry.register(
    Ledger(
        code="places",
        title="六进点位名录",
        room="prevention",
        model=Place,
        columns=(
            Column(
                "name",
                "点位名称",
                required=True,
                aliases=("名称", "单位名称", "场所名称", "点位"),
                searchable=True,
                max_length=80,
                help="家庭按网格或楼栋登记,不登一家一户",
            ),
            code("kind", "六进类别", "place_kinds", "类别", "点位类别", "场所类别", editable=False),
            division("村(社区)", "所在村(社区)", "所在地", "乡镇(街道)", "乡镇"),
            code("setting", "高危行业(场所)", "high_risk_settings", "行业", "高危场所", required=False),
            day("listed_on", "列入日期", "登记日期", "列入时间", "建档日期", required=True),
            day("closed_on", "撤销日期", "关闭日期", "停业日期"),
        ),
        natural_key=("division", "kind", "name"),
        compartment=Compartment.INTERNAL,
        purpose="六进的点位名录,作为宣传覆盖率的分母;只登单位、场所和网格,不登人",
        legal_basis="NL11;NL17",
        retention=KEEP,
        dated_by="listed_on",
        create=places.places.record,
        change=places.places.change,
        void=places.void_places,
        follow=places.places.follow,
        facts=facts.PLACES,
        prepare=places.prepare_places,
        check=rules.check_place,
        unit_label="个",
    )
)

registry.register(
    Ledger(
        code="activities",
        title="宣传教育活动台账",
        room="prevention",
        model=Activity,
        columns=(
            day("held_on", "活动日期", "开展日期", "活动时间", "日期", "时间", required=True),
            Column(
                "title",
                "活动名称",
                required=True,
                aliases=("活动内容", "内容", "名称"),
                searchable=True,
                max_length=120,
            ),
            code("theme", "主题", "activity_themes", "活动主题", "宣传主题"),
            Column(
                "place_name",
                "地点",
                aliases=("活动地点", "点位", "点位名称", "开展地点"),
                searchable=True,
                max_length=80,
                help="写点位名录里的名称,就计入六进覆盖;名录里没有的照样登记",
            ),
            division("乡镇(村)", "所在乡镇", "乡镇(街道)", "村(社区)", required=False, help="地点有同名的时候写明"),
            code("kind", "六进类别", "place_kinds", "类别", "六进", required=False, help="地点在名录里的可以不填"),
            code("audience", "对象", "audience_kinds", "宣传对象", "教育对象", "受众"),
            code("form", "形式", "activity_forms", "活动形式", "宣传形式"),
            count("reach", "受教育人次", "参加人数", "人数", "受教育人数", "覆盖人次"),
            code("reach_basis", "人数怎么来", "count_bases", "统计方式", "人数来源", listed=False),
            count("handed_out", "发放资料(份)", "发放资料", "发放份数", "资料份数", required=False),
            Column(
                "evidence",
                "佐证材料",
                aliases=("佐证", "附件", "照片"),
                listed=False,
                help="写清存在哪里;照片本身不在这里上传",
            ),
        ),
        natural_key=("unit_id", "held_on", "title"),
        compartment=Compartment.INTERNAL,
        purpose="各单位开展的禁毒宣传教育,六进、三个重点人群的覆盖都从这里来",
        legal_basis="NL11;NL13;NL17",
        retention=KEEP,
        dated_by="held_on",
        create=places.activities.record,
        change=places.activities.change,
        void=places.activities.void,
        follow=places.activities.follow,
        facts=facts.ACTIVITIES,
        prepare=places.prepare_activities,
        check=rules.check_activity,
        unit_label="场",
    )
)

registry.register(
    Ledger(
        code="materials",
        title="宣传品收发台账",
        room="prevention",
        model=MaterialMove,
        columns=(
            day("moved_on", "日期", "收发日期", "时间", required=True),
            Column("slip", "单号", required=True, aliases=("凭证号", "编号", "单据号"), searchable=True, max_length=40),
            code("material", "宣传品", "material_kinds", "品名", "宣传品名称", "种类"),
            code("direction", "收发", "stock_directions", "收/发", "收入或发出", "方向"),
            count("quantity", "数量", "份数", "数量(份)"),
            Column("counterpart", "来源或去向", aliases=("来源", "去向", "领用单位", "领用"), max_length=80),
        ),
        natural_key=("unit_id", "moved_on", "slip", "material", "direction"),
        compartment=Compartment.INTERNAL,
        purpose="宣传品收多少、发到哪里,结存不能是负数",
        legal_basis="NL6;NL11",
        retention=KEEP,
        dated_by="moved_on",
        create=materials.materials.record,
        change=materials.materials.change,
        void=materials.void_materials,
        facts=facts.MATERIALS,
        prepare=materials.prepare_materials,
        check=material_rules.check_move,
        unit_label="笔",
    )
)
