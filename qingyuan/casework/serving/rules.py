"""Pure rules of service: what has to be said for each way, and from which day the paper counts as served."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.casework.enums import Receiver, ServiceWay
from qingyuan.documents.page_code import PageKind
from qingyuan.foundation.words import Problem
from qingyuan.reference.service_ways import WayOfService, way_on, ways_on

PAGE = PageKind(
    mark="QYS1",
    of_another=gettext_lazy("回证上的二维码属于另一份文书,请核对文书号后到那一份的页面归入。"),
    of_other_content=gettext_lazy("回证的核验码与编号的文书内容不符:这不是平台印的那一份。"),
    mistyped=gettext_lazy("录入的核验码与这份文书不符,请照纸上核对(共四组,每组四位)。"),
)
#: How many characters each thing that is written down takes.
LENGTHS = {
    "receiver_name": 40, "relation": 40, "witness": 80, "refusal": 200, "tracking": 40, "through": 80, "consent": 120,
    "why": 200, "place": 120, "servers": 60,
}  # fmt: skip


class ServiceRefused(ValueError):
    """The service cannot be written down as it was said; ``problems`` name the fields."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("".join(problem.message for problem in problems))


@dataclass(frozen=True)
class Told:
    """A service as a person tells it. ``received_on`` None while nobody has it yet; ``words`` as in ``LENGTHS``."""

    way: str
    sent_on: date
    received_on: date | None = None
    receiver: str = ""
    words: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """``received_on``: the day the law counts from, None while it is under way; ``until``: the last day of a notice."""

    rule: WayOfService
    received_on: date | None
    receiver: str
    refused: bool
    until: date | None
    words: dict[str, str]


def judge(told: Told, *, regime: str, issued_on: date, today: date) -> Judged:
    """What the service comes to by the law of the day it was begun. Raises ServiceRefused with every problem there is."""
    rule = way_on(regime, told.way, told.sent_on)
    if rule is None:
        known = "、".join(str(ServiceWay(one.way).label) for one in ways_on(regime, told.sent_on))
        raise ServiceRefused(_problem("way", _("这种文书不能这样送达;法律规定的方式有:%(ways)s。") % {"ways": known}))
    problems = [*_lengths(told.words), *_days(told, issued_on, today), *_missing(told, rule)]
    if problems:
        raise ServiceRefused(*problems)
    words = {name: text.strip() for name, text in told.words.items() if text.strip()}
    refused = told.way == ServiceWay.LEFT
    if rule.days:
        until = told.sent_on + timedelta(days=rule.days)
        return Judged(rule, until if until <= today else None, "", False, until, words)
    received = told.sent_on if refused else told.received_on
    return Judged(rule, received, "" if refused else told.receiver, refused, None, words)


def _problem(name: str, message: str) -> Problem:
    return Problem(name, "", "", message)


def _lengths(words: dict[str, str]) -> list[Problem]:
    found = []
    for name, text in words.items():
        if len(text.strip()) > LENGTHS[name]:
            found.append(_problem(name, _("最多 %(most)d 字。") % {"most": LENGTHS[name]}))
    return found


def _days(told: Told, issued_on: date, today: date) -> list[Problem]:
    if told.sent_on > today:
        return [_problem("sent_on", _("日期在今天之后:送出以后再登记。"))]
    if told.sent_on < issued_on:
        words = _("早于文书编号的 %(day)s,请核对。")
        return [_problem("sent_on", words % {"day": issued_on.isoformat()})]
    if told.received_on is not None and not told.sent_on <= told.received_on <= today:
        return [_problem("received_on", _("签收日期应在送出日期与今天之间,请核对。"))]
    return []


def _missing(told: Told, rule: WayOfService) -> list[Problem]:
    """What this way asks for and nobody said."""
    asked = {
        "refusal": _("留置送达要写明拒收的事由。"),
        "witness": _("留置送达要有见证人;没有见证人、全程录音录像的,写“录音录像”和存放处。"),
        "through": _("请写明通过哪个单位送达。"),
        "tracking": _("请写邮件号,回执要凭它核对。"),
        "consent": _("电子送达要经本人同意,请写明同意的方式和日期。"),
        "why": _("公告送达要写明用过哪些方式、为什么送不到。"),
        "place": _("请写明公告的地点或者媒体。"),
    }
    found = [
        _problem(name, words)
        for name, words in asked.items()
        if name in rule.needs and not told.words.get(name, "").strip()
    ]
    handed = told.received_on is not None and told.way != ServiceWay.LEFT and not rule.days
    if handed and told.receiver not in Receiver.values:
        found.append(_problem("receiver", _("请选由谁签收。")))
    if handed and told.receiver not in ("", Receiver.SELF) and not told.words.get("receiver_name", "").strip():
        found.append(_problem("receiver_name", _("代收的,请写代收人姓名。")))
    return found
