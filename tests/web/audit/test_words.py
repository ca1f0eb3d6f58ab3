"""Every act and subject that the code writes has words: no inspector reads a program's name for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from django.utils.translation import override

from qingyuan.casework.enums import PaperMove
from qingyuan.casework.procedures.loading import all_procedures
from qingyuan.ledgers import registry
from qingyuan.web.audit import words
from tests.census.house import PACKAGE


def writings() -> Iterator[ast.Call]:
    """Every call of the audit's writer. A file that does not name it is not read as code."""
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if WRITER in text:
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == WRITER:
                    yield node


WRITER = "record_write"
WRITINGS = tuple(writings())


def said_in_code(keyword: str) -> Iterator[str]:
    """The literal values of ``keyword=…`` in every call of the audit's writer."""
    for node in WRITINGS:
        for given in node.keywords:
            if given.arg == keyword and isinstance(given.value, ast.Constant) and given.value.value:
                yield str(given.value.value)


ACTS = sorted({*said_in_code("act")})
STEPS = sorted(f"{one.code}s.{step.code}" for one in all_procedures().values() for step in one.steps)
SUBJECTS = sorted({*said_in_code("ledger"), *(ledger.code for ledger in registry.all_ledgers())})


@pytest.mark.parametrize("act", [*ACTS, *STEPS, *(f"papers.{move.value}" for move in PaperMove)])
def test_every_act_has_words(act: str) -> None:
    assert "." in act
    with override("zh-hans"):
        assert words.write_act(act) != act and not words.write_act(act).isascii()


@pytest.mark.parametrize("code", [*SUBJECTS, "impact", "closings", "hand-overs", "policy"])
def test_every_subject_has_words(code: str) -> None:
    with override("zh-hans"):
        assert words.subject(code) != code


def test_what_nobody_gave_words_is_told_as_it_is_and_seen() -> None:
    assert len(ACTS) > 25 and words.write_act("nobody.knows") == "nobody.knows" and words.subject("nobody") == "nobody"


def test_one_word_of_two_rooms_says_what_each_does() -> None:
    """«enter» fills in a figure of a return, and an address for reminders."""
    with override("zh-hans"):
        assert words.write_act("contacts.enter") == "填写提醒方式" != words.write_act("returns.enter")
        assert words.write_act("impact.sign") != words.write_act("letters.sign")
        assert words.write_act("papers.approve") == "签发" and words.write_act("supervision_orders.escalate") != "supervision_orders.escalate"
