from __future__ import annotations

from django.urls import path

from qingyuan.web.emergency import views

urlpatterns = [
    path("emergency/", views.looks, name="emergency"),
    path("emergency/open/", views.open_look, name="emergency-open"),
    path("emergency/<uuid:look_id>/", views.look, name="emergency-look"),
    path("emergency/<uuid:look_id>/close/", views.close, name="emergency-close"),
    path("emergency/<uuid:look_id>/review/", views.review, name="emergency-review"),
]
