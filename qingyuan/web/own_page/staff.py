"""What the caseworker does for a person's own page: print the code, revoke it, answer what was asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from qingyuan.casework.reminders.sentences import WORDS, Sentence
from qingyuan.foundation import clock
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import visible_to
from qingyuan.rehabilitation import queries
from qingyuan.rehabilitation.actions import own_page as actions
from qingyuan.rehabilitation.actions import texting
from qingyuan.rehabilitation.actions.own_page import REQUESTS, OwnPageRefused
from qingyuan.rehabilitation.actions.texting import TextingRefused
from qingyuan.rehabilitation.models import AppointmentText, Client, OwnCode, OwnRequest
from qingyuan.web.context import WebRequest
from qingyuan.web.reads import log_read
from qingyuan.web.serving.presenters import state_words

TEXTS_SHOWN = 5


def _client(request: WebRequest, client_id: UUID) -> Client:
    """One's own client. Errors: Http404."""
    client = queries.clients(request.actor, clock.today(), action=Action.CREATE).filter(pk=client_id).first()
    if client is None:
        raise Http404
    return client


def _asked(request: WebRequest, client: Client, action: Action = Action.READ) -> Any:
    found = OwnRequest.objects.filter(client=client)
    return visible_to(
        request.actor, found, compartment=Compartment.HELP, on=clock.today(), ledger=REQUESTS, action=action,
        caseload_field="client__caseworker_id",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def for_client(request: WebRequest, client_id: UUID) -> HttpResponse:
    """How things stand; a POST makes a code, shown this once on the sheet to be printed. Errors: Http404."""
    client = _client(request, client_id)
    asked = list(_asked(request, client))
    log_read(request, "detail", "clients", [client.pk])
    if asked:
        log_read(request, "list", REQUESTS, [one.pk for one in asked])
    context: dict[str, Any] = {"client": client, "asked": asked}
    if request.method == "POST":
        try:
            code = actions.hand_out(client=client, by=request.actor)
        except OwnPageRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("web:person-own", client.pk)
        groups = [code[place : place + 4] for place in range(0, len(code), 4)]
        context |= {"code": " ".join(groups), "address": request.build_absolute_uri(reverse("web:own-page"))}
    paper = actions.paper_of(client)
    if paper is not None:
        tone, words = state_words(paper, clock.today())
        context |= {"paper": paper, "paper_tone": tone, "paper_words": words}
    context["texts"] = {
        "offered": texting.is_offered(),
        "consent": texting.standing(client),
        "has_number": bool(client.phone),
        "words": WORDS[Sentence.APPOINTMENT],
        "sent": list(AppointmentText.objects.filter(client=client)[:TEXTS_SHOWN]),
    }
    context["standing"] = OwnCode.objects.filter(client=client, revoked_at=None).first()
    return render(request, "own_page/staff.html", context)


@require_POST
def revoke(request: WebRequest, client_id: UUID) -> HttpResponse:
    client = _client(request, client_id)
    try:
        gone = actions.revoke(client=client, by=request.actor)
    except OwnPageRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("查询码已作废,纸上的码打不开任何东西了。") if gone else _("没有在用的查询码。"))
    return redirect("web:person-own", client.pk)


@require_POST
def answer(request: WebRequest, client_id: UUID, asked_id: UUID) -> HttpResponse:
    client = _client(request, client_id)
    asked = _asked(request, client, Action.CHANGE).filter(pk=asked_id).first()
    if asked is None:
        raise Http404
    try:
        actions.answer(request=asked, agreed=request.POST.get("agreed") == "yes", words=request.POST.get("words", ""), by=request.actor)
    except OwnPageRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已答复,本人在自己的页面看得到。"))
    return redirect("web:person-own", client.pk)


@sensitive_post_parameters("phone")
@require_POST
def phone(request: WebRequest, client_id: UUID) -> HttpResponse:
    """The number the person gave; it is not shown again here. Errors: Http404."""
    client = _client(request, client_id)
    typed = "" if request.POST.get("do") == "remove" else request.POST.get("phone", "")[:40]
    if not typed.strip() and request.POST.get("do") != "remove":
        messages.error(request, _("请填手机号;不要了的,点“删去手机号”。"))
        return redirect("web:person-own", client.pk)
    try:
        texting.set_number(client=client, phone=typed, by=request.actor)
    except TextingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("手机号已登记。") if typed.strip() else _("手机号已删去。"))
    return redirect("web:person-own", client.pk)


@require_POST
def stop_texts(request: WebRequest, client_id: UUID) -> HttpResponse:
    """The person told the caseworker that no more texts are wanted. Errors: Http404."""
    client = _client(request, client_id)
    try:
        texting.withdraw(client=client, by=request.actor)
    except TextingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("不再给本人发短信。要再用,由本人在自己的页面重新同意。"))
    return redirect("web:person-own", client.pk)
