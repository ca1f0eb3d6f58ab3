"""Pure rules of supervision orders: what a draft must say, how it is worded as a paper, how long it is late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from qingyuan.casework.procedures.rules import LATEST, StepRefused, check_ahead, clean_text
from qingyuan.documents.wording import chinese_date, tight

PROCEDURE: Final = "supervision_order"
LEDGER: Final = "supervision_orders"
#: Subjects of the policy table: who gives orders for a unit, who answers for one.
ISSUING: Final = "order-issuing"
ANSWERS: Final = "order-answers"
USUAL_DAYS: Final = 15
"""Days for an answer where nobody says otherwise: the practice of supervision offices, no term of law."""
#: What a draft holds, with how many characters each takes.
TEXTS: Final[Mapping[str, int]] = {"subject": 80, "asked": 1500, "basis": 600, "contact": 60, "word": 20}


@dataclass(frozen=True)
class Worded:
    """An order as a paper: title, addressee, body line by line; ``basis_line`` is the line in which the basis stands."""

    title: str
    addressee: str
    lines: tuple[str, ...]
    basis_line: int


def clean_draft(values: Mapping[str, Any]) -> dict[str, str]:
    """What was typed for a draft, trimmed and checked. Raises StepRefused with the field."""
    labels = {
        "subject": _("督办事项"), "asked": _("办理要求"), "basis": _("督办依据"), "contact": _("联系人"), "word": _("机关代字"),
    }  # fmt: skip
    clean = {}
    for name, most in TEXTS.items():
        text = str(values.get(name) or "")
        # The telephone of the office belongs to its contact; nowhere else does a number stand.
        clean[name] = text.strip()[:most] if name == "contact" else clean_text(text, most, labels[name], name)
    for name in ("subject", "asked", "basis"):
        if not clean[name]:
            raise StepRefused(_("请填“%(field)s”。") % {"field": labels[name]}, name)
    return clean


def check_due(due: date | None, on: date) -> date:
    """The day an order asks for. Raises StepRefused."""
    if due is None:
        raise StepRefused(_("请填办理期限。"), "due_on")
    check_ahead(due, on, _("办理期限"), "due_on")
    return due


def check_later(day: date, than: date, name: str) -> None:
    """An extension goes beyond the day in force. Raises StepRefused."""
    if day <= than:
        words = _("新的日期要晚于现在的期限 %(day)s。")
        raise StepRefused(words % {"day": than.isoformat()}, name)


def usual_due(on: date) -> date:
    return on + timedelta(days=USUAL_DAYS)


def latest_due(on: date) -> date:
    return on + timedelta(days=LATEST)


def worded(*, receiver: str, subject: str, asked: str, basis: str, due_on: date) -> Worded:
    """The text of the notice, in Chinese whatever language its maker reads pages in."""
    stem = subject.strip().removesuffix("。")
    basis_lines = [line.strip() for line in basis.splitlines() if line.strip()]
    lines = [
        *(tight(line) for line in basis_lines),
        tight(f"现就“{stem}”督办如下。"),
        "一、办理要求",
        *(line.rstrip() for line in asked.splitlines() if line.strip()),
        "二、反馈期限",
        f"请于{chinese_date(due_on)}前办理完毕，在平台反馈办理情况并附佐证材料。确有困难的，在期限以前申请延期并说明理由。",
        "三、核查和提级",
        "反馈后由他人核查，核查通过方予办结；情况不实或没有办到位的，退回重办。逾期没有反馈的，提请上级领导督办。",
    ]
    return Worded(tight(f"关于{stem}的督办通知"), receiver, tuple(lines), 0)
