from __future__ import annotations

from django.urls import path

from qingyuan.web.impact import views

urlpatterns = [
    path("impact/", views.page, name="impact"),
    path("impact/sign/", views.sign, name="impact-sign"),
    path("impact/file.<str:suffix>", views.download, name="impact-file"),
    path("impact/<uuid:sign_id>/file.<str:suffix>", views.signed_file, name="impact-signed-file"),
]
