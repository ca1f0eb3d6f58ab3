"""Reminders as lines: one's own with their words, those of others without."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from qingyuan.casework.enums import Channel, ReminderState
from qingyuan.casework.models import Reminder
from qingyuan.casework.reminders import queries, senders
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.enums import ContactChannel
from qingyuan.organisation.models import Account, Contact
from qingyuan.web.reminders.forms import AddressForm, CodeForm
from qingyuan.web.shapes import Cell, Empty, Header, Row, Table

SHOWN = 100
TONES = {
    ReminderState.WAITING: "calm",
    ReminderState.SENDING: "soon",
    ReminderState.SENT: "good",
    ReminderState.HELD: "grey",
    ReminderState.GIVEN_UP: "late",
}


@dataclass(frozen=True)
class Way:
    """One channel outside the page: what is known of it and the one form that takes it further."""

    channel: str
    label: str
    address: str
    proved: bool
    form: AddressForm | None
    code_form: CodeForm | None


def own_table(actor: Actor) -> Table:
    rows = [_row(one, [Cell(one.said.words, note=one.get_sentence_display())]) for one in queries.own(actor)[:SHOWN]]
    headers = [Header(_("提醒")), Header(_("渠道")), Header(_("状态")), Header(_("时间"))]
    empty = Empty(_("还没有提醒"), _("工作日早上,有到期或逾期的工作时在这里提示一次。"))
    return Table(headers, rows, empty, caption=_("我的提醒"))


def outbox_table(actor: Actor, on: date) -> Table:
    """Whose unit, which way, what became of it; never what it says (the numbers are not even read)."""
    rows = [_row(one, [Cell(one.account.unit.label)]) for one in queries.outbox(actor, on)[:SHOWN]]
    headers = [Header(_("收件人单位")), Header(_("渠道")), Header(_("状态")), Header(_("时间"))]
    return Table(headers, rows, Empty(_("发件箱是空的"), _("工作日早上生成的提醒在这里排队。")), caption=_("发件箱"))


def standing(actor: Actor, on: date) -> list[str]:
    """«短信 · 已发出 12» for each channel and state there is."""
    counted = queries.standing(queries.outbox(actor, on))
    return [
        f"{Channel(channel).label} · {ReminderState(state).label} {count}"
        for (channel, state), count in sorted(counted.items())
    ]


def ways(account: Account, bound: AddressForm | CodeForm | None = None) -> list[Way]:
    """The channels this installation offers; ``bound`` is the form that was refused."""
    held = {contact.channel: contact for contact in Contact.objects.filter(account=account)}
    return [_way(ContactChannel(channel.value), held.get(channel.value), bound) for channel in senders.offered()]


def _way(channel: ContactChannel, contact: Contact | None, bound: AddressForm | CodeForm | None) -> Way:
    proved = contact is not None and contact.verified_at is not None
    mine = bound if bound is not None and bound.data.get("channel") == channel.value else None
    initial = {"channel": channel.value}
    form = mine if isinstance(mine, AddressForm) else AddressForm(initial=initial, auto_id=f"{channel.value}_%s")
    code = mine if isinstance(mine, CodeForm) else CodeForm(initial=initial, auto_id=f"{channel.value}_code_%s")
    waits = contact is not None and not proved
    address = contact.address or "" if contact is not None else ""
    return Way(channel.value, str(channel.label), address, proved, None if proved else form, code if waits else None)


def _row(one: Reminder, first: Iterable[Cell]) -> Row:
    at = timezone.localtime(one.sent_at or one.not_before).strftime("%Y-%m-%d %H:%M")
    refused = str(one.get_refused_display()) if one.refused else ""
    tried = _("试过 %(tries)d 次") % {"tries": one.tries} if one.tries > 1 else ""
    note = " · ".join(words for words in (refused, tried) if words)
    state = ReminderState(one.state)
    return Row([*first, Cell(str(one.get_channel_display())), Cell(str(state.label), note=note, tone=TONES[state]), Cell(at)])
