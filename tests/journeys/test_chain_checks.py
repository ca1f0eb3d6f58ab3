"""The chains are checked every night, once, and what was found stands in the audit itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from qingyuan.foundation import audit, clock
from qingyuan.foundation.audit.models import WriteEntry
from qingyuan.journeys import chain_checks, upkeep
from tests.cast import City

pytestmark = pytest.mark.django_db(databases=["default", "audit"])


def it_is(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def found(database: str = "default") -> Any:
    outcome = chain_checks.last(database)
    assert outcome is not None
    return outcome


def test_a_chain_nobody_has_checked_is_checked_at_once_and_then_every_night(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = datetime(2022, 11, 23, 12, tzinfo=clock.ZONE)
    it_is(monkeypatch, noon)
    audit.record_write(by=city.actor("clerk"), act="letters.publish", ledger="letters")
    audit.seal("default")
    assert chain_checks.last("default") is None
    assert chain_checks.nightly() == 2 and chain_checks.nightly() == 0
    assert found().ok and found().sealed >= 1 and found().by == "后台" and found("audit").database == "audit"
    for hours, done in ((10, 0), (15, 2), (16, 0), (26, 0), (38, 2)):  # 22:00 · 03:00 · 04:00 · the next 14:00 and 02:00
        it_is(monkeypatch, noon + timedelta(hours=hours))
        assert chain_checks.nightly() == done, hours


def test_what_was_changed_behind_the_program_is_told_in_the_morning(city: City, caplog: pytest.LogCaptureFixture) -> None:
    audit.record_write(by=city.actor("clerk"), act="letters.publish", ledger="letters")
    audit.seal("default")
    with connection.cursor() as cursor:
        cursor.execute("update foundation_writeentry set actor_name = '别人' where act = 'letters.publish'")
    assert chain_checks.nightly() == 2
    assert not found().ok and found().found == 1 and "changed" in found().first and found("audit").ok
    assert "1 findings" in caplog.text and "别人" not in caplog.text


def test_the_check_is_in_the_chain_of_the_next_one(city: City) -> None:
    chain_checks.check("default", by=city.actor("auditor"))
    entry = WriteEntry.objects.get(act=chain_checks.ACT)
    audit.seal("default")
    with connection.cursor() as cursor:
        cursor.execute("update foundation_writeentry set summary = 'default 0 9 0 0.1' where act = %s", [chain_checks.ACT])
    report, _seconds = chain_checks.check("default", by=city.actor("auditor"))
    assert [finding.entry_id for finding in report.findings] == [entry.pk], "who whitewashes a check is found by the next"


@pytest.mark.django_db(databases=["default", "audit"], transaction=True)
def test_the_worker_keeps_what_it_found_though_nobody_opened_a_transaction_for_it() -> None:
    assert chain_checks.nightly() == 2
    assert found().ok and found("audit").ok and WriteEntry.objects.filter(act=chain_checks.ACT).count() == 2


def test_the_worker_has_this_among_its_duties() -> None:
    assert "chains" in {duty.name for duty in upkeep.duties()}
