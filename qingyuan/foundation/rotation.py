"""Moving what is stored to the newest key, while the city goes on working."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.db.models.functions import Cast

from qingyuan.foundation.audit.models import MAIN_DATABASE
from qingyuan.foundation.crypto import is_current
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.fields import EncryptedTextField

ROWS_PER_READ: Final = 500
STORED: Final = "stored_ciphertext"


def encrypted_columns(compartment: Compartment | str | None = None) -> list[EncryptedTextField]:
    """Every encrypted column of every installed model, or those of one compartment."""
    return [
        field
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField) and compartment in (None, field.compartment)
    ]


def reencrypt(field: EncryptedTextField, *, using: str = MAIN_DATABASE) -> int:
    """Write every value of one column under the newest key; returns how many were moved.

    A row that somebody changes meanwhile keeps what they wrote. Raises Undecipherable at a value that was altered.
    """
    rows = field.model._base_manager.using(using)
    moved = 0
    for pk, old in _stored(rows, field.attname):
        if old and not is_current(field.compartment, old):
            unchanged = _with_ciphertext(rows, field.attname).filter(**{"pk": pk, STORED: old})
            moved += unchanged.update(**{field.attname: field.prepare(field.reveal(old))})
    return moved


def _stored(rows: Any, column: str) -> Iterator[tuple[Any, str | None]]:
    last = None
    while True:
        page = _with_ciphertext(rows, column).order_by("pk")
        if last is not None:
            page = page.filter(pk__gt=last)
        found = list(page.values_list("pk", STORED)[:ROWS_PER_READ])
        yield from found
        if len(found) < ROWS_PER_READ:
            return
        last = found[-1][0]


def _with_ciphertext(rows: Any, column: str) -> Any:
    return rows.annotate(**{STORED: Cast(column, models.TextField())})
