"""Where reminders leave is set whole and encrypted, or not at all."""

from __future__ import annotations

import pytest

from qingyuan.config import environment
from qingyuan.config.environment import EnvironmentProblem


@pytest.mark.parametrize("value", [
    "smtps://user:pw@mail.example.gov.cn:465?from=qingyuan@example.gov.cn", "smtp://127.0.0.1:25?from=a@b.cn",
])  # fmt: skip
def test_a_mail_server_is_taken_as_it_is(value: str) -> None:
    assert environment.mail_server({"X": value}, "X") == value
    assert environment.mail_server({}, "X") == ""


@pytest.mark.parametrize("value", [
    "mail.example.gov.cn", "http://mail.example.gov.cn?from=a@b.cn", "smtps://mail.example.gov.cn", "smtps://?from=a@b.cn", "smtps://u:secret@m.cn?from=nobody",
])  # fmt: skip
def test_a_mail_server_that_cannot_be_is_explained_without_its_password(value: str) -> None:
    with pytest.raises(EnvironmentProblem) as refused:
        environment.mail_server({"X": value}, "X")
    assert "smtps://user:password@" in str(refused.value) and "secret" not in str(refused.value)


def test_a_gateway_needs_https_and_a_secret() -> None:
    secret = "0123456789abcdef"
    assert environment.gateway({}, "U", "S") is None
    assert environment.gateway({"U": "https://sms.example.gov.cn/send", "S": secret}, "U", "S") == {
        "url": "https://sms.example.gov.cn/send",
        "secret": secret,
    }
    assert environment.gateway({"U": "http://127.0.0.1:9000/send", "S": secret}, "U", "S")


@pytest.mark.parametrize(("url", "secret", "named"), [
    ("http://sms.example.gov.cn/send", "0123456789abcdef", "U"), ("", "0123456789abcdef", "U"),
    ("https://sms.example.gov.cn/send", "", "S"), ("https://sms.example.gov.cn/send", "short", "S"),
])  # fmt: skip
def test_half_a_gateway_is_refused_by_the_name_of_what_is_missing(url: str, secret: str, named: str) -> None:
    with pytest.raises(EnvironmentProblem) as refused:
        environment.gateway({"U": url, "S": secret}, "U", "S")
    assert refused.value.name == named and "short" not in str(refused.value)
