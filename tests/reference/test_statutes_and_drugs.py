"""Articles can be cited by their key; drug thresholds keep the law's ratio and dates."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from qingyuan.reference import drugs, statutes
from qingyuan.reference.catalogue import get_list
from qingyuan.reference.statutes import UnknownArticle, UnknownLaw, chinese_number, cite, cite_all, describe

DAY = date(2022, 10, 1)


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("DR14", "《戒毒条例》第十四条"),
        ("DR14(2)", "《戒毒条例》第十四条第二款"),
        ("DR22(2)", "《戒毒条例》第二十二条第二款"),
        ("NL38(1)", "《禁毒法》第三十八条第一款"),
        ("CL287-1", "《刑法》第二百八十七条之一"),
        ("PS25-84", "《治安管理处罚法》第八十四条"),
        ("PS12-72(3)", "《治安管理处罚法（旧）》第七十二条第三款"),
        ("SPC16-1", "《法释〔2016〕8 号》第一条"),
    ],
)
def test_a_key_becomes_a_citation(key: str, label: str) -> None:
    assert str(cite(key)) == label


def test_a_citation_has_title_article_and_one_line() -> None:
    article = cite("DR14")
    assert (article.title, article.article) == ("戒毒条例", "第十四条")
    assert "十五日内报到" in article.text_short


@pytest.mark.parametrize("key", ["", "DR", "DR999", "XX1", "第十四条", "DR14(二)"])
def test_an_article_that_is_not_on_file_is_refused(key: str) -> None:
    with pytest.raises(UnknownArticle):
        cite(key)


def test_several_keys_are_cited_together() -> None:
    assert [article.key for article in cite_all("DR14;DR38;")] == ["DR14", "DR38"]


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        ("NL33-35;DR19", "《禁毒法》第三十三至三十五条；《戒毒条例》第十九条"),
        ("CL347-357", "《刑法》第三百四十七至三百五十七条"),
        ("CL287-1", "《刑法》第二百八十七条之一"),
        ("CPL112", "《刑事诉讼法》第一百一十二条"),
        ("NL28", "《禁毒法》第二十八条"),
        ("CPL", "《刑事诉讼法》"),
        ("DR7(2)", "《戒毒条例》第七条第二款"),
        ("档案法;XX5", "档案法；XX5"),
        ("", ""),
    ],
)
def test_a_legal_basis_is_written_out(basis: str, words: str) -> None:
    assert describe(basis) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (10, "十"),
        (14, "十四"),
        (20, "二十"),
        (100, "一百"),
        (108, "一百零八"),
        (110, "一百一十"),
        (1259, "一千二百五十九"),
    ],
)
def test_articles_are_numbered_in_chinese(number: int, words: str) -> None:
    assert chinese_number(number) == words


def test_every_written_article_number_agrees_with_its_key() -> None:
    for key in statutes.article_keys():
        found = re.fullmatch(r"[A-Z]+(?:[0-9]+-)?([0-9]+)", key)
        if found and key.startswith(
            ("NL", "DR", "PIPL", "CPL", "MPSADM19-", "PS12-", "PS25-", "SPC16-", "CIV", "STAT")
        ):
            assert cite(key).article == f"第{chinese_number(int(found[1]))}条", key


def test_every_article_has_its_law_its_words_and_holds_no_longer_than_the_law() -> None:
    keys = statutes.article_keys()
    assert len(keys) == len(set(keys)) >= 60
    for key in keys:
        article = cite(key)
        assert article.article.startswith("第") or key == "RW18-1"
        assert 6 <= len(article.text_short) <= 60, key
        law = article.law
        assert law.valid_from is not None
        assert article.valid_from is not None
        assert article.valid_from >= law.valid_from
        assert law.valid_to is None or (article.valid_to is not None and article.valid_to <= law.valid_to)


def test_every_law_runs_forward_and_its_successor_is_on_file() -> None:
    for key in statutes.law_keys():
        law = statutes.law(key)
        assert law.valid_from is not None
        assert law.valid_to is None or law.valid_from < law.valid_to
        if law.replaced_by:
            assert law.valid_to is not None
            assert statutes.law(law.replaced_by).in_force(law.valid_to), key
    with pytest.raises(UnknownLaw):
        statutes.law("NOPE")


def test_the_old_public_order_law_ends_the_day_the_new_one_begins() -> None:
    turn = date(2026, 1, 1)
    assert not cite("PS12-72").in_force(turn)
    assert cite("PS25-84").in_force(turn)
    assert not cite("PS25-84").in_force(DAY)


def test_every_threshold_is_five_to_one() -> None:
    seen = 0
    for code in get_list("drugs"):
        threshold = drugs.amount_threshold(code.code, DAY)
        if threshold is not None:
            assert threshold.large_g == 5 * threshold.fairly_large_g, code
            seen += 1
    assert seen >= 33


@pytest.mark.parametrize(
    ("drug", "fairly", "large"),
    [
        ("OP01", "10", "50"), ("OP02", "200", "1000"), ("ST01", "10", "50"), ("ST02", "10", "50"),
        ("ST04", "20", "100"), ("KE01", "100", "500"), ("OP04", "200", "1000"), ("CA01", "30000", "150000"),
        ("OP11", "0.002", "0.01"), ("OP09", "25", "125"), ("PL02", "40000", "200000"),
    ],
)  # fmt: skip
def test_known_thresholds(drug: str, fairly: str, large: str) -> None:
    threshold = drugs.amount_threshold(drug, DAY)
    assert threshold is not None
    assert (threshold.fairly_large_g, threshold.large_g) == (Decimal(fairly), Decimal(large))


def test_a_drug_without_statutory_number_has_none_and_no_index() -> None:
    assert drugs.amount_threshold("SE05", date(2024, 1, 1)) is None
    assert drugs.comparable_index("SE05", Decimal(100), date(2024, 1, 1)) is None


def test_a_threshold_of_the_2016_interpretation_does_not_reach_back() -> None:
    assert drugs.amount_threshold("KE01", date(2016, 4, 10)) is None
    assert drugs.amount_threshold("KE01", date(2016, 4, 11)) is not None
    assert drugs.amount_threshold("OP01", date(2010, 1, 1)) is not None


def test_the_index_weighs_heroin_one_and_ketamine_a_tenth() -> None:
    assert drugs.comparable_index("OP01", Decimal(50), DAY) == Decimal(50)
    assert drugs.comparable_index("KE01", Decimal(50), DAY) == Decimal(5)


def test_every_drug_has_a_group_of_the_group_list() -> None:
    groups = get_list("drug_groups")
    for code in get_list("drugs"):
        assert drugs.group_of(code.code) in groups
        assert code.extra["un_group"]


def test_a_substance_is_controlled_from_its_listing_on() -> None:
    assert not drugs.is_controlled("SE05", date(2023, 9, 30))
    assert drugs.is_controlled("SE05", date(2023, 10, 1))
    assert not drugs.is_controlled("UN01", DAY)
    assert drugs.is_controlled("OP01", DAY)
