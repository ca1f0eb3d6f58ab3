from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class LedgersConfig(AppConfig):
    name = "qingyuan.ledgers"
    label = "ledgers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Every room with a ``ledgers.py`` registers itself there: being there is the registration.
        autodiscover_modules("ledgers")
