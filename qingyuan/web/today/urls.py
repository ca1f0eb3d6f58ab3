from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from qingyuan.web.today import views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="web:today"), name="home"),
    path("today/", views.today, name="today"),
    path("today/all/", views.everything, name="today-all"),
    path("today/all/export.xlsx", views.export, name="today-export"),
]
