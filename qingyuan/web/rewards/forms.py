"""What a step of an entry asks for; a decision that departs from the rule is chosen, not typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from qingyuan.casework.procedures.declaration import Step
from qingyuan.governance.enums import ConsequenceKind
from qingyuan.governance.models import Consequence
from qingyuan.governance.rules.rewards import lighter_than
from qingyuan.governance.scoring.numbers import ZERO, plain
from qingyuan.web.step_forms import StepForm


class DepartForm(StepForm):
    """``instead``: one of the lighter measures; of points, other points within the cap."""

    def __init__(self, step: Step, case: Consequence, data: Any = None, files: Any = None, *, initial: Any = None) -> None:
        super().__init__(step, data, files, initial=initial)
        missing = {"required": _("请填这一项。")}
        if case.kind == ConsequenceKind.POINTS:
            words = _("规则算出 %(points)s 分,可以改为 0 到 %(cap)s 分") % {"points": plain(case.points or ZERO), "cap": plain(case.cap or ZERO)}
            self.fields["instead"] = forms.CharField(label=_("折算分改为"), max_length=8, help_text=words, error_messages=missing)
        else:
            choices = [(one.value, ConsequenceKind(one.value).label) for one in lighter_than(case.kind)]
            self.fields["instead"] = forms.ChoiceField(
                label=_("改为(只能从轻)"), choices=choices, widget=forms.RadioSelect, error_messages=missing
            )
        self.order_fields(["version", "instead", "reason"])


def form_of(step: Step, case: Consequence, data: Any = None, files: Any = None, *, initial: Any = None) -> StepForm:
    if step.code == "depart":
        return DepartForm(step, case, data, files, initial=initial)
    return StepForm(step, data, files, initial=initial)
