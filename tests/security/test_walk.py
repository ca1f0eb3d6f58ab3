"""Every role on every address, with own and foreign objects: nobody finds what is not theirs, by any route.

Roles, addresses and ledgers come from the census; what may be read stands in ``planted`` by hand.
"""

from __future__ import annotations

import pytest
from django.http import HttpResponseBase

from qingyuan.casework.models import Due, Paper, PaperDelivery, RunningClock
from qingyuan.governance.models import Letter, Return
from qingyuan.ledgers.models import ImportBatch
from qingyuan.organisation.enums import Role
from qingyuan.rehabilitation.models import Client
from tests.census.urls import GATES, Address, Gate, addresses
from tests.security.bodies import everyone, said
from tests.security.planted import Planted
from tests.security.walker import (
    FORBIDDEN,
    METHOD_NOT_ALLOWED,
    SIGN_IN,
    Kwargs,
    Visitor,
    Walk,
    each_way,
    filled,
    fingerprint,
    is_public,
    url_of,
    walk_pages,
)

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.usefixtures("places_kept")]

# Each side of every wall once: they also ask for other people's rows, places and numbers, and ask nonsense. How many of the
# six questions, and with which to begin: the town next door asks all, the others two of each list in turn.
CURIOUS = {"stranger": (6, 0), "clerk": (2, 3), "colleague": (2, 0), "officer": (2, 2), "doctor": (2, 4), "liaison": (2, 1)}
# Parties of about the same length, so that two processes walk side by side. The first walks on every database.
PARTIES = (
    ("stranger", "caseworker", "prosecutor"),
    ("clerk", "leader", "station", "far_doctor"),
    ("colleague", "auditor", "security", "far_caseworker"),
    ("officer", "court", "substitute", "town_leader"),
    ("supervisor", "doctor", "liaison"),
)
STRANGER = "(nobody)"


def others_rows(planted: Planted) -> list[str]:
    """Every row, client, due, batch, letter and return that is not 石桥镇's, as the database has it."""
    mine = planted.city.units["shiqiao"].pk
    models = {type(row) for rows in planted.rows.values() for row in rows} | {Client, Due, ImportBatch, Letter, Return}
    models |= {Paper, PaperDelivery, RunningClock}
    return sorted(
        f"{model.__name__} {values}"
        for model in models
        for values in getattr(model, "everything", model._base_manager).exclude(unit_id=mine).values_list()
    )


@pytest.mark.parametrize(
    "who_asks", [PARTIES[0], *(pytest.param(party, marks=pytest.mark.once) for party in PARTIES[1:])], ids="+".join
)
def test_every_role_on_every_page(planted: Planted, who_asks: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    walk = Walk(planted)
    visitors = [Visitor(walk, who) for who in who_asks]
    before = fingerprint()
    for visitor in visitors:
        walk_pages(visitor, asks=CURIOUS.get(visitor.who, ()))
    assert walk.findings == [], said(walk.findings)
    assert fingerprint() == before, "a page that was only opened changed the main database"
    odd = {pair: forms for pair, pages in walk.forms.items() if len(forms := set().union(*pages.values())) > 1}
    assert odd == {}, "the same person is written in two ways for the same reader"
    assert walk.routes == {address.name for address in addresses()}
    with capsys.disabled():
        print(f"\n{len(who_asks)} roles × {len(walk.routes)} addresses, {walk.asked} requests: 0 leaks")


def test_nobody_is_left_out_of_the_walk(planted: Planted) -> None:
    walked = [who for party in PARTIES for who in party]
    assert sorted(walked) == sorted(everyone(planted)), "every account walks once"
    roles = {grant.role for who in walked for grant in planted.city.actor(who).grants}
    assert roles == set(Role), "every role there is walks"
    assert set(CURIOUS) <= set(walked)


def test_a_stranger_is_sent_to_the_sign_in_page_and_learns_nothing(planted: Planted) -> None:
    walk = Walk(planted)
    visitor = Visitor(walk, STRANGER)
    for address in addresses():
        for kwargs in filled(planted, address):
            for method in ("get", "post"):
                url = url_of(address, kwargs)
                response = visitor.ask(url, method)
                visitor.judge(url, response)
                turned_away = response.status_code in (403, 404, 401, 405) or (
                    response.status_code == 302 and SIGN_IN in response["Location"]
                )
                if not turned_away and not is_public(address):
                    walk.wrong(STRANGER, url, f"{method} answered {response.status_code}")
    assert walk.findings == [], said(walk.findings)


@pytest.mark.once
def test_fragments_are_as_closed_as_their_pages(planted: Planted) -> None:
    """The same addresses asked the way HTMX asks them, by the town next door."""
    walk = Walk(planted)
    visitor = Visitor(walk, "stranger")
    for address in addresses():

        def ask(kwargs: Kwargs, address: Address = address) -> HttpResponseBase:
            url = url_of(address, kwargs)
            response = visitor.ask(url, **{"HX-Request": "true", "HX-Target": "results"})
            visitor.judge(url, response)
            return response

        each_way(planted, address, ask)
    assert walk.findings == [], said(walk.findings)


def test_what_a_gate_refuses_is_refused_whatever_object_is_named(planted: Planted) -> None:
    """A supervisor of another town, opening each object of 龙洞 by its own address, is answered as if it were not there."""
    walk = Walk(planted)
    closed = {Gate.LEDGER_CHANGE, Gate.LEDGER_VOID, Gate.REVEAL, Gate.BATCH, Gate.CLIENT, Gate.DUE, Gate.CLOCK, Gate.LEDGER_READ}
    far = {str(row.pk) for rows in planted.rows.values() for row in rows if row.unit.code == "longdong"}
    far |= {str(batch.pk) for batch in planted.batches if batch.unit_id == planted.city.units["longdong"].pk}
    far |= {str(client.pk) for client in planted.clients.values() if client.unit_id == planted.city.units["longdong"].pk}
    far |= {str(due.pk) for due in planted.dues if due.unit_id == planted.city.units["longdong"].pk}
    far |= {str(running.pk) for running in planted.clocks if running.unit_id == planted.city.units["longdong"].pk}
    visitor, opened = Visitor(walk, "stranger"), 0
    for address in addresses():
        if GATES[address.name] not in closed:
            continue
        for kwargs in filled(planted, address):
            if not far & {str(value) for value in kwargs.values()}:
                continue
            opened += 1
            for method in ("get", "post"):
                url = url_of(address, kwargs)
                response = visitor.ask(url, method)
                if response.status_code not in (403, 404, 405):
                    walk.wrong("stranger", url, f"{method} answered {response.status_code}")
    assert opened > 50
    assert walk.findings == [], said(walk.findings)


def test_posts_with_nonsense_break_nothing_and_reach_nobody_else(planted: Planted) -> None:
    """Every address is posted to with hostile fields and, of each ledger, with empty ones; what stands in 龙洞 stays as it was."""
    walk = Walk(planted)
    emptily: set[tuple[str, str, str | None]] = set()
    hostile = {
        "reason": "\x00=HYPERLINK()", "name": "x" * 400, "id_number": "999", "version": "1", "paper_seen_by": "无",
        "file": "not a file", "column": "result", "typed": "尿检板", "code": "' OR 1=1", "division": "1", "q": "\x00",
    }  # fmt: skip
    before = others_rows(planted)
    for who in ("stranger", "doctor"):
        visitor = Visitor(walk, who)
        for address in addresses():
            if address.name in {"web:sign-out", "web:sessions-end", "web:password"}:
                continue

            def ask(kwargs: Kwargs, visitor: Visitor = visitor, address: Address = address) -> HttpResponseBase:
                url = url_of(address, kwargs)
                response = visitor.ask(url, "post", hostile)
                visitor.judge(url, response)
                one = visitor.who, address.name, kwargs.get("code")
                if response.status_code not in (METHOD_NOT_ALLOWED, FORBIDDEN) and one not in emptily:
                    emptily.add(one)
                    visitor.judge(url, visitor.ask(url, "post", {}))
                return response

            each_way(planted, address, ask)
    assert walk.findings == [], said(walk.findings)
    assert len(before) > 15
    assert others_rows(planted) == before
