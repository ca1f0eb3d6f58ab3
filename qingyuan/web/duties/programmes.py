"""Programmes of several years: the list, one with its goals as lines, drafting and adopting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyuan.foundation import clock
from qingyuan.foundation.words import said
from qingyuan.governance.actions import programmes as actions
from qingyuan.governance.actions.programmes import Outline, ProgrammeRefused
from qingyuan.governance.models import Programme
from qingyuan.governance.permissions import NotAllowed, may_keep_programmes
from qingyuan.governance.queries import programmes as reads
from qingyuan.governance.queries.programmes import GoalLine, YearOfGoal
from qingyuan.governance.queries.targets import number_text
from qingyuan.governance.targets_rules import TargetRefused
from qingyuan.indicators.catalogue import UnknownIndicator
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.reference import periods
from qingyuan.web.charts.lines import LineChart, Series, line_chart
from qingyuan.web.context import WebRequest
from qingyuan.web.duties.forms import AdoptForm, GoalForm, ProgrammeForm
from qingyuan.web.errors import Forbidden

REFUSED = 422


@dataclass(frozen=True)
class YearCell:
    year: int
    aim: str
    actual: str
    href: str
    tone: str
    word: str
    target: str
    apart: bool
    first: str = ""


@dataclass(frozen=True)
class Goal:
    line: GoalLine
    title: str
    chart: LineChart
    years: tuple[YearCell, ...]


def _require(request: WebRequest, action: Action = Action.READ) -> None:
    decision = may_keep_programmes(request.actor, request.scope.division.pk, clock.today(), action)
    if not decision.allowed:
        raise Forbidden(what=_("行动计划"), whose=_("市禁毒办"), how=decision.reason)


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: WebRequest) -> HttpResponse:
    """The programmes; who drafts begins one here. Errors: Forbidden."""
    _require(request, Action.CREATE if request.method == "POST" else Action.READ)
    form = ProgrammeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft(city=request.scope.division, outline=Outline(**form.cleaned_data), by=request.actor)
        except ProgrammeRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("web:programme", programme_id=made.pk)
    context = {
        "programmes": reads.programmes(request.actor, clock.today()),
        "form": form,
        "may_draft": may_keep_programmes(request.actor, request.scope.division.pk, clock.today()).allowed,
    }
    return render(request, "duties/programmes.html", context, status=REFUSED if form.errors else 200)


def named_programme(request: WebRequest, programme_id: UUID) -> Programme:
    """Errors: Http404, the same for one that is not there and one that is not for this person."""
    found = reads.programme(request.actor, clock.today(), programme_id)
    if found is None:
        raise Http404
    return found


@require_safe
def one(request: WebRequest, programme_id: UUID) -> HttpResponse:
    return _page(request, named_programme(request, programme_id))


def _page(
    request: WebRequest, found: Programme, *, form: GoalForm | None = None, adopting: AdoptForm | None = None, refused: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    actor, today = request.actor, clock.today()
    still = found.adopted_on is None
    context = {
        "programme": found,
        "goals": _goals(found, actor, today),
        "reviews": found.reviews.all(),
        "may_review": _years_to_review(found, actor, today),
        "form": form or GoalForm(years=_years(found)),
        "adopting": adopting or AdoptForm(),
        "may_change": still and may_keep_programmes(actor, found.city_id, today, Action.CHANGE).allowed,
        "may_adopt": still and may_keep_programmes(actor, found.city_id, today, Action.APPROVE).allowed,
        "refused": refused,
    }
    return render(request, "duties/programme.html", context, status=status)


def _years(found: Programme) -> Sequence[int]:
    return range(found.first_year, found.last_year + 1)


def _years_to_review(found: Programme, actor: Actor, on: date) -> list[int]:
    """The years of which this person may begin a review, the latest first."""
    if found.adopted_on is None or not may_keep_programmes(actor, found.city_id, on, Action.CHANGE).allowed:
        return []
    reviewed = set(found.reviews.values_list("year", flat=True))
    return [year for year in reversed(_years(found)) if year <= on.year and year not in reviewed]


def _goals(found: Programme, actor: Actor, on: date) -> list[Goal]:
    first = reads.changed(found)
    return [_goal(line, found, first) for line in reads.lines(found, actor, on)]


def _goal(line: GoalLine, found: Programme, first: Mapping[tuple[int, int], Decimal]) -> Goal:
    labels = [str(one.year) for one in line.years]
    hrefs = [_href(line, one, found) for one in line.years]
    actual = Series(_("实际"), [_float(one.amount) for one in line.years], "now", _("实际"), hrefs)
    aims = Series(_("目标"), [_float(one.aim) for one in line.years], "plan", _("目标"))
    chart = line_chart(labels, (actual, aims), title=said(line.title), unit=said(line.unit))
    years = zip(line.years, hrefs, strict=True)
    return Goal(line, said(line.title), chart, tuple(_cell(one, href, first.get((line.goal.pk, one.year))) for one, href in years))


def _cell(one: YearOfGoal, href: str, first: Decimal | None) -> YearCell:
    tone, word = {None: ("", ""), True: ("good", _("达到")), False: ("late", _("没有达到"))}[one.reached]
    if one.running and one.reached is False:
        tone, word = "calm", _("今年还在走")
    return YearCell(
        one.year,
        "" if one.aim is None else number_text(one.aim),
        one.text,
        href if one.text else "",
        tone,
        word,
        "" if one.target is None else number_text(one.target),
        one.apart,
        "" if first is None else number_text(first),
    )


def _href(line: GoalLine, one: YearOfGoal, found: Programme) -> str:
    """The rows behind the figure of a year."""
    query = urlencode({"division": found.city.code, "period": str(periods.year(one.year)), "part": line.part})
    return f"{reverse('web:indicator-rows', args=[line.code])}?{query}"


def _float(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


@require_POST
def goal(request: WebRequest, programme_id: UUID) -> HttpResponse:
    """Set a goal. Errors: Forbidden, Http404."""
    found = named_programme(request, programme_id)
    form = GoalForm(request.POST, years=_years(found))
    if not form.is_valid():
        return _page(request, found, form=form, status=REFUSED)
    try:
        actions.set_goal(programme=found, indicator=form.cleaned_data["indicator"], values=form.values(), by=request.actor)
    except TargetRefused as refusal:
        form.add_error("indicator", str(refusal))
        return _page(request, found, form=form, status=REFUSED)
    except (ProgrammeRefused, UnknownIndicator) as refusal:
        return _page(request, found, form=form, refused=str(refusal), status=REFUSED)
    except NotAllowed as refusal:
        raise Forbidden(what=_("行动计划"), whose=_("市禁毒办"), how=str(refusal)) from refusal
    return redirect("web:programme", programme_id=found.pk)


@require_POST
def drop(request: WebRequest, programme_id: UUID, goal_id: int) -> HttpResponse:
    """Take a goal out of a draft. Errors: Forbidden, Http404."""
    found = named_programme(request, programme_id)
    try:
        actions.drop_goal(goal=get_object_or_404(found.goals, pk=goal_id), by=request.actor)
    except ProgrammeRefused as refusal:
        return _page(request, found, refused=str(refusal), status=REFUSED)
    except NotAllowed as refusal:
        raise Forbidden(what=_("行动计划"), whose=_("市禁毒办"), how=str(refusal)) from refusal
    return redirect("web:programme", programme_id=found.pk)


@require_POST
def adopt(request: WebRequest, programme_id: UUID) -> HttpResponse:
    """From here the goals stand. Errors: Forbidden, Http404."""
    found = named_programme(request, programme_id)
    form = AdoptForm(request.POST)
    if not form.is_valid():
        return _page(request, found, adopting=form, status=REFUSED)
    try:
        actions.adopt(programme=found, on=form.cleaned_data["on"], by=request.actor)
    except ProgrammeRefused as refusal:
        return _page(request, found, adopting=form, refused=str(refusal), status=REFUSED)
    except NotAllowed as refusal:
        raise Forbidden(what=_("印发行动计划"), whose=_("市禁毒委领导"), how=str(refusal)) from refusal
    messages.success(request, _("已印发,目标从此固定。"))
    return redirect("web:programme", programme_id=found.pk)
