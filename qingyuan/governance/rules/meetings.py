"""Pure rules of meetings and instructions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem


def check_meeting(values: Mapping[str, Any]) -> list[Problem]:
    if values.get("special_topic") and not (values.get("decisions") or "").strip():
        return [Problem("decisions", "", "", _("专题研究要有议定事项，请摘录纪要。"))]
    return []


def check_instruction(values: Mapping[str, Any]) -> list[Problem]:
    given, due, answered = values.get("given_on"), values.get("due_on"), values.get("answered_on")
    problems: list[Problem] = []
    if given and due and due < given:
        problems.append(Problem("due_on", "", str(due), _("办结期限早于批示日期，请核对。")))
    if given and answered and answered < given:
        problems.append(Problem("answered_on", "", str(answered), _("反馈日期早于批示日期，请核对。")))
    return problems
