from __future__ import annotations

from django.apps import AppConfig


class WideConfig(AppConfig):
    name = "wide"
    default_auto_field = "django.db.models.BigAutoField"
