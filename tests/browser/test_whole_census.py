"""Every page of the census, each at the person whose work it is: nothing runs off the side, nothing shuts anybody out.

The addresses come from the resolver and are filled from the planted city, as the walk of the security tests fills them: a
page that is added is visited here without anybody writing its name down.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client

from qingyuan.ledgers import registry
from tests.badges import counted_once, keep_badges, keep_places
from tests.browser.conftest import Enter
from tests.browser.test_every_page import PHONE, WIDE, grave, runs_off
from tests.cast import City
from tests.census.urls import GATES, Address, Gate, addresses
from tests.security.planted import Planted, plant
from tests.security.walker import FORBIDDEN, FORBIDDEN_ENOUGH, METHOD_NOT_ALLOWED, filled, url_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.django_db(databases=["default", "audit"], transaction=True),
]
WIDTHS = ((1440, 900), WIDE, PHONE)
#: Who is asked first: those who enter, then those who oversee, then those who look into the log.
WORKERS = (
    "supervisor", "caseworker", "clerk", "officer", "liaison", "leader", "town_leader", "prosecutor", "stranger",
    "station", "auditor", "security", "doctor",
)  # fmt: skip
#: Pages that look different for every ledger.
OF_EACH_LEDGER = frozenset({"web:ledger-list", "web:ledger-new", "web:ledger-row"})
#: Further questions to pages that show something else when asked.
ASKED = {
    "web:indicator": "?period=2022-10", "web:ledger-list": "?when=all", "web:search": "?q=龙洞", "web:dues": "?state=late",
}  # fmt: skip
MOST_WAYS = 60
ONLY_WHERE_NAMED = frozenset({"web:sso", "web:sso-return"})
#: What the planted city is not in the state for: a round in draft, results told and published (``test_year_end`` walks them), an
#: answer that waits to be handed over (``tests/web/desk``), a clinic's year that is over (``tests/web/clinic``).
ONLY_IN_A_STATE = frozenset({"web:assessment-edit", "web:assessment-circular", "web:assessment-notice", "web:desk-copy",
                             "web:inspection-notice", "web:inspection-record", "web:clinic-entries-export"})  # fmt: skip
OK, MOVED = 200, (301, 302)


@dataclass(frozen=True)
class Visit:
    """One page at one person's; ``first``: the first of its address, looked at in depth."""

    who: str
    url: str
    first: bool


@pytest.fixture
def planted(live_server: Any, city: City, tmp_path: Any, settings: Any) -> Planted:
    settings.QINGYUAN_UPLOADS = tmp_path / "uploads"
    return plant(city)


def is_page(answer: HttpResponseBase) -> bool:
    """A whole page, no file and no part that a script puts into one."""
    kind = str(answer.get("Content-Type", ""))
    return answer.status_code == OK and kind.startswith("text/html") and b"<html" in getattr(answer, "content", b"")


def visits(planted: Planted) -> tuple[list[Visit], list[str]]:
    """Where to go, and the addresses that take GET and open for nobody."""
    people = {who: Client() for who in WORKERS}
    for who, client in people.items():
        client.force_login(planted.accounts[who])
    found: list[Visit] = []
    shut: list[str] = []
    logging.disable(logging.CRITICAL)  # hundreds of refusals are what is asked for here
    with pytest.MonkeyPatch.context() as patch:  # here it is asked who is let in, not what stands beside the navigation
        keep_badges(patch, counted_once)
        keep_places(patch, counted_once)
        for address in addresses():
            if address.name.startswith("web:"):
                opened, answers = _opened(planted, address, people)
                found += opened
                # only in the demo and in development; only where a city has named the government's sign-on
                elsewhere = GATES[address.name] is Gate.DEVELOPERS or address.name in ONLY_WHERE_NAMED | ONLY_IN_A_STATE
                if not opened and not elsewhere and not answers & {OK, *MOVED, METHOD_NOT_ALLOWED}:
                    shut.append(address.name)
    logging.disable(logging.NOTSET)
    return found, shut


def _opened(planted: Planted, address: Address, people: dict[str, Client]) -> tuple[list[Visit], set[int]]:
    """The pages of one address: one, or one of each ledger; and every status that came back."""
    found: list[Visit] = []
    statuses: set[int] = set()
    done: set[object] = set()
    forbidden: Counter[tuple[str, object]] = Counter()  # whom the page of a ledger is not for, whatever row is named
    for kwargs in islice(_ways(planted, address), MOST_WAYS):
        one_of = kwargs.get("code") if address.name in OF_EACH_LEDGER else None
        if one_of in done:
            continue
        url = url_of(address, kwargs)
        for who, client in people.items():
            if forbidden[who, kwargs.get("code")] >= FORBIDDEN_ENOUGH:
                continue
            answer = client.get(url)
            statuses.add(answer.status_code)
            if answer.status_code == FORBIDDEN:
                forbidden[who, kwargs.get("code")] += 1
            if is_page(answer):
                found.append(Visit(who, url + ASKED.get(address.name, ""), first=not found))
                done.add(one_of)
                break
            if answer.status_code in (OK, METHOD_NOT_ALLOWED, *MOVED):
                return found, statuses  # a file, a part of a page, or no question: so it is for everybody
        if found and address.name not in OF_EACH_LEDGER:
            break
    return found, statuses


def _ways(planted: Planted, address: Address) -> Iterator[dict[str, Any]]:
    """Fillings of the gaps; of the rows of each ledger the first alone."""
    if address.name == "web:ledger-row":
        return ({"code": code, "row_id": rows[0].pk} for code, rows in planted.rows.items() if rows)
    return filled(planted, address)


def test_every_page_of_the_census_holds(planted: Planted, enter: Enter) -> None:
    going, shut = visits(planted)
    assert shut == [], "an address that takes GET must open for somebody"
    listed = {visit.url.split("/")[2] for visit in going if visit.url.startswith("/ledgers/") and "?when=all" in visit.url}
    assert listed == {ledger.code for ledger in registry.all_ledgers()}, "every ledger's list is somebody's work"
    by_person: dict[str, list[Visit]] = defaultdict(list)
    for visit in going:
        by_person[visit.who].append(visit)
    wrong: list[str] = []
    for who, theirs in by_person.items():
        visitor = enter(who, *WIDE)
        for visit in theirs:
            page = visitor.go(visit.url)
            if visit.first:
                wrong += [f"{who}: {visit.url}: {violation}" for violation in grave(page)]
            for width, height in WIDTHS:
                page.set_viewport_size({"width": width, "height": height})
                if (over := runs_off(page)) > 0:
                    wrong.append(f"{who}: {visit.url} at {width}: {over} px")
            page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    assert wrong == []
