from __future__ import annotations

from django.urls import path

from qingyuan.web.audit import views

urlpatterns = [
    path("audit/", views.audit_list, name="audit"),
    path("audit/<slug:tab>/", views.audit_list, name="audit-list"),
    path("audit/<slug:tab>/export.csv", views.export, name="audit-export"),
    path("audit/<slug:tab>/verify/", views.verify, name="audit-verify"),
    path("audit/writes/<uuid:write_id>/", views.write, name="audit-write"),
    path("audit/reads/<uuid:read_id>/", views.read, name="audit-read"),
]
