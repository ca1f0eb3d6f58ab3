from __future__ import annotations

from django.urls import path

from qingyuan.web.campaigns import admissions, offers, views

offers.register()

urlpatterns = [
    path("campaigns/", views.index, name="campaigns"),
    path("campaigns/new/", views.new, name="campaign-new"),
    path("campaigns/<uuid:campaign_id>/", views.one, name="campaign"),
    path("campaigns/<uuid:campaign_id>/withdraw/", views.withdraw, name="campaign-withdraw"),
    path("campaigns/<uuid:campaign_id>/export/", views.export, name="campaign-export"),
    path("campaigns/<uuid:campaign_id>/plans/", views.plans, name="campaign-plans"),
    path("campaigns/<uuid:campaign_id>/admissions/", admissions.listing, name="campaign-admissions"),
    path("campaigns/lines/<uuid:line_id>/", views.line, name="campaign-line"),
    path("campaigns/lines/<uuid:line_id>/answer/", views.answer, name="campaign-line-answer"),
    path("admissions/<uuid:party_id>/sign/", admissions.sign, name="admission-sign"),
    path("admissions/checks/<uuid:check_id>/withdraw/", admissions.withdraw, name="admission-withdraw"),
]
