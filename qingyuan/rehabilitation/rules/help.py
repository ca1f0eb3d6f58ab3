"""Pure rules of referrals and reviews of support: who may be asked, what a consent shows and for how long."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from qingyuan.foundation.words import Problem
from qingyuan.rehabilitation.enums import ConsentField, HelpKind, ReferralState

#: By kind of help the kinds of units (code list ``unit_kinds``) that can give it. No police, court, office or clinic is among them.
RECEIVERS: Final[dict[HelpKind, frozenset[str]]] = {
    HelpKind.JOBS: frozenset({"human_resources", "union", "women", "youth_league"}),
    HelpKind.SKILLS: frozenset({"human_resources", "education", "union"}),
    HelpKind.SCHOOLING: frozenset({"education"}),
    HelpKind.MEDICAL: frozenset({"health", "medical_insurance"}),
    HelpKind.LEGAL_AID: frozenset({"justice", "justice_station"}),
    HelpKind.FAMILY: frozenset({"women", "civil_affairs", "social_work"}),
    HelpKind.INSURANCE: frozenset({"human_resources", "medical_insurance"}),
    HelpKind.ASSISTANCE: frozenset({"civil_affairs"}),
}
EVERY_RECEIVER: Final = frozenset().union(*RECEIVERS.values())
#: A consent is for a purpose and a time, never for good (个人信息保护法第十四条至第十六条、第十九条).
LONGEST_CONSENT_DAYS: Final = 366
STANDING: Final = frozenset({ReferralState.WAITING, ReferralState.ACCEPTED, ReferralState.DONE})


@dataclass(frozen=True)
class Consent:
    """``fields`` as ticked; ``until`` its last day; ``state`` of the referral it was given for."""

    fields: frozenset[str]
    until: date
    state: str


def holds(consent: Consent, on: date) -> bool:
    """Whether the receiving unit may see the referral at all on day ``on``. What it declined it has no more to do with."""
    return consent.state in {state.value for state in STANDING} and on <= consent.until


def shown(consent: Consent, on: date) -> frozenset[str]:
    """The fields the receiving unit may see: those ticked while the consent holds, none after."""
    return consent.fields & frozenset(ConsentField.values) if holds(consent, on) else frozenset()


def check_referral(
    *, kind: str, unit_kind: str, need: str, fields: Collection[str], consent_on: date | None, until: date | None, paper: str, on: date
) -> list[Problem]:
    """What a referral lacks, each with what to do."""
    found = []
    if kind not in HelpKind.values:
        found.append(_problem("kind", _("请选需要哪一类帮助。")))
    elif unit_kind not in RECEIVERS[HelpKind(kind)]:
        found.append(_problem("to_unit", _("这一类帮助不由这个单位办,请另选单位。")))
    if not need.strip():
        found.append(_problem("need", _("请写需要什么帮助;不写检测、措施和案情。")))
    if not fields or not set(fields) <= set(ConsentField.values):
        found.append(_problem("fields", _("请照同意书勾选对方可以看到哪几项,至少一项。")))
    if not paper.strip():
        found.append(_problem("consent_paper_number", _("请填本人签字的同意书编号:没有同意书不能转介。")))
    return found + _consent_days(consent_on, until, on)


def _consent_days(consent_on: date | None, until: date | None, on: date) -> list[Problem]:
    if consent_on is None or consent_on > on:
        return [_problem("consent_on", _("请填本人签字的日期,不能在今天之后。"))]
    if until is None or until < on:
        return [_problem("consent_until", _("请填同意到哪天,今天或以后。"))]
    if (until - consent_on).days > LONGEST_CONSENT_DAYS:
        return [_problem("consent_until", _("一份同意书最长一年;还需要的,到期前请本人重新签。"))]
    return []


def check_review(*, held_on: date | None, next_on: date | None, needs: Iterable[str], reasons: str, on: date) -> list[Problem]:
    """A review is of need for help: its reasons are written, and the day of the next one is set."""
    found = []
    if held_on is None or held_on > on:
        found.append(_problem("held_on", _("请填评估日期,不能在今天之后。")))
    elif next_on is None or next_on <= held_on:
        found.append(_problem("next_on", _("请定下次评估的日期,在这次之后。")))
    if not set(needs) <= set(HelpKind.values):
        found.append(_problem("needs", _("请从列出的帮助里勾选。")))
    if not reasons.strip():
        found.append(_problem("reasons", _("请写理由:看到了什么、本人怎么说、为什么需要或者不需要帮助。")))
    return found


def _problem(column: str, message: str) -> Problem:
    return Problem(column=column, address="", value="", message=message)
