"""What a process of its own does for the kill test: found a small city, check a large batch, promote it, take it up again.

``python -m tests.security.killing founding|promoting|resuming`` with the city's environment set by the parent.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date, timedelta

import django

ROWS = 2600  # above what goes in as one transaction, so that rows are stored in chunks nobody sees
PERSON = "核对甲"


def founding() -> None:
    """Migrates both databases, founds one town with a supervisor, receives and checks a file of ROWS measures."""
    schema.lay()
    setter = Actor(account_id=None, username="set-up", name="初始化", unit_id=None)
    lines = [DivisionLine("999981", "云岭市"), DivisionLine("999981101", "龙洞镇")]
    divisions.load(lines=lines, valid_from=date(2015, 1, 1), by=setter)
    town = Division.objects.get(name="龙洞镇")
    unit = Unit.objects.create(code="longdong", name="龙洞镇人民政府", kind="town", division=town, zone="commission")
    account = Account.objects.create(username="supervisor", name="吴主任", unit=unit)
    RoleGrant.objects.create(
        account=account, role=Role.TOWN_SUPERVISOR, division=town, start=date(2015, 1, 1), granted_by="set-up"
    )
    by = actor_of(account, clock.today())
    batch = receive(ledger=registry.get("measures"), filename="大表.csv", content=large_file(), by=by)
    batch = check(batch_id=batch.id, by=by)
    say(state=batch.state, new=batch.new_count, bad=batch.bad_count, batch=str(batch.id))


def large_file() -> bytes:
    lines = ["姓名,身份证号,措施,执行地,决定日期"]
    for number in range(ROWS):
        born = date(1970, 1, 1) + timedelta(number)
        first = f"999999{born:%Y%m%d}{number * 2 % 998 + 1:03d}"
        lines.append(f"{PERSON},{first}{identity.check_digit(first)},社区戒毒,龙洞镇,2022-05-01")
    return "\n".join(lines).encode()


def promoting() -> None:
    batch = ImportBatch.objects.get()
    promote(batch_id=batch.id, by=supervisor())


def resuming() -> None:
    """What a worker does when it starts: take up what was left, work through it, seal."""
    before = visible()
    taken = jobs.resume()
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    again = jobs.resume()
    for database in ("default", "audit"):
        audit.seal(database)
    reports = [audit.verify(database).ok for database in ("default", "audit")]
    say(before=before, taken=taken, again=again, after=visible(), verified=all(reports))


def looking() -> None:
    say(**visible())


def visible() -> dict[str, object]:
    """What anybody could see: rows, people, facts, audit, dues; and the state of the batch."""
    actor, on = supervisor(), clock.today()
    ledger = registry.get("measures")
    return {
        "state": ImportBatch.objects.get().state,
        "rows": rows_of(ledger, actor, on).count(),
        "people": clients(actor, on).count(),
        "facts": FactRow.objects.count(),
        "outbox": OutboxEntry.objects.count(),
        "entries": WriteEntry.objects.filter(ledger="measures").exclude(act__startswith="clocks.").count(),
        "stored": ledger.model.everything.count(),
        "in_flight": InFlight.objects.count(),
        "followed": ImportBatch.objects.get().followed,
    }


def supervisor() -> Actor:
    return actor_of(Account.objects.select_related("unit__division").get(username="supervisor"), clock.today())


def say(**words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingyuan.config.settings")
    django.setup()

from django.core.management import call_command  # noqa: E402

from qingyuan.foundation import audit, clock, identity  # noqa: E402
from qingyuan.foundation.audit.models import WriteEntry  # noqa: E402
from qingyuan.ledgers import registry  # noqa: E402
from qingyuan.ledgers.importing import jobs  # noqa: E402
from qingyuan.ledgers.importing.check import check  # noqa: E402
from qingyuan.ledgers.importing.promote import promote  # noqa: E402
from qingyuan.ledgers.importing.receive import receive  # noqa: E402
from qingyuan.ledgers.models import FactRow, ImportBatch, InFlight, OutboxEntry  # noqa: E402
from qingyuan.ledgers.queries import rows as rows_of  # noqa: E402
from qingyuan.organisation.actions import divisions  # noqa: E402
from qingyuan.organisation.actor import Actor, actor_of  # noqa: E402
from qingyuan.organisation.enums import Role  # noqa: E402
from qingyuan.organisation.models import Account, Division, RoleGrant, Unit  # noqa: E402
from qingyuan.organisation.rules import DivisionLine  # noqa: E402
from qingyuan.rehabilitation.queries import clients  # noqa: E402
from tests import schema  # noqa: E402

if __name__ == "__main__":
    {"founding": founding, "promoting": promoting, "resuming": resuming, "looking": looking}[sys.argv[1]]()
