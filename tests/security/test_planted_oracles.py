"""What tells without showing: a count, an order, an error, the time it takes, a suggestion, a name where a mask belongs.

Each is built on purpose and found by the same comparison that the real routes are put to, with a person who is there
and out of reach beside one who is nowhere.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any
from unittest import mock
from urllib.parse import quote

import openpyxl
import pytest
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingyuan.foundation.name_buckets import answering, ways
from qingyuan.foundation.names import NameAsked
from qingyuan.ledgers import exports, queries, registry
from qingyuan.ledgers.queries import RowFilter
from qingyuan.rehabilitation.models import Client, Measure
from qingyuan.rehabilitation.people import HOME, name_index
from tests.cast import TODAY, id_number
from tests.security.bodies import readable, said
from tests.security.planted import (
    ANXIANG,
    NOBODY,
    NOBODYS_NUMBER,
    POLICE_PEOPLE,
    POLICE_SERIALS,
    SERIALS,
    SHUYING,
    Planted,
)
from tests.security.test_no_oracle import MOVING, NOBODYS_PARTS, PARTS, READS, asked, difference, routes
from tests.security.test_planted_leaks import found, leaky
from tests.security.walker import Visitor, Walk

__all__ = ["leaky"]
pytestmark = pytest.mark.django_db(databases=["default", "audit"])
View = Callable[[HttpRequest], HttpResponse]
Leaky = Callable[..., None]


def told(planted: Planted, who: str = "stranger", *, words: str = ANXIANG, like: str = NOBODY) -> str:
    """What an answer tells ``who`` about somebody out of reach beside nobody at all; empty when it tells nothing."""
    visitor = Visitor(Walk(planted), who)
    one, other = asked(visitor, f"/leak/?q={words}", words), asked(visitor, f"/leak/?q={like}", like)
    return "" if one == other else difference(one, other)


def spent(visitor: Visitor, url: str) -> tuple[int, int]:
    """How many questions an answer asked of the two databases: what its time is made of, without a stopwatch."""
    counted = []
    with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["audit"]) as trace:
        visitor.ask(url)
    counted += [len(main), len(trace)]
    return counted[0], counted[1]


def _matching(request: HttpRequest) -> Any:
    return Client.objects.filter(name_index=name_index(request.GET.get("q", "")))


def counts(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{_matching(request).count()} 人")


def orders(request: HttpRequest) -> HttpResponse:
    """One's own rows and a place in the order of all names: where a mask ends up tells the letter behind it."""
    names = sorted([client.name for client in Client.objects.all()])
    return HttpResponse(str(sum(1 for name in names if name < request.GET.get("q", ""))))


def refuses_otherwise(request: HttpRequest) -> HttpResponse:
    if _matching(request).exists():
        return HttpResponse("没有权限", status=403)
    return HttpResponse("没有这个人", status=404)


def breaks_for_some(request: HttpRequest) -> HttpResponse:
    return HttpResponse("没有这个人" if not _matching(request) else "出错了,请重试")


def suggests(request: HttpRequest) -> HttpResponse:
    """An autocomplete: the first sign is enough to learn that there is somebody."""
    first = request.GET.get("q", "")[:1]
    matches = [client for client in Client.objects.all() if client.name.startswith(first)]
    return HttpResponse(json.dumps({"options": ["*" * 3 for _client in matches]}), content_type="application/json")


def takes_longer(request: HttpRequest) -> HttpResponse:
    """The same words either way, and a dozen questions more for somebody who is there."""
    for client in _matching(request):
        for _turn in range(6):
            list(Measure.objects.filter(client=client))
    return HttpResponse("没有这个人")


def exports_all(request: HttpRequest) -> HttpResponse:
    """An export that masks every name well, and tells by its number of rows."""
    ledger = registry.get("measures")
    rows = Measure.objects.select_related("client").filter(client__name_index=name_index(request.GET.get("q", "")))
    book = openpyxl.Workbook()
    book.active.append([f"{rows.count()} {ledger.title}"])
    out = io.BytesIO()
    book.save(out)
    return HttpResponse(out.getvalue(), content_type="application/vnd.ms-excel")


def answers_a_program(request: HttpRequest) -> HttpResponse:
    return HttpResponse(json.dumps({"count": _matching(request).count(), "rows": []}), content_type="application/json")


def counts_a_surname(request: HttpRequest) -> HttpResponse:
    """A search by surname that opens the names of the whole city and shows none: how many it counts tells of others."""
    asked_for = NameAsked.of(request.GET.get("q", "")[:1])
    everyone = Client.objects.values_list("pk", "name")
    return HttpResponse(f"{len(ways(answering(everyone, asked_for, HOME), asked_for))} 人")


TELLING: tuple[View, ...] = (
    counts_a_surname,
    counts,
    orders,
    refuses_otherwise,
    breaks_for_some,
    suggests,
    exports_all,
    answers_a_program,
)


def test_each_kind_of_oracle_is_heard(planted: Planted, leaky: Leaky) -> None:
    for view in TELLING:
        leaky(view)
        assert told(planted), view
    leaky(lambda request: HttpResponse("没有这个人"))
    assert told(planted) == "", "an answer that does not depend on it tells nothing"


def test_one_that_only_takes_longer_is_heard_by_what_it_asks(planted: Planted, leaky: Leaky) -> None:
    leaky(takes_longer)
    assert told(planted) == ""
    visitor = Visitor(Walk(planted), "stranger")
    visitor.ask("/leak/?q=x")
    assert spent(visitor, f"/leak/?q={ANXIANG}") != spent(visitor, f"/leak/?q={NOBODY}")


def opens_everybody(request: HttpRequest) -> HttpResponse:
    """The same words and the same questions for anybody; the names of others are opened all the same, which takes time."""
    _names = [client.name for client in Client.objects.all()]
    return HttpResponse("没有这个人")


def opened(visitor: Visitor, url: str) -> int:
    """How many names an answer opened: the other part of the time it takes."""
    count = 0
    field = Client._meta.get_field("name")
    reveal = type(field).reveal

    def counting(self: Any, stored: Any) -> Any:
        nonlocal count
        count += self.name == "name" and bool(stored)
        return reveal(self, stored)

    with mock.patch.object(type(field), "reveal", counting):
        visitor.ask(url)
    return count


def test_a_search_that_opens_names_out_of_reach_is_heard_by_what_it_opens(planted: Planted, leaky: Leaky) -> None:
    leaky(opens_everybody)
    visitor = Visitor(Walk(planted), "clerk")
    visitor.ask("/leak/?q=x")
    assert told(planted, "clerk") == "" and spent(visitor, f"/leak/?q={ANXIANG}") == spent(visitor, f"/leak/?q={NOBODY}")
    assert opened(visitor, f"/leak/?q={ANXIANG[0]}") == Client.objects.count() >= len(SERIALS)


@pytest.mark.parametrize("who", ["stranger", "clerk", "officer"])
def test_no_search_opens_a_name_that_is_not_in_reach(planted: Planted, who: str) -> None:
    """Names are what a search by a part opens; so many at most as the reader has rows in that list."""
    visitor = Visitor(Walk(planted), who)
    rows = {code: len(visitor.ask(f"/api/v1/ledgers/{code}").json().get("rows", ())) for code in ("measures", "parties")}
    own = len(READS.get(who, ()))
    for words in ("阚", "kan", "kax", "zwq", "逄"):
        assert opened(visitor, f"{reverse('web:people')}?q={quote(words)}") <= 2 * own
        for code, count in rows.items():
            assert opened(visitor, f"/api/v1/ledgers/{code}?search={quote(words)}") <= 3 * count, (code, words)


def test_a_name_in_clear_where_a_mask_belongs_is_found(planted: Planted, leaky: Leaky) -> None:
    """A minor's whole name on a list of the very unit that keeps the case; and ID numbers in a list of one's own."""
    minor = POLICE_PEOPLE["officer"][1]
    leaky(lambda request: HttpResponse(f"<td>{minor}</td>"))
    assert any("minor" in one for one in found(planted, "officer"))
    leaky(lambda request: HttpResponse(f"<td>{minor[0]}**</td>"))
    assert found(planted, "officer") == []
    leaky(lambda request: HttpResponse(id_number(SERIALS[ANXIANG])))
    assert any("ID number in full" in one for one in found(planted, "caseworker"))


def test_an_export_that_goes_past_the_scope_is_found_whoever_asks(planted: Planted, leaky: Leaky) -> None:
    def unscoped(request: HttpRequest) -> HttpResponse:
        content = exports.rows_workbook(
            registry.get("measures"),
            Measure.objects.select_related("client"),
            reader=request.actor,  # type: ignore[attr-defined]
        )
        return HttpResponse(content, content_type="application/vnd.ms-excel")

    leaky(unscoped)
    for who in ("caseworker", "stranger", "clerk", "officer", "doctor", "auditor", "security"):
        assert found(planted, who), who


# --- the real routes, put to the same questions -----------------------------------------------------------------------
@pytest.mark.parametrize("who", ["stranger", pytest.param("clerk", marks=pytest.mark.once), pytest.param("officer", marks=pytest.mark.once)])
def test_no_search_asks_more_for_somebody_out_of_reach_than_for_nobody(planted: Planted, who: str) -> None:
    visitor, slower = Visitor(Walk(planted), who), []
    pairs = [(ANXIANG, NOBODY), (SHUYING, NOBODY), (id_number(SERIALS[ANXIANG]), NOBODYS_NUMBER)]
    pairs += list(zip(PARTS[ANXIANG], NOBODYS_PARTS, strict=True))
    for words, like in pairs:
        if words in READS.get(who, set()):
            continue
        for url, expected in zip(routes(words), routes(like), strict=True):
            visitor.ask(expected)
            if (one := spent(visitor, url)) != (other := spent(visitor, expected)):
                slower.append(f"{url}: {one} for {other}")
    assert slower == [], said(slower)


@pytest.mark.parametrize("who", ["stranger", "clerk", "officer", "supervisor"])
def test_typing_the_beginning_of_a_name_or_number_suggests_nobody(planted: Planted, who: str) -> None:
    """The box in the bar answers while one types: the beginning of somebody is the beginning of nobody, but for the surname
    of one's own people, by which they are found."""
    visitor, heard = Visitor(Walk(planted), who), []
    pairs = [
        (ANXIANG[:1], NOBODY[:1]),
        (ANXIANG[:2], NOBODY[:2]),
        (id_number(SERIALS[ANXIANG])[:16], NOBODYS_NUMBER[:16]),
    ]
    for words, like in pairs:
        if words == like or (words == ANXIANG[:1] and ANXIANG in READS.get(who, set())):
            continue
        for route in (f"{reverse('web:search')}?q=", f"{reverse('web:people')}?q="):
            one, other = asked(visitor, route + quote(words), words), asked(visitor, route + quote(like), like)
            if one != other:
                heard.append(f"{route}{words}: {difference(one, other)}")
    assert heard == [], said(heard)


def test_the_emergency_search_tells_nothing_of_another_compartment_nor_of_a_sealed_row(planted: Planted) -> None:
    """A town's officer asks for a party, for one who was tested, for one who was punished; a policeman for a client and
    for one who was punished by his own unit: each time the answer, to the letter, is the one for nobody."""
    party, _minor, punished, tested = (id_number(POLICE_SERIALS["officer"] + serial) for serial in (1, 2, 3, 4))
    for who, numbers in (
        ("supervisor", (party, punished, tested)),
        ("officer", (id_number(SERIALS[ANXIANG]), punished)),
    ):
        client = Visitor(Walk(planted), who).client
        answers = []
        for number in (NOBODYS_NUMBER, *numbers):
            typed = {"number": number, "reason": "夜间有人求助,对方单位无人值班", "article": "NL34"}
            response = client.post("/emergency/open/", typed)
            assert response.status_code == 422
            answers.append(MOVING.sub("", readable(response)).replace(number, "…"))
        assert all(one == answers[0] for one in answers) and "没有查到" in answers[0]


def test_what_is_opened_in_an_emergency_is_on_no_export_and_counts_for_nothing_else(planted: Planted) -> None:
    visitor = Visitor(Walk(planted), "stranger")
    typed = {"number": id_number(SERIALS[ANXIANG]), "reason": "夜间有人求助,对方单位无人值班", "article": "NL34"}
    assert visitor.ask("/emergency/open/", "post", typed).status_code == 302
    person = planted.clients[ANXIANG]
    assert visitor.ask(f"/people/{person.pk}/").status_code == 200
    export = asked(visitor, "/ledgers/measures/export.xlsx?when=all", "-")
    assert ANXIANG[0] not in export
    actor = planted.city.actor("stranger")
    rows = queries.filtered(
        registry.get("measures"), queries.rows(registry.get("measures"), actor, TODAY), RowFilter(), TODAY
    )
    assert {row.client_id for row in rows} == {
        person.pk,
        *(c.pk for n, c in planted.clients.items() if n in READS["stranger"]),
    }
    assert visitor.ask(f"/people/{planted.clients[SHUYING].pk}/").status_code == 404
