"""An import is no way around the scope: not to other people's rows, and not to learn that they are there."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from qingyuan.enforcement.models import Case
from qingyuan.ledgers import registry
from qingyuan.ledgers.entering import change, draft_of_change, draft_of_new
from qingyuan.ledgers.importing import staging
from qingyuan.ledgers.importing.batches import open_batch, recent, waiting_for
from qingyuan.ledgers.importing.check import check
from qingyuan.ledgers.importing.promote import promote
from qingyuan.ledgers.importing.receive import receive
from qingyuan.ledgers.models import ImportBatch
from qingyuan.ledgers.models.imports import BatchState
from qingyuan.ledgers.writing import RowChanged
from qingyuan.organisation.enums import Role
from qingyuan.organisation.models import Account, RoleGrant
from qingyuan.rehabilitation.models import Client, CommunityTest, Measure
from tests.cast import BEGAN, TODAY, City, id_number, measure_values

pytestmark = pytest.mark.django_db
TESTS = ("姓名", "身份证号码", "检测时间", "检测方式", "检测结果", "检测人员")
MEASURES = ("姓名", "身份证号码", "措施", "执行地", "决定日期", "送达日期", "报到日期", "协议签订日期")


def book(*rows: tuple[object, ...]) -> bytes:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(list(row))
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def bring_in(city: City, ledger: str, who: str, *rows: tuple[object, ...]) -> ImportBatch:
    batch = receive(ledger=registry.get(ledger), filename="表.xlsx", content=book(*rows), by=city.actor(who))
    return check(batch_id=batch.id, by=city.actor(who))


def told(ledger: str, batch: ImportBatch) -> list[list[tuple[str, str]]]:
    """What each bad row was told, without the person's own words."""
    rows = staging.stream(registry.get(ledger), batch, "bad")
    return [[(problem.column, str(problem.message)) for problem in row.draft.problems] for row in rows]


def seen(serial: int, name: str) -> tuple[object, ...]:
    return (name, id_number(serial), "2022年10月8日", "尿液", "阴性", "李秀、王平")


@pytest.fixture
def town(city: City) -> City:
    """龙洞: one client of 何姐, one of nobody, one of a colleague."""
    account = Account.objects.create(username="colleague", name="同事", unit=city.units["longdong"])
    RoleGrant.objects.create(
        account=account, role=Role.CASEWORKER, division=city.divisions["龙洞镇"], start=BEGAN, granted_by="set-up"
    )
    city.accounts["colleague"] = account
    city.enter("measures", "caseworker", measure_values(city, 1))
    city.enter("measures", "supervisor", measure_values(city, 2))
    city.enter("measures", "colleague", measure_values(city, 3))
    return city


@pytest.mark.parametrize("who", ["stranger", "caseworker"])
def test_a_client_out_of_reach_is_answered_like_nobody(town: City, who: str) -> None:
    """Trying numbers must not tell who is under a measure elsewhere, or with a colleague."""
    batch = bring_in(town, "tests", who, TESTS, seen(102, "测试丙"), seen(103, "测试丁"), seen(177, "查无此人"))
    assert batch.bad_count == 3 and batch.new_count == 0
    answers = told("tests", batch)
    assert answers[0] == answers[1] == answers[2]
    by_form = [
        draft_of_new(
            registry.get("tests"),
            {"name": name, "id_number": id_number(serial), "tested_on": "2022-10-08", "sample": "尿液", "result": "阴性", "testers": "李秀、王平"},
            town.writing(who),
        ).problems
        for serial, name in ((102, "测试丙"), (103, "测试丁"), (177, "查无此人"))
    ]
    assert [[(p.column, p.message) for p in problems] for problems in by_form] == [answers[0]] * 3


@pytest.mark.parametrize("who", ["stranger", "caseworker"])
def test_a_name_alone_finds_only_ones_own(town: City, who: str) -> None:
    rows = [(name, "", "2022年10月8日", "尿液", "阴性", "李秀、王平") for name in ("测试丙", "测试丁", "查无此人")]
    answers = told("tests", bring_in(town, "tests", who, TESTS, *rows))
    assert len(answers) == 3 and answers[0] == answers[1] == answers[2]


def test_a_caseworker_enters_tests_for_the_own_clients_only(town: City) -> None:
    batch = bring_in(town, "tests", "caseworker", TESTS, seen(101, "测试乙"), seen(102, "测试丙"))
    assert (batch.new_count, batch.bad_count) == (1, 1)
    promote(batch_id=batch.id, by=town.actor("caseworker"))
    assert CommunityTest.objects.get().client.id_number == id_number(101)


def test_the_row_of_another_town_is_neither_shown_nor_changed_through_a_file(town: City) -> None:
    """石桥 sends the same decision with other days: it must not see 龙洞's days as «before», nor replace them."""
    before = list(Measure.objects.order_by("pk").values())
    batch = bring_in(
        town,
        "measures",
        "stranger",
        MEASURES,
        ("测试丙", id_number(102), "社区戒毒", "石桥社区", "2022-01-03", "2022-01-09", "2022-01-20", "2022-01-21"),
    )
    assert (batch.new_count, batch.changed_count, batch.same_count, batch.bad_count) == (0, 0, 0, 1)
    [row] = staging.stream(registry.get("measures"), batch, "bad")
    assert row.differences == [] and row.draft.target_id is None
    assert "2022-01-05" not in repr(told("measures", batch))
    promote(batch_id=batch.id, by=town.actor("stranger"))
    assert list(Measure.objects.order_by("pk").values()) == before
    assert Client.objects.get(id_index=Client.objects.get(pk=before[1]["client_id"]).id_index).unit.code == "longdong"


def test_the_case_of_another_police_unit_is_neither_shown_nor_changed_through_a_file(town: City) -> None:
    other = Account.objects.create(username="station", name="所", unit=town.units["education"])
    RoleGrant.objects.create(account=other, role=Role.POLICE_OFFICER, division=town.divisions["云岭市"], start=BEGAN, granted_by="x")
    town.accounts["station"] = other
    values = {"number": "A1", "title": "原名", "case_kind": "criminal", "offence": "CL347", "filed_on": date(2022, 5, 1)}
    town.enter("cases", "officer", values | {"division": town.divisions["石桥镇"].pk})
    batch = bring_in(
        town, "cases", "station", ("案件编号", "案件名称", "案件类别", "罪名", "发案地", "立案日期"),
        ("A1", "改名", "刑事案件", "贩卖毒品罪", "石桥镇", "2022-05-02"),
    )  # fmt: skip
    assert (batch.changed_count, batch.bad_count) == (0, 1)
    assert "原名" not in repr(told("cases", batch))
    assert Case.objects.get().title == "原名"


def test_a_row_changed_since_the_check_stops_the_promotion_and_checking_again_sorts_it_out(town: City) -> None:
    good = seen(102, "测试丙")
    promote(batch_id=bring_in(town, "tests", "supervisor", TESTS, good).id, by=town.actor("supervisor"))
    changed = bring_in(town, "tests", "supervisor", TESTS, (*good[:4], "阳性", good[5]))
    assert changed.changed_count == 1
    _by_hand(town, CommunityTest.objects.get(), note="当面又改")
    with pytest.raises(RowChanged, match="重新核对"):
        promote(batch_id=changed.id, by=town.actor("supervisor"))
    changed.refresh_from_db()
    assert (changed.state, CommunityTest.objects.get().result) == (BatchState.WAITING, "negative")
    check(batch_id=changed.id, by=town.actor("supervisor"))
    promote(batch_id=changed.id, by=town.actor("supervisor"))
    row = CommunityTest.objects.get()
    assert (row.result, row.note) == ("positive", "当面又改")


def _by_hand(city: City, row: Any, **typed: str) -> None:
    ledger, writing = registry.get("tests"), city.writing("supervisor", "更正")
    stands = {"tested_on": "2022-10-08", "sample": "尿液", "result": "阴性", "purpose": "", "testers": "李秀、王平"}
    draft = draft_of_change(ledger, row, stands | typed, writing)
    assert draft.problems == []
    assert change(ledger, row, draft, writing)


def test_a_batch_is_opened_by_its_unit_with_the_right_and_by_nobody_else(town: City) -> None:
    batch = bring_in(town, "tests", "supervisor", TESTS, seen(102, "测试丙"))
    own = bring_in(town, "tests", "caseworker", TESTS, seen(101, "测试乙"))
    for who in town.accounts:
        actor = town.actor(who)
        opened = {found.pk for found in (batch, own) if open_batch(actor, found.pk, TODAY)}
        expected = {"supervisor": {batch.pk, own.pk}, "caseworker": {own.pk}}.get(who, set())
        assert opened == expected, who
        assert {found.pk for found in recent(actor, TODAY)} == expected
        assert {found.pk for found in waiting_for(actor, TODAY)} == expected
