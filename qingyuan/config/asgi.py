"""ASGI entry point for the server process."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

from qingyuan.foundation.loaded import keep_what_is_loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingyuan.config.settings")

application = get_asgi_application()
keep_what_is_loaded()
