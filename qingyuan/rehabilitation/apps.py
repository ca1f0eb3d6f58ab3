from __future__ import annotations

from django.apps import AppConfig


class RehabilitationConfig(AppConfig):
    name = "qingyuan.rehabilitation"
    label = "rehabilitation"
    default_auto_field = "django.db.models.BigAutoField"
