"""The walk can fail: one leak of each kind is built on purpose, and each is found."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import path
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.config import urls as site
from qingyuan.documents.word import render_docx
from qingyuan.foundation.identity import mask_name
from qingyuan.ledgers import exports, registry
from qingyuan.organisation.models import Unit
from qingyuan.rehabilitation.models import Client, Measure
from qingyuan.web.middleware import open_to_strangers
from tests.census.test_urls import unclassified
from tests.census.urls import addresses
from tests.documents.samples import letter as paper_sample
from tests.security.bodies import leaks, masks_seen, readable
from tests.security.planted import ANXIANG, QINGQIAN, SERIALS, Planted
from tests.security.walker import CannotFill, Visitor, Walk, filled, fingerprint

pytestmark = pytest.mark.django_db
View = Callable[[HttpRequest], HttpResponse]


@pytest.fixture
def leaky(settings: Any) -> Callable[[View], None]:
    """Adds a page at /leak/ to the site."""

    def add(view: View, route: str = "leak/") -> None:
        leaking = ModuleType("tests_leaking_site")
        pages = ([path(route, view, name="leak")], "web")
        leaking.urlpatterns = [path("", _included(pages)), *site.urlpatterns]  # type: ignore[attr-defined]
        for name in ("handler403", "handler404", "handler500"):
            setattr(leaking, name, getattr(site, name))
        settings.ROOT_URLCONF = leaking

    return add


def _included(pages: Any) -> Any:
    patterns, app = pages
    return (patterns, app, app)


def found(planted: Planted, who: str = "stranger", url: str = "/leak/") -> list[str]:
    walk = Walk(planted)
    Visitor(walk, who).read(url)
    return walk.findings


def raw_rows(request: HttpRequest) -> HttpResponse:
    return HttpResponse("".join(f"<td>{client.name}</td>" for client in Client.objects.all()))


def numbers_as_data(request: HttpRequest) -> HttpResponse:
    rows = [{"id": client.id_number} for client in Client.objects.all()]
    return HttpResponse(json.dumps(rows), content_type="application/json")


def names_as_escaped_data(request: HttpRequest) -> HttpResponse:
    return HttpResponse(json.dumps([client.name for client in Client.objects.all()]), content_type="application/json")


def workbook_without_scope(request: HttpRequest) -> HttpResponse:
    ledger = registry.get("measures")
    content = exports.rows_workbook(ledger, Measure.objects.select_related("client"), reader=request.actor)  # type: ignore[attr-defined]
    return HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def streamed_file(request: HttpRequest) -> FileResponse:
    book = openpyxl.Workbook()
    book.active.append([client.phone for client in Client.objects.all()])
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return FileResponse(out, filename="x.xlsx")


def name_in_the_file_name(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"", headers={"Content-Disposition": f'attachment; filename="{mask_name(ANXIANG)}.xlsx"'}, content_type="text/csv")


def name_in_an_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"没有权限查看 {ANXIANG}", status=403)


def key_of_a_person(request: HttpRequest) -> HttpResponse:
    foreign = next(client for client in Client.objects.filter(unit__code="longdong") if client.name == ANXIANG)
    return HttpResponse(f'<a href="/people/{foreign.pk}/">1</a>')


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("defect")


def writes(request: HttpRequest) -> HttpResponse:
    Unit.objects.filter(code="longdong").update(short_name="改了")
    return HttpResponse("ok")


def opaque(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"\x00\x01", content_type="application/octet-stream")


KINDS: tuple[tuple[View, str], ...] = (
    (raw_rows, "a name"),
    (numbers_as_data, "an ID number in full"),
    (names_as_escaped_data, "a name"),
    (workbook_without_scope, "a name"),
    (streamed_file, "a telephone in full"),
    (name_in_the_file_name, "a name"),
    (name_in_an_error, "a name"),
    (key_of_a_person, "the key of a person"),
    (broken, "broke"),
    (writes, "broke"),  # the page's own guard refuses a write on GET
    (opaque, "cannot read"),
)


def test_each_kind_of_leak_is_found(planted: Planted, leaky: Callable[[View], None]) -> None:
    for view, word in KINDS:
        leaky(view)
        with transaction.atomic():
            findings = found(planted)
        assert any(word in finding for finding in findings), (view, findings)


def test_the_same_page_over_the_own_rows_is_no_finding(planted: Planted, leaky: Callable[[View], None]) -> None:
    leaky(lambda request: HttpResponse(QINGQIAN))
    assert found(planted, "stranger") == []
    assert found(planted, "clerk") != []


def test_a_write_that_slips_past_the_guard_is_seen_in_the_rows(planted: Planted) -> None:
    before = fingerprint()
    Unit.objects.filter(code="longdong").update(short_name="改了")
    assert {label for label, digest in fingerprint().items() if before[label] != digest} == {"organisation.Unit"}


def test_a_second_mask_for_the_same_person_is_seen() -> None:
    name = next(iter(SERIALS))
    assert masks_seen(f"<td>{name}</td><td>{mask_name(name)}</td>")[name] == {name, mask_name(name)}
    assert len(masks_seen(f"{name[0]}某某 {name}")[name]) == 2


def test_an_address_nobody_classified_and_a_gap_nobody_can_fill_are_seen(planted: Planted, leaky: Callable[..., None]) -> None:
    leaky(raw_rows, "leak/<uuid:mystery_id>/")
    assert unclassified(addresses()) == ["web:leak"]
    [address] = [address for address in addresses() if address.name == "web:leak"]
    with pytest.raises(CannotFill, match="mystery_id"):
        list(filled(planted, address))


def test_a_page_open_to_strangers_is_seen(planted: Planted, leaky: Callable[[View], None]) -> None:
    leaky(open_to_strangers(raw_rows))
    assert Visitor(Walk(planted), "(nobody)").ask("/leak/").status_code == 200


@given(text=st.text(alphabet="阚暗香 \n1"), word=st.text(alphabet="阚暗香 1", min_size=1).filter(str.strip), typed=st.sampled_from(["", "阚暗香", "1"]))
def test_a_word_is_told_exactly_where_it_stands_with_or_without_blanks(text: str, word: str, typed: str) -> None:
    """The walk looks for hundreds of words in each answer by a short way; this is the long one."""
    secret = SimpleNamespace(text=word, what="a name", readers=frozenset(), in_full_for=frozenset())
    stands = word in text or "".join(word.split()) in "".join(text.split())
    assert bool(leaks(text, [secret], own_words=typed)) == (stands and word not in typed)  # type: ignore[list-item]


def test_words_inside_a_word_file_and_across_its_runs_are_read(planted: Planted) -> None:
    response = HttpResponse(render_docx(paper_sample()), content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document")
    assert len(readable(response)) > 200
    split = SimpleNamespace(text=ANXIANG, what="a name", readers=frozenset(), in_full_for=frozenset())
    assert leaks(f"{ANXIANG[0]} {ANXIANG[1:]}", [split]) and not leaks("别人", [split])  # type: ignore[list-item]
