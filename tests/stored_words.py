"""Whether words that stand in rows depend on the language of who clicked.

``english()`` lets a test act as somebody who reads pages in English, with a catalogue that has every sentence: what the catalogue gives
is marked, and every marked word that goes into a row of the main database is kept in ``found``. Words that are Chinese for everybody
(``gettext_noop``, ``in_chinese``, ``override(settings.LANGUAGE_CODE)``) are not marked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from unittest.mock import patch

from django.db import connections
from django.utils import translation
from django.utils.translation import trans_real

from qingyuan.foundation.fields import EncryptedTextField

#: In ASCII, so that JSON leaves it as it is.
MARK: Final = "@@en@@"

_PLACES: Final = {"gettext": 0, "ngettext": 0, "pgettext": 1, "npgettext": 1}


def _marked(ask: Callable[..., str], place: int) -> Callable[..., str]:
    """``place``: of the sentence as the program has it among the arguments."""

    def answer(*args: Any) -> str:
        english = (translation.get_language() or "").startswith("en")
        return f"{MARK}{args[place]}" if english and args[place] else ask(*args)

    return answer


@contextmanager
def english() -> Iterator[list[str]]:
    """The words that went into rows in the language of the page, each with where."""
    found: list[str] = []
    seal, seal_many = EncryptedTextField.prepare, EncryptedTextField.prepare_many

    def sealed(field: EncryptedTextField, value: str | None) -> str | None:
        if value and MARK in value:
            found.append(f"{field.model.__name__}.{field.name}: {value}")
        return seal(field, value)

    def all_sealed(field: EncryptedTextField, values: Iterable[str]) -> list[str]:
        texts = list(values)
        found.extend(f"{field.model.__name__}.{field.name}: {text}" for text in texts if text and MARK in text)
        return seal_many(field, texts)

    def written(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql[:6].upper() in ("INSERT", "UPDATE") and MARK in str(params):
            found.append(f"{sql[:60]}: {params}")
        return execute(sql, params, many, context)

    asked = {name: _marked(getattr(trans_real, name), place) for name, place in _PLACES.items()}
    with (
        patch.multiple(trans_real, **asked),
        patch.multiple(translation._trans, **asked),
        patch.object(EncryptedTextField, "prepare", sealed),
        patch.object(EncryptedTextField, "prepare_many", all_sealed),
        connections["default"].execute_wrapper(written),
        translation.override("en"),
    ):
        yield found
