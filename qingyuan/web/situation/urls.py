from __future__ import annotations

from django.urls import path

from qingyuan.web.situation import views

urlpatterns = [
    path("situation/", views.situation, name="situation"),
    path("situation/circular.<slug:kind>", views.circular, name="situation-circular"),
]
