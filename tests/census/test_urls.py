"""Every address is classified, and what strangers may open is a short list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.http import HttpResponse
from django.urls import path

from tests.census.urls import GATES, PUBLIC, Address, Gate, addresses


def unclassified(found: Iterable[Address]) -> list[str]:
    return sorted({address.name for address in found if address.name not in GATES})


def test_every_address_has_a_gate() -> None:
    assert unclassified(addresses()) == [], "say in tests/census/urls.py who may open it"


def test_the_table_names_no_address_that_is_gone() -> None:
    assert sorted(set(GATES) - {address.name for address in addresses()}) == []


def test_an_address_has_one_name() -> None:
    found = list(addresses())
    pages = [address for address in found if address.name.startswith("web:")]
    names, routes = Counter(address.name for address in pages), Counter(address.route for address in pages)
    assert [name for name, times in (*names.items(), *routes.items()) if times > 1] == []


def test_the_census_sees_a_new_address() -> None:
    planted = path("people/all/", lambda request: HttpResponse(), name="everybody")

    class Site:
        url_patterns = (planted,)

    assert unclassified(addresses(Site())) == ["everybody"]  # type: ignore[arg-type]


def test_what_strangers_may_open_is_a_short_list() -> None:
    assert {name for name, gate in GATES.items() if gate is Gate.PUBLIC} == PUBLIC
