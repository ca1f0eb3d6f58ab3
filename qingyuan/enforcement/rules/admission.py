"""Pure rules of the check before isolation treatment is decided (收戒): the ground, and whether the person is exempt.

禁毒法第三十八条、第三十九条. The check says what stands in the way of a decision; that one should be taken it never says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyuan.foundation.words import Problem

SIXTEEN: Final = 16


@dataclass(frozen=True)
class Item:
    """One line of the checklist. ``bars``: where the answer is yes there is no isolation; otherwise the office decides, and writes why.
    ``direct_only``: local rules that exempt only from a decision straight for severe addiction (第三十八条第二款)."""

    code: str
    label: Promise
    article: str
    bars: bool = False
    direct_only: bool = False


CHECKLIST: Final = (
    Item("pregnant", gettext_lazy("怀孕"), "NL39", bars=True),
    Item("nursing", gettext_lazy("正在哺乳自己不满一周岁的婴儿"), "NL39", bars=True),
    Item("under_sixteen", gettext_lazy("不满十六周岁"), "NL39"),
    Item("severe_illness", gettext_lazy("患有严重疾病"), "NL38", direct_only=True),
    Item("no_self_care", gettext_lazy("生活不能自理"), "NL38", direct_only=True),
    Item("sole_carer", gettext_lazy("唯一抚养、赡养人"), "NL38", direct_only=True),
    Item("over_sixty", gettext_lazy("年满六十周岁"), "NL38", direct_only=True),
    Item("pupil", gettext_lazy("在校学生"), "NL38", direct_only=True),
)
BY_CODE: Final = {item.code: item for item in CHECKLIST}
#: The ground of a decision straight for severe addiction (code list ``isolation_grounds``).
DIRECT: Final = "severe"


def stands_in_the_way(ground: str, answers: Mapping[str, bool]) -> list[Item]:
    """The items answered with yes that matter for this ground: those that bar, and those whose reasons have to be written."""
    return [item for item in CHECKLIST if answers.get(item.code) and (not item.direct_only or ground == DIRECT)]


def check(
    *, ground: str, grounds: frozenset[str], number: str, decided_on: date | None, answers: Mapping[str, bool], reasons: str, age: int | None, on: date
) -> list[Problem]:
    """Why the check cannot be signed, each with what to do. ``age``: on the day of the decision, by the ID number (None: not known)."""
    found = []
    if ground not in grounds:
        found.append(_problem("ground", _("请选依据禁毒法第三十八条的哪一项。")))
    if not number.strip():
        found.append(_problem("document_number", _("请填决定书文号。")))
    if decided_on is None or decided_on > on:
        found.append(_problem("decided_on", _("请填决定日期,不能在今天之后。")))
    missing = [item for item in CHECKLIST if item.code not in answers]
    if missing:
        found += [_problem(item.code, _("请逐条核对,选“是”或者“否”。")) for item in missing]
        return found
    return found + _exempt(ground, answers, reasons) + _age(answers, age)


def _exempt(ground: str, answers: Mapping[str, bool], reasons: str) -> list[Problem]:
    way = stands_in_the_way(ground, answers)
    barred = [item for item in way if item.bars]
    if barred:
        words = _("%(what)s的,不适用强制隔离戒毒:依法改为社区戒毒(禁毒法第三十九条、戒毒条例第二十六条),这份核对不能签。")
        return [_problem(item.code, words % {"what": item.label}) for item in barred]
    if way and not reasons.strip():
        return [_problem("reasons", _("核对为“是”的,请写明为什么仍然适用;依法可以不适用的,改为社区戒毒。"))]
    return []


def _age(answers: Mapping[str, bool], age: int | None) -> list[Problem]:
    if age is None or (age < SIXTEEN) == answers["under_sixteen"]:
        return []
    return [_problem("under_sixteen", _("与身份证号上的年龄(决定那天 %(age)s 岁)不符,请核对。") % {"age": age})]


def _problem(column: str, message: str) -> Problem:
    return Problem(column=column, address="", value="", message=message)
