"""How a return's state, cells and steps read on a page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.governance.enums import Move, ReturnState
from qingyuan.governance.models import Return
from qingyuan.governance.scoring.numbers import plain
from qingyuan.reference.period_words import period_label
from qingyuan.reference.periods import Period

TONES = {
    ReturnState.DRAFT: "calm",
    ReturnState.SUBMITTED: "soon",
    ReturnState.SENT_BACK: "late",
    ReturnState.APPROVED: "acc",
    ReturnState.LOCKED: "good",
}
BUTTONS = {
    Move.SAVE: gettext_lazy("填报"),
    Move.SUBMIT: gettext_lazy("填报"),
    Move.APPROVE: gettext_lazy("审核"),
    Move.SEND_BACK: gettext_lazy("审核"),
    Move.LOCK: gettext_lazy("锁定"),
}


def state_text(filed: Return) -> str:
    return str(ReturnState(filed.state).label)


def state_tone(filed: Return) -> str:
    return TONES[ReturnState(filed.state)]


def month_text(filed: Return) -> str:
    return period_label(Period.parse(filed.period))


def number_text(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def timing(filed: Return, today: date) -> tuple[str, str]:
    """Tone and words of when it came: judged by the first filing, whatever was sent back later."""
    first = filed.first_submitted_on
    if first is None:
        days = (filed.due_on - today).days
        if days < 0:
            return "late", _("逾期 %(days)s 天未报") % {"days": -days}
        return ("soon", _("今天到期")) if days == 0 else ("calm", _("还有 %(days)s 天") % {"days": days})
    if first <= filed.due_on:
        return "good", _("按时")
    return "late", _("逾期 %(days)s 天报出") % {"days": (first - filed.due_on).days}


def waits_words(filed: Return, waits_for: str) -> str:
    """Whom it waits for now, in words."""
    if filed.state == ReturnState.SUBMITTED:
        return _("等%(who)s审核") % {"who": waits_for}
    if filed.state == ReturnState.APPROVED:
        return _("等禁毒办锁定")
    if filed.state == ReturnState.SENT_BACK:
        return _("等%(who)s改后重报") % {"who": filed.unit.label}
    return _("等%(who)s填报") % {"who": filed.unit.label}
