"""Tasks, quarters and needs as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.governance.enums import NeedState
from qingyuan.governance.models import UnitNeed, UnitTask
from qingyuan.governance.permissions import may_answer_need, may_ask_need
from qingyuan.governance.queries import needs as reads
from qingyuan.governance.queries.needs import Proof
from qingyuan.governance.queries.year_book import UnitYear, YearTask
from qingyuan.governance.rules.duty_plans import NEED_STEPS, QUARTERS, Risk, Standing, TaskState, quarter_due
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action

TONES = {
    TaskState.LATE: "late",
    TaskState.RISK: "soon",
    TaskState.RUNNING: "calm",
    TaskState.DONE: "good",
    TaskState.DONE_LATE: "grey",
}
NEED_TONES = {
    NeedState.ASKED: "soon",
    NeedState.PROMISED: "calm",
    NeedState.REFUSED: "late",
    NeedState.MET: "good",
    NeedState.WITHDRAWN: "grey",
}
ORDER = (TaskState.LATE, TaskState.RISK, TaskState.RUNNING, TaskState.DONE_LATE, TaskState.DONE)


@dataclass(frozen=True)
class TaskLine:
    row: UnitTask
    href: str
    label: str
    tone: str
    why: str
    proofs: int


@dataclass(frozen=True)
class NeedLine:
    """``owed``: by when the other unit owes its next word or deed."""

    need: UnitNeed
    href: str
    label: str
    tone: str
    owed: date | None
    late: bool


@dataclass(frozen=True)
class UnitLine:
    one: UnitYear
    href: str
    done: int
    late: int
    risk: int
    waits: int
    late_needs: int


@dataclass(frozen=True)
class Offer:
    """A step somebody may take on a need: its button, what must be filled."""

    step: str
    label: str
    words_label: str
    day_label: str


@dataclass(frozen=True)
class Quarter:
    """``over``: its last day has passed; ``silent``: over and nothing said; ``open``: something may be said of it."""

    number: int
    title: str
    words: str
    proofs: tuple[Proof, ...]
    over: bool
    silent: bool
    open: bool


def words_of(standing: Standing) -> str:
    """«逾期 12 天»"""
    days = {"days": standing.days}
    return {
        TaskState.LATE: _("逾期 %(days)s 天") % days,
        TaskState.RISK: _("还有 %(days)s 天 · 有风险") % days,
        TaskState.RUNNING: _("还有 %(days)s 天") % days,
        TaskState.DONE: _("已完成"),
        TaskState.DONE_LATE: _("晚 %(days)s 天完成") % days,
    }[standing.state]


def risk_words(standing: Standing) -> str:
    words = {
        Risk.SOON: _("快到期"),
        Risk.SILENT: _("过了的季度没有说进展"),
        Risk.REFUSED: _("需要的单位没有答应"),
        Risk.NEED_LATE: _("需要的单位逾期没有答复或办到"),
    }
    return "、".join(words[risk] for risk in standing.risks)


def task_lines(tasks: Iterable[YearTask]) -> list[TaskLine]:
    """The late first, then those at risk."""
    ordered = sorted(tasks, key=lambda one: (ORDER.index(one.standing.state), one.row.due_on))
    return [
        TaskLine(
            one.row,
            reverse("web:duty-task", args=[one.row.pk]),
            words_of(one.standing),
            TONES[one.standing.state],
            risk_words(one.standing),
            one.proofs,
        )
        for one in ordered
    ]


def need_line(need: UnitNeed, on: date) -> NeedLine:
    days = reads.days_of(need)
    late = days.is_late(on)
    label = str(NeedState(need.state).label)
    return NeedLine(
        need,
        reverse("web:need", args=[need.pk]),
        _("%(state)s · 逾期") % {"state": label} if late else label,
        "late" if late else NEED_TONES[NeedState(need.state)],
        days.owed_by,
        late,
    )


def need_lines(needs: Iterable[UnitNeed], on: date) -> list[NeedLine]:
    return [need_line(need, on) for need in needs]


def unit_lines(units: Sequence[UnitYear], needs: Sequence[UnitNeed], on: date) -> list[UnitLine]:
    """The office's overview, the unit with most overdue first. ``waits``: what others wait for from it."""
    found = []
    for one in units:
        asked = [need for need in needs if need.to_unit_id == one.unit.pk and need.state in reads.OPEN]
        found.append(
            UnitLine(
                one,
                reverse("web:duty-unit", args=[one.unit.pk]),
                one.count(TaskState.DONE, TaskState.DONE_LATE),
                one.count(TaskState.LATE),
                one.count(TaskState.RISK),
                len(asked),
                sum(reads.days_of(need).is_late(on) for need in asked),
            )
        )
    return sorted(found, key=lambda line: (-line.late, -line.late_needs, line.one.unit.code))


def quarters(row: UnitTask, proofs: dict[int, list[Proof]], on: date) -> list[Quarter]:
    over = quarter_due(row.plan.year, on)
    titles = (_("一季度"), _("二季度"), _("三季度"), _("四季度"))
    shown = []
    for number, (name, title) in enumerate(zip(QUARTERS, titles, strict=True), start=1):
        words = getattr(row, name)
        silent = number <= over and not words.strip() and row.done_on is None
        shown.append(Quarter(number, title, words, tuple(proofs.get(number, ())), number <= over, silent, number <= over + 1))
    return shown


def current_quarter(row: UnitTask, on: date) -> int:
    """The quarter to report now: the first that is over and says nothing, else the one that runs (1–4)."""
    over = quarter_due(row.plan.year, on)
    silent = [number for number, name in enumerate(QUARTERS[:over], start=1) if not getattr(row, name).strip()]
    return silent[0] if silent else min(over + 1, 4)


def offers(need: UnitNeed, actor: Actor, on: date) -> list[Offer]:
    """The steps this person may take now, the likeliest first."""
    words = {
        "promise": (_("答应"), _("怎么配合"), _("哪一天能办到")),
        "deliver": (_("已经办到"), _("办到了什么"), _("哪一天办到的")),
        "refuse": (_("不能配合"), _("为什么"), ""),
        "reopen": (_("没有收到,退回"), _("还缺什么"), _("希望哪一天补上")),
        "withdraw": (_("不需要了,撤回"), _("为什么"), ""),
    }
    if need.state == NeedState.PROMISED:  # what is promised is to be delivered; another day only if it must be
        later = (_("改答应的日期"), *words["promise"][1:])
        words = {"deliver": words["deliver"], "promise": later} | {step: words[step] for step in ("refuse", "reopen", "withdraw")}
    asked = may_answer_need(actor, need, on).allowed
    asking = may_ask_need(actor, need.unit_id, on, Action.CHANGE).allowed
    return [
        Offer(step, *words[step])
        for step in words
        if need.state in NEED_STEPS[step][0] and (asked if NEED_STEPS[step][2] else asking)
    ]


def road(need: UnitNeed) -> list[dict[str, Any]]:
    """Every word of a need, the oldest first."""
    labels = {
        "ask": _("提出"),
        "promise": _("答应"),
        "refuse": _("未答应"),
        "deliver": _("办到"),
        "reopen": _("退回"),
        "withdraw": _("撤回"),
    }
    return [
        {
            "label": labels.get(one.step, one.step),
            "who": one.by_name,
            "unit": one.unit.label if one.unit else "",
            "when": clock.day_of(one.at),
            "day": one.day,
            "words": one.words,
        }
        for one in need.steps.select_related("unit").order_by("at", "pk")
    ]


def ledger_words(proof: Proof) -> str:
    return said(proof.ledger.title)
