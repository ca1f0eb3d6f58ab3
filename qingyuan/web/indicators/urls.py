from __future__ import annotations

from django.urls import path

from qingyuan.web.indicators import fair, views

urlpatterns = [
    path("indicators/", views.index, name="indicators"),
    path("indicators/<slug:code>/", views.indicator, name="indicator"),
    path("indicators/<slug:code>/fair/", fair.fair, name="indicator-fair"),
    path("indicators/<slug:code>/rows/", views.rows, name="indicator-rows"),
    path("indicators/<slug:code>/export.<slug:kind>", views.export, name="indicator-export"),
]
