"""The only writer of contacts. The code itself leaves once, to be sent, and is kept only as a digest."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import ContactChannel
from qingyuan.organisation.models import Account, Contact
from qingyuan.organisation.rules import address_problem, clean_address

CODE_LASTS: Final = timedelta(minutes=15)
#: A code asked for again sooner would make the platform ring somebody's telephone without end.
CODE_AGAIN: Final = timedelta(minutes=1)
MOST_TRIES: Final = 5
_CODES: Final = 1_000_000


class ContactRefused(ValueError):
    """The contact stays as it was; the message says what to do."""


@transaction.atomic
def enter(*, account: Account, channel: str, address: str, by: Actor) -> int:
    """Keep the holder's own address, not proved yet; returns the code of six digits to be sent to it. Raises ContactRefused."""
    _own(account, by)
    if channel not in ContactChannel.values:
        raise ContactRefused(_("没有这个渠道,请从列出的渠道中选。"))
    address = clean_address(address)
    if problem := address_problem(channel, address):
        raise ContactRefused(problem)
    now, code = clock.now(), secrets.randbelow(_CODES)
    held = Contact.objects.select_for_update().filter(account=account, channel=channel).first()
    if held is not None and held.code_until is not None and held.code_until - CODE_LASTS + CODE_AGAIN > now:
        raise ContactRefused(_("验证码刚刚发过,请过一分钟再试。"))
    contact = held or Contact(account=account, channel=channel)
    contact.address, contact.entered_at, contact.verified_at = address, now, None
    contact.code_until, contact.code_tries = now + CODE_LASTS, 0
    contact.code_digest = _digest(contact, code)
    contact.save()
    audit.record_write(by=by, act="contacts.enter", ledger="accounts", rows=[], summary=channel)
    return code


def verify(*, account: Account, channel: str, code: str, by: Actor) -> None:
    """The holder has read the code where the address leads. Raises ContactRefused; a wrong try is counted all the same."""
    _own(account, by)
    if problem := _try(account, channel, code.strip(), by):
        raise ContactRefused(problem)


@transaction.atomic
def _try(account: Account, channel: str, code: str, by: Actor) -> str:
    """What is wrong, or "" when the address is proved now. Returned, so that counting the try is not undone."""
    contact = Contact.objects.select_for_update().filter(account=account, channel=channel).first()
    if contact is None or not contact.code_digest or contact.code_until is None:
        return _("没有等待核实的联系方式,请先填写。")
    if clock.now() > contact.code_until or contact.code_tries >= MOST_TRIES:
        return _("验证码已失效,请重新填写联系方式,再发一个。")
    contact.code_tries += 1
    proved = code.isascii() and code.isdigit() and constant_time_compare(_digest(contact, int(code[:9])), contact.code_digest)
    if proved:
        contact.verified_at, contact.code_digest = clock.now(), ""
    contact.save()
    if proved:
        audit.record_write(by=by, act="contacts.verify", ledger="accounts", rows=[], summary=channel)
        return ""
    return _("验证码不对,请看最近一次收到的。")


@transaction.atomic
def forget(*, account: Account, channel: str, by: Actor) -> None:
    """Nothing is sent there any more and the address is gone. Raises ContactRefused."""
    _own(account, by)
    gone, _each = Contact.objects.filter(account=account, channel=channel).delete()
    if gone:
        audit.record_write(by=by, act="contacts.forget", ledger="accounts", rows=[], summary=channel)


def _own(account: Account, by: Actor) -> None:
    if by.account_id is None or by.account_id != account.pk:
        raise ContactRefused(_("联系方式只由本人填写。"))


def _digest(contact: Contact, code: int) -> str:
    """Bound to the account, the channel and the address: a code proves nothing else."""
    value = f"{contact.account_id}:{contact.channel}:{contact.address}:{code:06d}"
    return salted_hmac("qingyuan.contacts", value, algorithm="sha256").hexdigest()
