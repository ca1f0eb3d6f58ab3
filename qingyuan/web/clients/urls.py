from __future__ import annotations

from django.urls import path

from qingyuan.web.clients import drawing, planning, recording, views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/draws/", drawing.listing, name="person-draws"),
    path("people/draws/begin/", drawing.begin, name="person-draw-begin"),
    path("people/draws/<uuid:draw_id>/", drawing.detail, name="person-draw"),
    path("people/draws/<uuid:draw_id>/sheet/", drawing.sheet, name="person-draw-sheet"),
    path("people/draws/<uuid:draw_id>/<slug:move>/", drawing.step, name="person-draw-step"),
    path("people/<uuid:client_id>/", views.detail, name="person-detail"),
    path("people/<uuid:client_id>/reveal/<slug:name>/", views.reveal, name="person-reveal"),
    path("people/<uuid:client_id>/reads/", views.reads, name="person-reads"),
    path("people/<uuid:client_id>/test/", views.record_test, name="person-test"),
    path("people/<uuid:client_id>/plan/", planning.page, name="person-plan"),
    path("people/<uuid:client_id>/plan/look/", planning.look, name="person-plan-look"),
    path("people/<uuid:client_id>/record/<slug:code>/", recording.record, name="person-record"),
]
