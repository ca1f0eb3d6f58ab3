from __future__ import annotations

from django.apps import AppConfig


class TreatmentConfig(AppConfig):
    name = "qingyuan.treatment"
    label = "treatment"
    default_auto_field = "django.db.models.BigAutoField"
