"""The caseworker's clients and one client's page. Everything here is asked of ``rehabilitation.queries.clients`` first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.casework import queries as due_queries
from qingyuan.casework.clocks import queries as clock_queries
from qingyuan.casework.handovers import queries as handover_queries
from qingyuan.casework.models import Due
from qingyuan.casework.rules import State
from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.name_buckets import TooManyNames
from qingyuan.journeys import due_words
from qingyuan.ledgers import entering, registry
from qingyuan.ledgers.declaration import Writing
from qingyuan.ledgers.writing import DuplicateRow
from qingyuan.organisation.enums import Action, Look
from qingyuan.organisation.models import DivisionPath
from qingyuan.organisation.scope import may, may_look
from qingyuan.reference.catalogue import get_list
from qingyuan.rehabilitation import queries
from qingyuan.rehabilitation.conversions import unchecked
from qingyuan.rehabilitation.models import Client
from qingyuan.rehabilitation.rules import journey
from qingyuan.rehabilitation.way import way as way_of
from qingyuan.web import shapes
from qingyuan.web.clients import looks, plan_words, presenters, way
from qingyuan.web.clients.forms import ALL, PeopleFilter
from qingyuan.web.clients.timeline import drawn
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.ledger_forms import RowForm
from qingyuan.web.name_words import too_many
from qingyuan.web.reads import log_read

LEDGER = "clients"
TESTS = "tests"
PER_PAGE = 50
READS_PER_PAGE = 30
FIXED = ("name", "id_number")
REVEALED = ("id_number", "phone")


def _require_by_name(request: WebRequest) -> None:
    """Errors: Forbidden for everyone who does not work with people by name (house.md §1)."""
    if not may(request.actor, Action.READ, compartment=Compartment.COMMUNITY, on=clock.today()).allowed:
        raise Forbidden(
            what=_("服务对象的姓名和明细"),
            whose=_("执行地乡镇(街道)的社工、禁毒专干"),
            how=_("需要数字的,看“形势”“指标”;需要核对个别情况的,请执行地代为核对。禁毒办、公安和领导都看不到本页。"),
        )


def client_of(request: WebRequest, client_id: UUID, action: Action = Action.READ) -> Client:
    """Errors: Forbidden, Http404 for someone who is not one's own client."""
    _require_by_name(request)
    client = queries.clients(request.actor, clock.today(), action=action).filter(pk=client_id).first()
    if client is None:
        raise Http404
    return client


@require_safe
def people(request: WebRequest) -> HttpResponse:
    """The list, or after a filter only its ``#results``."""
    _require_by_name(request)
    on, here = clock.today(), reverse("web:people")
    form = PeopleFilter(request.GET, auto_id="filter_%s")
    form.is_valid()
    asked, show = form.cleaned_data.get("q", "").strip(), form.cleaned_data.get("show", "")
    below = DivisionPath.objects.on(on).filter(ancestor_id=request.scope.division.pk)
    mine = queries.clients(request.actor, on).filter(division_id__in=below.values("descendant_id"))
    empty = _empty(asked)
    try:
        mine = queries.search_clients(mine, asked) if asked else mine
    except TooManyNames:
        mine, empty = mine.none(), too_many(here)
    ids = queries.waiting_order(mine, on, everyone=bool(show == ALL or asked))
    query = "".join(f"{name}={value}&" for name, value in (("q", asked), ("show", show)) if value)
    pages = shapes.pages(_number(request), PER_PAGE, len(ids), f"{here}?{query}page=")
    page_ids = ids[pages.first - 1 if ids else 0 : pages.until]
    found = queries.clients(request.actor, on).in_bulk(page_ids)
    shown = [found[pk] for pk in page_ids]
    # A search is written down whether it finds somebody or not: also nobody is an answer about a person.
    if shown or asked:
        log_read(request, "search" if asked else "list", LEDGER, page_ids, query=asked)
    context = {
        "form": form,
        "here": here,
        "narrowed": bool(asked or show),
        "table": presenters.table(shown, queries.standings(page_ids, on), on, empty, asked),
        "pages": pages,
    }
    fragment = request.htmx and request.htmx.target == "results"
    return render(request, "clients/_results.html" if fragment else "clients/list.html", context)


def _number(request: WebRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isdigit() and len(text) < 8 else 1


def _empty(asked: str) -> shapes.Empty:
    if asked:
        return shapes.Empty(_("没有这个人"), _("可以写全姓名或 18 位身份证号,也可以只写姓氏、拼音或拼音首字母;也可能不是您的服务对象。"))
    return shapes.Empty(
        _("还没有正在执行的服务对象"),
        _("先在“社区戒毒社区康复台账”登记或导入措施,人会自动出现在这里。"),
        _("去登记"),
        reverse("web:ledger-list", args=("measures",)),
    )


@require_safe
def detail(request: WebRequest, client_id: UUID) -> HttpResponse:
    client = client_of(request, client_id)
    log_read(request, "detail", LEDGER, [client.pk])
    return render(request, "clients/person.html", _person(request, client))


def _person(request: WebRequest, client: Client) -> dict[str, Any]:
    on = clock.today()
    line, found = queries.timeline(client), way_of(client)
    standing = queries.standings([client.pk], on)[client.pk]
    words, tone = presenters.status(standing, on)
    running, gaps = _clocks(request, client), journey.gaps(found.chain, on)
    open_lists = unchecked(clock_queries.clocks_visible(request.actor, on).filter(person=str(client.pk)), on)
    late = [due for due in line.dues if due.state_on(on) == State.LATE and due.unit_id == client.unit_id]
    return {
        "client": client,
        "sex": presenters.sex(client),
        "age": presenters.age(client, on),
        "masked": presenters.masked_number(client),
        "worker": presenters.worker(client),
        "is_mine": client.caseworker_id == request.actor.account_id,
        "status": words,
        "tone": tone,
        "standing": standing,
        "timeline": drawn(line, found, _term_ends(running), on),
        "gaps": [*way.gap_lines(client, gaps, on), *way.unchecked_lines(open_lists)],
        "team": way.team(found, on),
        "counts": way.counts(running, on),
        "happened": way.happened(found, client),
        "told": way.told(found),
        "plan": plan_words.card(found),
        "acts": _acts(client),
        "clocks_href": f"{reverse('web:clocks')}?person={client.pk}",
        "clocks": presenters.clocks(running, standing, on),
        "late": [due_words.words(due, standing.measure, on) for due in reversed(late)],
        "measures": presenters.measures(line, on),
        "tests": [_test_line(test) for test in reversed(line.tests)][:8],
        "tests_count": len(line.tests),
        "may_record": _may_record(request, client),
        "pending": handover_queries.pending(client.pk),
    }


def _term_ends(running: Iterable[clock_queries.Asked]) -> dict[UUID, date]:
    """By measure the day its term ends as the clock reckons it: pauses and credited days moved it."""
    return {one.running.subject_id: one.running.due_on for one in running if one.running.code in ("D22", "D51") and one.running.due_on}


def _acts(client: Client) -> list[tuple[str, str]]:
    """What may be entered about this person, in the order in which it is looked for."""
    labels = {
        "absences": _("离开报备"),
        "moves": _("变更执行地"),
        "encouragements": _("鼓励"),
        "warnings": _("教育劝诫"),
        "team": _("工作小组"),
        "care_plans": _("个案计划"),
        "plan_goals": _("计划目标"),
        "suspensions": _("中止与恢复"),
        "credits": _("期限折抵"),
        "releases": _("出所衔接"),
        "controls": _("动态管控"),
    }
    return [(label, reverse("web:person-record", args=(client.pk, code))) for code, label in labels.items()]


def _clocks(request: WebRequest, client: Client) -> list[clock_queries.Asked]:
    on = clock.today()
    mine = clock_queries.clocks_visible(request.actor, on).standing().filter(person=str(client.pk))
    return clock_queries.all_asked(mine, on)


def _test_line(test: Any) -> dict[str, Any]:
    ledger = registry.get(TESTS)
    labels = {name: get_list(ledger.column(name).code_list) for name in ("sample", "purpose", "result")}
    return {
        "pk": test.pk,
        # What a former unit tested stayed with it: shown, and opened there.
        "here": test.unit_id == test.client.unit_id,
        "day": test.tested_on,
        "note": " · ".join(
            text
            for text in (
                labels["sample"].said(test.sample),
                labels["purpose"].said(test.purpose),
                "、".join(test.testers),
            )
            if text
        ),
        "result": labels["result"].said(test.result),
    }


def _may_record(request: WebRequest, client: Client) -> bool:
    return may(
        request.actor,
        Action.CREATE,
        compartment=Compartment.COMMUNITY,
        ledger=TESTS,
        on=clock.today(),
        division_id=client.division_id,
        unit_id=client.unit_id,
        caseworker_id=client.caseworker_id or 0,
    ).allowed


@require_POST
def reveal(request: WebRequest, client_id: UUID, name: str) -> HttpResponse:
    """The full number, after the look has been written to the read audit."""
    client = client_of(request, client_id)
    if name not in REVEALED or not may_look(request.actor, Look(name), compartment=Compartment.COMMUNITY):
        raise Http404
    log_read(request, "reveal", LEDGER, [client.pk], reason=name)
    revealed = {"text": getattr(client, name) or _("没有登记")}
    if request.htmx:
        return render(request, "clients/_revealed.html", {"revealed": revealed})
    return render(request, "clients/person.html", _person(request, client) | {"revealed": revealed})


@require_safe
def reads(request: WebRequest, client_id: UUID) -> HttpResponse:
    """Who has read this person's rows: the list the person may ask for. Asked for by the person's page, it is its section."""
    client = client_of(request, client_id)
    looked = queries.looked_at(client)
    here = reverse("web:person-reads", args=(client.pk,))
    pages = shapes.pages(_number(request), READS_PER_PAGE, looked.count(), f"{here}?page=")
    shown = list(looked[pages.first - 1 if pages.total else 0 : pages.until])
    context = {"client": client, "pages": pages, "reads": looks.lines(shown), "passed": looks.passed(client)}
    fragment = request.htmx and request.htmx.target == "reads"
    if not fragment:  # as a section it comes with the page, which has been written down
        log_read(request, "detail", LEDGER, [client.pk], reason=gettext_noop("查阅记录"))
    return render(request, "clients/_reads.html" if fragment else "clients/reads.html", context)


@require_http_methods(["GET", "POST"])
def record_test(request: WebRequest, client_id: UUID) -> HttpResponse:
    """A test of this client: the person is given, the day is today unless it is said otherwise."""
    client, on = client_of(request, client_id, Action.CREATE), clock.today()
    ledger = registry.get(TESTS)
    due = _due(request, client)
    if request.method == "GET":
        log_read(request, "detail", LEDGER, [client.pk])
        form = RowForm(ledger=ledger, actor=request.actor, on=on, initial=_start(request, due), leave_out=FIXED)
        return _test_form(request, client, form, due)
    form = RowForm(request.POST, ledger=ledger, actor=request.actor, on=on, leave_out=FIXED)
    typed = form.typed | {"name": client.name, "id_number": client.id_number}
    writing = Writing(by=request.actor, on=on)
    draft = entering.draft_of_new(ledger, typed, writing)
    if not draft.problems:
        try:
            entering.enter(ledger, draft, writing)
        except DuplicateRow as error:
            form.add_error(None, str(error))
        else:
            _tell_recorded(request, due)
            return redirect("web:person-detail", client.pk)
    form.tell(draft.problems)
    return _test_form(request, client, form, due)


def _tell_recorded(request: WebRequest, due: Due | None) -> None:
    """Whether the window one came for is answered by the day that was given."""
    if due is None:
        messages.success(request, _("已记下这次检测;日期落在哪个窗口,就了结哪个窗口。"))
        return
    due.refresh_from_db()
    if due.done_on is not None:
        messages.success(request, _("已记下这次检测,对应的检测窗口已了结。"))
        return
    days = {"opens": due.opens_on.isoformat(), "last": due.last_day.isoformat()}
    messages.warning(request, _("已记下这次检测,但日期不在 %(opens)s 至 %(last)s 这个窗口里:这一次仍算没有做。") % days)


def _due(request: WebRequest, client: Client) -> Due | None:
    """The window the address names, if it is this client's."""
    try:
        due_id = UUID(request.GET.get("due", ""))
    except ValueError:
        return None
    mine = due_queries.dues(request.actor, clock.today())
    return mine.filter(pk=due_id, person=str(client.pk)).first()


def _start(request: WebRequest, due: Due | None) -> dict[str, str]:
    on = clock.today()
    inside = due is None or due.opens_on <= on < due.closes_on
    return {
        "tested_on": on.isoformat() if inside else "",
        "sample": "urine",
        "purpose": "scheduled",
        "testers": request.actor.name,
    }


def _test_form(request: WebRequest, client: Client, form: RowForm, due: Due | None) -> HttpResponse:
    said = None
    if due is not None:
        measure = queries.measures_by_id([due.subject_id]).get(due.subject_id)
        said = due_words.words(due, measure, clock.today())
    context = {"client": client, "form": form, "said": said, "masked": presenters.masked_number(client)}
    return render(request, "clients/test_form.html", context, status=422 if form.errors else 200)
