from __future__ import annotations

from django.urls import path

from qingyuan.web.dues import views

urlpatterns = [
    path("dues/", views.due_list, name="dues"),
    path("dues/<uuid:due_id>/", views.detail, name="due-detail"),
    path("dues/<uuid:due_id>/excuse/", views.excuse, name="due-excuse"),
    path("dues/<uuid:due_id>/found/", views.look_into, name="due-look-into"),
    path("dues/<uuid:due_id>/withdraw/", views.withdraw, name="due-withdraw"),
]
