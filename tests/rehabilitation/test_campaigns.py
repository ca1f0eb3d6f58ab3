"""A campaign draws its frame from the ledgers, and every line is accounted for by the unit whose line it is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qingyuan.foundation.audit.models import RowChange, WriteEntry
from qingyuan.rehabilitation import campaigns as reads
from qingyuan.rehabilitation.actions import campaigns as actions
from qingyuan.rehabilitation.actions.campaigns import CampaignRefused
from qingyuan.rehabilitation.actions.clients import assign
from qingyuan.rehabilitation.models import Campaign, CampaignLine, Client
from tests.cast import TODAY, City, id_number, measure_values

pytestmark = pytest.mark.django_db
NAME = "清源大普查"


def isolated(city: City, serial: int, who: str = "supervisor", place: str = "龙洞社区") -> Any:
    person = {"name": f"测试{'甲乙丙丁戊己庚辛'[serial % 8]}", "id_number": id_number(100 + serial)}
    days = {"division": city.divisions[place].pk, "decided_on": date(2022, 2, 1), "ends_on": date(2024, 1, 31)}
    return city.enter("isolation", who, person | days)[0]


def issued(city: City, **changes: Any) -> Campaign:
    values: dict[str, Any] = {
        "title": NAME, "document_number": "云禁毒办〔2022〕31号", "starts_on": date(2022, 11, 1), "ends_on": date(2022, 12, 31),
        "reference_on": date(2022, 10, 31), "places": [city.divisions["云岭市"]], "by": city.actor("clerk"),
    }  # fmt: skip
    return actions.issue(**(values | changes))


def lines(campaign: Campaign) -> list[Any]:
    return list(CampaignLine.objects.filter(campaign=campaign).order_by("unit__code", "pk"))


def second_line(city: City, here: Any) -> Any:
    """The same person on the register of 石桥 as well."""
    shiqiao, there = city.units["shiqiao"], city.divisions["石桥镇"]
    line = actions.new_line(
        campaign=here.campaign, client_id=here.client_id, unit_id=shiqiao.pk, division_id=there.pk, rows={"measure_id": here.measure_id}
    )
    line.save(force_insert=True)
    return line


def say(city: City, line: Any, state: str, who: str = "supervisor", **values: Any) -> Any:
    given = {"happened_on": TODAY, "words": "在村委会见到"} | values
    return actions.say(line=line, state=state, by=city.actor(who), version=line.version, **given)


@pytest.fixture
def campaign(city: City) -> Campaign:
    """Two people under a measure in 龙洞, one in isolation in 石桥."""
    city.enter("measures", "supervisor", measure_values(city, 0), measure_values(city, 1))
    isolated(city, 2, "stranger", "石桥社区")
    return issued(city)


# --- the frame ---------------------------------------------------------------------------------------------------------
def test_the_frame_is_everyone_on_the_register_on_the_reference_day_and_nobody_else(city: City) -> None:
    ended = {"ended_on": date(2022, 10, 1), "end_reason": "discharged"}
    later = {"decided_on": date(2022, 11, 5), "served_on": None, "reported_on": None, "agreement_on": None}
    city.enter("measures", "supervisor", measure_values(city, 0), measure_values(city, 1, **ended), measure_values(city, 2, **later))
    made = issued(city)
    assert [one.client.name for one in lines(made)] == ["测试甲"]
    line = lines(made)[0]
    assert line.measure is not None and line.state == "" and line.unit == city.units["longdong"]


def test_one_person_with_a_measure_and_isolation_in_one_unit_is_one_line_of_two_rows(city: City) -> None:
    city.enter("measures", "supervisor", measure_values(city, 0))
    isolated(city, 0)
    (line,) = lines(issued(city))
    assert line.measure_id and line.isolation_id and not line.control_id


def test_the_frame_knows_no_row_but_of_the_register(city: City, campaign: Campaign) -> None:
    """Parties of cases, volunteers, places and leads have no way into it: the line's keys say so."""
    columns = {field.name for field in CampaignLine._meta.concrete_fields if field.is_relation}
    assert columns == {"campaign", "client", "unit", "division", "measure", "isolation", "control", "received_from", "to_unit"}
    assert set(reads.register_on(TODAY)) == {"measure", "isolation", "control"}


def test_the_places_bound_the_frame(city: City, campaign: Campaign) -> None:
    one_town = issued(city, document_number="2号", places=[city.divisions["石桥镇"]])
    assert [line.unit.code for line in lines(one_town)] == ["shiqiao"]
    with pytest.raises(CampaignRefused, match="范围"):
        issued(city, document_number="3号", places=[])


@pytest.mark.parametrize("who", ["supervisor", "caseworker", "town_leader", "leader", "officer", "liaison", "auditor", "doctor", "stranger"])
def test_nobody_but_the_office_issues_or_withdraws(city: City, campaign: Campaign, who: str) -> None:
    with pytest.raises(CampaignRefused):
        issued(city, document_number="9号", by=city.actor(who))
    with pytest.raises(CampaignRefused):
        actions.withdraw(campaign=campaign, reason="不要了", by=city.actor(who))


@pytest.mark.parametrize(
    "changes",
    [
        {"title": " "},
        {"document_number": ""},
        {"ends_on": date(2022, 10, 31)},
        {"reference_on": date(2022, 11, 2)},
        {"reference_on": date(2022, 12, 1), "starts_on": date(2022, 12, 1)},
    ],
    ids=["no title", "no number", "backwards", "register after the start", "register that is not there yet"],
)
def test_a_campaign_that_cannot_be_is_refused_with_what_to_do(city: City, changes: dict[str, Any]) -> None:
    with pytest.raises(CampaignRefused):
        issued(city, **changes)
    assert not Campaign.objects.exists()


def test_a_number_is_issued_once_and_a_withdrawn_campaign_makes_room(city: City, campaign: Campaign) -> None:
    with pytest.raises(CampaignRefused, match="文号"):
        issued(city)
    actions.withdraw(campaign=campaign, reason="范围写错", by=city.actor("clerk"))
    assert lines(campaign) == [] and issued(city).pk != campaign.pk


def test_a_campaign_that_is_under_way_is_not_withdrawn(city: City, campaign: Campaign) -> None:
    say(city, lines(campaign)[0], "seen")
    with pytest.raises(CampaignRefused, match="已经开始"):
        actions.withdraw(campaign=campaign, reason="范围写错", by=city.actor("clerk"))


# --- lines -------------------------------------------------------------------------------------------------------------
def test_a_caseworker_has_the_own_people_the_supervisor_the_towns_and_others_none(city: City, campaign: Campaign) -> None:
    mine = Client.objects.order_by("created_at", "pk").first()
    assert mine is not None
    assign(client_ids=[mine.pk], caseworker=city.accounts["caseworker"], by=city.actor("supervisor"))
    seen = {who: reads.lines_visible(city.actor(who), TODAY).count() for who in city.accounts}
    assert seen == dict.fromkeys(city.accounts, 0) | {"caseworker": 1, "supervisor": 2, "stranger": 1}


def test_a_line_ends_once_and_what_was_said_can_be_corrected_with_both_in_the_log(city: City, campaign: Campaign) -> None:
    line = say(city, lines(campaign)[0], "seen")
    with pytest.raises(CampaignRefused, match="刷新"):
        actions.say(line=line, state="lost", by=city.actor("supervisor"), version=1, happened_on=TODAY, words="找过")
    line = say(city, line, "custody", paper_number="拘通〔2022〕8号")
    assert (line.state, line.version) == ("custody", 3)
    entries = WriteEntry.objects.filter(act="campaign-lines.say")
    assert entries.count() == RowChange.objects.filter(entry_id__in=entries.values("pk")).count() == 2


@pytest.mark.parametrize("who", ["stranger", "clerk", "leader", "officer", "town_leader", "doctor", "liaison", "auditor"])
def test_nobody_else_says_how_a_line_ended(city: City, campaign: Campaign, who: str) -> None:
    line = next(one for one in lines(campaign) if one.unit.code == "longdong")
    with pytest.raises(CampaignRefused):
        say(city, line, "seen", who)


def test_isolation_is_said_where_the_register_has_it(city: City, campaign: Campaign) -> None:
    here = next(one for one in lines(campaign) if one.unit.code == "shiqiao")
    assert say(city, here, "isolation", "stranger").state == "isolation"
    other = next(one for one in lines(campaign) if one.unit.code == "longdong")
    with pytest.raises(CampaignRefused, match="强制隔离戒毒"):
        say(city, other, "isolation")


def test_a_moved_person_is_accounted_for_where_the_other_town_signed(city: City, campaign: Campaign) -> None:
    line = next(one for one in lines(campaign) if one.unit.code == "longdong")
    say(city, line, "elsewhere", to_unit=city.units["shiqiao"])
    before = {one.unit.code: one.tally for one in reads.progress(campaign)}
    assert (before["longdong"].frame, before["longdong"].done) == (2, 0), "said, not signed for"
    (waiting,) = reads.offered(city.actor("stranger"), TODAY)
    actions.sign_for(line=waiting, by=city.actor("stranger"))
    after = {one.unit.code: one.tally for one in reads.progress(campaign)}
    assert (after["longdong"].frame, after["shiqiao"].frame) == (1, 2) and after["shiqiao"].left == 2, "theirs to look into now"
    with pytest.raises(CampaignRefused, match="签收"):
        actions.sign_for(line=waiting, by=city.actor("stranger"))


def test_a_town_that_turns_a_person_down_opens_the_line_again(city: City, campaign: Campaign) -> None:
    line = next(one for one in lines(campaign) if one.unit.code == "longdong")
    say(city, line, "elsewhere", to_unit=city.units["shiqiao"])
    (waiting,) = reads.offered(city.actor("stranger"), TODAY)
    with pytest.raises(CampaignRefused, match="查过什么"):
        actions.turn_down(line=waiting, words=" ", by=city.actor("stranger"))
    actions.turn_down(line=waiting, words="村里没有这个人", by=city.actor("stranger"))
    line.refresh_from_db()
    assert (line.state, line.refused_words) == ("", "村里没有这个人")
    assert not reads.offered(city.actor("stranger"), TODAY).exists()


def test_only_the_named_towns_supervisor_signs(city: City, campaign: Campaign) -> None:
    line = next(one for one in lines(campaign) if one.unit.code == "longdong")
    say(city, line, "elsewhere", to_unit=city.units["shiqiao"])
    for who in set(city.accounts) - {"stranger"}:
        assert not reads.offered(city.actor(who), TODAY).exists(), who
        with pytest.raises(CampaignRefused):
            actions.sign_for(line=line, by=city.actor(who))


def test_one_person_on_two_registers_is_told_until_one_line_is_the_duplicate(city: City) -> None:
    city.enter("measures", "supervisor", measure_values(city, 0))
    made = issued(city)
    here = lines(made)[0]
    second_line(city, here)
    here, there = lines(made)
    assert reads.doubled(made, [here, there]) == {here.pk: ["石桥镇人民政府"], there.pk: ["龙洞镇人民政府"]}
    say(city, there, "duplicate", "stranger")
    assert reads.doubled(made, lines(made)) == {}
    with pytest.raises(CampaignRefused, match="同一人"):
        say(city, here, "duplicate")
    assert sum(one.tally.frame for one in reads.progress(made)) == 1


def test_who_leaves_the_register_leaves_the_list_and_stays_in_the_count(city: City, campaign: Campaign) -> None:
    line = next(one for one in lines(campaign) if one.unit.code == "longdong")
    Client.objects.filter(pk=line.client_id).update(sealed_on=TODAY)
    assert line.pk not in {one.pk for one in lines(campaign)}
    assert reads.lines_visible(city.actor("supervisor"), TODAY).count() == 1
    longdong = next(one.tally for one in reads.progress(campaign) if one.unit.code == "longdong")
    assert (longdong.frame, longdong.done) == (2, 1), "three years without relapse is an end of its own"


def test_towns_come_in_the_order_of_their_codes_however_much_they_have_done(city: City, campaign: Campaign) -> None:
    before = [one.unit.code for one in reads.progress(campaign)]
    for line in lines(campaign):
        if line.unit.code == "shiqiao":
            say(city, line, "isolation", "stranger")
    assert [one.unit.code for one in reads.progress(campaign)] == before == ["longdong", "shiqiao"]


def test_the_log_keeps_no_word_about_the_person(city: City, campaign: Campaign) -> None:
    say(city, lines(campaign)[0], "seen", words="暗处见到")
    kept = RowChange.objects.get(entry_id__in=WriteEntry.objects.filter(ledger="campaign-lines").values("pk"))
    told = actions._told(lines(campaign)[0])
    assert kept.after and set(told) == {"state", "happened_on", "paper_number", "to_unit_id", "accepted"}
    assert "暗处" not in str(vars(kept)) + str(told)


# --- help plans --------------------------------------------------------------------------------------------------------
def test_a_person_under_a_measure_without_a_plan_is_told_and_a_plan_settles_it(city: City, campaign: Campaign) -> None:
    mine = reads.lines_visible(city.actor("supervisor"), TODAY)
    assert reads.without_plan(mine).count() == 2
    plan = {"name": "测试甲", "id_number": id_number(100), "made_on": date(2022, 3, 1), "knowledge": "每月面谈", "review_on": date(2022, 9, 1)}
    city.enter("care_plans", "supervisor", plan)
    assert reads.without_plan(mine).count() == 1
    told = {one.row.client.name: one for one in reads.plan_lines(list(reads.needing_plans(mine)), TODAY)}
    assert told["测试乙"].missing and not told["测试甲"].missing
    assert [(one.day, one.kept) for one in told["测试甲"].dates] == [(date(2022, 9, 1), "missed")]
    second = plan | {"made_on": date(2022, 8, 30), "review_on": date(2023, 2, 1)}
    city.enter("care_plans", "supervisor", second)
    told = {one.row.client.name: one for one in reads.plan_lines(list(reads.needing_plans(mine)), TODAY)}
    assert [one.kept for one in told["测试甲"].dates] == ["kept", "ahead"]
