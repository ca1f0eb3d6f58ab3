"""The one paper a clinic serves here: its answer to who asks what it keeps about them. It stays with the clinic, under its key."""

from __future__ import annotations

from typing import Any, Final

from qingyuan.casework.serving.answers import answer_form
from qingyuan.treatment.actions import care


def name_of(row: Any) -> str:
    return str(row.patient.name)


FORMS: Final = (
    answer_form("answer-agreement", care.AGREEMENTS, regime="clinic", name=name_of),
    answer_form("answer-maintenance", care.MAINTENANCE, regime="clinic", name=name_of),
)
