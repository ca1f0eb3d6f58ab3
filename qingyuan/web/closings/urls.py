from __future__ import annotations

from django.urls import path

from qingyuan.web.closings import views

urlpatterns = [
    path("closings/", views.closings, name="closings"),
    path("closings/ask/", views.ask, name="closing-ask"),
    path("closings/notices/<int:notice_id>/read/", views.read_notice, name="closing-notice-read"),
    path("closings/<uuid:close_id>/<slug:move>/", views.move, name="closing-move"),
]
