"""The only writers of meetings and instructions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing

MEETINGS, INSTRUCTIONS = "meetings", "instructions"


def prepare(drafts: Sequence[Draft], writing: Writing) -> None:
    """What happened cannot lie in the future; yes/no columns left empty mean no."""
    for draft in drafts:
        for name in ("held_on", "given_on", "answered_on"):
            value = draft.values.get(name)
            if isinstance(value, date) and value > writing.on:
                draft.refuse(name, _("日期在今天之后，请核对。"))
        for name in ("special_topic", "chaired_by_first"):
            if name in draft.values and draft.values[name] is None:
                draft.values[name] = False


def record_meetings(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(MEETINGS), drafts, writing)


def change_meetings(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(MEETINGS), changes, writing)


def void_meetings(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(MEETINGS), rows, writing)


def record_instructions(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(INSTRUCTIONS), drafts, writing)


def change_instructions(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(INSTRUCTIONS), changes, writing)


def void_instructions(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(INSTRUCTIONS), rows, writing)
