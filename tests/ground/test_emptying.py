"""What a test with transactions of its own leaves is gone before the next, and what migrating made is still there."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from qingyuan.foundation import audit
from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.organisation.models import Account
from tests.cast import City
from tests.emptying import KEPT, filled_of

KINDS = list[int]()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["once", "again"])
def test_nothing_is_left_from_one_test_to_the_next(time: str, city: City) -> None:
    """The second time the same city is founded, which could not be if anything of the first still stood."""
    audit.record_read(by=city.actor("clerk"), act="refused", ledger="", row_ids=[], path="/", reason="", address="")
    assert ReadEntry.objects.count() == 1
    assert Account.objects.count() == len(city.accounts)
    assert ContentType.objects.count() > 150 and Permission.objects.count() > 600
    kinds = sorted(ContentType.objects.values_list("pk", flat=True))
    assert not KINDS or kinds == KINDS
    KINDS[:] = kinds


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("alias", ["default", "audit"])
def test_only_what_migrating_made_is_there_before_a_test(alias: str) -> None:
    connection = connections[alias]
    made = KEPT | {MigrationRecorder.Migration._meta.db_table}
    assert set(filled_of(connection, connection.introspection.table_names())) <= made
