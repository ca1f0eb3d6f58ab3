"""Emergency looks: one person's rows, inside the own compartment, for four hours, with a second person behind it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from qingyuan.foundation import audit, clock
from qingyuan.foundation.audit.models import ReadEntry, WriteEntry
from qingyuan.foundation.audit.tags import read_content, tag_holds
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.guarded import WrittenOnce
from qingyuan.foundation.ids import new_id
from qingyuan.journeys import emergency as journey
from qingyuan.journeys.emergency import Wanted
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.organisation import scope
from qingyuan.organisation.actions import accounts, emergency
from qingyuan.organisation.actions.emergency import EmergencyRefused
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action, EmergencyVerdict, Role, Rows
from qingyuan.organisation.models import EmergencyLook, EmergencyRow, Post, PostTerm, RoleGrant, Unit
from qingyuan.organisation.policy import NEVER_WIDENED, Rule
from qingyuan.organisation.queries import emergency_digest, to_review
from qingyuan.organisation.scope import may, visible_to
from qingyuan.reference import catalogue
from qingyuan.rehabilitation.models import Client, Measure
from qingyuan.rehabilitation.people import person_key
from qingyuan.rehabilitation.queries import clients, looked_at
from tests.cast import TODAY, City, id_number, measure_values

pytestmark = pytest.mark.django_db(databases=["default", "audit"])
WHY = "夜间有人在卫生院求助,对方单位无人值班"


@pytest.fixture
def town(city: City) -> City:
    """龙洞 keeps three people; 石桥 keeps one."""
    city.enter("measures", "supervisor", *(measure_values(city, serial) for serial in (1, 2, 3)))
    city.enter("measures", "stranger", measure_values(city, 4, division=city.divisions["石桥社区"].pk))
    return city


def open_by(city: City, who: str, number: str = id_number(101), **changes: Any) -> EmergencyLook:
    asked = {"wanted": Wanted(number=number), "reason": WHY, "article": "NL34"} | changes
    return journey.open_for(by=city.actor(who), path="/emergency/open/", **asked)


def seen(city: City, who: str) -> set[str]:
    return {client.id_number for client in clients(city.actor(who), TODAY)}


def test_one_person_of_another_town_is_opened_and_nobody_else(town: City) -> None:
    before = seen(town, "stranger")
    look = open_by(town, "stranger")
    assert seen(town, "stranger") == before | {id_number(101)}
    rows = queries.rows(registry.get("measures"), town.actor("stranger"), TODAY)
    assert {row.client.id_number for row in rows} == {id_number(101), id_number(104)}
    assert [(row.ledger, row.subject) for row in look.rows.order_by("pk")] == [("clients", True), ("measures", False)]
    assert look.until - look.opened_at == timedelta(hours=4)
    assert look.review_by == date(2022, 11, 25), "two working days after Wednesday"
    entry = WriteEntry.objects.get(act="emergency.open_look")
    assert entry.row_id == look.pk and entry.reason == WHY
    assert id_number(101) not in repr(vars(entry)) and "测试" not in repr(vars(entry))


def test_what_is_opened_is_read_and_neither_changed_voided_nor_exported(town: City) -> None:
    open_by(town, "stranger")
    actor, measures = town.actor("stranger"), registry.get("measures")
    for action in set(Action) - {Action.READ}:
        kept = {row.client.id_number for row in queries.rows(measures, actor, TODAY, action=action)}
        assert id_number(101) not in kept, action
    assert not may(
        actor,
        Action.READ,
        compartment=Compartment.COMMUNITY,
        on=TODAY,
        division_id=town.divisions["龙洞社区"].pk,
        unit_id=town.units["longdong"].pk,
    ).allowed


def test_by_the_whole_name_with_the_birth_date(town: City) -> None:
    name = Client.objects.get(id_index=journey_index(102)).name
    look = open_by(town, "stranger", wanted=Wanted(name=name, born=date(1991, 1, 1)))
    assert look.rows.filter(row_id=Client.objects.get(id_index=journey_index(102)).pk).exists()
    for wanted in (Wanted(name=name, born=date(1991, 1, 2)), Wanted(name=name[:2], born=date(1991, 1, 1))):
        with pytest.raises(EmergencyRefused, match="没有查到"):
            open_by(town, "stranger", wanted=wanted)


def journey_index(serial: int) -> str:
    return person_key(id_number(serial)).id_index


def test_two_people_of_one_name_and_birth_date_are_told_apart_by_the_number_only(town: City) -> None:
    same = {"name": "测试同名", "id_number": id_number(301)}
    town.enter("measures", "supervisor", measure_values(town, 5, **same))
    town.enter("measures", "supervisor", measure_values(town, 6, **same | {"id_number": id_number(302)}))
    with pytest.raises(EmergencyRefused, match="不止一人"):
        open_by(town, "stranger", wanted=Wanted(name="测试同名", born=date(1991, 1, 1)))
    open_by(town, "stranger", number=id_number(301))
    assert id_number(302) not in seen(town, "stranger")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"wanted": Wanted(number=id_number(101)[:17])}, "17 位数字加 1 位"),
        ({"wanted": Wanted(number="%")}, "17 位数字加 1 位"),
        ({"wanted": Wanted()}, "写全"),
        ({"wanted": Wanted(name="测试甲")}, "写全"),
        ({"wanted": Wanted(number=id_number(599))}, "没有查到"),
        ({"wanted": Wanted(number=id_number(104))}, "本来就在"),
        ({"reason": "急"}, "至少"),
        ({"reason": f"他的号码是 {id_number(101)} 请打开"}, "不要写证件号"),
        ({"reason": "测试乙夜间在卫生院求助,无人值班"}, "不要写姓名"),
        ({"article": ""}, "条款"),
        ({"article": "NL5"}, "条款"),
    ],
)
def test_what_is_not_whole_or_not_said_opens_nothing(town: City, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(EmergencyRefused, match=said):
        open_by(town, "stranger", **changes)
    assert not EmergencyLook.objects.exists()


def test_each_attempt_is_on_record_and_there_are_few_in_a_day(town: City) -> None:
    for _attempt in range(journey.MOST_ASKED):
        with pytest.raises(EmergencyRefused, match="没有查到"):
            open_by(town, "stranger", number=id_number(599))
    with pytest.raises(EmergencyRefused, match="一天最多"):
        open_by(town, "stranger")
    entries = list(ReadEntry.objects.using("audit").filter(act="emergency"))
    assert len(entries) == journey.MOST_ASKED
    assert all(entry.reason == WHY and entry.query_digest and not entry.row_ids for entry in entries)


def test_the_clock_closes_it_and_so_does_its_owner(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    look = open_by(town, "stranger")
    held = town.actor("stranger")
    assert id_number(101) in {client.id_number for client in clients(held, TODAY)}
    late = look.until + timedelta(seconds=1)
    with monkeypatch.context() as later:
        later.setattr(clock, "now", lambda: late)
        assert id_number(101) not in seen(town, "stranger")
        assert id_number(101) not in {client.id_number for client in clients(held, TODAY)}, "an actor built before"
        assert held.emergency_behind([look.rows.first().row_id]) is None
    with pytest.raises(EmergencyRefused, match="自己打开的"):
        emergency.close(look=look, by=town.actor("supervisor"))
    emergency.close(look=look, by=town.actor("stranger"))
    emergency.close(look=look, by=town.actor("stranger"))
    assert id_number(101) not in seen(town, "stranger")
    assert WriteEntry.objects.filter(act="emergency.close_look").count() == 1


def test_an_account_that_ends_loses_what_it_opened(town: City) -> None:
    open_by(town, "stranger")
    accounts.disable(account=town.accounts["stranger"], by=town.actor("security"), reason="停职")
    town.accounts["stranger"].refresh_from_db()
    assert seen(town, "stranger") == set()
    town.accounts["stranger"].is_active = True
    town.accounts["stranger"].save()
    RoleGrant.objects.filter(account=town.accounts["stranger"]).update(role=Role.POLICE_OFFICER)
    assert seen(town, "stranger") == set(), "another role does not inherit the look"


def test_an_account_that_is_disabled_opens_nothing_even_with_an_actor_built_before(town: City) -> None:
    actor = town.actor("stranger")
    accounts.disable(account=town.accounts["stranger"], by=town.actor("security"), reason="停职")
    with pytest.raises(EmergencyRefused, match="停用"):
        journey.open_for(wanted=Wanted(number=id_number(101)), reason=WHY, article="NL34", by=actor, path="/")


@pytest.mark.parametrize(
    "who", ["clerk", "leader", "town_leader", "liaison", "prosecutor", "doctor", "auditor", "security"]
)
def test_roles_that_read_nobody_by_name_open_nobody(town: City, who: str) -> None:
    with pytest.raises(EmergencyRefused, match="没有可以紧急查阅"):
        open_by(town, who)


def test_a_policeman_looks_among_his_own_and_never_finds_a_client(town: City) -> None:
    """The same number: there is such a client, and no such party; the answer is the one for nobody."""
    said = []
    for number in (id_number(101), id_number(599)):
        with pytest.raises(EmergencyRefused) as refusal:
            open_by(town, "officer", number=number)
        said.append(str(refusal.value))
    assert said[0] == said[1]


def test_rows_that_are_slipped_in_by_their_id_open_nothing_elsewhere(town: City) -> None:
    """Someone who writes a foreign id into a look of the own compartment reads no row of another one by it."""
    [case] = town.enter("cases", "officer", case_values(town))
    look = open_by(town, "stranger")
    EmergencyRow.objects.create(look=look, ledger="cases", row_id=case.pk)
    cases = registry.get("cases")
    assert not queries.rows(cases, town.actor("stranger"), TODAY).exists()
    with pytest.raises(EmergencyRefused, match="任何人都不能"):
        emergency.open_look(
            compartment=Compartment.ENFORCEMENT,
            rows=[("cases", case.pk)],
            reason=WHY,
            article="NL34",
            by=town.actor("stranger"),
        )
    with pytest.raises(EmergencyRefused, match="任何人都不能"):
        emergency.open_look(
            compartment=Compartment.COMMUNITY, rows=[], reason=WHY, article="NL34", by=town.actor("stranger")
        )


def case_values(city: City) -> dict[str, Any]:
    def first(name: str) -> str:
        return catalogue.get_list(name).valid_on(TODAY)[0].code

    return {
        "number": "案一",
        "title": "案一",
        "case_kind": first("case_kinds"),
        "offence": first("offences"),
        "drug_main": first("drugs"),
        "division": city.divisions["龙洞镇"].pk,
        "filed_on": date(2022, 5, 1),
    }


def opened_by_hand(actor: Actor, compartment: Compartment, row_id: UUID) -> EmergencyLook:
    """What no action makes: a look of any compartment with any row, as if someone had written it into the database."""
    now = clock.now()
    look = EmergencyLook.objects.create(
        account_id=actor.account_id,
        unit_id=actor.unit_id,
        role=min(actor.roles),
        compartment=compartment,
        reason=WHY,
        article="NL34",
        opened_at=now,
        until=now + timedelta(hours=4),
        review_by=TODAY,
    )
    EmergencyRow.objects.create(look=look, ledger="a-room-not-built", row_id=row_id, subject=True)
    return look


@pytest.mark.parametrize("compartment", sorted(NEVER_WIDENED))
def test_the_rooms_behind_the_inner_walls_stay_shut_even_with_a_look_and_a_line_in_the_table(
    town: City, compartment: Compartment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ledger of a room that is not built yet, a table that (wrongly) allows it, a look written by hand: nothing opens."""
    rule = Rule(
        role=Role.TOWN_SUPERVISOR,
        compartment=compartment,
        rows=Rows.UNIT,
        actions=frozenset({Action.READ}),
        clear=True,
        emergency=True,
    )
    monkeypatch.setattr(scope, "POLICY", (*scope.POLICY, rule))
    foreign = Measure.objects.get(client__id_index=journey_index(101))
    opened_by_hand(town.actor("stranger"), compartment, foreign.pk)
    rows = visible_to(
        town.actor("stranger"), Measure.objects.all(), compartment=compartment, ledger="not-built", on=TODAY
    )
    assert foreign.pk not in set(rows.values_list("pk", flat=True))
    with pytest.raises(EmergencyRefused, match="任何人都不能"):
        emergency.open_look(
            compartment=compartment,
            rows=[("not-built", foreign.pk)],
            reason=WHY,
            article="NL34",
            by=town.actor("stranger"),
        )


def test_a_look_of_one_compartment_is_nothing_in_every_other(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = Measure.objects.get(client__id_index=journey_index(101))
    rules = tuple(
        Rule(
            role=Role.TOWN_SUPERVISOR, compartment=one, rows=Rows.UNIT, actions=frozenset({Action.READ}), emergency=True
        )
        for one in Compartment
        if one not in NEVER_WIDENED
    )
    monkeypatch.setattr(scope, "POLICY", rules)
    opened_by_hand(town.actor("stranger"), Compartment.COMMUNITY, foreign.pk)
    for compartment in set(Compartment) - {Compartment.PUBLIC}:
        rows = visible_to(town.actor("stranger"), Measure.objects.all(), compartment=compartment, ledger="x", on=TODAY)
        assert (foreign.pk in set(rows.values_list("pk", flat=True))) == (compartment == Compartment.COMMUNITY)


def test_a_sealed_ledger_is_neither_searched_nor_opened(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test-only sealed ledger of the asker's own compartment, over rows that there are."""
    measures = registry.get("measures")
    shut = Ledger(
        **{name: getattr(measures, name) for name in measures.__dataclass_fields__} | {"code": "shut", "sealed": True}
    )
    monkeypatch.setattr(registry, "all_ledgers", lambda: [shut])
    assert journey.home_of(town.actor("stranger")) is None
    foreign = Measure.objects.get(client__id_index=journey_index(101))
    opened_by_hand(town.actor("stranger"), Compartment.COMMUNITY, foreign.pk)
    assert foreign.pk in set(queries.rows(measures, town.actor("stranger"), TODAY).values_list("pk", flat=True))
    held = queries.held(shut, town.actor("stranger"), TODAY).values_list("pk", flat=True)
    assert foreign.pk not in set(held)
    assert not queries.rows(shut, town.actor("stranger"), TODAY).exists()


# --- on record -----------------------------------------------------------------------------------------------------------
def test_a_read_that_rests_on_it_says_so_and_others_do_not(town: City) -> None:
    look = open_by(town, "stranger")
    foreign = look.rows.get(subject=True).row_id
    own = Client.objects.get(id_index=journey_index(104)).pk
    actor = town.actor("stranger")
    entries = [
        audit.record_read(by=actor, act="detail", ledger="clients", row_ids=ids, path="/people/")
        for ids in ([foreign], [own], [own, foreign], [])
    ]
    assert [entry.emergency_id for entry in entries] == [look.pk, None, look.pk, None]
    assert all(tag_holds(read_content(entry), entry.digest) for entry in entries)
    entries[0].emergency_id = None
    assert not tag_holds(read_content(entries[0]), entries[0].digest), "taking the look out of an entry is seen"
    other = town.actor("supervisor")
    assert audit.record_read(by=other, act="detail", ledger="clients", row_ids=[foreign], path="/").emergency_id is None


def test_the_person_s_own_list_tells_who_looked(town: City) -> None:
    client = Client.objects.get(id_index=journey_index(101))
    measure = Measure.objects.get(client=client)
    look = open_by(town, "stranger")
    actor = town.actor("stranger")
    audit.record_read(by=actor, act="detail", ledger="clients", row_ids=[client.pk], path="/")
    audit.record_read(by=actor, act="detail", ledger="measures", row_ids=[measure.pk], path="/")
    audit.record_read(by=actor, act="detail", ledger="measures", row_ids=[new_id()], path="/")
    assert [(entry.ledger, entry.emergency_id) for entry in looked_at(client)] == [
        ("measures", look.pk),
        ("clients", look.pk),
    ]


def test_what_it_says_is_written_once_and_ends_in_no_delete(town: City) -> None:
    look = open_by(town, "stranger")
    look.reason = "别的事由"
    with pytest.raises(WrittenOnce):
        look.save()
    for attempt in (
        lambda: EmergencyLook.objects.all().delete(),
        lambda: EmergencyRow.objects.all().delete(),
        lambda: EmergencyLook.objects.update(until=clock.now() + timedelta(days=9)),
    ):
        with pytest.raises(WrittenOnce):
            attempt()


# --- the second person -----------------------------------------------------------------------------------------------------
def test_the_second_person_is_a_superior_or_the_security_officer_and_never_oneself(town: City) -> None:
    look = open_by(town, "stranger")
    for who in ("stranger", "supervisor", "town_leader", "clerk", "leader", "auditor", "officer", "doctor"):
        with pytest.raises(EmergencyRefused):
            emergency.review(look=look, verdict=EmergencyVerdict.CONFIRMED, remark="必要", by=town.actor(who))
        assert look.pk not in [one.pk for one in to_review(town.actor(who))], who
    with pytest.raises(EmergencyRefused, match="说明"):
        emergency.review(look=look, verdict=EmergencyVerdict.CONFIRMED, remark=" ", by=town.actor("security"))
    assert [one.pk for one in to_review(town.actor("security"))] == [look.pk]
    done = emergency.review(
        look=look, verdict=EmergencyVerdict.COMPLAINT, remark="可以等到早上", by=town.actor("security")
    )
    assert done.verdict == "complaint" and done.reviewed_by == town.accounts["security"]
    with pytest.raises(EmergencyRefused, match="已由别人"):
        emergency.review(look=look, verdict=EmergencyVerdict.CONFIRMED, remark="必要", by=town.actor("security"))
    assert to_review(town.actor("security")) == []


def test_a_caseworker_s_look_is_reviewed_by_the_supervisor_and_the_leader_of_the_unit(town: City) -> None:
    look = open_by(town, "caseworker", number=id_number(104))
    for who in ("supervisor", "town_leader", "security"):
        assert [one.pk for one in to_review(town.actor(who))] == [look.pk], who
    assert to_review(town.actor("caseworker")) == to_review(town.actor("stranger")) == []
    emergency.review(look=look, verdict=EmergencyVerdict.CONFIRMED, remark="必要", by=town.actor("supervisor"))


def test_a_leading_post_of_the_unit_or_of_the_one_above_on_the_same_side_reviews(town: City) -> None:
    Unit.objects.filter(code="shiqiao").update(kind="town", superior=town.units["office"])
    Unit.objects.filter(code="office").update(kind="commission_office")
    look = open_by(town, "stranger")
    for who in ("clerk", "liaison"):
        unit = town.accounts[who].unit
        post = Post.objects.create(unit=unit, title="主任", responsibility="head")
        PostTerm.objects.create(post=post, holder_name="x", account=town.accounts[who], start=date(2022, 1, 1))
    assert to_review(town.actor("clerk")) == [], "the office stands across the wall from the town"
    with pytest.raises(EmergencyRefused):
        emergency.review(look=look, verdict=EmergencyVerdict.CONFIRMED, remark="必要", by=town.actor("clerk"))
    Unit.objects.filter(code="shiqiao").update(superior=town.units["education"])
    assert [one.pk for one in to_review(town.actor("liaison"))] == [look.pk]


def test_inspectors_are_told_how_many_and_how_many_wait_too_long(town: City) -> None:
    assert emergency_digest(town.actor("auditor"), TODAY) is None, "nothing to tell"
    look = open_by(town, "stranger")
    told = emergency_digest(town.actor("auditor"), TODAY)
    assert told is not None and (told.opened, told.unreviewed, told.overdue, told.complaints) == (1, 1, 0, 0)
    late = emergency_digest(town.actor("auditor"), look.review_by + timedelta(days=1))
    assert late is not None and late.overdue == 1
    assert emergency_digest(town.actor("clerk"), TODAY) is None


def test_no_more_than_three_stand_open_and_one_person_only_once(town: City) -> None:
    town.enter("measures", "supervisor", measure_values(town, 5))
    for serial in (101, 102, 103):
        open_by(town, "stranger", number=id_number(serial))
    with pytest.raises(EmergencyRefused, match="同时最多打开 3 次"):
        open_by(town, "stranger", number=id_number(105))
    emergency.close(look=EmergencyLook.objects.earliest("opened_at"), by=town.actor("stranger"))
    open_by(town, "stranger", number=id_number(105))
