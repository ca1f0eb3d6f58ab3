from __future__ import annotations

from django.urls import path

from qingyuan.web.clients import views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/<uuid:client_id>/", views.detail, name="person-detail"),
    path("people/<uuid:client_id>/reveal/<slug:name>/", views.reveal, name="person-reveal"),
    path("people/<uuid:client_id>/reads/", views.reads, name="person-reads"),
    path("people/<uuid:client_id>/test/", views.record_test, name="person-test"),
]
