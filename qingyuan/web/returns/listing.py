"""The page of returns: what waits for me, what waits for others, and all of the chosen months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyuan.foundation.words import said
from qingyuan.governance.enums import ReturnState
from qingyuan.governance.forms.catalogue import all_forms, get_form
from qingyuan.governance.models import Return
from qingyuan.governance.models.returned import ReturnQuerySet
from qingyuan.governance.permissions import returns_visible
from qingyuan.governance.queries import returns as reads
from qingyuan.governance.rules.returns import steps_from
from qingyuan.journeys.return_words import reminder_words
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Division
from qingyuan.web.behind import Behind, elsewhere
from qingyuan.web.context import ScopeChoice
from qingyuan.web.navigation import Count
from qingyuan.web.order_links import href_of_return
from qingyuan.web.returns.words import BUTTONS, month_text, state_text, state_tone, timing, waits_words
from qingyuan.web.shapes import Cell, Empty, Header, Row, Table

MOST_WAITING = 60
FILL = (ReturnState.DRAFT, ReturnState.SENT_BACK)
PASS = (ReturnState.SUBMITTED, ReturnState.APPROVED)


@dataclass(frozen=True)
class Waiting:
    """One return with something to do: for me (``button``), or for someone else (``who``)."""

    filed: Return
    title: str
    tone: str
    when: str
    note: str
    button: str = ""
    may_remind: bool = False
    order_href: str = ""


def href_of(filed: Return) -> str:
    return reverse("web:return", args=[filed.pk])


def under(rows: ReturnQuerySet, scope: ScopeChoice) -> ReturnQuerySet:
    """Those of the bar's range and months."""
    below = Division.objects.under(scope.division.pk, scope.on)
    months = [str(month) for month in scope.period.months()]
    return rows.filter(division__in=below.values("pk"), period__in=months)


def mine(actor: Actor, today: date) -> list[Waiting]:
    """What I can file, mend, approve or lock now, whatever month the bar stands on; the earliest due first."""
    waiting = reads.waiting_for(actor, today)
    return [_waiting(filed, today, button=_button(filed)) for filed in waiting[:MOST_WAITING]]


def _button(filed: Return) -> str:
    return next((str(BUTTONS[step]) for step in steps_from(filed.state) if step in BUTTONS), "")


def others(actor: Actor, today: date, scope: ScopeChoice, done: Sequence[Waiting]) -> list[Waiting]:
    """Who has not filed or passed on, of the bar's range and months; only where the reader looks over others."""
    if not _oversees(actor, today):
        return []
    shown = [one.filed.pk for one in done]
    rows = under(returns_visible(actor, today).current(), scope).exclude(state=ReturnState.LOCKED)
    rows = rows.exclude(pk__in=shown).with_reminders().order_by("due_on", "unit__code")
    return [
        replace(
            _waiting(filed, today),
            may_remind=reads.may_remind(actor, filed, today),
            order_href=href_of_return(actor, filed, today),
        )
        for filed in rows[:MOST_WAITING]
    ]


def _oversees(actor: Actor, today: date) -> bool:
    return returns_visible(actor, today).exclude(unit_id=actor.unit_id or 0).exists()


def _waiting(filed: Return, today: date, button: str = "") -> Waiting:
    tone, when = timing(filed, today) if filed.state == ReturnState.DRAFT else (state_tone(filed), state_text(filed))
    form = get_form(filed.form)
    levels = reads.levels_of(filed.unit, form)
    note = waits_words(filed, levels[min(filed.level, len(levels) - 1)].title)
    if filed.state == ReturnState.SENT_BACK:
        step = filed.steps.filter(step="send_back").last()
        note = _("退回理由:%(why)s") % {"why": step.reason} if step else note
    if filed.version > 1:
        note = _("更正第 %(version)s 版 · %(note)s") % {"version": filed.version, "note": note}
    if reminder := reminder_words(filed):
        note = f"{note} · {reminder}"
    return Waiting(filed, said(form.title), tone, when, note, button)


def listed(actor: Actor, today: date, scope: ScopeChoice, form: str, behind: Behind | None) -> ReturnQuerySet:
    """All of the bar's months, or those a number is made of."""
    if behind is not None:
        ids = sorted({*behind.of("return_dues"), *behind.of("returns")})
        found, _others = reads.behind(actor, today, ids)
        return returns_visible(actor, today).filter(pk__in=[filed.pk for filed in found]).order_by("-period", "form")
    rows = under(reads.returns(actor, today, form=form), scope)
    return rows.order_by("-period", "form", "unit__code")


def closed_behind(actor: Actor, today: date, behind: Behind | None) -> list[object]:
    """Whose the rest are: returns behind a number that are not for this reader."""
    if behind is None:
        return []
    _mine, hidden = reads.behind(actor, today, sorted({*behind.of("return_dues"), *behind.of("returns")}))
    counts: dict[str, int] = {}
    for one in hidden:
        counts[one.unit_name] = counts.get(one.unit_name, 0) + 1
    lines = [{"unit__name": name, "count": count} for name, count in counts.items()]
    return list(elsewhere(lines, unit_label=_("张报表"), people=False, why=_("报表只对填报单位和审核它的人开放")))


def table(rows: Sequence[Return], today: date) -> Table:
    headers = [
        Header(_("报表")),
        Header(_("填报单位")),
        Header(_("所属期间")),
        Header(_("状态")),
        Header(_("报送期限")),
        Header(_("首次报出")),
        Header(_("是否按时")),
    ]
    empty = Empty(_("这几个月没有应报的报表"), _("在上方换一个时期;当月的报表由系统在月初按单位生成。"))
    return Table(headers, [_row(filed, today) for filed in rows], empty, caption=_("报表"))


def _row(filed: Return, today: date) -> Row:
    tone, words = timing(filed, today)
    version = _("第 %(version)s 版") % {"version": filed.version} if filed.version > 1 else ""
    return Row(
        [
            Cell(said(get_form(filed.form).title), href=href_of(filed), note=version),
            Cell(filed.unit.label),
            Cell(month_text(filed)),
            Cell(state_text(filed), tone=state_tone(filed)),
            Cell(filed.due_on.isoformat()),
            Cell(filed.first_submitted_on.isoformat() if filed.first_submitted_on else ""),
            Cell(words, tone=tone),
        ]
    )


def form_choices(chosen: str) -> list[tuple[str, str, bool]]:
    return [(form.code, said(form.title), form.code == chosen) for form in all_forms()]


def badge(actor: Actor, on: date) -> Count | None:
    """How many wait for me: to fill in or mend, and to review or lock."""
    to_fill = returns_visible(actor, on, action=Action.CHANGE).filter(state__in=FILL, unit_id=actor.unit_id or 0)
    unit_first = [form.code for form in all_forms() if form.unit_review]
    not_yet = Q(state=ReturnState.SUBMITTED, level=0, form__in=unit_first) & ~Q(unit_id=actor.unit_id or 0)
    to_pass = returns_visible(actor, on, action=Action.APPROVE).filter(state__in=PASS).exclude(not_yet)
    waiting = to_fill | to_pass.filter(Q(filler_id=None) | ~Q(filler_id=actor.account_id))
    late = to_fill.filter(due_on__lte=on, first_submitted_on=None).exists()
    return Count(waiting.distinct().count(), late)
