from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyuan.casework.actions.clocks import Given
from qingyuan.casework.enums import DecisionResult
from qingyuan.casework.models import ClockEvent, RunningClock
from qingyuan.reference.clocks import Deed, Unit, get_clock
from qingyuan.web.clocks.presenters import possible


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class _Time(forms.TimeInput):
    input_type = "time"


class EventForm(forms.Form):
    """What happened to a clock: only the fields that some event of this clock can use."""

    word = forms.ChoiceField(label=_("发生了什么"), error_messages={"required": _("请选择发生了什么。")})
    on = forms.DateField(label=_("日期"), widget=_Day(), error_messages={"required": _("请填日期。")})
    at = forms.TimeField(label=_("时刻"), required=False, widget=_Time(), help_text=_("按小时计算的期限请写到分钟。"))
    until = forms.DateField(label=_("到哪天为止(含)"), required=False, widget=_Day(), help_text=_("还没有结束的不填。"))
    term = forms.CharField(label=_("延长多久"), required=False, max_length=24, help_text=_("如 6 个月、30 日。"))
    days = forms.IntegerField(label=_("折抵天数"), required=False, min_value=0, max_value=9999)
    approved_by = forms.CharField(label=_("批准机关"), required=False, max_length=60)
    paper = forms.CharField(label=_("文书号"), required=False, max_length=60)
    lawful = forms.BooleanField(label=_("有合法理由,不计"), required=False)
    decided = forms.BooleanField(label=_("不足规定天数,但已由人判断计入"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, running: RunningClock, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["word"].choices = [(one.word, one.title) for one in possible(running)]  # type: ignore[attr-defined]
        declared = get_clock(running.code)
        deeds = {effect.deed for effect in declared.effects}
        counter = declared.counter is not None
        absences = "left" in dict((declared.counter or {}).get("names", {}))
        hourly = any(one.term is not None and one.term.unit is Unit.HOUR for one in declared.terms)
        useful = {
            "at": hourly,
            "until": absences or bool(deeds & {Deed.SUSPEND, Deed.CREDIT}),
            "term": bool(deeds & {Deed.EXTEND, Deed.RESTART}),
            "days": Deed.CREDIT in deeds,
            "approved_by": Deed.EXTEND in deeds,
            "lawful": counter,
            "decided": absences,
        }
        for name, keep in useful.items():
            if not keep:
                del self.fields[name]

    @property
    def given(self) -> Given:
        clean = self.cleaned_data
        return Given(
            word=clean["word"],
            on=clean["on"],
            at=clean.get("at"),
            until=clean.get("until"),
            days=clean.get("days") or 0,
            term=clean.get("term", ""),
            approved_by=clean.get("approved_by", ""),
            paper=clean.get("paper", ""),
            lawful=clean.get("lawful", False),
            decided=clean.get("decided", False),
        )


class CorrectForm(EventForm):
    reason = forms.CharField(label=_("为什么更正"), max_length=200, error_messages={"required": _("请写明原因。")})


def start_of(event: ClockEvent) -> dict[str, Any]:
    """What a form that corrects an event starts from."""
    names = ("word", "on", "at", "until", "term", "days", "approved_by", "paper", "lawful", "decided")
    return {name: getattr(event, name) for name in names}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200, error_messages={"required": _("请写明原因。")})
    version = forms.IntegerField()


class WhatIfForm(forms.Form):
    """A question, never an entry: how the clock stands on a day, and if something happened besides."""

    on = forms.DateField(label=_("到哪一天"), required=False, widget=_Day())
    word = forms.ChoiceField(label=_("如果发生"), required=False)
    day = forms.DateField(label=_("在哪天"), required=False, widget=_Day())
    until = forms.DateField(label=_("到哪天为止(含)"), required=False, widget=_Day())
    term = forms.CharField(label=_("延长多久"), required=False, max_length=24)
    days = forms.IntegerField(label=_("折抵天数"), required=False, min_value=0, max_value=9999)

    def __init__(self, *args: Any, running: RunningClock, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["word"].choices = [("", _("(什么也不发生)"))] + [  # type: ignore[attr-defined]
            (one.word, one.title) for one in possible(running)
        ]
        declared = get_clock(running.code)
        deeds = {effect.deed for effect in declared.effects}
        if Deed.CREDIT not in deeds:
            del self.fields["days"]
        if not deeds & {Deed.EXTEND, Deed.RESTART}:
            del self.fields["term"]


class DecideForm(forms.Form):
    result = forms.ChoiceField(
        label=_("结果"), choices=DecisionResult.choices, error_messages={"required": _("请选择决定的结果。")}
    )
    office = forms.CharField(
        label=_("由哪个机关决定"), max_length=60, error_messages={"required": _("请写明由哪个机关决定。")}
    )
    decided_on = forms.DateField(label=_("决定日期"), widget=_Day(), error_messages={"required": _("请填决定日期。")})
    paper = forms.CharField(label=_("文书号"), max_length=60, required=False)


def first_day(text: str) -> date | None:
    """A day from an address, or None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
