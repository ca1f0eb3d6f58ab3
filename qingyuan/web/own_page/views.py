"""The person's own page, on any phone. No name, number or drug stands on it or in its address, but for what was written as a goal
or as done well; it closes itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from qingyuan.casework.enums import Outcome, ReminderState
from qingyuan.casework.models import RunningClock
from qingyuan.casework.reminders.sentences import WORDS, Sentence
from qingyuan.foundation import audit, clock
from qingyuan.reference.catalogue import get_list
from qingyuan.rehabilitation import helping, planning, queries
from qingyuan.rehabilitation.actions import own_page as actions
from qingyuan.rehabilitation.actions import texting
from qingyuan.rehabilitation.actions.own_page import OwnPageRefused
from qingyuan.rehabilitation.actions.texting import TextingRefused
from qingyuan.rehabilitation.enums import AskedFor
from qingyuan.rehabilitation.models import AppointmentText, Client, Encouraged, Measure, OwnCode, OwnRequest
from qingyuan.web.account import throttle
from qingyuan.web.middleware import open_to_strangers
from qingyuan.web.own_page import session

REFUSED = 422
TOO_MANY = 429
DUES_SHOWN = 3
WELL_SHOWN = 10
View = Callable[..., HttpResponse]


def closed_after(view: View) -> View:
    """For everybody, kept by no browser. The referrer policy stays that of every page (none to others): under «no-referrer» browsers
    post forms with the origin «null», and none would pass."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["Cache-Control"] = "no-store, private, max-age=0"
        return response

    return open_to_strangers(answered)


@closed_after
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """The page, or the two fields that open it."""
    if request.method == "POST":
        return _enter(request)
    code = session.here(request)
    if code is None:
        return render(request, "own_page/enter.html", {})
    if not code.pin:
        return render(request, "own_page/pin.html", {"left": session.left(request) + 1})
    return render(request, "own_page/page.html", _page(request, code))


def _enter(request: HttpRequest) -> HttpResponse:
    """Counted for this code from this address, and for the address: nobody elsewhere can keep the person out."""
    typed, address = actions.tidy(request.POST.get("code", ""))[:40], str(request.META.get("REMOTE_ADDR", ""))
    who = f"own:{typed}"
    trying = throttle.begin(who, address)
    if trying.wait:
        return _refused(request, throttle.words(trying.wait), TOO_MANY)
    code = actions.code_of(typed)
    new = code is not None and not code.pin
    if code is None or not (new or actions.opens(code, request.POST.get("pin", ""))):
        if code is None:
            actions.opens(None, request.POST.get("pin", ""))
        return _refused(request, _("查询码或者密码不对,请对照纸上再试。忘了密码、丢了纸,请找社工换一张。"), REFUSED)
    trying.succeeded()
    session.begin(request, code)
    with_read = [code.client_id]
    audit.record_read(by=actions.PERSON, act="detail", ledger="own-page", row_ids=with_read, path=request.path, address=address)
    return redirect("web:own-page")


def _refused(request: HttpRequest, message: str, status: int) -> HttpResponse:
    return render(request, "own_page/enter.html", {"problem": message}, status=status)


@closed_after
@require_POST
def pin(request: HttpRequest) -> HttpResponse:
    """First use: the PIN, twice."""
    code = session.here(request)
    if code is None:
        return redirect("web:own-page")
    given = request.POST.get("pin", "")
    problem = _("两次输入的密码不一样,请再输一次。") if given != request.POST.get("again", "") else ""
    if not problem:
        try:
            actions.set_pin(code=code, pin=given)
        except OwnPageRefused as refusal:
            problem = str(refusal)
    if problem:
        return render(request, "own_page/pin.html", {"problem": problem, "left": session.left(request) + 1}, status=REFUSED)
    session.begin(request, code)
    return redirect("web:own-page")


@closed_after
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Leave, or a correction."""
    code = session.here(request)
    if code is None or not code.pin:
        return redirect("web:own-page")
    session.prolong(request)
    wanted = AskedFor.LEAVE if request.POST.get("for") == AskedFor.LEAVE else AskedFor.CORRECTION
    days = {name: _day(request.POST.get(name, "")) for name in ("from_day", "until_day")} if wanted == AskedFor.LEAVE else {}
    try:
        actions.ask(client=code.client, asked_for=wanted, words=request.POST.get("words", ""), **days)
    except OwnPageRefused as refusal:
        context = _page(request, code) | {"problem": str(refusal), "problem_at": wanted.value, "typed": request.POST}
        return render(request, "own_page/page.html", context, status=REFUSED)
    messages.success(request, _("已经交给您的社工,答复会出现在这里。"))
    return redirect("web:own-page")


@closed_after
@sensitive_post_parameters("phone")
@require_POST
def texts(request: HttpRequest) -> HttpResponse:
    """Yes to the one text, or no more of it."""
    code = session.here(request)
    if code is None or not code.pin:
        return redirect("web:own-page")
    session.prolong(request)
    if request.POST.get("do") == "stop":
        texting.withdraw(client=code.client)
        messages.success(request, _("不再给您发短信了。"))
        return redirect("web:own-page")
    try:
        texting.agree(client=code.client, phone=request.POST.get("phone", "")[:40])
    except TextingRefused as refusal:
        context = _page(request, code) | {"problem": str(refusal), "problem_at": "texts"}
        return render(request, "own_page/page.html", context, status=REFUSED)
    messages.success(request, _("记下了。随时可以在这里停。"))
    return redirect("web:own-page")


@closed_after
@require_POST
def out(request: HttpRequest) -> HttpResponse:
    session.end(request)
    return redirect("web:own-page")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _ends_on(measure: Measure) -> date | None:
    """The last day as the clock reckons it, with pauses and credited days; the printed one where no clock runs."""
    clocks = RunningClock.objects.filter(ledger="measures", subject_id=measure.pk, code__in=("D22", "D51"), due_on__isnull=False)
    return clocks.values_list("last_day", flat=True).first() or measure.ends_on


def _page(request: HttpRequest, code: OwnCode) -> dict[str, Any]:
    on, client = clock.today(), code.client
    line = queries.timeline(client)
    running = [one for one in line.measures if one.ended_on is None or one.ended_on > on]
    dues = [due for due in line.dues if due.outcome == Outcome.OPEN and due.closes_on > on and due.unit_id == client.unit_id]
    return {
        "left": session.left(request) + 1,
        "unit": client.unit.name,
        "measure": running[-1] if running else None,
        "ends_on": _ends_on(running[-1]) if running else None,
        "what": get_list("measures").said(running[-1].kind) if running else "",
        "dues": dues[:DUES_SHOWN],
        "today": on,
        "asked": OwnRequest.objects.filter(client=client)[:10],
        "plan": _plan(client),
        "well": [(one.given_on, _given(one), one.did) for one in Encouraged.objects.filter(client=client).order_by("-given_on", "-pk")[:WELL_SHOWN]],
        "texts": _texts(client),
    }


def _plan(client: Client) -> dict[str, Any]:
    """What is to be reached and when it is looked at again: only of a plan the supervisor agreed to."""
    plan = planning.agreed(client.pk)
    if plan is None:
        return {}
    codes = get_list("goal_outcomes")
    goals = [(one.own_words or one.goal, one.by_on, codes.said(one.outcome) if one.outcome else "") for one in planning.goals_of(plan)]
    return {"goals": goals, "review_on": helping.set_day(client.pk)}


def _given(one: Encouraged) -> str:
    kind = get_list("encouragement_kinds").said(one.kind)
    return _("%(kind)s · %(days)s 天") % {"kind": kind, "days": one.days} if one.days else kind


def _texts(client: Client) -> dict[str, Any]:
    """How things stand with the one text: no number is read and none is shown."""
    sent = AppointmentText.objects.filter(client=client, state=ReminderState.SENT).order_by("sent_at").last()
    return {
        "offered": texting.is_offered(),
        "consent": texting.standing(client),
        "has_number": Client.objects.filter(pk=client.pk).exclude(phone="").exists(),
        "sent_at": sent.sent_at if sent is not None else None,
        "words": WORDS[Sentence.APPOINTMENT],
    }
