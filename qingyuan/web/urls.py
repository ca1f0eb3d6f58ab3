"""Every page. A slice is a package ``qingyuan.web.<slice>`` whose ``urls.py`` holds plain ``urlpatterns``.

All names live in one flat namespace: ``web:today``, ``web:ledger-list``. A slice's addresses begin at the site's root.
"""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

app_name = "web"

SLICES = ("account", "today", "ledgers", "people", "situation", "indicators", "letters", "returns", "audit", "gallery")


def _slices() -> list[URLPattern | URLResolver]:
    present = [name for name in SLICES if find_spec(f"qingyuan.web.{name}") and find_spec(f"qingyuan.web.{name}.urls")]
    return [path("", include(f"qingyuan.web.{name}.urls")) for name in present]


urlpatterns: list[URLPattern | URLResolver] = _slices()
