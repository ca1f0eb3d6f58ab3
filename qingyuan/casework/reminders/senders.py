"""What carries a reminder: an SMTP server, an HTTP gateway, or the outbox itself where nothing is to leave (the demo).

Chosen by settings. A sender raises Unreachable (try again) or Rejected (never again), with words for the log only: what
stands in the row is a code of ``Refusal``. Nothing follows a redirect; every step has a timeout.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import smtplib
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

from django.conf import settings

from qingyuan.casework.enums import Channel
from qingyuan.casework.reminders.sentences import Said

TIMEOUT: Final = 10
SUBJECT: Final = "清源提醒"
SIGNATURE: Final = "X-Qingyuan-Signature"
_AGAIN: Final = frozenset({408, 425, 429})
_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Unreachable(Exception):
    """The other side did not answer, or asked to come again."""


class Rejected(Exception):
    """The other side does not take this reminder, and will not later."""


class Sender(Protocol):
    """``leaves``: whether anything goes out; else the row is held in the outbox and shows what would have left."""

    @property
    def leaves(self) -> bool: ...

    def send(self, *, reminder_id: UUID, address: str, said: Said) -> None: ...


class OutboxSender:
    leaves = False

    def send(self, *, reminder_id: UUID, address: str, said: Said) -> None:
        """Nothing leaves."""


@dataclass(frozen=True)
class SmtpSender:
    """``smtps://user:password@host:465?from=…`` or ``smtp://…:587`` (STARTTLS, asked of every host but this machine)."""

    url: str
    leaves: bool = True

    def send(self, *, reminder_id: UUID, address: str, said: Said) -> None:
        message = EmailMessage()
        message["Subject"], message["To"] = SUBJECT, address
        message["From"] = dict(parse_qsl(urlsplit(self.url).query))["from"]
        message["Message-ID"] = f"<{reminder_id}@qingyuan.invalid>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(said.words)
        try:
            self._hand_over(message)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise (Rejected if _is_final(error) else Unreachable)("mail not taken") from None
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(type(error).__name__) from None

    def _hand_over(self, message: EmailMessage) -> None:
        parts = urlsplit(self.url)
        context = ssl.create_default_context()
        host = parts.hostname or ""
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT)
        with server:
            if parts.scheme == "smtp" and host not in _THIS_MACHINE:
                server.starttls(context=context)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)


def _is_final(error: smtplib.SMTPException) -> bool:
    """5xx is final, 4xx comes again (RFC 5321 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    code = getattr(error, "smtp_code", 0)
    return isinstance(code, int) and code >= 500


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """A gateway that moves is set anew by the administrator, never followed."""
        return None


@dataclass(frozen=True)
class HttpSender:
    """POSTs ``{"id", "to", "code", "numbers", "text"}`` as JSON, signed with the shared secret (HMAC-SHA256 of the body).

    ``id`` is the same at every try, so that a gateway that took one already can leave the next.
    """

    url: str
    secret: str
    leaves: bool = True

    def send(self, *, reminder_id: UUID, address: str, said: Said) -> None:
        content = {
            "id": str(reminder_id),
            "to": address,
            "code": said.sentence.value,
            "numbers": list(said.numbers),
            "text": said.words,
        }
        body = json.dumps(content, ensure_ascii=False).encode()
        mark = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json; charset=utf-8", SIGNATURE: f"sha256={mark}"}
        request = urllib.request.Request(self.url, data=body, headers=headers, method="POST")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
        try:
            with opener.open(request, timeout=TIMEOUT) as answer:
                answer.read(1024)
        except urllib.error.HTTPError as error:
            error.close()
            again = error.code >= 500 or error.code in _AGAIN
            raise (Unreachable if again else Rejected)(f"HTTP {error.code}") from None
        except OSError as error:
            raise Unreachable(type(error).__name__) from None


def sender_for(channel: str) -> Sender | None:
    """What carries ``channel`` in this installation; None where it is not set up. In the demo nothing leaves."""
    if settings.QINGYUAN_DEMO:
        return OutboxSender()
    if channel == Channel.EMAIL and settings.QINGYUAN_EMAIL_URL:
        return SmtpSender(settings.QINGYUAN_EMAIL_URL)
    gateway = {Channel.SMS: settings.QINGYUAN_SMS, Channel.MESSENGER: settings.QINGYUAN_MESSENGER}.get(Channel(channel))
    return HttpSender(gateway["url"], gateway["secret"]) if gateway else None


def offered() -> list[Channel]:
    """The channels outside the page that this installation can use."""
    return [channel for channel in Channel if channel != Channel.IN_PAGE and sender_for(channel) is not None]
