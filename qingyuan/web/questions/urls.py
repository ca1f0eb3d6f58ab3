from __future__ import annotations

from django.urls import path

from qingyuan.web.questions import views

urlpatterns = [
    path("questions/", views.questions, name="questions"),
    path("questions/export.xlsx", views.export, name="question-export"),
    path("questions/<uuid:pattern_id>/", views.one, name="question"),
    path("questions/<uuid:pattern_id>/files/<uuid:kept_id>/", views.file, name="question-file"),
    path("questions/<uuid:pattern_id>/steps/<slug:step>/", views.take, name="question-step"),
]
