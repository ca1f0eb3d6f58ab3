"""The helper's page of one person: referrals, reviews of support, why absences were. It is behind the help compartment's rules alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may
from qingyuan.rehabilitation import helping as reads
from qingyuan.rehabilitation import planning, queries
from qingyuan.rehabilitation.actions import helping as actions
from qingyuan.rehabilitation.actions.helping import HelpRefused
from qingyuan.rehabilitation.enums import HelpKind, ReferralState
from qingyuan.rehabilitation.models import Absence, Client, PlanGoal, SupportReview
from qingyuan.rehabilitation.rules.plan import SETTLED
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden
from qingyuan.web.reads import log_read
from qingyuan.web.referrals import presenters
from qingyuan.web.referrals.forms import ReferralForm, ReviewForm

REFUSED = 422


def _client(request: WebRequest, client_id: UUID) -> Client:
    """One's own person. Errors: Forbidden for who is no helper, Http404."""
    on = clock.today()
    if not may(request.actor, Action.READ, compartment=reads.HOME, ledger=reads.REFERRALS, on=on).allowed:
        raise Forbidden(what=_("帮扶记录"), whose=_("本人的社工、禁毒专干"), how=_("接收单位只在“帮扶转介”里看同意书列明的几项。"))
    client = queries.clients(request.actor, on, action=Action.CREATE).filter(pk=client_id).first()
    if client is None:
        raise Http404
    return client


@require_safe
def page(request: WebRequest, client_id: UUID) -> HttpResponse:
    return _shown(request, _client(request, client_id))


def _shown(request: WebRequest, client: Client, **forms: Any) -> HttpResponse:
    actor, on = request.actor, clock.today()
    referrals = list(reads.referrals(actor, on).filter(client=client))
    reviews = list(reads.reviews(actor, on).filter(client=client))
    reasons = {one.absence_id: one for one in reads.reasons(actor, on).filter(absence__client=client)}
    absences = list(Absence.objects.filter(client=client).order_by("-left_on", "-pk"))
    log_read(request, "detail", "clients", [client.pk])
    for ledger, rows in ((reads.REFERRALS, referrals), (reads.REVIEWS, reviews)):
        if rows:
            log_read(request, "list", ledger, [one.pk for one in rows])
    if reasons:
        log_read(request, "list", reads.REASONS, list(reasons))
    context = {
        "client": client,
        "referrals": [(one, *presenters.state(one, on), presenters.fields_said(one)) for one in referrals],
        "standing": (ReferralState.WAITING, ReferralState.ACCEPTED, ReferralState.DONE),
        "reviews": [(one, _needs(one), one.made_by_id != actor.account_id) for one in reviews],
        "set_on": reads.set_day(client.pk),
        "absences": [(one, reasons.get(one.pk)) for one in absences],
        "refer_form": forms.get("refer") or ReferralForm(units=reads.receivers(on), auto_id="refer_%s"),
        "review_form": forms.get("review") or ReviewForm(goals=_open_goals(client), auto_id="review_%s", initial={"held_on": on}),
    }
    return render(request, "referrals/person.html", context, status=REFUSED if forms else 200)


def _open_goals(client: Client) -> list[PlanGoal]:
    """What the plan that counts is still to reach, of this unit's own goals."""
    plan = planning.latest(client.pk)
    return [one for one in planning.goals_here(plan, client) if one.outcome not in SETTLED] if plan is not None else []


def _needs(one: SupportReview) -> str:
    return "、".join(str(HelpKind(kind).label) for kind in HelpKind.values if kind in one.needs)


@require_POST
def refer(request: WebRequest, client_id: UUID) -> HttpResponse:
    client = _client(request, client_id)
    form = ReferralForm(request.POST, units=reads.receivers(clock.today()), auto_id="refer_%s")
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("kind", "need", "consent_on", "consent_until", "consent_paper_number")}
        try:
            actions.refer(
                client=client, to_unit=form.units[form.cleaned_data["to_unit"]], fields=form.cleaned_data["fields_shown"], by=request.actor, **given
            )  # fmt: skip
        except HelpRefused as refusal:
            form.tell(str(refusal), refusal.problems)
        else:
            messages.success(request, _("已转介;对方只看得到同意书列明的几项。"))
            return redirect("web:person-help", client.pk)
    return _shown(request, client, refer=form)


@require_POST
def review(request: WebRequest, client_id: UUID) -> HttpResponse:
    client = _client(request, client_id)
    form = ReviewForm(request.POST, goals=_open_goals(client), auto_id="review_%s")
    if form.is_valid():
        try:
            actions.review(client=client, by=request.actor, **form.given())
        except HelpRefused as refusal:
            form.tell(str(refusal), refusal.problems)
        else:
            messages.success(request, _("已记下这次帮扶评估。"))
            return redirect("web:person-help", client.pk)
    return _shown(request, client, review=form)


@require_POST
def objection(request: WebRequest, client_id: UUID, review_id: UUID) -> HttpResponse:
    """What the person says against a review, or the answer to it."""
    client = _client(request, client_id)
    held = reads.reviews(request.actor, clock.today(), Action.CHANGE).filter(client=client, pk=review_id).first()
    if held is None:
        raise Http404
    words = request.POST.get("words", "")
    try:
        if held.objection:
            actions.answer_objection(review=held, words=words, by=request.actor)
        else:
            actions.object_to(review=held, words=words, by=request.actor)
    except HelpRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已记下。"))
    return redirect("web:person-help", client.pk)


@require_POST
def reason(request: WebRequest, client_id: UUID, absence_id: UUID) -> HttpResponse:
    """Why somebody was away: here and nowhere else."""
    client = _client(request, client_id)
    absence = Absence.objects.filter(client=client, pk=absence_id).first()
    if absence is None:
        raise Http404
    try:
        actions.keep_reason(absence=absence, why=request.POST.get("why", ""), by=request.actor)
    except HelpRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("事由已记在帮扶分区,离开报备台账里没有。"))
    return redirect("web:person-help", client.pk)


@require_POST
def withdraw(request: WebRequest, referral_id: UUID) -> HttpResponse:
    """The person takes the consent back; at once the receiving unit sees nothing. Errors: Http404."""
    found = reads.referrals(request.actor, clock.today(), Action.CHANGE).filter(pk=referral_id).first()
    if found is None:
        raise Http404
    try:
        actions.withdraw(referral=found, by=request.actor)
    except HelpRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤回同意,接收单位从现在起看不到这一件。"))
    return redirect("web:person-help", found.client_id)
