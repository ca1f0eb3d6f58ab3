from __future__ import annotations

from django.urls import path

from qingyuan.web.desk import views

urlpatterns = [
    path("requests/", views.index, name="desk"),
    path("requests/new/", views.new, name="desk-new"),
    path("requests/<uuid:desk_id>/", views.request_page, name="desk-request"),
    path("requests/<uuid:desk_id>/copy/", views.copy, name="desk-copy"),
    path("requests/<uuid:desk_id>/<slug:desk_step>/", views.step, name="desk-step"),
    path("people/<uuid:client_id>/own/<uuid:asked_id>/request/", views.from_own_page, name="desk-from-own"),
]
