"""``__among`` finds what ``__in`` finds, with one parameter however many values there are."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingyuan.foundation.ids import new_id
from qingyuan.ledgers.models import FactRow, OutboxEntry
from qingyuan.organisation.models import Unit
from qingyuan.rehabilitation.models import Client
from tests.cast import City, measure_values

pytestmark = pytest.mark.django_db
MORE_THAN_SQLITE_TAKES_ONE_BY_ONE = 40_000


def test_ids_and_texts_are_found_among_many(city: City) -> None:
    for number in (1, 2, 3):
        city.enter("measures", "supervisor", measure_values(city, number))
    people = list(Client.objects.order_by("pk"))
    wanted = people[:2]
    for name in ("pk", "name_index"):
        values = [getattr(one, name) for one in wanted]
        found = Client.objects.filter(**{f"{name}__among": values}).order_by("pk")
        assert list(found) == list(Client.objects.filter(**{f"{name}__in": values}).order_by("pk")), name
    assert list(FactRow.objects.filter(row_id__among=[new_id()])) == []
    assert {unit.pk for unit in Unit.objects.filter(code__among=["longdong", "nowhere"])} == {
        unit.pk for unit in Unit.objects.filter(code="longdong")
    }


def test_nothing_is_among_no_values(city: City) -> None:
    assert not Unit.objects.filter(pk__among=[]).exists()


def test_tens_of_thousands_of_values_are_one_parameter(city: City) -> None:
    mine = Unit.objects.first()
    assert mine is not None
    values = [mine.code, *(uuid4().hex for _n in range(MORE_THAN_SQLITE_TAKES_ONE_BY_ONE))]
    with CaptureQueriesContext(connection) as asked:
        assert list(Unit.objects.filter(code__among=values)) == [mine]
    assert len(asked) == 1


def test_a_text_with_quotes_is_a_text_and_no_part_of_the_question() -> None:
    odd = 'a\'"],["b%s'
    OutboxEntry.objects.create(fact=odd, partition="2022-01", created_at="2022-11-23T00:00:00+08:00")
    assert OutboxEntry.objects.filter(fact__among=[odd]).count() == 1
    assert not OutboxEntry.objects.filter(fact__among=['"],["b']).exists()
