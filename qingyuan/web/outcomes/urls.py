from __future__ import annotations

from django.urls import path

from qingyuan.web.outcomes import views

urlpatterns = [
    path("outcomes/", views.outcomes, name="outcomes"),
    path("outcomes/curve.csv", views.export, name="outcomes-export"),
]
