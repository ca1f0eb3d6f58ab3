"""What the desk of reward rules asks: a new draft, the table's own lines, one rule with its examples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.file_kinds import FileKind
from qingyuan.governance.enums import ConsequenceKind
from qingyuan.reference import catalogue
from qingyuan.web.step_forms import DAY
from qingyuan.web.uploads import CheckedFile

MISSING: Final = {"required": _("请填这一项。")}
GROUPS: Final = [("", _("不看公平比较")), ("higher", _("明显高于同类")), ("lower", _("明显低于同类"))]
STANDINGS: Final = [("", "—"), ("higher", _("明显高于")), ("lower", _("明显低于")), ("same", _("并列"))]


class BeginForm(forms.Form):
    """Of a table there is, or of nothing."""

    table = forms.ChoiceField(label=_("由哪一版起草"), required=False)
    valid_from = forms.DateField(label=_("从哪天起生效"), widget=DAY, error_messages=MISSING, help_text=_("计分截止日在这一天以后的考核按新版"))
    code = forms.RegexField(
        label=_("代号"), regex=r"^[A-Za-z0-9-]+$", max_length=40, required=False, help_text=_("新起草才填;字母和数字"),
        error_messages={"invalid": _("代号只用字母、数字和短横线。")},
    )  # fmt: skip
    title = forms.CharField(label=_("名称"), max_length=120, required=False, help_text=_("新起草才填"))

    def __init__(self, *args: Any, tables: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["table"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*tables, ("", _("不用旧版,新起草一份"))]


class ImportForm(forms.Form):
    file = CheckedFile(
        label=_("规则表文件"), kinds=(FileKind.TEXT,), most=2, also=frozenset({".yaml", ".yml", ".json"}),
        error_messages={"required": _("请选择文件。")},
    )  # fmt: skip


class SheetForm(forms.Form):
    id = forms.RegexField(label=_("代号"), regex=r"^[A-Za-z0-9-]+$", max_length=40, error_messages=MISSING | {"invalid": _("代号只用字母、数字和短横线。")})
    title = forms.CharField(label=_("名称"), max_length=120, error_messages=MISSING)
    version = forms.CharField(label=_("版次"), max_length=20, error_messages=MISSING)
    valid_from = forms.DateField(label=_("生效日期"), widget=DAY, error_messages=MISSING, help_text=_("同一代号的下一版生效以前一直有效"))
    valid_to = forms.DateField(label=_("失效日期"), widget=DAY, required=False, help_text=_("一般不填"))
    unit_kinds = forms.MultipleChoiceField(
        label=_("适用的单位"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("不选就适用于所有单位")
    )
    source = forms.CharField(label=_("出处"), max_length=300, error_messages=MISSING, help_text=_("本市文件写文号"))
    note = forms.CharField(label=_("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit_kinds"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.code, one.said) for one in catalogue.get_list("unit_kinds").codes]


class RuleForm(forms.Form):
    id = forms.CharField(label=_("编号"), max_length=12, error_messages=MISSING)
    kind = forms.ChoiceField(label=_("提出什么"), choices=ConsequenceKind.choices, error_messages=MISSING)
    text = forms.CharField(label=_("规则原文"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), error_messages=MISSING)
    source = forms.CharField(label=_("出处"), max_length=300, error_messages=MISSING, help_text=_("哪份文件;没有的写明从哪里参照"))
    article = forms.CharField(label=_("法条"), max_length=20, required=False, help_text=_("法条代号,如 NL5;可以不填"))
    confirmed = forms.BooleanField(label=_("本市文件已经确认"), required=False)
    opens = forms.BooleanField(label=_("决定对全市公开"), required=False, help_text=_("只有等次、表扬、折算分和挂牌可以公开"))
    grades = forms.CharField(label=_("等次是"), max_length=120, required=False, help_text=_("最高一等、最低一等,或等次名称;几个用顿号分开"))
    share_from = forms.DecimalField(label=_("得分率从(%)"), min_value=0, max_value=101, required=False)
    share_to = forms.DecimalField(label=_("到(%,不含)"), min_value=0, max_value=101, required=False)
    vetoes = forms.CharField(label=_("有否决事项"), max_length=120, required=False, help_text=_("任何一项,或否决条款的编号"))
    clause = forms.CharField(label=_("看哪一条"), max_length=20, required=False, help_text=_("条款编号,如 3.1"))
    at_least = forms.DecimalField(label=_("该条得分达到(%)"), min_value=0, max_value=100, required=False)
    below = forms.DecimalField(label=_("该条得分不到(%)"), min_value=0, max_value=101, required=False)
    indicator = forms.CharField(label=_("看哪个指标"), max_length=20, required=False, help_text=_("指标代号,如 R05;只能用可以公平比较的"))
    group = forms.ChoiceField(label=_("公平比较表里"), choices=GROUPS, required=False)
    rank = forms.CharField(label=_("按名次"), max_length=40, required=False, help_text=_("按总分名次的写法只留原文,不执行"))
    ending = forms.ChoiceField(
        label=_("怎样退出"), choices=[("", _("没有期限")), ("date", _("到期退出")), ("repair", _("整改验收通过才退出"))], required=False
    )
    months = forms.IntegerField(label=_("几个月"), min_value=1, max_value=36, required=False)
    leave_words = forms.CharField(label=_("退出办法的原文"), max_length=200, required=False)
    system = forms.CharField(label=_("折算到哪项考核"), max_length=40, required=False)
    cap = forms.DecimalField(label=_("最多几分"), min_value=0, max_value=1000, required=False)
    way = forms.ChoiceField(label=_("怎样折算"), choices=[("", "—"), ("linear", _("按比例")), ("banded", _("分档"))], required=False)
    decimals = forms.IntegerField(label=_("保留几位小数"), min_value=0, max_value=2, required=False)
    steps = forms.CharField(
        label=_("折算表"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("一行一档:得分率 空格 分,从低到高;按比例的恰好两行"),
    )  # fmt: skip

    @property
    def sections(self) -> list[tuple[str | Promise, list[forms.BoundField], bool]]:
        """Title, fields, and whether it stands open: what a rule does not use stays folded."""
        found = []
        for place, (title, names) in enumerate(_SECTIONS):
            fields = [self[name] for name in names.split()]
            used = any(one.value() not in (None, "", False) or one.errors for one in fields)
            found.append((title, fields, place < _ALWAYS or used))
        return found


_SECTIONS: Final[list[tuple[str | Promise, str]]] = [
    (_("规则"), "id kind text source article confirmed opens"),
    (_("什么时候提出(写了的都要满足)"), "grades share_from share_to vetoes clause at_least below indicator group rank"),
    (_("怎样退出"), "ending months leave_words"),
    (_("折算分"), "system cap way decimals steps"),
]


_ALWAYS: Final = 2


class ExampleForm(forms.Form):
    """An empty row is no example."""

    because = forms.CharField(label=_("情形"), max_length=60, required=False)
    share = forms.DecimalField(label=_("得分率"), min_value=0, max_value=101, required=False)
    grade = forms.CharField(label=_("等次"), max_length=20, required=False)
    veto = forms.BooleanField(label=_("有否决事项"), required=False)
    clause = forms.DecimalField(label=_("该条得分率"), min_value=0, max_value=100, required=False)
    group = forms.ChoiceField(label=_("公平比较"), choices=STANDINGS, required=False)
    meets = forms.ChoiceField(label=_("应当"), choices=[("yes", _("提出")), ("no", _("不提出"))])
    points = forms.DecimalField(label=_("折算"), min_value=0, max_value=1000, required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        told = [given.get(name) for name in ("share", "grade", "veto", "clause", "group", "points")]
        if not given.get("because") and any(value is not None and value is not False and value != "" for value in told):
            self.add_error("because", _("请写一句这是什么情形。"))
        return given


ExampleRows = forms.formset_factory(ExampleForm, extra=2, max_num=12, absolute_max=20)
