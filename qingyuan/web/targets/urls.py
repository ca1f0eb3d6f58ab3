from __future__ import annotations

from django.urls import path

from qingyuan.web.targets import negotiating, units, views

urlpatterns = [
    path("targets/", views.targets, name="targets"),
    path("targets/propose/", views.propose, name="target-propose"),
    path("targets/propose/units/", units.propose, name="target-propose-units"),
    path("targets/compare/", negotiating.compare, name="target-compare"),
    path("targets/<uuid:plan_id>/", views.plan, name="target-plan"),
    path("targets/<uuid:plan_id>/export.xlsx", views.export, name="target-export"),
    path("targets/<uuid:plan_id>/shares/<int:share_id>/", views.adjust, name="target-adjust"),
    path("targets/<uuid:plan_id>/shares/<int:share_id>/bid/", negotiating.bid, name="target-bid"),
    path(
        "targets/<uuid:plan_id>/shares/<int:share_id>/bids/<uuid:bid_id>/answer/", negotiating.answer, name="target-answer"
    ),
    path(
        "targets/<uuid:plan_id>/shares/<int:share_id>/bids/<uuid:bid_id>/withdraw/",
        negotiating.withdraw,
        name="target-withdraw",
    ),
    path("targets/<uuid:plan_id>/shares/<int:share_id>/bids/<uuid:bid_id>/note/", negotiating.note, name="target-note"),
    path("targets/<uuid:plan_id>/amend/", negotiating.amend, name="target-amend"),
    path("targets/<uuid:plan_id>/publish/", views.publish, name="target-publish"),
]
