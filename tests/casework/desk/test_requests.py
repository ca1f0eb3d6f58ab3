"""Requests about one's own information: who takes which step, what is refused, what is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from qingyuan.casework.actions import data_requests as actions
from qingyuan.casework.actions.data_requests import About, Decided, DeskRefused, Found
from qingyuan.casework.desk import queries
from qingyuan.casework.enums import Asked, AskedBy, Asker, DeskState, HandedOver, Verdict
from qingyuan.casework.models import DataRequest, DataRequestStep
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.ids import new_id
from qingyuan.foundation.kept_files import path_of
from qingyuan.organisation.actions import substitutions
from tests.cast import TODAY, City, id_number

pytestmark = pytest.mark.django_db
ABOUT = About("测试甲", id_number(100), contact="13900001111", words="请看看记了什么")


@pytest.fixture(autouse=True)
def _uploads(tmp_path: Any, settings: Any) -> None:
    settings.QINGYUAN_UPLOADS = tmp_path


def received(city: City, who: str = "supervisor", **changes: Any) -> DataRequest:
    given = {"kind": Asked.COPY, "asker": Asker.SELF, "came_by": AskedBy.IN_PERSON, "received_on": TODAY, "about": ABOUT}
    return actions.receive(**(given | changes), by=city.actor(who))


def identified(city: City, who: str = "supervisor", **changes: Any) -> DataRequest:
    return actions.identify(request=received(city, who, **changes), seen=["id_card"], words="", by=city.actor(who))


def decided(city: City, who: str = "supervisor", *, copy: bytes = b"all of it") -> DataRequest:
    by = city.actor(who)
    held = actions.collect(request=identified(city, who), found=[Found("measures", "社区措施", [new_id()])], by=by)
    item = actions.items_of(held)[0]
    held = actions.decide(request=held, decided={item.pk: Decided(Verdict.GIVEN)}, by=by)
    return actions.keep_copy(request=held, data=copy, by=by)


def test_fifteen_working_days_run_from_the_day_it_came_in_as_the_platform_s_own_term(city: City) -> None:
    asked = received(city)
    assert asked.answer_by == date(2022, 12, 14)
    assert asked.values["name"] == "测试甲" and asked.state == DeskState.RECEIVED
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM casework_datarequest")
        stored = str(cursor.fetchall())
    assert str(asked.unit_id) in stored and "测试甲" not in stored and id_number(100) not in stored
    assert WriteEntry.objects.filter(act="data-requests.receive").count() == 1


def test_names_stand_under_the_key_of_the_unit_s_own_side(city: City) -> None:
    sides = {who: received(city, who).compartment for who in ("supervisor", "officer", "doctor", "clerk")}
    assert sides == {"supervisor": "community", "officer": "enforcement", "doctor": "treatment", "clerk": "internal"}


@pytest.mark.parametrize("who", ["leader", "town_leader", "liaison", "prosecutor", "auditor", "security"])
def test_who_reads_nobody_by_name_receives_no_request_and_sees_none(city: City, who: str) -> None:
    for keeper in ("supervisor", "officer", "doctor", "clerk"):
        received(city, keeper)
    assert queries.home_of(city.actor(who)) is None
    assert not queries.requests_visible(city.actor(who), TODAY).exists()
    with pytest.raises(DeskRefused):
        received(city, who)


def test_each_unit_sees_its_own_and_no_other(city: City) -> None:
    made = {who: received(city, who).pk for who in ("supervisor", "stranger", "officer", "doctor", "clerk")}
    for who, pk in made.items():
        assert list(queries.requests_visible(city.actor(who), TODAY).values_list("pk", flat=True)) == [pk]


def test_a_caseworker_receives_one_and_her_supervisor_answers_it(city: City) -> None:
    asked = received(city, "caseworker")
    assert queries.requests_visible(city.actor("caseworker"), TODAY).get() == asked
    held = actions.identify(request=asked, seen=["id_card"], words="", by=city.actor("caseworker"))
    with pytest.raises(DeskRefused, match="有权答复"):
        actions.collect(request=held, found=[], by=city.actor("caseworker"))
    assert actions.collect(request=held, found=[], by=city.actor("supervisor")).state == DeskState.COLLECTED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"asker": Asker.KIN, "about": About("测试甲", id_number(100), asker_name="亲属")}, "asker"),
        ({"received_on": date(2022, 11, 24)}, "received_on"),
        ({"about": About("甲", id_number(100))}, "name"),
        ({"about": About("测试甲", "999999199101011234")}, "id_number"),
        ({"asker": Asker.AGENT}, "asker_name"),
        ({"kind": Asked.CORRECT, "about": About("测试甲", id_number(100))}, "words"),
    ],
)
def test_a_request_with_a_gap_says_where(city: City, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(DeskRefused) as refused:
        received(city, **changes)
    assert set(refused.value.wrong) == {field}


def test_identity_is_seen_in_papers_and_what_was_seen_is_kept_sealed(city: City) -> None:
    agent = received(city, asker=Asker.AGENT, about=About("测试甲", id_number(100), asker_name="代理人"))
    with pytest.raises(DeskRefused, match="授权委托书"):
        actions.identify(request=agent, seen=["id_card"], words="", by=city.actor("supervisor"))
    actions.identify(request=agent, seen=["id_card", "authorisation"], words="委托书 11 月 20 日", by=city.actor("supervisor"))
    step = DataRequestStep.objects.get(step="identify")
    assert step.values == {"seen": "authorisation;id_card", "words": "委托书 11 月 20 日"} and step.made_by_name == "吴主任"


def test_nothing_is_collected_before_the_identity_was_seen_and_without_proof_it_ends(city: City) -> None:
    asked, by = received(city), city.actor("supervisor")
    with pytest.raises(DeskRefused):
        actions.collect(request=asked, found=[], by=by)
    with pytest.raises(DeskRefused, match="怎样告知"):
        actions.unproved(request=asked, words=" ", by=by)
    assert actions.unproved(request=asked, words="没有带证件,已当面告知", by=by).state == DeskState.UNPROVED
    with pytest.raises(DeskRefused):
        actions.identify(request=asked, seen=["id_card"], words="", by=by)


def test_every_item_is_decided_and_a_refusal_has_its_ground(city: City) -> None:
    by = city.actor("supervisor")
    held = actions.collect(request=identified(city), found=[Found("tests", "检测", [new_id()]), Found("measures", "措施", [new_id()])], by=by)
    first, second = actions.items_of(held)
    with pytest.raises(DeskRefused, match="每一项"):
        actions.decide(request=held, decided={first.pk: Decided(Verdict.GIVEN)}, by=by)
    both = {first.pk: Decided(Verdict.GIVEN), second.pk: Decided(Verdict.REFUSED, "kept")}
    with pytest.raises(DeskRefused, match="选理由"):
        actions.decide(request=held, decided=both, by=by)
    both[second.pk] = Decided(Verdict.REFUSED, "hinders", "案件正在办理")
    held = actions.decide(request=held, decided=both, by=by)
    second.refresh_from_db()
    assert (second.ground, second.values["remark"]) == ("hinders", "案件正在办理") and held.state == DeskState.DECIDED


def test_collecting_again_replaces_what_was_found(city: City) -> None:
    by, row = city.actor("supervisor"), new_id()
    held = actions.collect(request=identified(city), found=[Found("tests", "检测", [new_id()])], by=by)
    actions.collect(request=held, found=[Found("measures", "措施", [row])], by=by)
    assert [(item.ledger, item.rows) for item in actions.items_of(held)] == [("measures", [str(row)])]


def test_the_copy_is_encrypted_and_gone_after_the_hand_over(
    city: City, django_capture_on_commit_callbacks: Any
) -> None:
    held, by = decided(city, copy="测试甲的全部记录".encode()), city.actor("supervisor")
    kept = path_of(held.stored_as)
    assert "测试甲".encode() not in kept.read_bytes() and actions.copy_of(held).decode() == "测试甲的全部记录"
    with pytest.raises(DeskRefused, match="身份证件"):
        actions.hand_over(request=held, way=HandedOver.IN_PERSON, on=TODAY, seen=[], words="", by=by)
    with django_capture_on_commit_callbacks(execute=True):
        held = actions.hand_over(request=held, way=HandedOver.IN_PERSON, on=TODAY, seen=["id_card"], words="", by=by)
    assert (held.state, held.answered_on, held.stored_as) == (DeskState.ANSWERED, TODAY, "")
    assert not kept.exists()
    with pytest.raises(DeskRefused):
        actions.hand_over(request=held, way=HandedOver.IN_PERSON, on=TODAY, seen=["id_card"], words="", by=by)


def test_a_new_copy_takes_the_place_of_the_old_one(city: City, django_capture_on_commit_callbacks: Any) -> None:
    held, by = decided(city), city.actor("supervisor")
    before = path_of(held.stored_as)
    with django_capture_on_commit_callbacks(execute=True):
        held = actions.keep_copy(request=held, data=b"anew", by=by)
    assert not before.exists() and actions.copy_of(held) == b"anew"
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw(request=held, words="本人来电撤回", by=by)
    assert not path_of(held.stored_as).exists()


def test_an_objection_is_kept_after_the_answer_and_not_before(city: City) -> None:
    held, by = decided(city), city.actor("supervisor")
    with pytest.raises(DeskRefused):
        actions.objected(request=held, words="不同意", by=by)
    held = actions.hand_over(request=held, way=HandedOver.MAIL, on=TODAY, seen=[], words="邮件号 XA1", by=by)
    actions.objected(request=held, words="认为检测日期不对,已告知可向上级反映或者起诉", by=by)
    assert "检测日期" in DataRequestStep.objects.get(step="objection").values["words"]


def test_a_request_passed_on_is_another_row_under_another_key_and_only_the_day_comes_back(city: City) -> None:
    by = city.actor("clerk")
    held = identified(city, "clerk")
    with pytest.raises(DeskRefused, match="书面要求"):
        actions.pass_on(request=held, sides=[], units=[city.units["longdong"].pk], wished=False, by=by)
    slips = actions.pass_on(request=held, sides=[Compartment.TREATMENT], units=[city.units["longdong"].pk], wished=True, by=by)
    assert {slip.to_unit.code for slip in slips} == {"longdong", "clinic"}
    there = queries.requests_visible(city.actor("doctor"), TODAY).get()
    assert there.compartment == "treatment" and there.values["words"] == "" and there.state == DeskState.RECEIVED
    assert there.came_by == AskedBy.PASSED_ON and there.received_by_name == "转来"
    doctor = city.actor("doctor")
    there = actions.identify(request=there, seen=["id_card"], words="", by=doctor)
    there = actions.collect(request=there, found=[], by=doctor)
    there = actions.keep_copy(request=actions.decide(request=there, decided={}, by=doctor), data=b"x", by=doctor)
    actions.hand_over(request=there, way=HandedOver.IN_PERSON, on=TODAY, seen=["id_card"], words="", by=doctor)
    days = {slip.to_unit.code: slip.answered_on for slip in held.slips.all()}
    assert days == {"longdong": None, "clinic": TODAY}
    assert queries.requests_visible(by, TODAY).get() == held


def test_of_the_clinics_all_get_it_or_none(city: City) -> None:
    held = identified(city, "supervisor")
    with pytest.raises(DeskRefused, match="请选"):
        actions.pass_on(request=held, sides=[], units=[city.units["clinic"].pk], wished=True, by=city.actor("supervisor"))


def test_a_clinic_passes_nothing_on(city: City) -> None:
    held = identified(city, "doctor")
    with pytest.raises(DeskRefused, match="谁在这里治疗"):
        actions.pass_on(request=held, sides=[], units=[city.units["police"].pk], wished=True, by=city.actor("doctor"))


def test_a_substitute_receives_but_does_not_decide(city: City) -> None:
    held = identified(city)
    substitutions.substitute(
        absent=city.accounts["supervisor"], substitute=city.accounts["caseworker"], kind=substitutions.Absence.LEAVE,
        start=TODAY, end=TODAY + timedelta(days=2), by=city.actor("town_leader"),
    )  # fmt: skip
    with pytest.raises(DeskRefused, match="不能代办"):
        actions.collect(request=held, found=[], by=city.actor("caseworker"))


def test_what_was_asked_cannot_be_written_anew(city: City) -> None:
    asked = received(city)
    with pytest.raises(TypeError):
        DataRequest.objects.filter(pk=asked.pk).update(kind=Asked.DELETE)
    with pytest.raises(TypeError):
        asked.delete()


def test_of_two_who_take_the_same_step_from_the_same_page_one_is_refused(city: City) -> None:
    asked, by = received(city), city.actor("supervisor")
    stale = DataRequest.objects.get(pk=asked.pk)
    actions.identify(request=asked, seen=["id_card"], words="", by=by)
    with pytest.raises(DeskRefused, match="刷新"):
        actions.identify(request=stale, seen=["id_card"], words="", by=by)
    with pytest.raises(DeskRefused, match="刷新"):
        actions.unproved(request=stale, words="没有证件", by=by)
    assert DataRequestStep.objects.filter(request=asked, step="identify").count() == 1
    twin = DataRequest(reference=asked.reference, unit=asked.unit, division=asked.division, kind="copy", asker="self", came_by="letter")
    twin.received_on = twin.answer_by = TODAY
    twin.received_at = asked.received_at
    twin.seal({"name": "x"}, Compartment.COMMUNITY)
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
