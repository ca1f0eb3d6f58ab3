"""Returns: the list, one return with its form and history, and the steps that move it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.words import Problem, in_chinese, said
from qingyuan.governance.actions import returns as actions
from qingyuan.governance.enums import Move
from qingyuan.governance.forms.catalogue import get_form
from qingyuan.governance.models import Return
from qingyuan.governance.permissions import NotAllowed, may_generate_returns, returns_visible
from qingyuan.governance.queries.returns import may_remind, standing
from qingyuan.governance.rules.returns import MoveRefused
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.kinds import Kind
from qingyuan.ledgers.sheets.export import write_export
from qingyuan.reference import periods
from qingyuan.reference.period_words import period_label
from qingyuan.web.behind import behind_of
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.order_links import href_of_return
from qingyuan.web.returns import listing
from qingyuan.web.returns.forms import REVIEWER, cell_fields, month_before, other_problems
from qingyuan.web.returns.stages import stages
from qingyuan.web.returns.words import month_text, state_text, state_tone, timing, waits_words
from qingyuan.web.shapes import pages

PER_PAGE = 50
REFUSED = 422
REMIND = "remind"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def returns(request: WebRequest) -> HttpResponse:
    actor, today, scope = request.actor, clock.today(), request.scope
    form = request.GET.get("form", "")[:20]
    behind = behind_of(request, "return_dues")
    rows = listing.listed(actor, today, scope, form, behind)
    asked = urlencode({"form": form}) if form else behind.query if behind else ""
    here = reverse("web:returns")
    numbers = pages(_page(request), PER_PAGE, rows.count(), f"{here}?{asked}&page=" if asked else f"{here}?page=")
    shown = list(rows[numbers.first - 1 if numbers.total else 0 : numbers.until])
    mine = [] if behind else listing.mine(actor, today)
    month = periods.month(scope.period.last_day)
    context = {
        "behind": behind,
        "elsewhere": listing.closed_behind(actor, today, behind),
        "mine": mine,
        "others": [] if behind else listing.others(actor, today, scope, mine),
        "table": listing.table(shown, today),
        "pages": numbers,
        "forms": listing.form_choices(form),
        "form": form,
        "query": asked,
        "month": month,
        "may_generate": month.start <= today and may_generate_returns(actor, scope.division.pk, today).allowed,
    }
    return render(request, "returns/list.html", context)


def _page(request: WebRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isdigit() and len(text) < 8 else 1


@require_safe
@in_chinese
def export(request: WebRequest) -> HttpResponse:
    """The rows of the list, cell for cell."""
    actor, today, scope = request.actor, clock.today(), request.scope
    behind = behind_of(request, "return_dues")
    rows = list(listing.listed(actor, today, scope, request.GET.get("form", "")[:20], behind))
    table = listing.table(rows, today)
    columns = [Column(f"c{number}", header.label, Kind.TEXT) for number, header in enumerate(table.headers)]
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    fiction = [_("演示城市 · 虚构数据")] if settings.QINGYUAN_DEMO else []
    about = behind.title if behind else f"{scope.division.name} · {period_label(scope.period)}"
    target = io.BytesIO()
    write_export(target, title=_("报表"), columns=columns, rows=cells, notice="  ".join([*fiction, about]))
    response = HttpResponse(target.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = (
        content_disposition_header(True, _("报表 %(about)s.xlsx") % {"about": about}) or ""
    )
    return response


@require_POST
def generate(request: WebRequest) -> HttpResponse:
    """Drafts for everyone who must file for the bar's last month; what is there stays."""
    scope = request.scope
    month = periods.month(scope.period.last_day)
    try:
        fresh = actions.generate_due(city=scope.division, month=month, by=request.actor)
    except NotAllowed as refusal:
        raise Forbidden(what=_("生成应报报表"), whose=_("市禁毒办"), how=str(refusal)) from refusal
    words = _("%(month)s 新生成 %(count)s 张应报报表。") % {"month": period_label(month), "count": len(fresh)}
    messages.success(request, words)
    return redirect("web:returns")


@require_safe
def one(request: WebRequest, return_id: UUID) -> HttpResponse:
    return _page_of(request, _named(request, return_id))


def _named(request: WebRequest, return_id: UUID) -> Return:
    """Errors: Http404, the same for one that is not there and one that is not for this person."""
    filed = returns_visible(request.actor, clock.today()).filter(pk=return_id).select_related("unit__superior").first()
    if filed is None:
        raise Http404
    return filed


def _page_of(
    request: WebRequest,
    filed: Return,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> HttpResponse:
    today = clock.today()
    here = standing(request.actor, filed, today)
    before = next((old for old in reversed(here.versions) if old.version < filed.version), None)
    tone, when = timing(filed, today)
    context = {
        "order_href": href_of_return(request.actor, filed, today),
        "filed": filed,
        "standing": here,
        "title": said(here.form.title),
        "month": month_text(filed),
        "state": state_text(filed),
        "tone": state_tone(filed),
        "when": when,
        "when_tone": tone,
        "waits": "" if filed.locked_at else waits_words(filed, here.waits_for),
        "fields": cell_fields(
            filed, here.form, typed=typed, problems=problems, before=before, last_month=month_before(filed)
        ),
        "fills": Move.SAVE in here.moves and filed.unit_id == request.actor.unit_id,
        "approves": Move.APPROVE in here.moves,
        "sends_back": Move.SEND_BACK in here.moves,
        "locks": Move.LOCK in here.moves,
        "reminds": may_remind(request.actor, filed, today),
        "corrects": Move.CORRECT in here.moves
        and filed.unit_id == request.actor.unit_id
        and here.versions[-1].pk == filed.pk,
        "stages": stages(here),
        "reviewer": typed.get(REVIEWER, "") if typed is not None else filed.reviewer_name,
        "reviewer_errors": [problem.message for problem in problems if problem.column == REVIEWER],
        "note": typed.get("note", "") if typed is not None else filed.note,
        "wrong": other_problems(here.form, problems),
        "newest": here.versions[-1] if here.versions[-1].pk != filed.pk else None,
    }
    return render(request, "returns/one.html", context, status=status)


@require_POST
def move(request: WebRequest, return_id: UUID, move: str) -> HttpResponse:
    """Take one step. What is wrong comes back beside its field; what may not be done says why."""
    filed = _named(request, return_id)
    step = _STEPS.get(move)
    if step is None:
        raise Http404
    typed = {name: value[:300] for name, value in request.POST.items() if isinstance(value, str)}
    try:
        moved, words = step(request, filed, typed)
    except actions.CellsWrong as wrong:
        filed.refresh_from_db()
        return _page_of(request, filed, typed=typed, problems=wrong.problems, status=REFUSED)
    except (MoveRefused, actions.ReturnMoved) as refusal:
        messages.error(request, str(refusal))
        return redirect("web:return", return_id=filed.pk)
    except NotAllowed as refusal:
        raise Forbidden(what=_("办理这张报表"), whose=filed.unit.label, how=str(refusal)) from refusal
    messages.success(request, words)
    if move == REMIND and request.POST.get("then") == "list":
        return redirect("web:returns")
    return redirect("web:return", return_id=moved.pk)


Step = Callable[[WebRequest, Return, Mapping[str, str]], tuple[Return, str]]


def _save(request: WebRequest, filed: Return, typed: Mapping[str, str]) -> tuple[Return, str]:
    return _saved(request, filed, typed), _("已保存,还没有报出。")


def _saved(request: WebRequest, filed: Return, typed: Mapping[str, str]) -> Return:
    codes = {code: typed[code] for code in filed_codes(filed) if code in typed}
    return actions.save_draft(filed=filed, cells=codes, by=request.actor, note=typed.get("note", ""))


def filed_codes(filed: Return) -> tuple[str, ...]:
    return get_form(filed.form).codes


def _submit(request: WebRequest, filed: Return, typed: Mapping[str, str]) -> tuple[Return, str]:
    """Keeps what was typed first, so that nothing is lost when the checks refuse it."""
    saved = _saved(request, filed, typed)
    moved = actions.submit(filed=saved, reviewer_name=typed.get(REVIEWER, ""), by=request.actor)
    return moved, _("已报出,等待审核。")


def _approve(request: WebRequest, filed: Return, typed: Mapping[str, str]) -> tuple[Return, str]:
    moved = actions.approve(filed=filed, by=request.actor, reason=typed.get("reason", ""))
    return moved, _("已审核通过。")


def _send_back(request: WebRequest, filed: Return, typed: Mapping[str, str]) -> tuple[Return, str]:
    moved = actions.send_back(filed=filed, reason=typed.get("reason", ""), by=request.actor)
    return moved, _("已退回%(unit)s,理由随表送达。") % {"unit": filed.unit.label}


def _lock(request: WebRequest, filed: Return, typed: Mapping[str, str]) -> tuple[Return, str]:
    return actions.lock(filed=filed, by=request.actor), _("已锁定,数字开始计入指标;以后只能更正,原表保留。")


def _correct(request: WebRequest, filed: Return, typed: Mapping[str, str]) -> tuple[Return, str]:
    moved = actions.correct(filed=filed, reason=typed.get("reason", ""), by=request.actor)
    return moved, _("已另起更正版;新版锁定之前,原表的数字继续有效。")


def _remind(request: WebRequest, filed: Return, typed: Mapping[str, str]) -> tuple[Return, str]:
    moved = actions.remind(filed=filed, by=request.actor)
    return moved, _("已催%(unit)s,写在它的“今天”里。") % {"unit": filed.unit.label}


_STEPS: dict[str, Step] = {
    "save": _save,
    "submit": _submit,
    "approve": _approve,
    "send-back": _send_back,
    "lock": _lock,
    "correct": _correct,
    REMIND: _remind,
}
