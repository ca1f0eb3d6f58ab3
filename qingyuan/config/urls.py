"""Addresses: every page lives in web, every machine interface in api."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("qingyuan.api.urls")),
    path("", include("qingyuan.web.urls")),
]

handler400 = "qingyuan.web.errors.unreadable"
handler403 = "qingyuan.web.errors.forbidden"
handler404 = "qingyuan.web.errors.not_found"
handler500 = "qingyuan.web.errors.broken"
