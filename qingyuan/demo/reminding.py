"""Four people of the city have proved where they are reached and chose it; the words of this morning are in the outbox."""

from __future__ import annotations

from qingyuan.casework.actions import reminders
from qingyuan.foundation import clock
from qingyuan.journeys import reminding
from qingyuan.organisation.actions import contacts
from qingyuan.organisation.actor import actor_of
from qingyuan.organisation.enums import ContactChannel
from qingyuan.organisation.models import Account

#: No telephone number: any of eleven digits may be somebody's.
REACHED = ("longdong", "longdong.sg", "longdong.ld", "office")
CHANNELS = (ContactChannel.EMAIL, ContactChannel.MESSENGER)


def reach() -> None:
    """Enter, prove and choose as each of them would, then say this morning's words; in the demo nothing leaves."""
    on = clock.today()
    for account in Account.objects.filter(username__in=REACHED).select_related("unit__division"):
        by = actor_of(account, on)
        for channel in CHANNELS:
            address = f"{account.username}@example.gov.cn" if channel == ContactChannel.EMAIL else account.username
            code = contacts.enter(account=account, channel=channel, address=address, by=by)
            contacts.verify(account=account, channel=channel, code=f"{code:06d}", by=by)
        chosen = ["in_page", *(channel.value for channel in CHANNELS)]
        # No quiet hours: the day of the demo stands still, so a morning after would never come.
        reminders.choose(account=account, channels=chosen, quiet_from=0, quiet_to=0, digest_hour=8, version=0, by=by)
        reminding.remind_of_the_day(account, on)
    reminders.deliver()
