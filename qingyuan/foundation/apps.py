from __future__ import annotations

from django.apps import AppConfig

from qingyuan.foundation import lookups


class FoundationConfig(AppConfig):
    name = "qingyuan.foundation"
    label = "foundation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        lookups.register()
