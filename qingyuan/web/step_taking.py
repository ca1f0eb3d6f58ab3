"""Taking a step of a procedure from its page: what the slices of orders, questions and consequences do alike."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.procedures.declaration import Procedure, Step
from qingyuan.casework.procedures.rules import StepRefused
from qingyuan.foundation.words import said
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.step_forms import StepForm

REFUSED = 422


def step_named(procedure: Procedure, step: str, hidden: Collection[str] = ()) -> Step:
    """The step an address names («ask-extension»); ``hidden``: those that have a page of their own. Errors: Http404."""
    try:
        declared = procedure.step(step.replace("-", "_"))
    except KeyError:
        raise Http404 from None
    if not declared.froms or declared.code in hidden:
        raise Http404
    return declared


def take_step(
    request: WebRequest,
    *,
    declared: Step,
    form: StepForm,
    act: Callable[[dict[str, Any]], str],
    again: Callable[[StepForm, str], HttpResponse],
    back: Callable[[], HttpResponse],
    forbidden: Callable[[NotAllowed], Forbidden],
) -> HttpResponse:
    """Take the step with what its form holds; what was filled in wrongly comes back beside its field.

    ``act`` returns the state reached, in words; ``again`` draws the page with the form, ``back`` leads to it. Errors: Forbidden.
    """
    if not form.is_valid():
        if form.errors.get("version") is None:
            return again(form, declared.code)
        messages.error(request, _("这次提交不完整,请刷新页面再办。"))
        return back()
    try:
        state = act(form.cleaned_data)
    except StepRefused as refusal:
        if refusal.field in form.fields:
            form.add_error(refusal.field, str(refusal))
            return again(form, declared.code)
        messages.error(request, str(refusal))
        return back()
    except NotAllowed as refusal:
        raise forbidden(refusal) from refusal
    messages.success(request, _("已%(step)s:%(state)s。") % {"step": said(declared.label), "state": state})
    return back()
