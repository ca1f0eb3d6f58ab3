"""Sentences of a reckoning: a pattern and what stands in it; Chinese as filed, another language when a page is read in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation
from django.utils.translation import trans_real
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.foundation.words import DATA
from qingyuan.reference import clocks
from qingyuan.reference.clocks import Event, Term, sentences
from qingyuan.reference.clocks.sentences import Sentence, spoken, told, written
from qingyuan.web.words_of_data import HAN, running_codes, words

GAP = re.compile(r"%\((\w+)\)s")
ENGLISH = {
    sentences.NEXT_DAY: "%(day)s: %(what)s; %(term)s, counted from the next day",
    sentences.ROLLED: "%(end)s is a day off (%(holiday)s): moved to %(due)s",
    sentences.ENDS: "ends on %(day)s",
    sentences.EXTENDED: "%(day)s: %(what)s, %(term)s more",
    sentences.NOT_APPROVED: "%(what)s: nobody says that %(who)s approved",
    sentences.OCCASION: "%(day)s %(what)s: %(why)s",
    sentences.DAYS_LESS: "%(days)s days, %(off)s lawful taken off",
    "%(amount)s 日": "%(amount)s days",
    "收到责令社区戒毒决定书": "decision of community detox received",
    "周末": "weekend",
}


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A page read in English, whose catalogue knows the sentences of this test."""
    with translation.override("en"):
        catalogue = trans_real.translation("en")._catalog  # type: ignore[attr-defined]
        for chinese, said in ENGLISH.items():
            monkeypatch.setitem(catalogue._catalogs[0], f"{DATA}\x04{chinese}", said)
        yield


def test_every_sentence_and_every_length_is_a_word_of_the_catalogue() -> None:
    gathered = set(words())
    spoken_words = {one for one in (*sentences.PATTERNS, *sentences.LENGTHS.values()) if HAN.search(one)}
    assert spoken_words <= gathered
    assert len(sentences.PATTERNS) > 40


def test_what_stands_in_the_sentences_of_a_clock_that_rows_run_is_a_word_of_the_catalogue_too() -> None:
    gathered = set(words())
    assert {"D20", "D22", "D40", "D72", "D206"} <= running_codes()
    for code in running_codes():
        found = clocks.get_clock(code)
        for text in (found.trigger, found.act, found.note, *(one.zh for one in found.effects)):
            assert not text or text in gathered, (code, text)


def test_a_reckoning_reads_in_english_while_what_is_filed_stays_chinese(english: None) -> None:
    said = clocks.start("D20", date(2022, 11, 4))  # the fifteenth day is a Saturday
    assert [one.said for one in said.reasons] == [
        "2022-11-04: decision of community detox received; 15 days, counted from the next day",
        "2022-11-19 is a day off (weekend): moved to 2022-11-21",
        "ends on 2022-11-21",
    ]
    assert said.reasons[0].text == "2022-11-04 收到责令社区戒毒决定书,当日不计,次日起算 15 日"
    assert said.as_json()["reasons"][-1]["text"] == "2022-11-21 届满"


def test_a_note_made_of_a_pattern_reads_in_english_and_an_unknown_word_stays_as_it_is_written(english: None) -> None:
    events = [Event("decided", date(2022, 3, 15), 1), Event("extended", date(2024, 3, 1), 2, term=Term.parse("6 month"))]
    said = clocks.answer("D40", events, on=date(2024, 3, 2))
    assert any("nobody says that" in told(note) for note in said.notes)
    assert any("没有写批准机关" in note for note in said.notes), "filed as it was"
    assert told("本市自己的说明") == "本市自己的说明"


def test_why_an_occasion_counts_is_said_inside_the_sentence_about_it(english: None) -> None:
    why = Sentence(sentences.DAYS_LESS, days=7, off=3)
    assert (why, told(why)) == ("7 日,扣除合法离开 3 日", "7 days, 3 lawful taken off")
    told_of = spoken(sentences.OCCASION, {"day": date(2022, 9, 3), "what": "擅自离开", "why": why})
    assert told_of.endswith(": 7 days, 3 lawful taken off")


@given(st.sampled_from(sentences.PATTERNS), st.text(max_size=8), st.dates())
def test_a_sentence_says_whatever_is_put_into_it_percent_signs_and_all(pattern: str, text: str, day: date) -> None:
    params = {name: day if name == "day" else text for name in GAP.findall(pattern)}
    made = written(pattern, params)
    expected = pattern
    for name in params:
        expected = expected.replace(f"%({name})s", f"\x00{name}\x00")
    for name, value in params.items():
        expected = expected.replace(f"\x00{name}\x00", str(value))
    assert made == expected
    assert spoken(pattern, params) == made, "in Chinese both are the same"
