"""A log tells what broke and where, and of nobody: neither by an error's words nor by what a line quotes."""

from __future__ import annotations

import logging
import sys
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyuan.foundation import quiet_logging
from qingyuan.foundation.quiet_logging import QuietFormatter, blotted, told, watch_for_the_uncaught, without_words
from qingyuan.ledgers.importing import jobs
from tests.cast import id_number

NAME, NUMBER, PHONE = "阚晓雾", id_number(601), "13912349876"
SECRETS = (NAME, NUMBER, PHONE, "暗巷七号")


def failing() -> Exception:
    try:
        try:
            raise KeyError(f"{NAME} {NUMBER}")
        except KeyError as error:
            raise ValueError(f"{PHONE} 住暗巷七号") from error
    except ValueError as error:
        return error


def line(message: str, *args: Any, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("qingyuan.x", logging.ERROR, "x.py", 1, message, args, info)
    return QuietFormatter("%(levelname)s %(name)s %(message)s").format(record)


def test_the_number_that_the_page_shows_stands_in_the_line_of_its_error() -> None:
    request, other = SimpleNamespace(), SimpleNamespace()
    number = quiet_logging.mark_error(request)
    record = logging.LogRecord("django.request", logging.ERROR, "x.py", 1, "Internal Server Error: /x/", (), None)
    record.request = request
    assert QuietFormatter("%(message)s").format(record) == f"Internal Server Error: /x/ [{number}]"
    record.request = other
    assert "[" not in QuietFormatter("%(message)s").format(record) and quiet_logging.mark_error(other) != number


def test_an_error_is_told_by_kind_and_place_and_never_by_its_words() -> None:
    text = line("duty %s failed", "facts", error=failing())
    assert "duty facts failed" in text and "builtins.ValueError at" in text and "builtins.KeyError at" in text
    assert "test_quiet_logging.py:" in text and "failing" in text
    assert not [secret for secret in SECRETS if secret in text]


def test_another_handler_s_text_of_the_error_is_not_taken_over() -> None:
    error = failing()
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "m", (), (type(error), error, error.__traceback__))
    logging.Formatter().format(record)
    assert record.exc_text and NAME in record.exc_text
    assert NAME not in QuietFormatter("%(message)s").format(record) and NAME in record.exc_text


@pytest.mark.parametrize(
    "words",
    [
        f"Not Found: /people/{NAME}/",
        f"Not Found: /{NUMBER}",
        f"Invalid HTTP_HOST header: '{NAME}.{NUMBER}'",
        f"tel:{PHONE}",
        "Not Found: /%E9%98%9A%E6%99%93%E9%9B%BE/",
        "said \\u961a\\u6653\\u96fe",
        f"{NAME[0]}·{NAME[1:]} 等",
    ],
)
def test_what_may_be_a_person_is_blotted_out(words: str) -> None:
    out = line(words)
    assert "…" in out
    assert not any(piece in out for piece in (NAME, NAME[1:], NUMBER, PHONE, "%E9%98", "u961a"))


def test_the_program_s_own_words_and_numbers_stay() -> None:
    words = "batch 0190f3a2-7c1d-7b3e-9a44-123456789012 landed 2600 rows in 4.21 s, version 20221123181500"
    assert blotted(words) == words


@given(st.text(max_size=30))
def test_a_value_cannot_begin_a_line_of_its_own(value: str) -> None:
    assert "\n" not in line("seen %s", value) and "\r" not in line("seen %s", value)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=12))
def test_no_chinese_word_is_left(value: str) -> None:
    assert not set(line("x %s y", value)) & set(value)


def test_the_queue_is_given_an_error_without_words() -> None:
    @jobs.quiet
    def job(batch_id: str) -> None:
        raise failing()

    with pytest.raises(quiet_logging.JobFailed) as raised:
        job("x")
    text = str(raised.value)
    assert "builtins.ValueError at" in text and not [secret for secret in SECRETS if secret in text]
    assert raised.value.__cause__ is None and raised.value.__suppress_context__
    assert str(without_words(failing())) == told(failing()) or "ValueError" in told(failing())


def test_every_job_of_the_queue_is_quiet() -> None:
    for job in (jobs.check, jobs.promote, jobs.roll_out):
        assert hasattr(job.func, "__wrapped__"), job


def test_what_nobody_catches_ends_in_the_log_without_words(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    watch_for_the_uncaught()
    error = failing()
    sys.excepthook(type(error), error, error.__traceback__)
    [record] = caplog.records
    assert record.levelname == "CRITICAL"
    out = QuietFormatter("%(message)s").format(record)
    assert "ValueError at" in out and not [secret for secret in SECRETS if secret in out]


def test_a_ring_of_causes_ends() -> None:
    one, other = ValueError(NAME), KeyError(NAME)
    one.__cause__, other.__cause__ = other, one
    assert told(one).count("\n") == 1
