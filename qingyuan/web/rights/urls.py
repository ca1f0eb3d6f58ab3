from __future__ import annotations

from django.urls import path

from qingyuan.web.rights import views

urlpatterns = [
    path("rights/", views.by_role, name="rights"),
    path("rights/ledgers/", views.by_ledger, name="rights-ledgers"),
    path("rights/compare/", views.compare, name="rights-compare"),
    path("rights/why/", views.why, name="rights-why"),
    path("rights/sign/", views.sign, name="rights-sign"),
    path("rights/table.csv", views.as_file, name="rights-csv"),
    path("rights/paper.<slug:kind>", views.paper, name="rights-paper"),
]
