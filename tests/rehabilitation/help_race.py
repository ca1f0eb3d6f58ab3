"""Helpers, offices and the person act on the same campaign line, referral and request at once. Run by test_help_race, on the
database of its process. Prints what became of each, and what stands afterwards."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import partial
from typing import Any

from qingyuan.ledgers import entering, registry
from qingyuan.ledgers.writing import RowChanged
from qingyuan.rehabilitation.actions import campaigns, helping, own_page
from qingyuan.rehabilitation.actions.campaigns import CampaignRefused
from qingyuan.rehabilitation.actions.helping import HelpRefused
from qingyuan.rehabilitation.actions.own_page import OwnPageRefused
from qingyuan.rehabilitation.campaigns import LINES
from qingyuan.rehabilitation.enums import AskedFor
from qingyuan.rehabilitation.models import Campaign, CampaignLine, Client, OwnRequest, Referral
from tests import schema
from tests.cast import TODAY, City, found_city, measure_values
from tests.racing import at_once

PEOPLE = 4
ONE = {"through": 1, "told": PEOPLE - 1, "failed": []}
EXPECTED: dict[str, Any] = {
    "said": {"race": ONE, "state": "seen", "version": 2},
    "duplicate": {"race": {"through": 1, "told": 1, "failed": []}, "duplicates": 1},
    "signed for": {"race": ONE, "lines": 2},
    "withdrawn or begun": {"race": {"through": 1, "told": 1, "failed": []}, "whole": True},
    "referred": {"race": ONE, "standing": 1},
    "answered": {"race": ONE, "state": "accepted"},
    "asked": {"race": {"through": own_page.MOST_WAITING, "told": 3, "failed": []}, "waiting": own_page.MOST_WAITING},
    "own answer": {"race": ONE},
}
RESULT = {"happened_on": TODAY, "words": "在村委会见到"}


def race() -> dict[str, Any]:
    city = found_city()
    city.units["education"].kind = "education"
    city.units["education"].save()
    city.enter("measures", "supervisor", *(measure_values(city, serial) for serial in range(4)))
    campaign = _issued(city, "1号")
    lines = list(CampaignLine.objects.filter(campaign=campaign).order_by("client__pk"))
    return {
        "said": _said(city, lines[0]),
        "duplicate": _duplicate(city, lines[1]),
        "signed for": _signed_for(city, lines[2]),
        "withdrawn or begun": _withdrawn_or_begun(city),
        "referred": _referred(city, lines[0].client),
        "answered": _answered(city),
        **_asked(city, Client.objects.get(pk=lines[3].client_id)),
    }


def _issued(city: City, number: str) -> Campaign:
    return campaigns.issue(
        title="普查", document_number=number, starts_on=date(2022, 11, 1), ends_on=date(2022, 12, 31),
        reference_on=date(2022, 10, 31), places=[city.divisions["云岭市"]], by=city.actor("clerk"),
    )  # fmt: skip


def _said(city: City, line: Any) -> dict[str, Any]:
    """Half of them on the page, half of them by a table: the first counts, the others are told to look again."""
    ledger = registry.get(LINES)
    page = partial(campaigns.say, line=line, state="seen", by=city.actor("supervisor"), version=1, **RESULT)
    typed = {"state": "见面已核", "happened_on": TODAY.isoformat(), "words": "在卫生室见到"}
    acts: list[Any] = [page, page]
    for _one in range(PEOPLE - 2):
        row, writing = CampaignLine.objects.select_related("client", "campaign").get(pk=line.pk), city.writing("supervisor")
        acts.append(partial(entering.change, ledger, row, entering.draft_of_change(ledger, row, typed, writing), writing))
    found = at_once(acts, CampaignRefused, RowChanged)
    now = CampaignLine.objects.get(pk=line.pk)
    return {"race": found, "state": now.state, "version": now.version}


def _duplicate(city: City, line: Any) -> dict[str, Any]:
    """Both units call their own line the duplicate: one of the two stays the line of the person."""
    there = _beside(city, line, "shiqiao", "石桥镇")
    acts = [
        partial(campaigns.say, line=one, state="duplicate", by=city.actor(who), version=1, happened_on=TODAY)
        for one, who in ((line, "supervisor"), (there, "stranger"))
    ]
    found = at_once(acts, CampaignRefused)
    return {"race": found, "duplicates": CampaignLine.objects.filter(client=line.client, state="duplicate").count()}


def _signed_for(city: City, line: Any) -> dict[str, Any]:
    moved = campaigns.say(line=line, state="elsewhere", by=city.actor("supervisor"), version=1, to_unit=city.units["shiqiao"], happened_on=TODAY)
    found = at_once([partial(campaigns.sign_for, line=moved, by=city.actor("stranger"))] * PEOPLE, CampaignRefused)
    return {"race": found, "lines": CampaignLine.objects.filter(client=line.client, campaign=line.campaign).count()}


def _withdrawn_or_begun(city: City) -> dict[str, Any]:
    """The office takes a campaign back while a town says of a line how it ended: one of the two, never both. Five times."""
    whole, last = True, {}
    for turn in range(5):
        other = _issued(city, f"退{turn}")
        line = CampaignLine.objects.filter(campaign=other, unit=city.units["longdong"]).first()
        withdraw = partial(campaigns.withdraw, campaign=other, reason="印错", by=city.actor("clerk"))
        say = partial(campaigns.say, line=line, state="seen", by=city.actor("supervisor"), version=1, **RESULT)
        last = at_once([withdraw, say], CampaignRefused)
        gone = Campaign.objects.get(pk=other.pk).withdrawn_at is not None
        begun = CampaignLine.frame.filter(campaign=other).exclude(state="").exists()
        whole = whole and gone != begun and last == {"through": 1, "told": 1, "failed": []}
    return {"race": last, "whole": whole}


def _beside(city: City, line: Any, unit: str, place: str) -> Any:
    made = campaigns.new_line(
        campaign=line.campaign, client_id=line.client_id, unit_id=city.units[unit].pk, division_id=city.divisions[place].pk,
        rows={"measure_id": line.measure_id},
    )  # fmt: skip
    made.save(force_insert=True)
    return made


def _referred(city: City, client: Client) -> dict[str, Any]:
    refer = partial(
        helping.refer, client=client, kind="schooling", to_unit=city.units["education"], need="上夜校", fields=["need"],
        consent_on=TODAY, consent_until=TODAY + timedelta(days=90), consent_paper_number="同意书1", by=city.actor("supervisor"),
    )  # fmt: skip
    found = at_once([refer] * PEOPLE, HelpRefused)
    return {"race": found, "standing": Referral.objects.count()}


def _answered(city: City) -> dict[str, Any]:
    one = Referral.objects.get()
    found = at_once([partial(helping.answer, referral=one, accepted=True, words="来学籍科", by=city.actor("liaison"))] * PEOPLE, HelpRefused)
    return {"race": found, "state": Referral.objects.get().state}


def _asked(city: City, client: Client) -> dict[str, Any]:
    """The person sends the form eight times at once, and two people answer one of the requests."""
    ask = partial(own_page.ask, client=client, asked_for=AskedFor.CORRECTION, words="电话换了")
    found = at_once([ask] * (own_page.MOST_WAITING + 3), OwnPageRefused)
    waiting = OwnRequest.objects.filter(client=client)
    answer = partial(own_page.answer, request=waiting[0], agreed=True, words="", by=city.actor("supervisor"))
    return {
        "asked": {"race": found, "waiting": waiting.count()},
        "own answer": {"race": at_once([answer] * PEOPLE, OwnPageRefused)},
    }


def main() -> None:
    """In a process of its own: make the database, then race."""
    schema.lay()
    print(json.dumps(race()))
