"""Mid-term and closing reviews of a programme: begun, written, decided by a leader, printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.governance import programme_paper
from qingyuan.governance.actions import programme_reviews as actions
from qingyuan.governance.actions.programmes import ProgrammeRefused
from qingyuan.governance.models import Programme, ProgrammeReview
from qingyuan.governance.permissions import NotAllowed, may_keep_programmes
from qingyuan.governance.queries import programmes as reads
from qingyuan.governance.queries.targets import number_text
from qingyuan.governance.rules.programmes import Change
from qingyuan.organisation.enums import Action
from qingyuan.organisation.models import Unit
from qingyuan.web.context import WebRequest
from qingyuan.web.duties.programmes import REFUSED, named_programme
from qingyuan.web.duties.year import FORMS
from qingyuan.web.errors import Forbidden
from qingyuan.web.reads import log_read

TONES = {None: ("", ""), True: ("good", gettext_lazy("达到")), False: ("late", gettext_lazy("没有达到"))}


@dataclass(frozen=True)
class Later:
    """A later year of a goal: what stands, and the two fields that may adjust it."""

    year: int
    stands: str
    value: Any
    reason: Any


@dataclass(frozen=True)
class Goal:
    """``years``: year, aim, actual, tone, word."""

    title: str
    unit: str
    years: tuple[tuple[int, str, str, str, str], ...]
    later: tuple[Later, ...]


class ReviewForm(forms.Form):
    """Conclusion; for each later year of each goal another value and why. An empty value leaves it."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("评估结论"),
        max_length=actions.MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("写明进展、差距和原因、下一步;只写工作,不写人名"),
    )

    def __init__(self, *args: Any, later: Mapping[tuple[int, int], Decimal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.later = later
        for goal, year in later:
            self.fields[f"value_{goal}_{year}"] = forms.DecimalField(
                label=_("%(year)s 年调整为") % {"year": year},
                required=False,
                max_digits=16,
                decimal_places=4,
                error_messages={"invalid": gettext_lazy("要填数字。")},
            )
            self.fields[f"reason_{goal}_{year}"] = forms.CharField(label=_("理由"), required=False, max_length=200)

    def changes(self) -> list[Change]:
        data = self.cleaned_data
        return [
            Change(goal, year, value, data[f"reason_{goal}_{year}"])
            for goal, year in self.later
            if (value := data[f"value_{goal}_{year}"]) is not None
        ]


def _named(request: WebRequest, programme_id: UUID, review_id: UUID) -> tuple[Programme, ProgrammeReview]:
    """Errors: Http404, the same for one that is not there and one that is not for this person."""
    found = named_programme(request, programme_id)
    review = reads.review(found, review_id)
    if review is None:
        raise Http404
    return found, review


def _later(review: ProgrammeReview) -> dict[tuple[int, int], Decimal]:
    steps = [step for goal in review.programme.goals.order_by("indicator") for step in goal.steps.filter(year__gt=review.year)]
    return {(step.goal_id, step.year): step.value for step in steps}


def _form(review: ProgrammeReview, data: Any = None) -> ReviewForm:
    initial: dict[str, Any] = {"seen": review.version, "words": review.words or ""}
    for one in review.changes.all():
        initial[f"value_{one.goal_id}_{one.year}"] = number_text(one.after)
        initial[f"reason_{one.goal_id}_{one.year}"] = one.reason
    return ReviewForm(data, later=_later(review), initial=initial)


@require_safe
def one(request: WebRequest, programme_id: UUID, review_id: UUID) -> HttpResponse:
    return _page(request, *_named(request, programme_id, review_id))


def _page(
    request: WebRequest, found: Programme, review: ProgrammeReview, form: ReviewForm | None = None, refused: str = ""
) -> HttpResponse:
    actor, today = request.actor, clock.today()
    still = review.decided_at is None
    form = form or _form(review)
    context = {
        "programme": found,
        "review": review,
        "goals": _goals(request, found, review, form),
        "form": form,
        "changes": [(one, said(_title(one.goal.indicator, review))) for one in review.changes.select_related("goal")],
        "may_write": still and may_keep_programmes(actor, found.city_id, today, Action.CHANGE).allowed,
        "may_decide": still and may_keep_programmes(actor, found.city_id, today, Action.APPROVE).allowed,
        "intact": still or actions.digest_of(review) == review.digest,
        "refused": refused,
    }
    return render(request, "duties/programme_review.html", context, status=REFUSED if refused or form.errors else 200)


def _figures(request: WebRequest, found: Programme, review: ProgrammeReview) -> Sequence[Mapping[str, Any]]:
    """As kept where it is decided; until then as they stand for this reader."""
    if review.decided_at is not None:
        return list(review.figures)
    return reads.figures_until(found, review.year, request.actor, clock.today())


def _year(at: Mapping[str, Any]) -> tuple[int, str, str, str, str]:
    tone, word = TONES[at["reached"]]
    return at["year"], at["aim"], at["actual"], tone, str(word)


def _goals(request: WebRequest, found: Programme, review: ProgrammeReview, form: ReviewForm) -> list[Goal]:
    ids = {goal.indicator: goal.pk for goal in found.goals.all()}
    return [
        Goal(
            said(one["title"]),
            said(one["unit"]),
            tuple(_year(at) for at in one["years"]),
            tuple(
                Later(year, number_text(value), form[f"value_{goal}_{year}"], form[f"reason_{goal}_{year}"])
                for (goal, year), value in form.later.items()
                if goal == ids.get(one["indicator"])
            ),
        )
        for one in _figures(request, found, review)
    ]


def _title(indicator: str, review: ProgrammeReview) -> str:
    kept = {one["indicator"]: one["title"] for one in review.figures}
    return str(kept.get(indicator, indicator))


@require_POST
def begin(request: WebRequest, programme_id: UUID) -> HttpResponse:
    """Errors: Forbidden, Http404."""
    found = named_programme(request, programme_id)
    year = request.POST.get("year", "")
    try:
        made = actions.begin(programme=found, year=int(year) if year.isdecimal() else 0, by=request.actor)
    except ProgrammeRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("web:programme", programme_id=found.pk)
    except NotAllowed as refusal:
        raise Forbidden(what=_("行动计划"), whose=_("市禁毒办"), how=str(refusal)) from refusal
    return redirect("web:programme-review", programme_id=found.pk, review_id=made.pk)


@require_POST
def write(request: WebRequest, programme_id: UUID, review_id: UUID) -> HttpResponse:
    """Errors: Forbidden, Http404."""
    found, review = _named(request, programme_id, review_id)
    form = _form(review, request.POST)

    def act() -> None:
        given = form.cleaned_data
        actions.write(review=review, words=given["words"], changes=form.changes(), seen=given["seen"], by=request.actor)

    return _taken(request, found, review, form, act, _("已写下评估。"))


@require_POST
def decide(request: WebRequest, programme_id: UUID, review_id: UUID) -> HttpResponse:
    """Errors: Forbidden, Http404."""
    found, review = _named(request, programme_id, review_id)
    seen = request.POST.get("seen", "")
    number = int(seen) if seen.isdecimal() else 0
    return _taken(
        request, found, review, None, lambda: actions.decide(review=review, seen=number, by=request.actor), _("已审定,调整后的目标从此执行。")
    )


@require_POST
def drop(request: WebRequest, programme_id: UUID, review_id: UUID) -> HttpResponse:
    """Errors: Forbidden, Http404."""
    found, review = _named(request, programme_id, review_id)
    taken = _taken(request, found, review, None, lambda: actions.drop(review=review, by=request.actor), _("已撤掉这份评估。"))
    return redirect("web:programme", programme_id=found.pk) if taken.status_code == 302 else taken


def _taken(
    request: WebRequest, found: Programme, review: ProgrammeReview, form: ReviewForm | None, act: Callable[[], object], done: str
) -> HttpResponse:
    if form is not None and not form.is_valid():
        return _page(request, found, review, form)
    try:
        act()
    except ProgrammeRefused as refusal:
        return _page(request, found, review, form, str(refusal))
    except NotAllowed as refusal:
        raise Forbidden(what=_("行动计划的评估"), whose=_("市禁毒委领导"), how=str(refusal)) from refusal
    messages.success(request, done)
    return redirect("web:programme-review", programme_id=found.pk, review_id=review.pk)


@require_safe
def paper(request: WebRequest, programme_id: UUID, review_id: UUID, suffix: str) -> HttpResponse:
    """The review as a report. Errors: Forbidden, Http404 for another kind of file."""
    if suffix not in FORMS:
        raise Http404
    # An official document is Chinese, whatever language its maker reads pages in.
    with override(settings.LANGUAGE_CODE):
        found, review = _named(request, programme_id, review_id)
        issuer = Unit.objects.filter(pk=request.actor.unit_id or 0).first()
        figures = _figures(request, found, review)
        made = programme_paper.review_report(review=review, figures=figures, issuer=issuer.name if issuer else "", on=clock.today())
    log_read(request, "export", "programmes", [review.pk])
    printer, media = FORMS[suffix]
    response = HttpResponse(printer(made), content_type=media)
    response["Content-Disposition"] = content_disposition_header(True, f"{made.title}.{suffix}") or "attachment"
    return response
