"""A large batch comes in unseen, lands in one instant, and its consequences follow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qingyuan.casework.models import Due
from qingyuan.foundation import audit
from qingyuan.foundation.models import WriteEntry
from qingyuan.ledgers import publishing, registry
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.ledgers.importing import landing, promote
from qingyuan.ledgers.models import FactRow, ImportBatch, InFlight
from qingyuan.ledgers.models.imports import BatchState
from qingyuan.rehabilitation.models import CommunityTest
from tests.cast import TODAY, City, id_number, measure_values
from tests.ledgers.importing.test_import_a_month import bring_in, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def checked(city: City, monkeypatch: pytest.MonkeyPatch) -> ImportBatch:
    monkeypatch.setattr(promote, "ONE_TRANSACTION", 3)
    monkeypatch.setattr(landing, "CHUNK", 4)
    city.enter("measures", "supervisor", measure_values(city, 1))
    rows = [
        ("测试乙", id_number(101), (date(2022, 2, 1) + timedelta(days=20 * number)).isoformat(), "尿液", "阴性", "李秀、王平")
        for number in range(10)
    ]
    return bring_in(city, workbook(*rows))


def writing(city: City, batch: ImportBatch) -> Writing:
    return Writing(by=city.actor("supervisor"), on=TODAY, batch_id=batch.id, reason="导入")


def test_a_large_batch_lands_whole_with_facts_dues_and_one_audit_entry(city: City, checked: ImportBatch) -> None:
    entries = WriteEntry.objects.filter(act="tests.create").count()
    batch = promote.promote(batch_id=checked.id, by=city.actor("supervisor"))
    assert (batch.state, batch.followed) == (BatchState.DONE, True)
    assert CommunityTest.objects.count() == 10
    assert FactRow.objects.filter(fact="tests", superseded_at=None).count() == 10
    assert Due.objects.filter(outcome="done").count() > 0
    assert WriteEntry.objects.filter(act="tests.create").count() == entries + 1
    audit.seal("default")
    assert audit.verify("default").ok


def test_the_facts_of_a_large_batch_are_those_its_rows_would_publish_by_hand(city: City, checked: ImportBatch) -> None:
    promote.promote(batch_id=checked.id, by=city.actor("supervisor"))
    table = registry.get("tests").facts
    assert table is not None
    made = {row.pk: publishing.version_of(table, row) for row in CommunityTest.objects.select_related("client")}
    stored = FactRow.objects.filter(fact="tests", superseded_at=None)
    assert {row.row_id: {name: getattr(row, name) for name in publishing.Version._fields} for row in stored} == {
        pk: version._asdict() for pk, version in made.items() if version is not None
    }


def test_a_row_that_moved_after_the_landing_keeps_its_own_fact(city: City, checked: ImportBatch) -> None:
    batch = promote.promote(batch_id=checked.id, by=city.actor("supervisor"))
    FactRow.objects.filter(fact="tests").delete()  # as if the worker had been stopped between landing and facts
    moved, *_others = CommunityTest.objects.order_by("pk")
    ledger, by = registry.get("tests"), city.writing("supervisor")
    draft = Draft(1, {"result": "positive"}, {}, moved.division_id, moved.unit_id)
    ledger.change(changes=[(moved, draft)], writing=by)
    landing.roll_out(registry.get("tests"), batch, writing(city, batch))
    current = {row.row_id: row.data["result"] for row in FactRow.objects.filter(fact="tests", superseded_at=None)}
    assert current == {row.pk: row.result for row in CommunityTest.objects.all()}
    assert current[moved.pk] == "positive"


def test_nothing_of_a_batch_in_flight_is_seen(city: City, checked: ImportBatch) -> None:
    landing.approach(registry.get("tests"), checked, writing(city, checked))
    assert CommunityTest.everything.count() == 10
    assert CommunityTest.objects.count() == 0
    assert not FactRow.objects.filter(fact="tests").exists()


def test_a_broken_approach_is_undone_and_can_be_repeated(city: City, checked: ImportBatch) -> None:
    landing.approach(registry.get("tests"), checked, writing(city, checked))
    landing.turn_back(registry.get("tests"), checked)
    assert CommunityTest.everything.count() == 0
    assert not InFlight.objects.exists()
    promote.promote(batch_id=checked.id, by=city.actor("supervisor"))
    assert CommunityTest.objects.count() == 10


def test_a_row_entered_meanwhile_sends_the_whole_batch_back_to_the_check(city: City, checked: ImportBatch) -> None:
    city.enter(
        "tests",
        "supervisor",
        {
            "name": "测试乙",
            "id_number": id_number(101),
            "tested_on": date(2022, 6, 21),
            "sample": "urine",
            "result": "negative",
            "testers": ["李秀", "王平"],
        },
    )
    with pytest.raises(ValueError, match="已有相同的一条"):
        promote.promote(batch_id=checked.id, by=city.actor("supervisor"))
    assert CommunityTest.everything.count() == 1
    checked.refresh_from_db()
    assert checked.state == BatchState.WAITING


def test_following_twice_changes_nothing(city: City, checked: ImportBatch) -> None:
    batch = promote.promote(batch_id=checked.id, by=city.actor("supervisor"))
    before = FactRow.objects.count(), WriteEntry.objects.count()
    landing.roll_out(registry.get("tests"), batch, writing(city, batch))
    assert (FactRow.objects.count(), WriteEntry.objects.count()) == before
