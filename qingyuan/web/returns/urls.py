from __future__ import annotations

from django.urls import path

from qingyuan.web import navigation
from qingyuan.web.returns import views
from qingyuan.web.returns.listing import badge

navigation.register_badge("returns", badge)

urlpatterns = [
    path("returns/", views.returns, name="returns"),
    path("returns/export.xlsx", views.export, name="return-export"),
    path("returns/generate/", views.generate, name="return-generate"),
    path("returns/<uuid:return_id>/", views.one, name="return"),
    path("returns/<uuid:return_id>/<slug:move>/", views.move, name="return-move"),
]
