from __future__ import annotations

from django.urls import path

from qingyuan.web.targets import views

urlpatterns = [
    path("targets/", views.targets, name="targets"),
    path("targets/propose/", views.propose, name="target-propose"),
    path("targets/<uuid:plan_id>/", views.plan, name="target-plan"),
    path("targets/<uuid:plan_id>/export.xlsx", views.export, name="target-export"),
    path("targets/<uuid:plan_id>/shares/<int:share_id>/", views.adjust, name="target-adjust"),
    path("targets/<uuid:plan_id>/publish/", views.publish, name="target-publish"),
]
