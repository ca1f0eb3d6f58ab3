"""My reminders and how I want them. Everything here is the holder's own; the officer sees that the door works."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.casework.actions import reminders as actions
from qingyuan.casework.actions.reminders import ChoiceRefused
from qingyuan.casework.reminders import queries
from qingyuan.foundation import clock
from qingyuan.journeys import reminding
from qingyuan.journeys.reminding import ChannelNotOffered
from qingyuan.organisation.actions.contacts import ContactRefused
from qingyuan.organisation.models import Account
from qingyuan.web.context import WebRequest
from qingyuan.web.reminders import presenters
from qingyuan.web.reminders.forms import AddressForm, ChoiceForm, CodeForm

REFUSED = 422


@require_safe
def reminders(request: WebRequest) -> HttpResponse:
    actor, on = request.actor, clock.today()
    inspects = queries.may_inspect(actor)
    context = {
        "own": presenters.own_table(actor),
        "outbox": presenters.outbox_table(actor, on) if inspects else None,
        "standing": presenters.standing(actor, on) if inspects else [],
        "nothing_leaves": settings.QINGYUAN_DEMO,
    }
    return render(request, "reminders/list.html", context)


@require_http_methods(["GET", "POST"])
def choices(request: WebRequest) -> HttpResponse:
    account = _account(request)
    choice = queries.choice_of(account.pk)
    usable = [way.channel for way in presenters.ways(account) if way.proved]
    form = ChoiceForm(request.POST if request.method == "POST" else None, choice=choice, usable=usable)
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose(account=account, by=request.actor, **form.cleaned_data)
        except ChoiceRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已保存,从下一次提醒起照此办理。"))
            return redirect("web:reminder-choices")
    return _page(request, account, form=form)


@sensitive_post_parameters("address")
@require_POST
def enter(request: WebRequest) -> HttpResponse:
    form = AddressForm(request.POST)
    said = _("验证码已发往这个地址,15 分钟内填到这里。")
    if settings.QINGYUAN_DEMO:
        said = _("演示城市不向外发信:验证码在“我的提醒”里。")
    return _taken(request, form, reminding.enter_contact, said)


@sensitive_post_parameters("code")
@require_POST
def prove(request: WebRequest) -> HttpResponse:
    return _taken(request, CodeForm(request.POST), reminding.prove_contact, _("已核实,可以选用这个渠道了。"))


@require_POST
def forget(request: WebRequest) -> HttpResponse:
    account, channel = _account(request), request.POST.get("channel", "")[:12]
    try:
        reminding.forget_contact(account=account, channel=channel, by=request.actor)
    except (ContactRefused, ChoiceRefused) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已删除,不再向那里发提醒。"))
    return redirect("web:reminder-choices")


def _taken(request: WebRequest, form: AddressForm | CodeForm, act: Callable[..., None], said: str) -> HttpResponse:
    """Do ``act`` with what the form holds, or show it again with what is wrong."""
    account = _account(request)
    if form.is_valid():
        try:
            act(account=account, by=request.actor, **form.cleaned_data)
        except ChannelNotOffered:
            form.add_error(None, _("本平台没有接通这个渠道,请联系安全管理员。"))
        except ContactRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect("web:reminder-choices")
    return _page(request, account, bound=form)


def _page(
    request: WebRequest, account: Account, *, form: ChoiceForm | None = None, bound: AddressForm | CodeForm | None = None
) -> HttpResponse:
    ways = presenters.ways(account, bound)
    if form is None:
        usable = [way.channel for way in ways if way.proved]
        form = ChoiceForm(choice=queries.choice_of(account.pk), usable=usable)
    refused = bool(form.errors) or bool(bound is not None and bound.errors)
    context = {"form": form, "ways": ways, "lost": bound if bound is not None and not _shown(ways, bound) else None}
    return render(request, "reminders/choices.html", context, status=REFUSED if refused else 200)


def _shown(ways: list[presenters.Way], bound: AddressForm | CodeForm) -> bool:
    """Whether the refused form stands on the page; one of a channel that is not offered does not."""
    return any(bound in (way.form, way.code_form) for way in ways)


def _account(request: WebRequest) -> Account:
    account = request.user
    assert isinstance(account, Account)  # the middleware sends strangers to the sign-in page
    return account
