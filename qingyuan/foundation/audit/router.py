"""Sends each model to its database: ``database = "audit"`` on the class, everything else to the main one."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models

from qingyuan.foundation.audit.models import AUDIT_DATABASE, MAIN_DATABASE


class AuditRouter:
    """The audit database holds the read audit and nothing else; the main one never holds it."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        return home_of(model)

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        return home_of(model)

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool:
        return home_of(type(one)) == home_of(type(other))

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        if model_name is None:
            # Raw operations name no model: they belong to the main database unless they say otherwise.
            return bool(db == hints.get("database", MAIN_DATABASE))
        try:
            # A migration's own models lose their attributes, so the real class is asked.
            return db == home_of(apps.get_model(app_label, model_name))
        except LookupError:
            return db == MAIN_DATABASE


def home_of(model: type[models.Model]) -> str:
    """The alias of the database this model lives in."""
    home: str = getattr(model, "database", MAIN_DATABASE)
    return AUDIT_DATABASE if home == AUDIT_DATABASE else MAIN_DATABASE
