"""The declarations are sound: names are one each, lengths neither overlap nor leave a case out, words are unambiguous."""

from __future__ import annotations

from datetime import date

import pytest

from qingyuan.reference import clocks
from qingyuan.reference.clocks import BadTermText, Deed, Kind, Term, UnknownClock
from qingyuan.reference.clocks.declaration import _read
from qingyuan.reference.packs import UnknownPack
from qingyuan.reference.tables import BrokenTable

ENTRY = """
field: 检测
clocks:
  - code: X1
    name: 某期限
    trigger: 某事
    articles: DR14
    %s
"""


OF_REQUESTS = {"D208"}  # the answer to a request about one's own information
OF_EXHIBITS = {"D206", "D207"}  # beyond the collected list: what the rules on samples of seized drugs say


def test_the_number_of_clocks_is_that_of_the_source_and_those_of_exhibits() -> None:
    assert len(clocks.all_clocks()) == 137 + len(OF_EXHIBITS) + len(OF_REQUESTS)
    assert {one.code for one in clocks.all_clocks()} >= OF_EXHIBITS


def test_a_clock_is_found_by_its_code_and_by_its_older_name() -> None:
    assert clocks.get_clock("CD-REPORT") is clocks.get_clock("D20")
    with pytest.raises(UnknownClock, match="D01"):
        clocks.get_clock("NOPE")
    with pytest.raises(UnknownPack, match="national"):
        clocks.start("D20", date(2022, 3, 1), "atlantis")


@pytest.mark.parametrize("clock", clocks.all_clocks(), ids=lambda clock: clock.code)
def test_a_declaration_is_complete_and_unambiguous(clock: clocks.Clock) -> None:
    words = [one.event for one in clock.effects]
    assert len(words) == len(set(words))
    deeds = {one.deed for one in clock.effects}
    assert not deeds & {Deed.SUSPEND} or Deed.RESUME in deeds
    plain = [one for one in clock.terms if not one.option]
    for earlier, later in zip(plain, plain[1:], strict=False):
        assert earlier.valid_to == later.valid_from
    options = [one.option for one in clock.terms if one.option]
    assert len(options) == len(set(options)) and not (options and plain)
    if clock.kind in (Kind.DEADLINE, Kind.TERM, Kind.KEEP, Kind.BEFORE, Kind.LOOK_BACK, Kind.WITHIN_LAST):
        assert clock.terms
    if clock.of:
        assert all(clocks.get_clock(code).kind is not Kind.RULE for code in clock.of)
    if clock.kind is Kind.COUNTER:
        assert clock.counter and set(clock.counter["events"]) == set(clock.counter["names"])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("terms: [{term: soon}]", "看不懂"),
        ("length: 3 day", "length"),
        ("effects: [{event: a, zh: 甲, deed: fly}]", "fly"),
        ("effects: [{event: a, zh: 甲, deed: stop, who: 乙}]", "who"),
        ("kind: whatever", "whatever"),
        ("terms: [{term: 3 day, from: 2022-1-1}]", "2022-1-1"),
    ],
)
def test_a_wrong_declaration_names_the_file_and_the_code(line: str, why: str) -> None:
    with pytest.raises(BrokenTable, match="x.yaml.*X1") as refusal:
        _read("x.yaml", ENTRY % line)
    assert why in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("15 day", "15 日"),
        ("15日", "15 日"),
        ("3个工作日", "3 个工作日"),
        ("2 months", "2 个月"),
        ("24小时", "24 小时"),
        ("1 年", "1 年"),
    ],
)
def test_a_length_is_read_as_people_write_it(text: str, said: str) -> None:
    assert Term.parse(text).label == said


@pytest.mark.parametrize("text", ["", "day", "15", "-3 day", "1.5 month", "99999 day", "3 weeks", "三日"])
def test_another_length_is_refused(text: str) -> None:
    with pytest.raises(BadTermText, match="15 day"):
        Term.parse(text)
