from __future__ import annotations

from django.apps import AppConfig


class PreventionConfig(AppConfig):
    name = "qingyuan.prevention"
    label = "prevention"
    default_auto_field = "django.db.models.BigAutoField"
