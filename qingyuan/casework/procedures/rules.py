"""Who may take which step of a procedure, and what a step is given. Pure: the table and plain facts in, a verdict out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.casework.procedures.declaration import Field, FieldKind, Procedure, Side, Step
from qingyuan.foundation.words import Decision, said
from qingyuan.organisation.enums import Action, Role

_LONG_NUMBER: Final = re.compile(r"\d{17}[\dXx]|\d{15}|(?<!\d)1[3-9]\d{9}(?!\d)")
_BLANKS: Final = re.compile(r"[ \t\u3000-]+")
LATEST: Final = 366
"""A day further ahead than this is a slip of the pen."""


class StepRefused(ValueError):
    """The step cannot be taken as things stand; ``field`` names what was filled in wrongly, "" when it is none of it."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Standing:
    """Who somebody is in one case: the actions the policy table grants on each side, and the roles held."""

    account_id: int | None
    unit_id: int | None
    sides: Mapping[Side, frozenset[Action]] = field(default_factory=dict)
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Past:
    """One step that was taken: by whom, of which unit."""

    step: str
    account_id: int | None
    unit_id: int | None


def may_step(
    procedure: Procedure,
    code: str,
    state: str,
    standing: Standing,
    *,
    past: Sequence[Past] = (),
    conditions: Iterable[str] = (),
) -> Decision:
    """Whether somebody may take a step now, with the reason why not in words for the page."""
    step = procedure.step(code)
    if not in_state(step, state):
        words = _("现在是“%(state)s”,不能%(step)s;请刷新页面看最新状态。")
        label = procedure.state(state).label if state else ""
        return Decision(False, words % {"state": said(label), "step": said(step.label)})
    right = has_right(procedure, step, standing)
    if not right.allowed:
        return right
    apart = kept_apart(procedure, step, standing, past)
    if not apart.allowed:
        return apart
    return _holds(procedure, step, frozenset(conditions))


def next_steps(
    procedure: Procedure,
    state: str,
    standing: Standing,
    *,
    past: Sequence[Past] = (),
    conditions: Iterable[str] = (),
) -> tuple[Step, ...]:
    """The steps somebody may take now, in the order of the table."""
    given = frozenset(conditions)
    return tuple(
        step
        for step in procedure.steps_from(state)
        if may_step(procedure, step.code, state, standing, past=past, conditions=given).allowed
    )


def in_state(step: Step, state: str) -> bool:
    """Whether the step exists in a state; ``state`` empty: the case has not begun."""
    return state in step.froms if step.froms else not state


def has_right(procedure: Procedure, step: Step, standing: Standing) -> Decision:
    """Whether the policy table gives the step to somebody, whatever the state."""
    for who in step.who:
        granted = standing.sides.get(who.side, frozenset())
        if who.action in granted and (not who.roles or not who.roles.isdisjoint(standing.roles)):
            return Decision(True, "")
    sides = "、".join(dict.fromkeys(said(procedure.party(who.side).label) for who in step.who))
    return Decision(False, _("“%(step)s”由%(who)s办理。") % {"step": said(step.label), "who": sides})


def kept_apart(procedure: Procedure, step: Step, standing: Standing, past: Sequence[Past]) -> Decision:
    """Separation of duty: whoever took one of the named steps last does not take this one."""
    for code in step.other_person:
        last = _last(past, code)
        if last is not None and last.account_id is not None and last.account_id == standing.account_id:
            words = _("%(first)s的人不能再%(step)s,请换一个人办。")
            return Decision(False, words % {"first": said(procedure.step(code).label), "step": said(step.label)})
    for code in step.other_unit:
        last = _last(past, code)
        if last is not None and last.unit_id is not None and last.unit_id == standing.unit_id:
            words = _("%(first)s的单位不能再%(step)s,请换一个单位的人办。")
            return Decision(False, words % {"first": said(procedure.step(code).label), "step": said(step.label)})
    return Decision(True, "")


def _holds(procedure: Procedure, step: Step, conditions: frozenset[str]) -> Decision:
    for one in step.when:
        if one not in conditions:
            words = _("要%(condition)s才能%(step)s。")
            return Decision(False, words % {"condition": said(procedure.conditions[one]), "step": said(step.label)})
    for one in step.unless:
        if one in conditions:
            words = _("已经%(condition)s,不能%(step)s。")
            return Decision(False, words % {"condition": said(procedure.conditions[one]), "step": said(step.label)})
    return Decision(True, "")


def _last(past: Sequence[Past], code: str) -> Past | None:
    return next((one for one in reversed(past) if one.step == code), None)


# --- what a step is given ------------------------------------------------------------------------------------------------
def read_given(step: Step, given: Mapping[str, Any], on: date) -> dict[str, Any]:
    """What was filled in, as it is kept: texts trimmed, days as dates, files as they came. Raises StepRefused.

    What the step does not ask for is not taken. No text may hold an ID number or a mobile number.
    """
    return {one.name: _read_one(one, given.get(one.name), on) for one in step.needs}


def _read_one(one: Field, value: Any, on: date) -> Any:
    if one.kind is FieldKind.FILES:
        return _files(one, value)
    if one.kind is FieldKind.DAY:
        return _day(one, value, on)
    text = clean_text(str(value or ""), one.most, said(one.label), one.name)
    if one.required and not text:
        raise StepRefused(_("请填“%(field)s”。") % {"field": said(one.label)}, one.name)
    return text


def _files(one: Field, value: Any) -> list[Any]:
    files = list(value or [])
    if one.required and not files:
        raise StepRefused(_("请附“%(field)s”。") % {"field": said(one.label)}, one.name)
    if len(files) > one.most:
        words = _("“%(field)s”最多 %(most)d 个文件,请合并后再传。")
        raise StepRefused(words % {"field": said(one.label), "most": one.most}, one.name)
    return files


def _day(one: Field, value: Any, on: date) -> date | None:
    if value in (None, ""):
        if one.required:
            raise StepRefused(_("请填“%(field)s”。") % {"field": said(one.label)}, one.name)
        return None
    if isinstance(value, date):
        day = value
    else:
        try:
            day = date.fromisoformat(str(value)[:10])
        except ValueError:
            raise StepRefused(_("“%(field)s”要写成 2022-11-30 这样的日期。") % {"field": said(one.label)}, one.name) from None
    if one.future:
        check_ahead(day, on, said(one.label), one.name)
    return day


def check_ahead(day: date, on: date, label: str, name: str) -> None:
    """A term lies after today and within a year. Raises StepRefused."""
    if day <= on:
        raise StepRefused(_("“%(field)s”要在今天之后。") % {"field": label}, name)
    if (day - on).days > LATEST:
        raise StepRefused(_("“%(field)s”超过一年,请核对年份。") % {"field": label}, name)


def clean_text(text: str, most: int, label: str, name: str = "") -> str:
    """A text people typed, as it is kept. Raises StepRefused when it is too long or holds somebody's number."""
    plain = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(plain) > most:
        words = _("“%(field)s”最多 %(most)d 字,现有 %(now)d 字;细节请作为附件。")
        raise StepRefused(words % {"field": label, "most": most, "now": len(plain)}, name)
    if _LONG_NUMBER.search(_BLANKS.sub("", plain)):
        raise StepRefused(_("“%(field)s”里不能有身份证号码或手机号,请删去。") % {"field": label}, name)
    return plain
