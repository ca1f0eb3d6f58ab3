"""An English reader finds no Chinese of ours: words of data, codes and score sentences too. Files stay Chinese for everybody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from bs4.element import Comment, Tag
from django.apps import apps
from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from qingyuan.casework.models.served_paper import Sealed, ServedPaper
from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.words import DATA, in_chinese, said
from qingyuan.governance.scoring.clauses import rule_of, score_clause, sentence_of
from qingyuan.governance.scoring.examples import numbers_given
from qingyuan.governance.scoring.shipped import shipped, shipped_names
from qingyuan.indicators import catalogue as indicators
from qingyuan.indicators.definition import Breakdown
from qingyuan.ledgers import registry
from qingyuan.ledgers.layouts.choosing import shipped as shipped_layouts
from qingyuan.reference import catalogue, schedules, statutes
from qingyuan.situation.queries.slices import slice_name
from qingyuan.web import words_of_data
from qingyuan.web.letters.phrases import graded, phrased
from tests.cast import City
from tests.census.urls import Address, addresses
from tests.security.planted import Planted
from tests.security.walker import CannotFill, filled, url_of
from tests.web.pages import browser_of, text_of

HAN = re.compile(r"[一-鿿]")
ENGLISH = {"accept-language": "en"}
WHO = ("clerk", "supervisor", "officer", "liaison", "auditor")
MAIN = {
    f"web:{name}"
    for name in (
        "today profile ledgers ledger-list ledger-row ledger-new import-start sources layouts indicators indicator "
        "indicator-rows situation letters letter-score letter-text targets target-plan returns return papers paper dues "
        "due-detail people person-detail closings figure-requests search"
    ).split()
}
# Tags whose words a reader meets without opening anything.
ATTRIBUTES = ("title", "aria-label", "placeholder", "data-label", "alt")
# What may stand in Chinese on an English page besides what people entered: how to write it, and a masked name («何**»).
AS_TYPED = re.compile(r"“[^”]*”|、|李秀|王平|\d+(\.\d+)?(克|公斤)|[一-鿿]\*+|\*+[一-鿿]")
# A gallery of samples and files to download; the search for a Chinese word answers with the word.
# What a file or form of another office says, and what the audit wrote down, is shown as it was written.
NOT_PAGES = re.compile(
    r"^(audit|foreign-forms|imports|layouts/<|sources/<)|"
    r"^_gallery|/(export|template|download|scan|sheet|circular|bad-rows|blank|made)|\.(csv|xlsx|docx|pdf)"
)


@pytest.fixture(autouse=True)
def _page_of_nobody() -> Iterator[None]:
    """A request leaves its language behind in the thread: every test begins, and ends, in Chinese."""
    with override("zh-hans"):
        yield


def words_of_codes() -> set[str]:
    return {code.name_zh for name in catalogue.list_names() for code in catalogue.get_list(name) if HAN.search(code.name_zh)}


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from (*strings(key), *strings(one))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings(one)


def written(value: Any) -> Any:
    """A text that holds a whole sheet (a draft of a scheme) as what stands in it."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value
    return value


def entered() -> list[str]:
    """Every Chinese text people or other offices put in, the longest first; what the platform itself wrote down in its
    own words (a snapshot of titles, a due's label) is no excuse for showing it in Chinese."""
    own = set(words_of_data.words()) | words_of_codes()
    found: set[str] = set()
    kinds = (models.CharField, models.TextField, models.JSONField, EncryptedTextField)
    for model in apps.get_models():
        if not model.__module__.startswith("qingyuan."):
            continue
        names = [one.attname for one in model._meta.concrete_fields if isinstance(one, kinds)]
        for row in model._base_manager.all() if names else ():
            found.update(text for name in names for text in strings(written(getattr(row, name))))
            if isinstance(row, Sealed):
                found.update(strings(row.answers if isinstance(row, ServedPaper) else row.words))
    lines = {line.strip() for text in found for line in text.splitlines()} - own
    return sorted((line for line in lines if len(line) > 1 and HAN.search(line)), key=len, reverse=True)


def in_chinese_by_intent(tag: Any) -> bool:
    """Whether the text stands in a part that says it is Chinese: the text of a paper, a clause, the switch."""
    parents = [one for one in tag.parents if isinstance(one, Tag) and one.name != "html"]
    return any(str(one.get("lang", "")).startswith("zh") for one in parents)


def texts(page: BeautifulSoup) -> Iterator[str]:
    for node in page.find_all(string=True):
        parent = node.parent
        if not isinstance(node, Comment) and parent is not None and parent.name not in ("script", "style", "title"):
            if not in_chinese_by_intent(node):
                yield " ".join(node.split())
    for tag in page.find_all(True):
        if not in_chinese_by_intent(tag) and not str(tag.get("lang", "")).startswith("zh"):
            yield from (str(tag[name]) for name in ATTRIBUTES if tag.get(name))


def left_in_chinese(response: HttpResponse, known: list[str]) -> list[str]:
    """What is neither English nor anybody's own words."""
    left = []
    for text in texts(BeautifulSoup(response.content.decode(), "html.parser")):
        if not HAN.search(text):
            continue
        rest = AS_TYPED.sub(" ", text)
        for entry in known:
            if not HAN.search(rest):
                break
            rest = rest.replace(entry, " ")
        if HAN.search(AS_TYPED.sub(" ", rest)):
            left.append(text)
    return left


def ways_into(planted: Planted, address: Address) -> list[dict[str, Any]]:
    """A few ways to fill an address: of the rows of every ledger one each would say little more than two."""
    try:
        return list(islice(filled(planted, address), 2))
    except CannotFill:
        return []


def pages() -> list[Address]:
    return [one for one in addresses() if one.name.startswith("web:") and not NOT_PAGES.search(one.route)]


@pytest.mark.long
@pytest.mark.once
def test_no_page_shows_an_english_reader_our_words_in_chinese(planted: Planted) -> None:
    known, wrong, seen = entered(), set(), set()
    for who in WHO:
        browser = Client()
        browser.force_login(planted.accounts[who])
        for address in pages():
            for kwargs in ways_into(planted, address):
                url = url_of(address, kwargs)
                response = browser.get(url, headers=ENGLISH)
                if response.status_code == 200 and "html" in response["Content-Type"]:
                    seen.add(address.name)
                    wrong |= {f"{address.route}: {text}" for text in left_in_chinese(response, known)}
    assert not wrong, "\n".join(sorted(wrong))
    assert seen >= MAIN, MAIN - seen


def test_the_search_for_leftovers_finds_one(city: City) -> None:
    """The walk above would be worth nothing if it could not see a word: the Chinese page is full of them."""
    response = browser_of(city, "clerk").get(reverse("web:ledgers"))
    assert {"会议台账", "台账"} <= set(left_in_chinese(response, entered()))


def test_the_module_of_data_words_is_the_data_of_today() -> None:
    assert words_of_data.FILE.read_text(encoding="utf-8") == words_of_data.module_text(), "python3 run.py messages"


def test_every_word_of_data_has_its_english() -> None:
    with override("en"):
        assert [word for word in words_of_data.words() if HAN.search(said(word))] == []
    assert [word for word in words_of_data.words() if said(word) != word] == []


def test_every_code_and_schedule_has_its_english() -> None:
    with override("en"):
        assert [f"{name} {code.code}" for name in catalogue.list_names() for code in catalogue.get_list(name) if HAN.search(code.said)] == []
        assert [code for code in schedules.schedule_codes() if HAN.search(schedules.get_schedule(code).said)] == []


def test_titles_are_one_whether_the_file_or_the_catalogue_says_them() -> None:
    with override("en"):
        assert {one.code: said(one.title) for one in indicators.catalogue().versions()} == {
            one.code: one.title_en for one in indicators.catalogue().versions()
        }
        assert [said(one.title) for one in shipped_layouts()] == [one.title_en for one in shipped_layouts()]


def test_a_citys_own_word_stays_as_it_is_written() -> None:
    with override("en"):
        assert said("本市自己的一项") == "本市自己的一项" and said("") == ""
    assert DATA == "data"


def test_articles_are_cited_in_the_language_of_the_page() -> None:
    assert statutes.cite("DR14(2)").said == "《戒毒条例》第十四条第二款"
    with override("en"):
        assert statutes.cite("DR14(2)").said == "Drug Rehabilitation Regulations, art. 14(2)"
        assert statutes.cite("CL287-1").said == "Criminal Law, art. 287-1"
        assert statutes.describe("NL33-35;DR19") == (
            "Narcotics Control Law, arts. 33–35; Drug Rehabilitation Regulations, art. 19"
        )
        assert [key for key in statutes.article_keys() if HAN.search(statutes.cite(key).said)] == []
        assert statutes.cite("DR14(2)").label == "《戒毒条例》第十四条第二款"


def test_every_sentence_of_a_shipped_score_can_be_said_in_english() -> None:
    left = []
    for name in shipped_names():
        scheme = shipped(name)
        for clause in (*(clause for group in scheme.groups for clause in group.clauses), *scheme.vetoes):
            rule = rule_of(clause)
            told = [rule.title, sentence_of(clause, rule)]
            for example in clause.examples:
                found = score_clause(clause, numbers_given(clause, example, {}), scheme)
                told += [found.arithmetic, *(reading.words for reading in found.readings)]
            with override("en"):
                left += [phrased(text) for text in told if HAN.search(phrased(text))]
    assert left == []


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("满分 10,每缺 1 人次扣 0.5,扣完为止", "Full marks 10, 0.5 off per 1 person-times missed, down to nothing"),
        ("≥ 98% 得 5,低于 95% 得 0", "≥ 98% gives 5, below 95% gives 0"),
        ("应检 1,214 · 已检 203 · 缺检 11", "Tests due 1,214 · Tested 203 · Missed 11"),
        ("距先进差 3.2 分", "3.2 points short of Excellent"),
        ("否决事项尚未认定:弄虚作假、泄露戒毒人员信息", "Vetoes not yet decided: Falsification, Leak of data of people in treatment"),
        ("本市自定的规矩", "本市自定的规矩"),
    ],
)
def test_a_sentence_of_the_score_is_said_phrase_by_phrase(chinese: str, english: str) -> None:
    assert phrased(chinese) == chinese
    with override("en"):
        assert phrased(chinese) == english


def test_the_words_in_place_of_closed_points_are_said() -> None:
    with override("en"):
        assert [graded(word) for word in ("优", "优或良", "优至差")] == ["Excellent", "Excellent or Good", "Excellent to Poor"]


def test_a_yes_no_column_is_split_into_yes_and_no() -> None:
    of_yes_no = Breakdown("urban", "城镇")
    assert [slice_name(of_yes_no, code) for code in ("true", "false", "")] == ["是", "否", ""]
    with override("en"):
        assert [slice_name(of_yes_no, code) for code in ("true", "false")] == ["Yes", "No"]
    # A code list may have such a code of its own.
    assert slice_name(Breakdown("sex", "性别", "sexes"), "true") == "true"


def test_a_test_schedule_is_split_by_its_name() -> None:
    by_schedule = Breakdown("schedule", "检测计划")
    assert slice_name(by_schedule, "A").startswith("甲种")
    with override("en"):
        assert slice_name(by_schedule, "A").startswith("A: monthly")


def cells_of(response: HttpResponse) -> list[str]:
    assert response.status_code == 200, response.status_code
    book = openpyxl.load_workbook(BytesIO(response.content))
    return [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]


FILES = (
    ("supervisor", "ledger-export", {"code": "measures"}, "when=all"),
    ("supervisor", "ledger-template", {"code": "measures"}, ""),
    ("clerk", "indicator-export", {"code": "R05", "kind": "xlsx"}, ""),
    ("clerk", "letter-export", {"suffix": "xlsx"}, ""),
    ("clerk", "return-export", {}, ""),
    ("clerk", "papers-export", {}, ""),
    ("officer", "exhibits-export", {}, "show=all"),
)


def test_files_are_chinese_whatever_language_their_maker_reads(planted: Planted) -> None:
    for who, name, kwargs, query in FILES:
        browser = Client()
        browser.force_login(planted.accounts[who])
        url = f"{reverse(f'web:{name}', kwargs=kwargs)}?{query}"
        chinese, english = browser.get(url), browser.get(url, headers=ENGLISH)
        assert cells_of(english) == cells_of(chinese), name
        assert any(HAN.search(cell) for cell in cells_of(english)), name
        assert english["Content-Disposition"] == chinese["Content-Disposition"], name


def test_the_machine_interface_tells_texts_in_chinese(planted: Planted) -> None:
    browser = Client()
    browser.force_login(planted.accounts["supervisor"])
    told = browser.get("/api/v1/ledgers/measures?when=all", headers=ENGLISH).json()
    assert {row["texts"]["kind"] for row in told["rows"]} <= {"社区戒毒", "社区康复"} and told["rows"]


def test_what_is_made_in_chinese_leaves_the_page_as_it_was() -> None:
    make = in_chinese(lambda: said("条"))
    with override("en"):
        assert make() == "条" and said("条") == "entries"


def test_an_english_reader_finds_by_the_english_name(city: City) -> None:
    browser = browser_of(city, "clerk")
    found = text_of(browser.get(reverse("web:search"), {"q": "meetings"}, headers=ENGLISH))
    assert "Meetings" in found and "Leadership meetings on drug control" in found


def test_problems_of_a_file_are_told_in_the_language_of_who_brought_it(city: City) -> None:
    browser = browser_of(city, "clerk")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["区划", "年份", "常住人口", "来源"], ["无此镇", "2021", "许多", "统计局"]):
        sheet.append(row)
    content = BytesIO()
    book.save(content)
    content.seek(0)
    content.name = "常住人口.xlsx"
    answer = browser.post(reverse("web:import-start", args=["population"]), {"file": content}, headers=ENGLISH)
    page = browser.get(answer["Location"], headers=ENGLISH)
    assert page.status_code == 200
    assert left_in_chinese(page, ["常住人口.xlsx", "无此镇", "许多", "统计局", "区划", "年份", "常住人口", "来源", *entered()]) == []


def test_every_ledger_says_its_title_in_english() -> None:
    with override("en"):
        titles = {said(ledger.title) for ledger in registry.all_ledgers()}
    assert len(titles) == len(registry.all_ledgers()), "two ledgers must not have one name"
