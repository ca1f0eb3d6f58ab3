from __future__ import annotations

from django.urls import path

from qingyuan.web.enforcement import views

urlpatterns = [
    path("exhibits/", views.exhibits, name="exhibits"),
    path("exhibits/export/", views.export, name="exhibits-export"),
    path("operations/<uuid:operation_id>/", views.operation, name="operation"),
]
