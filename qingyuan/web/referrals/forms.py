"""What a helper types: a referral with its consent, a review of support, an objection, why somebody was away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.foundation import clock
from qingyuan.organisation.models import Unit
from qingyuan.reference.catalogue import get_list
from qingyuan.rehabilitation.enums import ConsentField, HelpKind
from qingyuan.rehabilitation.models import PlanGoal
from qingyuan.web.campaigns.forms import Telling, day_field, text_field, words_field


class ReferralForm(Telling):
    kind = forms.ChoiceField(label=gettext_lazy("需要哪一类帮助"), error_messages={"required": gettext_lazy("请选需要哪一类帮助。")})
    to_unit = forms.ChoiceField(label=gettext_lazy("转介给"), error_messages={"required": gettext_lazy("请选转介给哪个单位。")})
    need = words_field(gettext_lazy("需要什么帮助"), gettext_lazy("照本人的话写;不写检测、措施和案情"), required=True, most=500)
    fields_shown = forms.MultipleChoiceField(
        label=gettext_lazy("同意书上同意给对方看的"),
        choices=ConsentField.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("没有勾的,对方看不到"),
        error_messages={"required": gettext_lazy("请照同意书勾选对方可以看到哪几项,至少一项。")},
    )
    consent_paper_number = text_field(gettext_lazy("同意书编号"), gettext_lazy("本人签字的原件由您看过"))
    consent_on = day_field(gettext_lazy("本人签字日期"))
    consent_until = day_field(gettext_lazy("同意到哪天"), gettext_lazy("最长一年;本人随时可以撤回"))

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(one.pk): one for one in units}
        kind, to_unit = self.fields["kind"], self.fields["to_unit"]
        assert isinstance(kind, forms.ChoiceField) and isinstance(to_unit, forms.ChoiceField)
        kind.choices = [("", _("请选择")), *HelpKind.choices]
        to_unit.choices = [("", _("请选择")), *((key, one.label) for key, one in self.units.items())]


class ReviewForm(Telling):
    held_on = day_field(gettext_lazy("评估日期"))
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("需要的帮助"), choices=HelpKind.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    reasons = words_field(gettext_lazy("理由"), gettext_lazy("看到了什么、本人怎么说;不打分、不分级"), required=True, most=500)
    next_on = day_field(gettext_lazy("下次评估日期"))
    objection = words_field(gettext_lazy("本人异议"), gettext_lazy("本人不同意的,照原话写;没有的空着"), most=500)

    def __init__(self, *args: Any, goals: Sequence[PlanGoal] = (), **kwargs: Any) -> None:
        """``goals``: what the plan that counts is still to reach; each is asked about, and may be left for another time."""
        super().__init__(*args, **kwargs)
        self.goals = {f"goal_{goal.pk.hex}": goal.pk for goal in goals}
        outcomes = [("", _("这次没有谈")), *get_list("goal_outcomes").choices(clock.today())]
        for name, goal in zip(self.goals, goals, strict=True):
            said = _("目标:%(goal)s(到 %(day)s)") % {"goal": goal.goal, "day": goal.by_on.isoformat()}
            self.fields[name] = forms.ChoiceField(label=said, choices=outcomes, required=False)

    def given(self) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        found = {name: value for name, value in self.cleaned_data.items() if name not in self.goals}
        return found | {"goals": {pk: self.cleaned_data[name] for name, pk in self.goals.items() if self.cleaned_data.get(name)}}
