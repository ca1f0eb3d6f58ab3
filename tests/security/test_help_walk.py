"""Help and campaigns: who may not write there can post nothing, and one leak of a word planted in ``planted_help`` is found.

That nobody reads what is not theirs is found by the walk of every role on every address (``test_walk``)."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import include, path

from qingyuan.config import urls as site
from qingyuan.rehabilitation.models import AbsenceReason, CampaignLine, Referral, SupportReview
from tests.census.urls import GATES, Address, Gate, addresses
from tests.security.bodies import everyone, said
from tests.security.planted import Planted
from tests.security.walker import Kwargs, Visitor, Walk, each_way, url_of

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.usefixtures("places_kept")]
GATES_OF_HELP = {Gate.CAMPAIGN, Gate.ADMISSION, Gate.REFERRAL}
OWN = [one for one in addresses() if GATES.get(one.name) in GATES_OF_HELP or "/help/" in one.route]
HELPERS = frozenset({"caseworker", "colleague", "substitute", "supervisor", "stranger", "far_caseworker", "liaison"})


@pytest.mark.once
def test_office_police_clinic_and_inspectors_can_post_nothing(planted: Planted) -> None:
    walk = Walk(planted)
    typed = {
        "words": "x", "why": "x", "outcome": "x", "accepted": "yes", "signed": "yes", "state": "seen", "version": "1", "happened_on": "2022-11-20",
        "kind": "schooling", "need": "x", "reasons": "x", "held_on": "2022-11-20", "next_on": "2023-01-01", "closed_on": "2022-11-20",
    }  # fmt: skip
    models = (Referral, SupportReview, AbsenceReason)
    before = [list(model.objects.order_by("pk").values_list()) for model in models] + [list(CampaignLine.frame.order_by("pk").values_list())]
    for who in sorted(set(everyone(planted)) - HELPERS):
        visitor = Visitor(walk, who)
        for address in OWN:
            if GATES.get(address.name) is Gate.ADMISSION or address.name == "web:campaign-new":
                continue  # theirs: tested beside their pages

            def ask(kwargs: Kwargs, visitor: Visitor = visitor, address: Address = address) -> HttpResponseBase:
                answer = visitor.ask(url_of(address, kwargs), "post", typed)
                visitor.judge(url_of(address, kwargs), answer)
                if address.name != "web:campaign-withdraw" and answer.status_code not in (403, 404, 405):
                    walk.wrong(visitor.who, url_of(address, kwargs), f"answered {answer.status_code}")
                return answer

            each_way(planted, address, ask)
    assert walk.findings == [], said(walk.findings)
    after = [list(model.objects.order_by("pk").values_list()) for model in models] + [list(CampaignLine.frame.order_by("pk").values_list())]
    assert after == before


def referrals_without_scope(request: HttpRequest) -> HttpResponse:
    return HttpResponse("".join(f"<p>{one.need}</p>" for one in Referral.objects.all()))


def reasons_without_scope(request: HttpRequest) -> HttpResponse:
    return HttpResponse("".join(f"<p>{one.why}</p>" for one in AbsenceReason.objects.all()))


def places_without_scope(request: HttpRequest) -> HttpResponse:
    return HttpResponse("".join(f"<p>{one.words}</p>" for one in CampaignLine.objects.all()))


@pytest.mark.parametrize("view", [referrals_without_scope, reasons_without_scope, places_without_scope], ids=lambda view: view.__name__)
def test_a_page_that_forgot_the_scope_is_found(planted: Planted, settings: Any, view: Any) -> None:
    leaking = ModuleType("tests_leaking_help")
    leaking.urlpatterns = [path("", include(([path("leak/", view, name="leak")], "web"))), *site.urlpatterns]  # type: ignore[attr-defined]
    for name in ("handler403", "handler404", "handler500"):
        setattr(leaking, name, getattr(site, name))
    settings.ROOT_URLCONF = leaking
    for who in ("officer", "clerk", "liaison", "stranger"):
        walk = Walk(planted)
        Visitor(walk, who).read("/leak/")
        assert walk.findings, who
