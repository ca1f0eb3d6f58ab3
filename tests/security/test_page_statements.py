"""No page asks the databases more than its bar, whatever stands in its list: what grows with the rows is found here.

Every GET address of the census is asked as five roles in the planted city, in which the police's cases and a town's
measures and tests fill more than a page. Of a ledger that holds a row or two one role's page stands for all. The numbers
beside the navigation are counted once for each visitor (as in the walk); they have their own tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections
from django.http import HttpResponseBase

from tests.cast import City, id_number, measure_values
from tests.census.urls import Address, addresses
from tests.security.planted import Planted, catalogue_code
from tests.security.walker import METHOD_NOT_ALLOWED, CannotFill, Visitor, Walk, filled, url_of

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.once]

ROLES = ("officer", "supervisor", "caseworker", "clerk", "auditor")
IN_A_LIST = 56  # a page and some
FULL = frozenset({"cases", "measures", "tests"})  # see ``fill_lists``
WAYS = 4  # how many ways of filling an address are tried until one answers with a page
BAR = 25
"""Statements a page may send to both databases, the sign-in, scope, masks and the read entry among them."""
MORE = {
    "web:today": (109, "one question, at most two, to each of 32 queues of one's own and of the ten one waits for"),
    "web:today-all": (95, "is today with its filters"),
    "web:home": (109, "is today"),
    "web:person-detail": (37, "one question to each of fifteen ledgers that tell one person's way, and to dues, clocks and hand-overs"),
    "web:assessment": (31, "the score, what the unit, the reviewers and the sample said of each clause, and which of them data alone settles"),
    "web:year-book": (30, "targets, plans, tasks and needs of every unit, and the papers made of the plan and the summary"),
    "web:letter-score": (28, "the score, its peers and what moved"),
}


def fill_lists(city: City) -> None:
    """More than a page of cases, of people under measures and of their tests."""
    city.enter(
        "cases",
        "officer",
        *(
            {
                "number": f"A5399{n:06d}",
                "title": "某某贩卖毒品案",
                "case_kind": catalogue_code("case_kinds"),
                "offence": catalogue_code("offences"),
                "division": city.divisions["龙洞镇" if n % 2 else "石桥镇"].pk,
                "filed_on": date(2022, 1, 1) + timedelta(days=n),
                "operation_number": "",
            }
            for n in range(IN_A_LIST)
        ),
    )
    people = [measure_values(city, n, id_number=id_number(600 + n), division=city.divisions["大坪村"].pk) for n in range(IN_A_LIST)]
    city.enter("measures", "supervisor", *people)
    city.enter(
        "tests",
        "supervisor",
        *(
            {
                "name": one["name"],
                "id_number": one["id_number"],
                "tested_on": date(2022, 2, 1),
                "sample": "urine",
                "result": "negative",
                "purpose": "scheduled",
                "testers": ["李秀", "王平"],
            }
            for one in people
        ),
    )


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement sent to both databases meanwhile."""
    sent: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        sent.append(sql)
        return execute(sql, *rest)

    with connections["default"].execute_wrapper(count), connections["audit"].execute_wrapper(count):
        yield sent


def statements(visitor: Visitor, url: str, bar: int) -> tuple[HttpResponseBase, int]:
    """The answer, and how many statements it sent to both databases: the second time it was asked for, if the first,
    which also fills what a process keeps, took more than ``bar``."""
    with counted() as sent:
        answer = visitor.ask(url)
    if len(sent) > bar:
        with counted() as sent:
            answer = visitor.ask(url)
    return answer, len(sent)


def is_page(answer: HttpResponseBase) -> bool:
    return answer.status_code == 200 and answer.get("Content-Type", "").startswith("text/html") and "Content-Disposition" not in answer


def measured(visitor: Visitor, address: Address, bar: int, answered: set[tuple[str, str]]) -> tuple[int, str]:
    """The most statements of a page of this address, with its url; (0, "") where it is no page for the visitor.

    ``answered``: address and ledger of which some role was given a page; a small ledger is then not asked for again."""
    most = (0, "")
    try:
        ways = list(filled(visitor.walk.planted, address))
    except CannotFill:
        return most
    of_ledgers = address.gaps == ("code",)
    for kwargs in ways if of_ledgers else ways[:WAYS]:
        code = str(kwargs.get("code", ""))
        if of_ledgers and code not in FULL and (address.name, code) in answered:
            continue
        url = url_of(address, kwargs, {"when": "all", "show": "all"} if "people" in address.route or "ledgers" in address.route else None)
        answer, count = statements(visitor, url, bar)
        if answer.status_code == METHOD_NOT_ALLOWED:
            break
        if is_page(answer):
            most = max(most, (count, url))
            answered.add((address.name, code))
            if not of_ledgers:
                break
    return most


def test_no_page_asks_more_than_its_bar(planted: Planted) -> None:
    fill_lists(planted.city)
    walk, over, pages, answered = Walk(planted), [], set[str](), set[tuple[str, str]]()
    for who in ROLES:
        visitor = Visitor(walk, who)
        for address in addresses():
            if not address.name.startswith("web:"):
                continue
            bar, _why = MORE.get(address.name, (BAR, ""))
            count, url = measured(visitor, address, bar, answered)
            if url:
                pages.add(address.name)
            if count > bar:
                over.append(f"{who} {url}: {count} statements, bar {bar}")
    assert over == [], "\n".join(over)
    assert {"web:people", "web:ledger-list", "web:search", "web:audit-list", "web:letter-score"} <= pages
