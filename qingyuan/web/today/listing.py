"""The whole list behind «全部 n 件»: narrowed by kind, by whose it is and by when; page and export show the same lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.journeys.todo import sources
from qingyuan.journeys.todo.job import WEEK, Job
from qingyuan.journeys.todo.others import others
from qingyuan.organisation.actor import Actor
from qingyuan.reference.todo_kinds import kinds
from qingyuan.web.context import ScopeChoice
from qingyuan.web.today.lines import Line, lines

MINE, OTHERS = "mine", "others"
LATE, TODAY, SOON, LATER, OPEN = "late", "today", "soon", "later", "open"
WHEN: Final = {
    LATE: gettext_lazy("已逾期"),
    TODAY: gettext_lazy("今天到期"),
    SOON: gettext_lazy("七天以内"),
    OPEN: gettext_lazy("没有期限"),
    LATER: gettext_lazy("以后"),
}


@dataclass(frozen=True)
class Group:
    """Lines of one heading."""

    title: str
    lines: list[Line]


def when_of(job: Job, on: date) -> str:
    if job.left is None:
        return OPEN
    if job.day < on:
        return LATE
    if job.day == on:
        return TODAY
    return SOON if job.day <= on + timedelta(days=WEEK) else LATER


def everything(actor: Actor, scope: ScopeChoice, side: str, on: date) -> list[Job]:
    return others(actor, scope.division, scope.period, on) if side == OTHERS else sources.mine(actor, on)


def sides_of(actor: Actor) -> tuple[str, ...]:
    """Everybody who works here has two lists: what waits for them, and what they wait for."""
    return (MINE, OTHERS) if actor.grants else (MINE,)


class TodoFilter(forms.Form):
    """Kind, whose and when; choices are those there are, so that nothing leads to an empty list."""

    kind = forms.ChoiceField(label=gettext_lazy("事项"), required=False)
    who = forms.ChoiceField(label=gettext_lazy("单位或地方"), required=False)
    when = forms.ChoiceField(label=gettext_lazy("时限"), required=False)

    def __init__(self, data: Mapping[str, Any], *, jobs: Sequence[Job], on: date) -> None:
        super().__init__(data, auto_id="filter_%s")
        present = {job.kind for job in jobs if job.kind}
        named = [(code, kind.said) for code, kind in kinds().items() if code in present]
        self._choose("kind", named)
        self._choose("who", [(one, one) for one in sorted({job.whose for job in jobs if job.whose})])
        found = {when_of(job, on) for job in jobs}
        self._choose("when", [(code, str(label)) for code, label in WHEN.items() if code in found])
        if not named:
            del self.fields["kind"]

    def _choose(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("全部")), *choices]

    @property
    def asked(self) -> dict[str, str]:
        """What was asked for and can be; anything else typed into the address is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def narrowed(jobs: Iterable[Job], asked: Mapping[str, str], on: date) -> list[Job]:
    return [
        job
        for job in jobs
        if asked.get("kind", job.kind) == job.kind
        and asked.get("who", job.whose) == job.whose
        and asked.get("when", "") in ("", when_of(job, on))
    ]


def grouped(jobs: Sequence[Job], on: date) -> list[Group]:
    """In the order in which things are done, which is the order of the headings."""
    found: dict[str, list[Job]] = {}
    for job in jobs:
        found.setdefault(when_of(job, on), []).append(job)
    return [Group(str(label), lines(found[code], on)) for code, label in WHEN.items() if code in found]


def headers() -> list[str]:
    return [_("时限"), _("日期"), _("事项类别"), _("事项"), _("说明和依据"), _("提请"), _("单位或地方")]


def cells(job: Job) -> list[str]:
    kind = kinds().get(job.kind)
    left, day = (job.left.words, job.left.day.isoformat()) if job.left else ("", "")
    return [left, day, kind.said if kind else "", job.title, job.note, job.mark, job.whose]
