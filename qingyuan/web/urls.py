"""Every page. A slice is a package ``qingyuan.web.<slice>`` whose ``urls.py`` holds plain ``urlpatterns``.

All names live in one flat namespace: ``web:today``, ``web:ledger-list``. A slice's addresses begin at the site's root.
"""

from __future__ import annotations

from importlib.util import find_spec
from pkgutil import iter_modules

from django.urls import URLPattern, URLResolver, include, path

from qingyuan import web

app_name = "web"


def _slices() -> list[URLPattern | URLResolver]:
    """Every sub-package with a ``urls`` module, by name."""
    names = [found.name for found in iter_modules(web.__path__) if found.ispkg]
    present = [name for name in sorted(names) if find_spec(f"{web.__name__}.{name}.urls")]
    return [path("", include(f"{web.__name__}.{name}.urls")) for name in present]


urlpatterns: list[URLPattern | URLResolver] = _slices()
