"""The only writers of codes and of what a person asks for. The person acts as «本人», without an account."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Final

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qingyuan.casework.actions import served_papers
from qingyuan.casework.enums import ServedState
from qingyuan.casework.models import ServedPaper
from qingyuan.casework.papers.permissions import NotAllowed
from qingyuan.casework.papers.rules import PaperRefused
from qingyuan.casework.serving.declared import form_called
from qingyuan.foundation import audit, clock
from qingyuan.foundation.crypto import blind_index, blind_indexes
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import Action
from qingyuan.organisation.scope import may
from qingyuan.rehabilitation.enums import AskedFor, AskedState
from qingyuan.rehabilitation.models import Client, Measure, OwnCode, OwnRequest
from qingyuan.rehabilitation.papers import OWN_CODE
from qingyuan.rehabilitation.people import HOME

#: Under which subject the audit and the table name them.
CODES: Final = "own-codes"
REQUESTS: Final = "own-requests"
PERSON: Final = Actor(account_id=None, username="own-page", name="本人", unit_id=None)
DIGITS: Final = 12
PIN_DIGITS: Final = 6
LONGEST: Final = 300
MOST_WAITING: Final = 5
_INDEX: Final = "own_code"


class OwnPageRefused(ValueError):
    """Nothing was done; the message says why and what to do."""


def tidy(code: str) -> str:
    """A code as it was typed, without the gaps it is printed with."""
    return "".join(one for one in code if one.isascii() and one.isdigit())


@transaction.atomic
def hand_out(*, client: Client, by: Actor) -> str:
    """A new code for the client; an earlier one stops at once. The code is returned this once, to be printed, and kept nowhere.
    With it goes a numbered paper (``paper_of``) whose receipt is signed; the code does not stand on it.

    Raises OwnPageRefused when the client is not ``by``'s, or its paper cannot be made.
    """
    held = Client.objects.select_for_update().get(pk=client.pk)
    _require_theirs(held, by)
    OwnCode.objects.filter(client=held, revoked_at=None).update(
        revoked_at=clock.now(), revoked_by_id=by.account_id, revoked_by_name=by.name
    )
    code = "".join(secrets.choice("0123456789") for _place in range(DIGITS))
    made = OwnCode.objects.create(
        client=held,
        code_index=blind_index(HOME, _INDEX, code),
        made_at=clock.now(),
        made_by_id=by.account_id,
        made_by_name=by.name,
    )
    _record(made.pk, "hand_out", CODES, by, held)
    _with_paper(held, by)
    return code


def paper_of(client: Client) -> ServedPaper | None:
    """The paper that went out with the code last handed out; None where no measure's row could bear one."""
    rows = Measure.objects.filter(client=client).values("pk")
    found: ServedPaper | None = ServedPaper.objects.filter(form=OWN_CODE, subject_id__in=rows).order_by("-drafted_at").first()
    return found


def _with_paper(client: Client, by: Actor) -> None:
    """Number the paper that is handed over with the code; an earlier one that nobody has signed for is taken back."""
    measure = Measure.objects.filter(client=client, unit_id=by.unit_id).select_related("client").order_by("-decided_on", "-pk").first()
    if measure is None:
        return
    before = paper_of(client)
    try:
        if before is not None and before.state == ServedState.ISSUED:
            served_papers.withdraw(paper=before, reason=gettext_noop("换发查询码,原来的一份没有送达"), version=before.version, by=by)
        made = served_papers.draft(form=form_called(OWN_CODE), row=measure, answers={}, by=by)
        served_papers.issue(paper=made, version=made.version, by=by)
    except (NotAllowed, PaperRefused) as refusal:
        raise OwnPageRefused(str(refusal)) from refusal


@transaction.atomic
def revoke(*, client: Client, by: Actor) -> int:
    """The paper was lost or is not wanted: the code opens nothing any more. Returns how many there were (0 or 1)."""
    _require_theirs(client, by)
    found = list(OwnCode.objects.select_for_update().filter(client=client, revoked_at=None))
    for one in found:
        one.revoked_at, one.revoked_by_id, one.revoked_by_name = clock.now(), by.account_id, by.name
        one.save()
        _record(one.pk, "revoke", CODES, by, client)
    return len(found)


@transaction.atomic
def expire(*, code: OwnCode, by: Actor) -> bool:
    """The measures are over and the paper is worth nothing any more (``by`` carries out an approved plan). False where it was revoked
    meanwhile."""
    held = OwnCode.objects.select_for_update().get(pk=code.pk)
    if held.revoked_at is not None:
        return False
    held.revoked_at, held.revoked_by_id, held.revoked_by_name = clock.now(), by.account_id, by.name
    held.save()
    _record(held.pk, "expire", CODES, by, held.client)
    return True


def code_of(typed: str) -> OwnCode | None:
    """The valid paper with this code."""
    indexes = blind_indexes(HOME, _INDEX, tidy(typed))
    return OwnCode.objects.filter(code_index__in=indexes, revoked_at=None).select_related("client__unit").first()


def opens(code: OwnCode | None, pin: str) -> bool:
    """Whether the PIN is the one set. As slow for a code that is not there, so that the two cannot be told apart."""
    kept = code.pin if code is not None else ""
    return check_password(pin, kept or make_password("")) and bool(kept)


@transaction.atomic
def set_pin(*, code: OwnCode, pin: str) -> None:
    """The person's first use. Raises OwnPageRefused: too easy, or set by somebody else meanwhile."""
    if wrong := wrong_pin(pin):
        raise OwnPageRefused(wrong)
    held = OwnCode.objects.select_for_update().get(pk=code.pk)
    if held.pin or held.revoked_at is not None:
        raise OwnPageRefused(_("这张纸上的查询码已经用过或者作废:如果不是您本人设置的,请马上找社工换一张。"))
    held.pin, held.pin_set_at = make_password(pin), clock.now()
    held.save()
    _record(held.pk, "set_pin", CODES, PERSON, held.client)


def wrong_pin(pin: str) -> str:
    """What is wrong with a PIN; empty when nothing is."""
    if len(pin) != PIN_DIGITS or not pin.isascii() or not pin.isdigit():
        return _("密码是 6 位数字。")
    steps = {(int(right) - int(left)) % 10 for left, right in zip(pin, pin[1:], strict=False)}
    if len(set(pin)) < 3 or steps in ({1}, {9}):
        return _("这个密码太容易猜,请换一个:不要用同一个数字或者 123456。")
    return ""


@transaction.atomic
def ask(*, client: Client, asked_for: AskedFor, words: str, from_day: date | None = None, until_day: date | None = None) -> OwnRequest:
    """The person asks for leave or a correction; it waits for the caseworker. Raises OwnPageRefused."""
    if not words.strip():
        raise OwnPageRefused(_("请写几个字说明。"))
    if asked_for == AskedFor.LEAVE:
        if from_day is None or until_day is None:
            raise OwnPageRefused(_("请填从哪天到哪天。"))
        if until_day < from_day or from_day < clock.today():
            raise OwnPageRefused(_("日期要从今天或以后开始,到的那天不能早于从的那天。"))
    # Behind the person's own lock, so that what is sent twice at once is counted one after the other.
    Client.objects.select_for_update().get(pk=client.pk)
    if OwnRequest.objects.filter(client=client, state=AskedState.WAITING).count() >= MOST_WAITING:
        raise OwnPageRefused(_("您有几项申请还没有答复:请等社工答复,或者直接打电话。"))
    made = OwnRequest.objects.create(
        client=client,
        unit_id=client.unit_id,
        division_id=client.division_id,
        asked_for=asked_for,
        from_day=from_day,
        until_day=until_day,
        words=words.strip()[:LONGEST],
        asked_at=clock.now(),
    )
    _record(made.pk, "ask", REQUESTS, PERSON, client)
    return made


@transaction.atomic
def answer(*, request: OwnRequest, agreed: bool, words: str, by: Actor) -> OwnRequest:
    """The caseworker answers, once. Raises OwnPageRefused."""
    held = OwnRequest.objects.select_for_update().select_related("client").get(pk=request.pk)
    if held.state != AskedState.WAITING:
        raise OwnPageRefused(_("已经答复过了。"))
    allowed = may(
        by, Action.CHANGE, compartment=Compartment.HELP, ledger=REQUESTS, on=clock.today(),
        unit_id=held.client.unit_id, caseworker_id=held.client.caseworker_id or 0,
    )  # fmt: skip
    if not allowed:
        raise OwnPageRefused(_("由这个人的社工或者本单位禁毒专干答复。"))
    if not agreed and not words.strip():
        raise OwnPageRefused(_("不同意的,请写明为什么、本人还可以怎么办。"))
    held.state = AskedState.AGREED if agreed else AskedState.REFUSED
    held.answer, held.answered_at = words.strip()[:LONGEST], clock.now()
    held.answered_by_id, held.answered_by_name = by.account_id, by.name
    held.save()
    _record(held.pk, "answer", REQUESTS, by, held.client)
    return held


def _require_theirs(client: Client, by: Actor) -> None:
    allowed = may(
        by, Action.CREATE, compartment=HOME, ledger=CODES, on=clock.today(),
        division_id=client.division_id, unit_id=client.unit_id, caseworker_id=client.caseworker_id or 0,
    )  # fmt: skip
    if not allowed:
        raise OwnPageRefused(_("查询码由这个人的社工或者本单位禁毒专干打印、作废。"))


def _record(row_id: object, act: str, ledger: str, by: Actor, client: Client) -> None:
    audit.record_write(by=by, act=f"{ledger}.{act}", ledger=ledger, row_id=row_id, division_id=client.division_id)  # type: ignore[arg-type]
