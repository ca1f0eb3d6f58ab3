"""The page of the security officer: what would happen today and why, the plans, approving as a second person, carrying out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qingyuan.casework.actions import retention as actions
from qingyuan.casework.actions.retention import RetentionRefused
from qingyuan.casework.enums import PlanState
from qingyuan.casework.models import RetentionPlan
from qingyuan.foundation import clock
from qingyuan.journeys.retention import carrying, finding
from qingyuan.journeys.retention import plan as plans
from qingyuan.organisation.enums import Action
from qingyuan.reference import retention
from qingyuan.web import shapes
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.reads import log_read

SHOWN = 100
TONES = {PlanState.PROPOSED: "soon", PlanState.APPROVED: "acc", PlanState.DONE: "good", PlanState.DROPPED: "grey"}


def _require(request: WebRequest) -> None:
    """Errors: Forbidden."""
    if not actions.allowed(request.actor, Action.READ):
        raise Forbidden(
            what=_("到期处理"), whose=_("安全管理员提出,市禁毒委领导批准"), how=_("这里只有编号和件数;要看自己的信息什么时候到期,请向负责单位提出请求。")
        )


@dataclass(frozen=True)
class RuleLine:
    rule: retention.RetentionRule
    effect: str
    due: str
    held: str
    state: str
    closed: str = ""


def _words() -> dict[str, str]:
    return {"seal": _("封存"), "delete": _("删除"), "revoke": _("作废")}


def _holds() -> dict[str, str]:
    return {"open_measure": _("措施没有结束"), "open_case": _("案件没有办结"), "open_request": _("本人的请求没有答复")}


def _lines(counts: Mapping[str, int], held: Sequence[tuple[str, str, int]], closed: Mapping[str, int] | None = None) -> list[RuleLine]:
    effects, holds, found = _words(), _holds(), []
    for rule in retention.rules():
        why = [f"{holds[hold]} {rule.counted(count)}" for code, hold, count in held if code == rule.code]
        state = _("未确认,不启用") if not rule.active else ("" if rule.confirmed else _("平台默认"))
        already = rule.counted(closed[rule.code]) if closed and closed.get(rule.code) else ""
        found.append(RuleLine(rule, effects[rule.effect], rule.counted(counts.get(rule.code, 0)), " · ".join(why), state, already))
    return found


@require_safe
def index(request: WebRequest) -> HttpResponse:
    """Errors: Forbidden."""
    _require(request)
    found = finding.preview(clock.today())
    log_read(request, "list", actions.SUBJECT, ())
    context = {
        "on": found.on,
        "lines": _lines(found.counts, [(rule, hold, count) for (rule, hold), count in found.holds.items()], finding.closed_from_entry(found.on)),
        "digest": plans.digest_of(plans.content_of(found)),
        "total": len(found.lines),
        "may_propose": actions.allowed(request.actor, Action.CREATE),
        "plans": _table(RetentionPlan.objects.all()[:SHOWN]),
    }
    return render(request, "retention/index.html", context)


def _table(found: Any) -> shapes.Table:
    headers = [shapes.Header(_("截至")), shapes.Header(_("状态")), shapes.Header(_("提出")), shapes.Header(_("批准"))]
    rows = [
        shapes.Row(
            [
                shapes.Cell(one.planned_for.isoformat(), href=reverse("web:retention-plan", args=(one.pk,))),
                shapes.Cell(one.get_state_display(), tone=TONES[PlanState(one.state)]),
                shapes.Cell(one.made_by_name, note=f"{localtime(one.made_at):%Y-%m-%d %H:%M}"),
                shapes.Cell(one.approved_by_name or "—"),
            ]
        )
        for one in found
    ]
    return shapes.Table(headers, rows, shapes.Empty(_("还没有方案"), _("先看上面的预览,再提出。")), caption=_("方案"))


@require_POST
def propose(request: WebRequest) -> HttpResponse:
    """Propose what was just read; what has changed meanwhile is read again first. Errors: Forbidden."""
    _require(request)
    found = finding.preview(clock.today())
    if plans.digest_of(plans.content_of(found)) != request.POST.get("digest", ""):
        messages.error(request, _("预览以后有了变化,请再看一遍再提出。"))
        return redirect("web:retention")
    try:
        made = carrying.propose(preview=found, by=request.actor)
    except RetentionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("web:retention")
    messages.success(request, _("已提出,等第二个人批准。"))
    return redirect("web:retention-plan", made.pk)


def _plan(request: WebRequest, retention_id: UUID) -> RetentionPlan:
    """Errors: Forbidden, Http404."""
    _require(request)
    found = RetentionPlan.objects.filter(pk=retention_id).first()
    if found is None:
        raise Http404
    return found


@require_safe
def plan(request: WebRequest, retention_id: UUID) -> HttpResponse:
    held = _plan(request, retention_id)
    log_read(request, "detail", actions.SUBJECT, [held.pk])
    content, mine = held.content, held.made_by_id == request.actor.account_id
    keeps, approves = (actions.allowed(request.actor, one) for one in (Action.CREATE, Action.APPROVE))
    context = {
        "plan": held,
        "lines": _lines(content["counts"], [(one["rule"], one["hold"], one["count"]) for one in content["held"]]),
        "may_take": _handles(request),
        "may_approve": held.state == PlanState.PROPOSED and approves and not mine,
        "may_drop": held.state in (PlanState.PROPOSED, PlanState.APPROVED) and (keeps or approves),
        "may_carry_out": held.state == PlanState.APPROVED and keeps,
    }
    return render(request, "retention/plan.html", context)


@require_safe
def plan_file(request: WebRequest, retention_id: UUID) -> HttpResponse:
    """The plan as a signed file, for who handles it: every line with its id and why, no name. Errors: Forbidden, Http404."""
    held = _plan(request, retention_id)
    if not _handles(request):
        raise Http404
    log_read(request, "export", actions.SUBJECT, [held.pk])
    text = json.dumps(plans.signed(held.content), ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = content_disposition_header(True, f"retention-{held.planned_for}.json") or "attachment"
    return response


def _handles(request: WebRequest) -> bool:
    """Whether the lines themselves are this person's business: who proposes and carries out, and who approves."""
    return any(actions.allowed(request.actor, one) for one in (Action.CREATE, Action.APPROVE))


def _taken(request: WebRequest, held: RetentionPlan, act: Callable[..., RetentionPlan], said: str) -> HttpResponse:
    try:
        act(plan=held, by=request.actor)
    except RetentionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("web:retention-plan", held.pk)


@require_POST
def approve(request: WebRequest, retention_id: UUID) -> HttpResponse:
    return _taken(request, _plan(request, retention_id), actions.approve, _("已批准,由安全管理员办理。"))


@require_POST
def drop(request: WebRequest, retention_id: UUID) -> HttpResponse:
    return _taken(request, _plan(request, retention_id), actions.drop, _("已作废;已经办了的不变。"))


@require_POST
def carry_out(request: WebRequest, retention_id: UUID) -> HttpResponse:
    return _taken(request, _plan(request, retention_id), carrying.carry_out, _("已办完。"))
