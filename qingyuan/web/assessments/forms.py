"""What is filled in: a round's days and sections, a clause's own points, a review, an objection, an answer, a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qingyuan.foundation.words import said
from qingyuan.governance.enums import Finding, ObjectionState
from qingyuan.governance.rules.assessments import MOST_DAYS, MOST_DRAWN, OF_UNITS
from qingyuan.organisation.models import Unit
from qingyuan.web.step_forms import DAY
from qingyuan.web.uploads import SCANS, CheckedFile

MISSING = {"required": _("请填这一项。")}
SECTION = "section-"


def section_text(section: str) -> str:
    """A clause as a round's sections name it, for people: «3.1», of the member units' sheets «成员单位 3.1»."""
    clause = section.removeprefix(OF_UNITS)
    return gettext("成员单位 %(clause)s") % {"clause": clause} if section.startswith(OF_UNITS) else clause


class TermsForm(forms.Form):
    """Days of a round, and for each clause the unit that reviews it."""

    year = forms.IntegerField(label=_("考核年度"), min_value=2000, max_value=2100, error_messages=MISSING)
    scored_on = forms.DateField(label=_("计分截止日"), widget=DAY, error_messages=MISSING, help_text=_("得分按这一天的数据算"))
    self_by = forms.DateField(label=_("自评期限"), widget=DAY, error_messages=MISSING)
    review_by = forms.DateField(label=_("评审期限"), widget=DAY, error_messages=MISSING)
    object_days = forms.IntegerField(
        label=_("异议期限(工作日)"), min_value=1, max_value=MOST_DAYS, error_messages=MISSING, help_text=_("从告知的第二天起算")
    )
    answer_days = forms.IntegerField(
        label=_("答复期限(工作日)"), min_value=1, max_value=MOST_DAYS, error_messages=MISSING, help_text=_("从提出的第二天起算")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, clauses: Sequence[tuple[str, str]], units: Sequence[Unit], fixed_year: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fixed_year:
            self.fields["year"].widget = forms.HiddenInput()
        choices = [("", _("市禁毒办")), *((str(unit.pk), unit.label) for unit in units)]
        for clause, title in clauses:
            self.fields[SECTION + clause] = forms.ChoiceField(label=f"{section_text(clause)} {said(title)}", choices=choices, required=False)

    @property
    def sections(self) -> dict[str, int]:
        """Clause → id of its unit, as chosen; valid forms only."""
        return {
            name.removeprefix(SECTION): int(value)
            for name, value in self.cleaned_data.items()
            if name.startswith(SECTION) and value
        }

    @property
    def asked(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(SECTION)]


class FreezeForm(forms.Form):
    """``ledgers``: code → title of those that may be checked by sample."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    ledger = forms.ChoiceField(label=_("抽查的台账"), error_messages=MISSING)
    share = forms.IntegerField(label=_("抽取比例(%)"), min_value=0, max_value=100, initial=10, error_messages=MISSING)
    least = forms.IntegerField(label=_("每份责任书至少抽"), min_value=0, max_value=MOST_DRAWN, initial=2, error_messages=MISSING)

    def __init__(self, *args: Any, ledgers: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ledger"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, said(title)) for code, title in ledgers.items()]


class OwnForm(forms.Form):
    points = forms.CharField(label=_("自评分"), max_length=8, required=False, help_text=_("与平台得分相同的不用填"))
    reason = forms.CharField(label=_("理由"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class EvidenceForm(forms.Form):
    """One of the two: the address of a record on this platform, or a file."""

    row = forms.CharField(
        label=_("平台里的记录"), max_length=300, required=False,
        help_text=_("报表点上面的按钮选;台账记录、公文打开后把网址粘到这里。只记编号和校验值,不复制内容"),
    )  # fmt: skip
    file = CheckedFile(label=_("或者一个文件"), required=False, kinds=SCANS, most=10, help_text=_("PDF、PNG、JPEG,不超过 10 MB"))
    note = forms.CharField(label=_("说明什么"), max_length=200, error_messages=MISSING, help_text=_("不写人名和号码"))


class ReturnsForm(forms.Form):
    """``offered``: the returns that may be chosen, by id."""

    chosen = forms.TypedMultipleChoiceField(
        coerce=UUID, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少勾选一张报表。"), "invalid_choice": _("勾选的报表已经附上、退回或更正,请重新勾选。")},
    )  # fmt: skip
    note = forms.CharField(label=_("说明什么"), max_length=200, error_messages=MISSING, help_text=_("一句话,几张报表用同一句;不写人名和号码"))

    def __init__(self, *args: Any, offered: Mapping[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["chosen"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(str(pk), words) for pk, words in offered.items()]


class ReviewForm(forms.Form):
    """``asked``: the manual inputs that nobody has answered, by key."""

    key = forms.ChoiceField(label=_("认定什么"), required=False)
    points = forms.CharField(label=_("认定的数"), max_length=12, required=False, help_text=_("认可的不用填"))
    opinion = forms.CharField(
        label=_("评审意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("另定分的必填理由和依据")
    )

    def __init__(self, *args: Any, asked: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["key"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*asked.items(), ("", _("本条得分"))]


class ObjectionForm(forms.Form):
    wanted = forms.CharField(label=_("要求的分"), max_length=8, error_messages=MISSING)
    reason = forms.CharField(
        label=_("异议理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), error_messages=MISSING,
        help_text=_("写明事实和依据;不写人名和号码"),
    )  # fmt: skip


class AnswerForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("结论"),
        choices=[(ObjectionState.UPHELD.value, ObjectionState.UPHELD.label), (ObjectionState.REJECTED.value, ObjectionState.REJECTED.label)],
        widget=forms.RadioSelect,
        error_messages=MISSING,
    )
    points = forms.CharField(label=_("改为"), max_length=8, required=False, help_text=_("成立的才填;不填就按要求的分"))
    reason = forms.CharField(label=_("答复理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), error_messages=MISSING)


class FindingForm(forms.Form):
    finding = forms.ChoiceField(
        label=_("核查结果"),
        choices=[(one.value, one.label) for one in Finding if one is not Finding.WAITING],
        error_messages=MISSING,
    )
    found_on = forms.DateField(label=_("核查日期"), widget=DAY, error_messages=MISSING)
    found = forms.CharField(label=_("核查情况"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}), error_messages=MISSING)
