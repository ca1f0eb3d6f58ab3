"""Opening somebody's rows in an emergency (紧急查阅): found by a whole number or a whole name with the birth date, never browsed.

Only the asker's own compartment is looked into, with that compartment's own indexes, and only ledgers whose line of the
policy table allows it; a sealed ledger and the compartments behind the inner walls are not asked at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock, identity
from qingyuan.foundation.audit.models import ReadEntry
from qingyuan.foundation.crypto import blind_indexes
from qingyuan.foundation.enums import Compartment
from qingyuan.ledgers import queries, registry
from qingyuan.ledgers.columns import Column
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.kinds import Kind
from qingyuan.organisation.actions import emergency as actions
from qingyuan.organisation.actions.emergency import EmergencyRefused
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import EmergencyLook
from qingyuan.organisation.scope import emergency_role
from qingyuan.reference.matching import spellings
from qingyuan.rehabilitation.queries import clients

ASKED: Final = "emergency"
CLIENTS: Final = "clients"
#: So often in a day may one account ask, whether somebody is found or not: the search tells who is on the register.
MOST_ASKED: Final = 6


@dataclass(frozen=True)
class Wanted:
    """Whom one asks for: the whole ID number, or the whole name with the birth date."""

    number: str = ""
    name: str = ""
    born: date | None = None

    @property
    def query(self) -> str:
        return self.number or f"{self.name} {self.born}"


@dataclass(frozen=True)
class Found:
    """``rows``: (ledger, row), the person's own row first; ``names``: as the rows write it, never shown by this search."""

    compartment: Compartment
    rows: list[tuple[str, UUID]]
    names: frozenset[str]


def home_of(actor: Actor) -> Compartment | None:
    """The compartment in which ``actor`` may open a row in an emergency; roles of two sides never meet in one account."""
    return next((one for one in Compartment if _ledgers(actor, one)), None)


def open_for(*, wanted: Wanted, reason: str, article: str, by: Actor, path: str, address: str = "") -> EmergencyLook:
    """Find one person and open the rows. Every attempt is in the read audit before anything is looked for.

    Errors: EmergencyRefused with what to do.
    """
    home = home_of(by)
    if home is None:
        raise EmergencyRefused(_("您的角色没有可以紧急查阅的记录。"))
    wanted = _whole(wanted)
    actions.check_words(reason, article)
    since = clock.now() - timedelta(days=1)
    asked = ReadEntry.objects.using("audit").filter(actor_id=by.account_id, act=ASKED, at__gt=since)
    if asked.count() >= MOST_ASKED:
        raise EmergencyRefused(
            _("一天最多紧急查找 %(most)d 次。确需再查的,请对方单位值班人员代查。") % {"most": MOST_ASKED}
        )
    audit.record_read(
        by=by, act=ASKED, ledger=ASKED, path=path, address=address, reason=reason.strip(), query=wanted.query
    )
    found = find(by, home, wanted, clock.today())
    if any(name in reason for name in found.names):
        raise EmergencyRefused(_("事由会给复核人看:不要写姓名。"))
    return actions.open_look(compartment=home, rows=found.rows, reason=reason, article=article, by=by)


def find(actor: Actor, home: Compartment, wanted: Wanted, on: date) -> Found:
    """The rows of exactly one person that ``actor`` does not reach already. Raises EmergencyRefused."""
    numbers = {wanted.number} if wanted.number else set(_numbers(actor, home, wanted))
    if len(numbers) > 1:
        raise EmergencyRefused(_("同名同日出生的不止一人:请改用身份证号。"))
    rows: list[tuple[Ledger, Any]] = []
    for ledger in _ledgers(actor, home):
        column = _column(ledger, Kind.ID_NUMBER)
        for number in numbers:
            rows += [(ledger, row) for row in _whole_value(ledger, column, [number])]
    if not rows:
        raise EmergencyRefused(_("没有查到这个人:请写全、核对后再查。这次查找已记入日志。"))
    names = {str(_column(ledger, Kind.PERSON_NAME).value_of(row)) for ledger, row in rows}
    out_of_reach = list(_out_of_reach(actor, rows, on))
    if not out_of_reach:
        raise EmergencyRefused(_("这个人的记录本来就在您的范围内,直接打开即可,不必紧急查阅。"))
    return Found(home, out_of_reach, frozenset(names))


def _out_of_reach(actor: Actor, rows: list[tuple[Ledger, Any]], on: date) -> Iterator[tuple[str, UUID]]:
    """What the rows hang on first (the client), then the rows, without those one reads anyway."""
    people = {row.client_id for _ledger, row in rows if hasattr(row, "client_id")}
    mine = set(clients(actor, on).filter(pk__in=people).values_list("pk", flat=True)) if people else set()
    yield from ((CLIENTS, person) for person in sorted(people - mine))
    for ledger in {ledger.code: ledger for ledger, _row in rows}.values():
        ids = [row.pk for owner, row in rows if owner is ledger]
        reached = set(queries.rows(ledger, actor, on).filter(pk__in=ids).values_list("pk", flat=True))
        yield from ((ledger.code, pk) for pk in ids if pk not in reached)


def _whole(wanted: Wanted) -> Wanted:
    """The number with its check digit, or the name with the birth date. Raises EmergencyRefused."""
    if wanted.number.strip():
        try:
            return Wanted(number=identity.parse(wanted.number.strip()).text)
        except identity.BadIdentityNumber as error:
            raise EmergencyRefused(str(error)) from None
    name = identity.normalise_name(wanted.name)
    if len(name) < 2 or wanted.born is None:
        raise EmergencyRefused(_("请写全 18 位身份证号,或写全姓名和出生日期。"))
    return Wanted(name=name, born=wanted.born)


def _numbers(actor: Actor, home: Compartment, wanted: Wanted) -> Iterator[str]:
    """The ID numbers of people of that whole name who were born on that day."""
    for ledger in _ledgers(actor, home):
        number = _column(ledger, Kind.ID_NUMBER)
        for row in _whole_value(ledger, _column(ledger, Kind.PERSON_NAME), spellings(wanted.name)):
            text = str(number.value_of(row) or "")
            if text and identity.parse(text, from_original=True).birth_date == wanted.born:
                yield text


def _ledgers(actor: Actor, home: Compartment) -> list[Ledger]:
    """The ledgers of people in which the table lets ``actor`` open a row."""
    return [
        ledger
        for ledger in registry.all_ledgers()
        if ledger.compartment == home
        and not ledger.sealed
        and emergency_role(actor, home, ledger.code) is not None
        and all(any(c.kind == kind and c.index for c in ledger.columns) for kind in (Kind.ID_NUMBER, Kind.PERSON_NAME))
    ]


def _column(ledger: Ledger, kind: Kind) -> Column:
    return next(column for column in ledger.columns if column.kind == kind and column.index)


def _whole_value(ledger: Ledger, column: Column, values: Any) -> list[Any]:
    purpose = queries.purpose_of(column)
    indexes = [index for value in values for index in blind_indexes(ledger.compartment, purpose, value)]
    found = ledger.with_related(ledger.model.objects.filter(**{f"{column.index.replace('.', '__')}__in": indexes}))
    return list(found.order_by("pk"))
