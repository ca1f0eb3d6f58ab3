"""What this person asked of others and waits for: offered, handed up, passed on, looked into. Every role; from rows, in its scope.

How long it waits stands on the line; what is late and this person's own to chase is among the own lines and not repeated here.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from qingyuan.casework.clocks.queries import clocks_visible
from qingyuan.casework.enums import PaperState
from qingyuan.casework.handovers import queries as handovers
from qingyuan.casework.models import ClockDecision
from qingyuan.casework.papers import queries as papers
from qingyuan.casework.papers.permissions import is_driven
from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.words import said
from qingyuan.governance.enums import ReturnState
from qingyuan.governance.forms.catalogue import get_form
from qingyuan.governance.queries import returns
from qingyuan.journeys.todo.handovers import BY_NAME
from qingyuan.journeys.todo.job import Job, page, until
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import EmergencyLook
from qingyuan.organisation.scope import may
from qingyuan.reference.period_words import period_label
from qingyuan.reference.periods import Period
from qingyuan.situation.enums import CloseState
from qingyuan.situation.models import FigureAnswer
from qingyuan.situation.permissions import may_keep_requests, requests_visible
from qingyuan.situation.queries import closing

SHOWN: Final = 30


def offered(actor: Actor, on: date) -> list[Job]:
    """Hand-overs whose receiver still has time to answer; late ones are one's own to chase."""
    if not actor.has_role(*BY_NAME):
        return []
    waiting = handovers.given(actor, on).offered().exclude(answer_by__lt=on).between_units()
    return [
        Job(
            _("等%(taker)s答复移交") % {"taker": one.to_unit.label},
            _("签收以前仍由您这一方负责 · 已等 %(days)d 天") % {"days": (on - clock.day_of(one.offered_at)).days},
            until(one.answer_by, on) if one.answer_by else None,
            _("查看"),
            page("handover", one.pk),
            one.to_unit.label,
        )
        for one in waiting[:SHOWN]
    ]


def sent_up(actor: Actor, on: date) -> list[Job]:
    """Papers of one's own unit that wait for a signature or a number somebody else gives."""
    if not _may_here(actor, "papers", Action.READ, on):
        return []
    waiting = papers.own(actor, on).filter(state__in=(PaperState.SUBMITTED, PaperState.SIGNED))
    steps = {PaperState.SUBMITTED: ("approve", _("等签发")), PaperState.SIGNED: ("issue", _("等编号印发"))}
    found = []
    for paper in waiting.annotate(last=Max("steps__at")).select_related("unit", "issue").order_by("created_at")[:SHOWN]:
        move, words = steps[PaperState(paper.state)]
        if is_driven(paper) or move in papers.moves_open_to(actor, paper, on):
            continue
        title = _("%(what)s:%(title)s") % {"what": words, "title": paper.title}
        days = (on - clock.day_of(getattr(paper, "last", None) or paper.created_at)).days
        note = _("%(kind)s · 已等 %(days)d 天") % {"kind": paper.get_kind_display(), "days": days}
        found.append(Job(title, note, None, _("查看"), page("paper", paper.pk), paper.unit.label))
    return found


def handed_up(actor: Actor, on: date) -> list[Job]:
    """Returns of one's own unit that somebody else reviews or locks."""
    if not _may_here(actor, "returns", Action.CHANGE, on, ReturnState.DRAFT):
        return []
    rows = returns.returns(actor, on, unit_id=actor.unit_id or 0)
    waiting = list(rows.filter(state__in=(ReturnState.SUBMITTED, ReturnState.APPROVED)).order_by("due_on")[:SHOWN])
    mine = {filed.pk for filed in returns.waiting_for(actor, on)} if waiting else set()
    return [
        Job(
            _("%(form)s %(period)s") % {"form": said(get_form(filed.form).title), "period": period_label(filed.month)},
            str(ReturnState(filed.state).label),
            None,
            _("查看"),
            page("return", filed.pk),
            filed.unit.label,
        )
        for filed in waiting
        if filed.pk not in mine
    ]


def passed_on(actor: Actor, on: date) -> list[Job]:
    """Units that have not answered a request for figures of one's own office, one line a unit and request."""
    if not may_keep_requests(actor, on).allowed:
        return []
    asked = FigureAnswer.objects.waiting().filter(question__request__in=requests_visible(actor, on).values("pk"))
    lines: dict[tuple[object, int], Job] = {}
    for one in asked.select_related("question__request", "unit").order_by("due_on")[: SHOWN * 4]:
        request = one.question.request
        title = _("等%(unit)s报数:%(title)s") % {"unit": one.unit.label, "title": request.title}
        where = page("figure-request", request.pk)
        job = Job(title, _("%(office)s要数") % {"office": request.asked_by}, until(one.due_on, on), _("查看"), where, one.unit.label)
        lines.setdefault((request.pk, one.unit_id), job)
    return list(lines.values())[:SHOWN]


def decisions(actor: Actor, on: date) -> list[Job]:
    """Clocks that ran out and were looked into line by line: what is missing is what the office decides."""
    clocks = clocks_visible(actor, on, action=Action.CHANGE).standing()
    waiting = ClockDecision.objects.filter(result="", clock__in=clocks.values("pk")).prefetch_related("checks")
    found = []
    for one in waiting.select_related("clock__division").order_by("ran_out_on")[:SHOWN]:
        if len({check.position for check in one.checks.all()}) < len(one.checklist):
            continue
        by = one.clock.declared.opens
        title = _("等%(office)s决定:%(question)s") % {"office": said(by.by) if by else "", "question": said(one.question)}
        note = _("逐条核对过了 · 已等 %(days)d 天") % {"days": (on - clock.day_of(one.opened_at)).days}
        found.append(Job(title, note, None, _("查看"), page("clock", one.clock_id), one.clock.division.name))
    return found


def looks(actor: Actor, on: date) -> list[Job]:
    """One's own emergency looks that no second person has reviewed."""
    mine = EmergencyLook.objects.unreviewed().filter(account_id=actor.account_id or 0).select_related("unit")
    return [
        Job(
            _("等第二人复核我的紧急查阅"),
            _("%(day)s 打开") % {"day": clock.day_of(one.opened_at).isoformat()},
            until(one.review_by, on),
            _("查看"),
            page("emergency-look", one.pk),
            one.unit.label,
        )
        for one in mine.order_by("review_by")[:SHOWN]
    ]


def closings(actor: Actor, on: date) -> list[Job]:
    """Months one's own place has checked, waiting for the leader who approves."""
    if not _may_here(actor, closing.LEDGER, Action.CREATE, on) or _may_here(actor, closing.LEDGER, Action.APPROVE, on):
        return []
    asked = closing.closings_visible(actor, on).filter(Q(state=CloseState.ASKED), division_id=actor.division_id or 0)
    return [
        Job(
            _("等批准关账:%(place)s %(month)s")
            % {"place": one.division.name, "month": period_label(Period.parse(one.period))},
            _("%(who)s 核对") % {"who": one.asked_by_name},
            None,
            _("查看"),
            page("closings"),
            one.division.name,
        )
        for one in asked[:SHOWN]
    ]


def _may_here(actor: Actor, ledger: str, action: Action, on: date, state: str = "") -> bool:
    """In one's own unit and place."""
    return may(
        actor,
        action,
        compartment=Compartment.INTERNAL,
        ledger=ledger,
        division_id=actor.division_id or 0,
        unit_id=actor.unit_id or 0,
        on=on,
        state=state,
    ).allowed
