from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from qingyuan.api.v1 import api

urlpatterns: list[URLPattern | URLResolver] = [path("v1/", api.urls)]
