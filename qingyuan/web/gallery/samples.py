"""Inputs for each component of ``templates/components``: as it usually is, then empty or at its edge. All fictional."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

from django import forms

from qingyuan.casework.procedures import picture
from qingyuan.casework.procedures.loading import get_procedure
from qingyuan.foundation.time_left import time_left_words
from qingyuan.web import charts, shapes
from qingyuan.web.gallery import pictures

TODAY = date(2022, 11, 23)


@dataclass(frozen=True)
class Sample:
    caption: str
    inputs: dict[str, Any] = field(default_factory=dict)


class _SampleForm(forms.Form):
    name = forms.CharField(label="姓名", help_text="与身份证一致")
    kind = forms.ChoiceField(label="措施", choices=[("CD", "社区戒毒"), ("CR", "社区康复")])


class _FilterForm(forms.Form):
    drug = forms.ChoiceField(label="毒品", choices=[("", "全部"), ("heroin", "海洛因")], required=False)
    since = forms.DateField(label="自", required=False)


class _Refusing(forms.Form):
    name = forms.CharField(label="姓名", required=False)

    def clean(self) -> dict[str, Any]:
        raise forms.ValidationError("同一人同一天已有一次检测,请核对后再保存。")


def _table() -> shapes.Table:
    headers = [
        shapes.Header("状态"),
        shapes.Header("事项", sort_href="?order=title"),
        shapes.Header("单位"),
        shapes.Header("次数", numeric=True, sort_href="?order=-count", sorted="descending"),
    ]
    first = shapes.Cell("报到期限届满 1 名", note="11 月 8 日送达决定书,15 日内报到 · 戒毒条例第十四条")
    rows = [
        shapes.Row([shapes.Cell("社区戒毒社区康复")], group=True),
        shapes.Row(
            [shapes.Cell("今天", tone="soon"), first, shapes.Cell("石桥镇"), shapes.Cell("11", numeric=True, href="#")],
            action=("催办", "#"),
        ),
        shapes.Row(
            [
                shapes.Cell("逾期 3 天", tone="late"),
                shapes.Cell("2022.9.31", problem="9 月没有 31 日"),
                shapes.Cell("龙洞镇"),
                shapes.Cell("", numeric=True),
            ]
        ),
    ]
    return shapes.Table(headers, rows, shapes.Empty(""), caption="等我办的事项")


_NOTHING = shapes.Empty("还没有检测记录", "先下载模板,按表头填好再导入;也可以逐条登记。", "导入", "#")
_CLOSED = shapes.Closed(
    "<5", "人数少于 5,不显示具体数字", whose="龙洞镇禁毒办", ask="请龙洞镇禁毒办代为核对", facts=["涉及 1 个条款"]
)
_FRAME = SimpleNamespace(
    actor=SimpleNamespace(unit_name="龙洞镇", name="吴主任"), scope=None, today=TODAY, last_sign_in=None
)

SAMPLES: dict[str, list[Sample]] = {
    "status_tag": [
        Sample("红:逾期或被拒", {"label": "逾期", "tone": "late"}),
        Sample("黄:快到了或存疑", {"label": "明天到期", "tone": "soon"}),
        Sample("绿:做完了", {"label": "已完成", "tone": "good"}),
        Sample("主色:本单位的、进行中", {"label": "执行中", "tone": "acc"}),
        Sample("灰:中性(没有给色调时)", {"label": "待受理"}),
    ],
    "time_left": [
        Sample("逾期", {"left": time_left_words(date(2022, 11, 20), TODAY)}),
        Sample("今天", {"left": time_left_words(TODAY, TODAY)}),
        Sample("还有", {"left": time_left_words(date(2022, 11, 29), TODAY)}),
    ],
    "stat_tile": [
        Sample(
            "数字,可点开",
            {"name": "此刻得分", "value": "84.6", "unit": "/ 100", "note": "昨天 85.1 · 缺检 1 人次", "href": "#"},
        ),
        Sample("词", {"name": "与同类乡镇", "value": "不排名", "words": True, "note": "在执行 28 人,样本不足以比较"}),
        Sample("空", {"name": "年终预计", "value": ""}),
    ],
    "card": [
        Sample(
            "有标题",
            {
                "title": "等我办",
                "note": "按时限先后",
                "more_href": "#",
                "more_label": "全部 23 件",
                "content": "…",
                "body": True,
            },
        ),
        Sample("无标题", {"content": "一段话。", "body": True}),
    ],
    "data_table": [
        Sample("有行", {"table": _table()}),
        Sample("空", {"table": shapes.Table([], [], _NOTHING)}),
    ],
    "pager": [
        Sample("中间一页", {"pages": shapes.pages(2, 50, 214, "?page=")}),
        Sample("没有", {"pages": shapes.pages(1, 50, 0, "?page=")}),
    ],
    "filter_bar": [
        Sample("已筛选", {"form": _FilterForm({"drug": "heroin"}), "action": "#", "clear_href": "#"}),
        Sample("未筛选", {"form": _FilterForm(), "action": "#"}),
    ],
    "search": [
        Sample("空", {"action": "#", "hint": "搜索台账、指标、文号…"}),
        Sample("有词", {"action": "#", "hint": "搜索", "value": "龙洞镇"}),
    ],
    "form_field": [
        Sample("带说明", {"field": _SampleForm()["name"]}),
        Sample("有错", {"field": _SampleForm({"name": ""})["name"]}),
        Sample("选择", {"field": _SampleForm()["kind"], "optional": True}),
    ],
    "form_errors": [Sample("有错", {"form": _Refusing({})}), Sample("没有错", {"form": _SampleForm()})],
    "steps": [
        Sample("第三步", {"steps": shapes.steps(["选文件", "认表头", "核对", "入库"], 3)}),
        Sample("刚开始", {"steps": shapes.steps(["选文件", "认表头", "核对", "入库"], 1)}),
    ],
    "progress": [
        Sample("进行中(每秒刷新)", {"label": "正在入库", "done": 240, "total": 460, "note": "可以离开本页"}),
        Sample("刚开始", {"label": "正在读取文件", "done": 0, "total": 0}),
    ],
    "bar": [
        Sample("一般", {"value": 3, "max": 4, "tone": "soon", "label": "得 3 分,满分 4 分"}),
        Sample("空", {"value": 0, "max": 10, "label": "得 0 分,满分 10 分"}),
    ],
    "number_link": [Sample("可点开", {"text": "128 起", "href": "#"}), Sample("不可点", {"text": "0 起"})],
    "closed_number": [
        Sample("人数少于 5", {"closed": _CLOSED}),
        Sample("等次代替得分", {"closed": shapes.Closed("良", "该条款涉及人数少于 5,只显示等次")}),
    ],
    "law_line": [
        Sample("算法和条文", {"text": "期满日 11 月 15 日,7 日内通知", "cite": "戒毒条例第二十三条"}),
        Sample("只有算法", {"text": "自报到日起算"}),
    ],
    "elsewhere": [
        Sample("有不对读者开放的行", {"elsewhere": [SimpleNamespace(unit="龙洞镇人民政府", closed=_CLOSED)]}),
        Sample("没有", {"elsewhere": []}),
    ],
    "empty_state": [
        Sample("告诉先做什么", {"empty": _NOTHING}),
        Sample("没有可做的", {"empty": shapes.Empty("今天没有到期的事")}),
    ],
    "confirm_dialog": [
        Sample(
            "要写理由",
            {
                "id": "void",
                "title": "作废这条记录",
                "text": "作废后不再计入任何数字,原记录仍可查。",
                "action": "#",
                "label": "作废",
                "danger": True,
                "reason_label": "理由",
            },
        ),
        Sample(
            "只确认", {"id": "lock", "title": "锁定报表", "text": "锁定后不能再改。", "action": "#", "label": "锁定"}
        ),
    ],
    "file_drop": [
        Sample(
            "待选",
            {
                "name": "file",
                "label": "把文件拖到这里,或点一下选择",
                "hint": ".xlsx 或 .csv,最大 20 MB",
                "accept": ".xlsx,.csv",
            },
        ),
        Sample(
            "被拒",
            {
                "name": "file",
                "label": "换一个文件",
                "hint": ".xlsx 或 .csv",
                "accept": ".xlsx,.csv",
                "error": "文件加了密码,请去掉密码后另存再上传。",
            },
        ),
    ],
    "tabs": [
        Sample(
            "两页",
            {
                "label": "内容",
                "tabs": [
                    SimpleNamespace(label="有问题", note="6", href="#", current=True),
                    SimpleNamespace(label="新增", note="112", href="#", current=False),
                ],
            },
        ),
        Sample("没有可切换的", {"label": "内容", "tabs": []}),
    ],
    "skeleton": [Sample("四行", {"lines": "1234"}), Sample("一行", {"lines": "1"})],
    "messages": [Sample("做好了、被拒绝", {"messages": pictures.messages()}), Sample("没有", {"messages": []})],
    "language_switch": [Sample("换成另一种", {"next": "/_gallery/"}), Sample("回到首页", {"next": "/"})],
    "print_header": [
        Sample("只在纸上", {"frame": _FRAME, "demo": True}),
        Sample("非演示", {"frame": _FRAME, "demo": False}),
    ],
    "sparkline": [
        Sample("走势", {"spark": charts.sparkline([9, 12, 10, 14, 11, 13, 15, 12, 16, 16], "1 至 10 月,由 9 升至 16")}),
        Sample("不评好坏的", {"spark": charts.sparkline([5, 4, 3, 4, 2], "由 5 降至 2"), "tone": "grey"}),
        Sample("不足两点", {"spark": charts.sparkline([3], "")}),
    ],
    "line_chart": [
        Sample("今年与去年同期", {"chart": pictures.cases()}),
        Sample("空", {"chart": charts.line_chart([], [], title="破获毒品案件")}),
    ],
    "tile_map": [
        Sample("每万人在册人数", {"map": pictures.towns(), "unit": "人/万人"}),
        Sample("空", {"map": charts.tile_map([], title=""), "unit": ""}),
    ],
    "funnel": [
        Sample("定期检测到位率", {"funnel": pictures.coverage(), "place": "全市", "across": "应检人次"}),
        Sample("空", {"funnel": charts.funnel([], title="")}),
    ],
    "flow": [
        Sample("督办单,走到“已下达”", {"picture": picture.draw(get_procedure("supervision_order"), now="issued", taken=("submit", "issue"))}),
        Sample("刚起草", {"picture": picture.draw(get_procedure("supervision_order"), now="draft")}),
    ],
    "timeline": [
        Sample("措施与检测", {"timeline": pictures.client()}),
        Sample("空", {"timeline": charts.timeline([], start=date(2022, 1, 1), end=TODAY, today=TODAY, title="")}),
    ],
}
