"""Searching, counting and sorting tell nothing about what a reader may not open."""

from __future__ import annotations

import re
from urllib.parse import quote, quote_plus

import pytest
from django.urls import reverse

from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.queries import RowFilter
from tests.cast import TODAY, id_number
from tests.security.bodies import readable, said
from tests.security.planted import (
    ANXIANG,
    FUDONG,
    HENGXIE,
    HUANGHUN,
    NOBODY,
    NOBODYS_NUMBER,
    POLICE_PEOPLE,
    QINGQIAN,
    SERIALS,
    SHUYING,
    Planted,
)
from tests.security.walker import Visitor, Walk

pytestmark = pytest.mark.django_db

READS = {
    "caseworker": {ANXIANG},
    "colleague": {SHUYING},
    "supervisor": {ANXIANG, SHUYING, FUDONG, HUANGHUN},
    "stranger": {QINGQIAN, HENGXIE},
    "far_caseworker": {QINGQIAN},
}
# What changes from one answer to the next by itself.
MOVING = re.compile(r'(csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"|hx-headers=\'[^\']+\')')
TAG = re.compile(r"<[a-zA-Z/!?][^>]*>")
SEARCHED = ("measures", "tests", "isolation", "cases", "parties", "volunteers")


def asked(visitor: Visitor, url: str, words: str) -> str:
    """The answer to a search with the words themselves taken out: what is left must not depend on them."""
    response = visitor.ask(url)
    assert response.status_code < 500, visitor.error
    text = readable(response)
    forms = (words, quote(words), quote_plus(words), words.encode("unicode_escape").decode())
    for form in forms:
        # «qi» stands in many a word of a page: only where it stands alone is it what was typed.
        text = re.sub(rf"(?<![A-Za-z]){re.escape(form)}(?![A-Za-z])", "…", text) if form.isascii() else text.replace(form, "…")
    return f"{response.status_code} {MOVING.sub('', text)}"


def difference(one: str, other: str) -> str:
    start = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other)))
    return f"«{one[start - 30 : start + 60]}» for «{other[start - 30 : start + 60]}»"


def routes(words: str) -> list[str]:
    """Every way to search: the box in the bar, the people, each list, the machine interface."""
    words = quote(words)
    found = [f"{reverse('web:search')}?q={words}", f"{reverse('web:people')}?q={words}"]
    for code in SEARCHED:
        found.append(f"{reverse('web:ledger-list', args=(code,))}?q={words}&when=all")
        found.append(f"/api/v1/ledgers/{code}?search={words}")
    return found


@pytest.mark.parametrize(
    "who", ["stranger", *(pytest.param(who, marks=pytest.mark.once) for who in ("caseworker", "clerk", "officer"))]
)
def test_searching_for_someone_out_of_reach_is_searching_for_nobody(planted: Planted, who: str) -> None:
    """The same answer, to the letter, for a person under a measure elsewhere and for a person who is nowhere."""
    visitor, told = Visitor(Walk(planted), who), []
    nobody = {words: [asked(visitor, url, words) for url in routes(words)] for words in (NOBODY, NOBODYS_NUMBER)}
    for name in set(SERIALS) - READS.get(who, set()):
        for words, like in ((name, NOBODY), (id_number(SERIALS[name]), NOBODYS_NUMBER)):
            for url, expected in zip(routes(words), nobody[like], strict=True):
                answer = asked(visitor, url, words)
                if answer != expected:
                    told.append(f"{who} learns from {url}: {difference(answer, expected)}")
    assert told == [], said(told)


def test_the_own_people_are_found_by_the_same_searches(planted: Planted) -> None:
    """Otherwise the silence above would prove nothing."""
    for who, names in READS.items():
        visitor = Visitor(Walk(planted), who)
        for name in names:
            page = readable(visitor.ask(f"{reverse('web:search')}?q={quote(name)}"))
            assert str(planted.clients[name].pk) in page, (who, name)


def test_a_part_of_a_number_and_no_other_part_of_a_name_finds_somebody(planted: Planted) -> None:
    """Part searches let one feel one's way along a number, or along a name sign by sign."""
    actor, ledger = planted.city.actor("supervisor"), registry.get("measures")
    parts = (ANXIANG[1:], ANXIANG[:2], "anxiang", "k", "kan a", id_number(501)[:6], id_number(501)[-4:], "%", "_", "")
    whole = queries.rows(ledger, actor, TODAY).count()
    assert whole >= 3
    for words in parts:
        rows = queries.filtered(ledger, queries.rows(ledger, actor, TODAY), RowFilter(search=words), TODAY, by=actor)
        assert rows.count() == (0 if words else whole), words


# Of each planted person: the surname, its reading, the reading of the name, its initials; and the same of nobody's.
PARTS = {
    ANXIANG: ("阚", "kan", "kan anxiang", "kax"),
    SHUYING: ("逄", "pang", "pang shuying", "psy"),
    FUDONG: ("亓", "qi", "qi fudong", "qfd"),
    HUANGHUN: ("郗", "xi", "xi huanghun", "xhh"),
    QINGQIAN: ("佘", "she", "she qingqian", "sqq"),
    HENGXIE: ("訾", "zi", "zi hengxie", "zhx"),
}
NOBODYS_PARTS = ("禤", "xuan", "xuan wuren", "xwr")


@pytest.mark.parametrize(
    "who", ["stranger", *(pytest.param(who, marks=pytest.mark.once) for who in ("caseworker", "clerk", "officer"))]
)
def test_a_surname_or_initials_borne_out_of_reach_are_those_of_nobody(planted: Planted, who: str) -> None:
    """However rare the surname is: who has nobody of that name in reach learns nothing of others who bear it."""
    visitor, told, of_nobody = Visitor(Walk(planted), who), [], dict[tuple[str, str], str]()
    people = [f"{reverse('web:people')}?q=", *(f"{reverse('web:ledger-list', args=(code,))}?when=all&q=" for code in SEARCHED)]
    programs = [f"/api/v1/ledgers/{code}?search=" for code in SEARCHED]
    for name in set(PARTS) - READS.get(who, set()):
        for words, like in zip(PARTS[name], NOBODYS_PARTS, strict=True):
            # The box in the bar also searches places and figures by their sound; a surname written is of people alone.
            bar = [f"{reverse('web:search')}?q="] if not words.isascii() else []
            for route in (*bar, *people, *programs):
                answer = asked(visitor, route + quote(words), words)
                if (route, like) not in of_nobody:
                    of_nobody[route, like] = asked(visitor, route + quote(like), like)
                if answer != (expected := of_nobody[route, like]):
                    told.append(f"{who} learns from {route}{words}: {difference(answer, expected)}")
    assert told == [], said(told)


def test_the_own_people_are_found_by_each_part_and_told_by_which(planted: Planted) -> None:
    for who, names in READS.items():
        visitor = Visitor(Walk(planted), who)
        for name in names:
            for words in PARTS[name]:
                page = readable(visitor.ask(f"{reverse('web:search')}?q={quote(words)}"))
                assert str(planted.clients[name].pk) in page, (who, words)
                listed = readable(visitor.ask(f"{reverse('web:people')}?q={quote(words)}"))
                assert name in listed and ("同姓" in listed or "拼音" in listed), (who, words)


def test_a_minor_is_found_by_the_surname_the_mask_shows_and_by_nothing_under_it(planted: Planted) -> None:
    party, minor, _punished, _tested = POLICE_PEOPLE["officer"]
    visitor = Visitor(Walk(planted), "officer")
    url = f"{reverse('web:ledger-list', args=('parties',))}?when=all&q="
    row = next(row for row in planted.rows["parties"] if row.name == minor)
    for words, finds in ((minor[0], True), ("yan", True), ("yxm", False), ("yan xiaoman", False), (minor, True)):
        assert (str(row.pk) in readable(visitor.ask(url + quote(words)))) is finds, words
    grown = next(row for row in planted.rows["parties"] if row.name == party)
    for words in (party[0], "zhuo", "zhuowanqing", "zwq"):
        assert str(grown.pk) in readable(visitor.ask(url + quote(words))), words
    assert str(grown.pk) in readable(visitor.ask(f"{reverse('web:search')}?q=zwq"))


def test_every_search_for_people_is_written_down_with_its_words_even_when_it_finds_nobody(planted: Planted) -> None:
    visitor = Visitor(Walk(planted), "supervisor")
    before = ReadEntry.objects.using("audit").count()
    for url in (f"{reverse('web:people')}?q=xwr", f"{reverse('web:ledger-list', args=('measures',))}?q=xwr"):
        visitor.ask(url)
    entries = list(ReadEntry.objects.using("audit").order_by("-at", "-id")[: ReadEntry.objects.using("audit").count() - before])
    assert {(entry.ledger, entry.act) for entry in entries} == {("clients", "search"), ("measures", "search")}
    assert not any("xwr" in str(value) for entry in entries for value in vars(entry).values()), "the words stand encrypted"


def test_a_list_is_sorted_by_no_name_and_no_number(planted: Planted) -> None:
    actor, ledger = planted.city.actor("supervisor"), registry.get("measures")
    plain = [row.pk for row in queries.filtered(ledger, queries.rows(ledger, actor, TODAY), RowFilter(), TODAY)]
    for sort in ("name", "-name", "id_number", "client__name", "client__id_index", "unit__name", "void_reason", "key"):
        rows = queries.filtered(ledger, queries.rows(ledger, actor, TODAY), RowFilter(sort=sort), TODAY)
        assert [row.pk for row in rows] == plain, sort


def test_a_personal_column_is_no_filter(planted: Planted) -> None:
    actor, ledger = planted.city.actor("supervisor"), registry.get("measures")
    wanted = RowFilter(codes={"name": (NOBODY,), "id_number": ("1",)})
    rows = queries.rows(ledger, actor, TODAY)
    assert queries.filtered(ledger, rows, wanted, TODAY).count() == rows.count() >= 3


def test_behind_a_number_others_learn_how_many_and_whose_with_few_people_closed(planted: Planted) -> None:
    """Three people of 龙洞 and one of 石桥: the clerk reads «<5» or nothing, and whom to ask."""
    ids = ",".join(str(row.pk) for row in planted.rows["measures"])
    page = readable(Visitor(Walk(planted), "clerk").ask(f"{reverse('web:ledger-list', args=('measures',))}?ids={ids}"))
    text = " ".join(TAG.sub(" ", page).split())
    assert "龙洞镇人民政府" in text and "石桥镇人民政府" in text
    assert not re.search(r"(?<![\d<])[1-4] 条", text), "a count of one to four people stands open"
    assert "<5 条" in text
    own = readable(Visitor(Walk(planted), "supervisor").ask(f"{reverse('web:ledger-list', args=('measures',))}?ids={ids}"))
    assert ANXIANG in own and QINGQIAN not in own


def test_a_late_count_of_few_people_is_closed_on_every_figure_for_the_office(planted: Planted) -> None:
    """R05 of a town with three people: a rate over so few is not printed for others, and is for the town itself."""
    query = "?period=2022-01..2022-10&division=999981101000"
    told = []
    for path in ("/indicators/R05/", "/indicators/R05/export.xlsx", "/api/v1/indicators/R05", "/indicators/R05/rows/"):
        response = Visitor(Walk(planted), "clerk").ask(path + query)
        assert response.status_code == 200, path
        text = TAG.sub(" ", readable(response))
        if re.search(r"(?<![\d.<\-])[1-4]\s*(人(?![民数次员口均])|人次)", text):
            told.append(path)
    assert told == []
