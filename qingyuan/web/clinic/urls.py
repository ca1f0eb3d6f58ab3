from __future__ import annotations

from django.urls import path

from qingyuan.web.clinic import views

urlpatterns = [
    path("clinic/entries/", views.entries, name="clinic-entries"),
    path("clinic/entries/export.xlsx", views.export, name="clinic-entries-export"),
]
