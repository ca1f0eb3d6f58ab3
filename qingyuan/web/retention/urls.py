from __future__ import annotations

from django.urls import path

from qingyuan.web.retention import views

urlpatterns = [
    path("retention/", views.index, name="retention"),
    path("retention/propose/", views.propose, name="retention-propose"),
    path("retention/<uuid:retention_id>/", views.plan, name="retention-plan"),
    path("retention/<uuid:retention_id>/file/", views.plan_file, name="retention-file"),
    path("retention/<uuid:retention_id>/approve/", views.approve, name="retention-approve"),
    path("retention/<uuid:retention_id>/drop/", views.drop, name="retention-drop"),
    path("retention/<uuid:retention_id>/carry-out/", views.carry_out, name="retention-carry-out"),
]
