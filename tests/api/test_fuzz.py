"""The machine interface asked everything its own description allows, and what it does not: by schemathesis, in this process.

For each operation, as a supervisor of one town: never a 5xx, every answer as described, never a row of another town.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from schemathesis import checks
from schemathesis.openapi import from_dict

from qingyuan.api.v1 import api
from qingyuan.organisation.actions import tokens
from tests.cast import TODAY
from tests.security.bodies import leaks, said, text_of
from tests.security.planted import Planted

pytestmark = [pytest.mark.django_db, pytest.mark.long]
EACH = 8 if os.environ.get("CI") else 3
WHO = "stranger"
# What the description promises; other checks of schemathesis ask about things this interface does not say (TRACE, auth).
PROMISED = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests straight to the WSGI handler keep the test's connection, as Django's own test client sees to for itself.

    Each request would otherwise close it, and with it the transaction the test's rows stand in.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def asked(description: dict[str, Any], headers: dict[str, str], judge: Callable[[str, bytes, str], None]) -> int:
    """Ask each operation ``EACH`` times; returns how many operations there are."""
    schema = from_dict(description)
    schema.app = WSGIHandler()
    count = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        count += 1

        @given(case=operation.as_strategy())
        @examples(
            max_examples=EACH,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: schemathesis.Case) -> None:
            response = case.call(headers=headers)
            case.validate_response(response, checks=PROMISED)
            judge(f"{case.method} {unquote(response.request.url)} {response.request.body!r}", response.content, str(response.status_code))

        ask()
    return count


@pytest.mark.usefixtures("one_connection")
def test_whatever_is_asked_nothing_breaks_and_nothing_of_another_town_is_told(planted: Planted) -> None:
    account = planted.accounts[WHO]
    _token, key = tokens.make(account=account, purpose="试", last_day=TODAY, by=planted.city.actor(WHO))
    findings, statuses = [], set()

    def judge(request: str, body: bytes, status: str) -> None:
        statuses.add(status)
        told = leaks(text_of(body, "application/json") if body else "", planted.forbidden_to(WHO), own_words=request)
        findings.extend(f"{request[:120]}: {leak}" for leak in told)

    operations = asked(api.get_openapi_schema(), {"Authorization": f"Bearer {key}"}, judge)
    assert operations > 100
    assert {"200", "403", "404", "422"} <= statuses, "it got somewhere, and was refused"
    assert findings == [], said(findings)
