"""The list of clocks, one clock with its reasons, and what people record. Everything is asked of ``clocks_visible`` first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from qingyuan.casework.actions import clocks as actions
from qingyuan.casework.clocks import queries
from qingyuan.casework.clocks.listing import ALL, STATES, first_state, narrowed
from qingyuan.casework.models import ClockEvent, RunningClock
from qingyuan.casework.models.clock import ClockQuerySet
from qingyuan.foundation import clock
from qingyuan.foundation.words import in_chinese
from qingyuan.journeys import clock_words
from qingyuan.ledgers.sheets.export import TooManyRows
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import DivisionPath
from qingyuan.organisation.queries import city_pack
from qingyuan.web import shapes
from qingyuan.web.clocks import exporting, pages, presenters
from qingyuan.web.clocks.forms import CorrectForm, EventForm, ReasonForm, start_of
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.ledgers.views import workbook_response
from qingyuan.web.reads import log_read

PER_PAGE = 50


@require_safe
def clock_list(request: WebRequest) -> HttpResponse:
    """The clocks of the chosen range; ``?row=`` or ``?person=`` narrows them to one row or one person, whatever the range."""
    require_reader(request)
    on = clock.today()
    asked = _asked(request, on, Action.READ)
    mine, state, one, narrow, chosen = asked.mine, asked.state, asked.one, asked.narrow, asked.chosen
    href = f"{reverse('web:clocks')}?{narrow}state={state}&page="
    listed = shapes.pages(_number(request), PER_PAGE, chosen.count(), href)
    shown = list(chosen[listed.first - 1 if listed.total else 0 : listed.until])
    log_clocks(request, "list", shown)
    found, pack = queries.all_asked(shown, on), city_pack()
    context = {
        "tabs": presenters.tabs(mine, state, on, narrow),
        "table": presenters.table(found, request.actor, on, presenters.empty(state)),
        "pages": listed,
        "narrow": bool(one),
        "export": f"{reverse('web:clocks-export')}?{narrow}state={state}" if queries.reads_any(request.actor, Action.EXPORT) else "",
        "pack": pack.name_zh,
        "behind": mine.exclude(pack=pack.code).order_by().count(),
        "subject": _subject(request, shown) if one else None,
    }
    return render(request, "clocks/list.html", context)


@require_safe
def export(request: WebRequest) -> HttpResponse:
    """The list of the page, all of it, as a workbook; the read audit names every row. Errors: as the list, and Forbidden for who
    reads rows that run clocks and may not export them."""
    require_reader(request)
    on = clock.today()
    if not queries.reads_any(request.actor, Action.EXPORT):
        raise Forbidden(
            what=_("导出期限"), whose=_("台账可以导出的人"), how=_("需要的,请向安全管理员申请导出权限。")
        )
    asked = _asked(request, on, Action.EXPORT)
    shown = list(asked.chosen)
    log_clocks(request, "export", shown)
    about = in_chinese(lambda: f"{request.scope.division.name} {presenters.state_labels()[asked.state]}")()
    try:
        content = exporting.workbook(shown, request.actor, on, about)
    except TooManyRows:
        raise Forbidden(
            what=_("一次导出超过一百万行"), whose=_("您自己"), how=_("请按时期或区划缩小范围,分几次导出。")
        ) from None
    return workbook_response(content, f"期限 {about}.xlsx")


@dataclass(frozen=True)
class ListAsked:
    """What a list was asked for: ``mine`` in the chosen range, ``chosen`` of that state; ``one`` narrows to a row or a person."""

    mine: ClockQuerySet
    chosen: ClockQuerySet
    state: str
    one: dict[str, Any]
    narrow: str


def _asked(request: WebRequest, on: date, action: Action) -> ListAsked:
    """Errors: Http404 for a state, a row or a person that cannot be."""
    mine = queries.clocks_visible(request.actor, on, action=action)
    one, narrow = _narrowed(request)
    if one:
        mine = mine.filter(**one)
    else:
        below = DivisionPath.objects.on(on).filter(ancestor_id=request.scope.division.pk)
        mine = mine.in_division(below.values("descendant_id"))
    state = request.GET.get("state") or (ALL if one else first_state(mine, on))
    if state not in STATES:
        raise Http404
    return ListAsked(mine, narrowed(mine, state, on, ended=bool(one)), state, one, narrow)


@require_safe
def detail(request: WebRequest, clock_id: UUID) -> HttpResponse:
    """One clock; with a question in the address also what would be if. Nothing is stored by asking."""
    running = clock_named(request, clock_id)
    log_clocks(request, "detail", [running])
    event = _own_event(running, request.GET.get("correct", ""))
    form = CorrectForm(running=running, initial=start_of(event) | {"version": running.version}) if event else None
    return page(request, running, correcting=event, correct_form=form)


@require_POST
def record(request: WebRequest, clock_id: UUID) -> HttpResponse:
    running = clock_named(request, clock_id, Action.CHANGE)
    form = EventForm(request.POST, running=running)
    if form.is_valid():
        try:
            actions.record(running=running, given=form.given, version=form.cleaned_data["version"], by=request.actor)
        except actions.CannotRecord as error:
            _tell(form, error)
        else:
            messages.success(request, _("已登记,期限已经重新推算。"))
            return redirect("web:clock", running.pk)
    return page(request, running, form=form)


@require_POST
def correct(request: WebRequest, clock_id: UUID, event_id: UUID) -> HttpResponse:
    running = clock_named(request, clock_id, Action.CHANGE)
    event = event_named(running, event_id)
    form = CorrectForm(request.POST, running=running)
    if form.is_valid():
        clean = form.cleaned_data
        try:
            actions.correct(
                event=event, given=form.given, reason=clean["reason"], version=clean["version"], by=request.actor
            )
        except actions.CannotRecord as error:
            _tell(form, error)
        else:
            messages.success(request, _("已更正,期限已经重新推算;原来登记的仍然留着。"))
            return redirect("web:clock", running.pk)
    return page(request, running, correcting=event, correct_form=form)


@require_POST
def withdraw(request: WebRequest, clock_id: UUID, event_id: UUID) -> HttpResponse:
    return _with_reason(request, clock_id, event_id, actions.withdraw, _("已撤回,期限已经重新推算;原来登记的仍然留着。"))


@require_POST
def object_to(request: WebRequest, clock_id: UUID, event_id: UUID) -> HttpResponse:
    return _with_reason(request, clock_id, event_id, actions.object_to, _("已登记异议;计次从此按有异议和没有异议两种情况都写明。"))


@require_POST
def choose(request: WebRequest, clock_id: UUID) -> HttpResponse:
    """Which case of the law it is, where the law knows several lengths."""
    running = clock_named(request, clock_id, Action.CHANGE)
    version = request.POST.get("version", "")
    try:
        actions.choose(
            running=running,
            option=request.POST.get("option", "")[:24],
            version=int(version) if version.isdecimal() and len(version) < 10 else -1,
            by=request.actor,
        )
    except actions.CannotRecord as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已选定适用情形,期限已经重新推算。"))
    return redirect("web:clock", running.pk)


def page(request: WebRequest, running: RunningClock, **forms: Any) -> HttpResponse:
    """The page of a clock; a form that was refused comes back with what was typed and 422."""
    may_change = queries.clocks_visible(request.actor, clock.today(), action=Action.CHANGE).filter(pk=running.pk).exists()
    context = pages.context(request, running, may_change=may_change, **forms)
    refused = any(form is not None and form.errors for form in forms.values() if hasattr(form, "errors"))
    return render(request, "clocks/clock.html", context, status=422 if refused else 200)


def require_reader(request: WebRequest) -> None:
    """Errors: Forbidden for everyone who reads no row that runs a clock."""
    if not queries.reads_any(request.actor):
        raise Forbidden(
            what=_("具体的人和案件的期限"),
            whose=_("执行地乡镇(街道)的社工、禁毒专干,以及办案单位"),
            how=_("需要数字的,看“指标”;确需核对的,请执行地或者办案单位代为核对。"),
        )


def clock_named(request: WebRequest, clock_id: UUID, action: Action = Action.READ) -> RunningClock:
    """Errors: Forbidden; Http404 for a clock that is not there or not one's own."""
    require_reader(request)
    running = queries.clocks_visible(request.actor, clock.today(), action=action).filter(pk=clock_id).first()
    if running is None:
        raise Http404
    return running


def event_named(running: RunningClock, event_id: UUID) -> ClockEvent:
    """Errors: Http404 for an event of another clock."""
    event = ClockEvent.objects.select_related("clock").filter(pk=event_id, clock=running).first()
    if event is None:
        raise Http404
    return event


def log_clocks(request: WebRequest, act: str, clocks: Iterable[RunningClock]) -> None:
    """To read a clock is to read the row it runs for: the read audit names the row, in its own ledger."""
    rows: dict[str, list[UUID]] = defaultdict(list)
    for one in clocks:
        rows[one.ledger].append(one.subject_id)
    for ledger, ids in rows.items():
        log_read(request, act, ledger, list(dict.fromkeys(ids)), reason=gettext_noop("期限"))


def _with_reason(request: WebRequest, clock_id: UUID, event_id: UUID, act: Any, done: str) -> HttpResponse:
    running = clock_named(request, clock_id, Action.CHANGE)
    event = event_named(running, event_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有登记:请写明原因。"))
        return redirect("web:clock", running.pk)
    try:
        act(event=event, reason=form.cleaned_data["reason"], version=form.cleaned_data["version"], by=request.actor)
    except actions.CannotRecord as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("web:clock", running.pk)


def _tell(form: EventForm, error: actions.CannotRecord) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error))


def _own_event(running: RunningClock, text: str) -> ClockEvent | None:
    """The standing event a person recorded that the address names."""
    try:
        wanted = UUID(text)
    except ValueError:
        return None
    lines = presenters.events(running, list(running.events.all()))
    return next((line.event for line in lines if line.mine and line.event.pk == wanted), None)


def _narrowed(request: WebRequest) -> tuple[dict[str, Any], str]:
    """One row or one person, and the piece of the address that says so. Errors: Http404 for what is no such key."""
    for name, column in (("row", "subject_id"), ("person", "person")):
        if text := request.GET.get(name, ""):
            try:
                wanted = UUID(text)
            except ValueError:
                raise Http404 from None
            return {column: wanted if name == "row" else str(wanted)}, f"{name}={wanted}&"
    return {}, ""


def _subject(request: WebRequest, shown: list[RunningClock]) -> clock_words.Subject | None:
    found = clock_words.subjects(shown[:1], request.actor)
    return next(iter(found.values()), None)


def _number(request: WebRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isdigit() and len(text) < 8 else 1
