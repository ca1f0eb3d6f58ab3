"""A campaign under way, referrals, reviews, reasons of absences and signed checks, planted for the walk: who may read each stands here."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from qingyuan.enforcement.actions import admissions
from qingyuan.enforcement.rules.admission import CHECKLIST
from qingyuan.organisation.models import Unit
from qingyuan.rehabilitation.actions import campaigns, helping
from qingyuan.rehabilitation.models import Campaign, CampaignLine
from tests.cast import TODAY

OWN = ("caseworker", "supervisor")
FAR = ("stranger", "far_caseworker")


def plant_help(planted: Any) -> None:
    """``planted`` has its clients, absences and parties already."""
    city = planted.city
    Unit.objects.filter(pk=city.units["education"].pk).update(kind="education")
    city.units["education"].refresh_from_db()
    near, own, far, offered = (planted.clients[name] for name in ("阚暗香", "亓浮动", "佘清浅", "訾横斜"))
    campaign = campaigns.issue(
        title="冬季大普查", document_number="普查1号", starts_on=date(2022, 11, 1), ends_on=date(2022, 12, 31), reference_on=date(2022, 10, 31),
        places=[city.divisions["云岭市"]], by=city.actor("clerk"),
    )  # fmt: skip
    _say(planted, campaign, near, "caseworker", "seen", words="暗见处")
    _say(planted, campaign, own, "supervisor", "elsewhere", to_unit=city.units["shiqiao"])
    campaigns.turn_down(line=_line(campaign, own), words="暗不收", by=city.actor("stranger"))
    _say(planted, campaign, offered, "stranger", "elsewhere", to_unit=city.units["longdong"])
    planted.hide("暗见处", "where somebody was seen", *OWN)
    planted.hide("暗不收", "why another town did not sign", "supervisor")
    _referrals(planted, near, far)
    review = helping.review(
        client=near, held_on=TODAY, needs=["jobs"], reasons="暗帮评", next_on=TODAY + timedelta(days=90), by=city.actor("caseworker")
    )
    helping.object_to(review=review, words="暗异议", by=city.actor("caseworker"))
    for who, row, word in (("caseworker", planted.rows["absences"][0], "暗事由甲"), ("stranger", planted.rows["absences"][1], "暗事由丁")):
        helping.keep_reason(absence=row, why=word, by=city.actor(who))
    for word in ("暗帮评", "暗异议", "暗事由甲"):
        planted.hide(word, "what stands in the help compartment", *OWN)
    planted.hide("暗事由丁", "what stands in the help compartment", *FAR)
    _checks(planted)


def _referrals(planted: Any, near: Any, far: Any) -> None:
    """One the school office may read without a name, one taken back, one of the other town taken back."""
    city = planted.city
    for client, who, kind, need, back in (
        (near, "caseworker", "schooling", "暗夜校", False),
        (near, "caseworker", "skills", "暗撤回甲", True),
        (far, "far_caseworker", "schooling", "暗撤回丁", True),
    ):
        made = helping.refer(
            client=client, kind=kind, to_unit=city.units["education"], need=need, fields=["need"], consent_on=TODAY,
            consent_until=TODAY + timedelta(days=30), consent_paper_number="暗同意书", by=city.actor(who),
        )  # fmt: skip
        if back:
            helping.withdraw(referral=made, by=city.actor(who))
    planted.hide("暗夜校", "what somebody agreed to show one unit", *OWN, "liaison")
    planted.hide("暗撤回甲", "what somebody took back", *OWN)
    planted.hide("暗撤回丁", "what somebody took back", *FAR)
    planted.hide("暗同意书", "the number of a consent", *OWN, *FAR)


def _checks(planted: Any) -> None:
    """Of each police unit one signed check of somebody of age."""
    city = planted.city
    answers = {item.code: item.code == "sole_carer" for item in CHECKLIST}
    for who in ("officer", "station"):
        party = next(row for row in planted.rows["parties"] if row.unit_id == city.actor(who).unit_id and not row.minor)
        admissions.sign(
            party=party, ground="severe", document_number=f"暗决字{who}", decided_on=date(2022, 11, 15), answers=answers, reasons=f"暗核对{who}",
            by=city.actor(who),
        )  # fmt: skip
        for word in ("暗决字", "暗核对"):
            planted.hide(f"{word}{who}", "a check before isolation treatment", who)


def _line(campaign: Campaign, client: Any) -> Any:
    return CampaignLine.objects.select_related("client", "campaign").get(campaign=campaign, client=client)


def _say(planted: Any, campaign: Campaign, client: Any, who: str, state: str, **given: Any) -> None:
    line = _line(campaign, client)
    campaigns.say(line=line, state=state, version=line.version, happened_on=date(2022, 11, 20), by=planted.city.actor(who), **given)
