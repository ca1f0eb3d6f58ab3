"""Keys changed while the city works: data keys, index keys, the master key; each step safe to repeat after a crash.

An index key is changed in four steps, so that nobody searches in vain at any moment: it is added and searched under; when
every process has noticed, it writes; every row is brought under it; when a whole look finds nothing left under the earlier
key, that is searched no more. It stays in the ring, for a backup that was made before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction

from qingyuan.foundation import audit, crypto
from qingyuan.foundation.crypto import keyring
from qingyuan.foundation.crypto.ring import configured_suite
from qingyuan.foundation.enums import Compartment
from qingyuan.foundation.rotation import encrypted_columns, reencrypt
from qingyuan.ledgers import registry, reindexing
from qingyuan.organisation.actor import Actor

NOTICED_AFTER: Final = 5.0
"""Seconds after which every process has looked into the ring again (``ring.SECONDS_BETWEEN_LOOKS``) and finished a write."""
MOST_LOOKS: Final = 20
SERVER: Final = Actor(account_id=None, username="command-line", name="命令行", unit_id=None)
Tell = Callable[[str, int], None]


class StillMoving(RuntimeError):
    """Rows of the earlier key keep appearing; the change is not ended and is to be called again."""


@dataclass(frozen=True)
class Indexed:
    """``moved`` rows and people; ``equal``: (ledger, row) of rows that turned out to be entered twice."""

    moved: int
    equal: tuple[tuple[str, UUID], ...] = ()


def change_master(*, reason: str, by: Actor = SERVER) -> int:
    """Wrap all keys under a new master key; returns how many. Raises crypto.MasterStays."""
    count = keyring().rotate_master()
    _note("keys.master", str(count), reason, by)
    return count


def change_data_keys(*, compartment: Compartment, reason: str, by: Actor = SERVER) -> int:
    """A new data and a new record key; what is stored moves under them. Returns how many values moved."""
    _note("keys.data", compartment, reason, by)
    crypto.rotate(compartment)
    moved = sum(reencrypt(column) for column in encrypted_columns(compartment))
    return moved + audit.rewrap_record_keys(compartment)


def change_index_key(*, compartment: Compartment, reason: str, by: Actor = SERVER, tell: Tell | None = None) -> Indexed:
    """A new index key, from the first step to the last, or on from where an earlier call was cut off. Raises StillMoving."""
    ring = keyring()
    _note("keys.index", compartment, reason, by)
    step = ring.add_index_key(compartment, configured_suite())
    if step.writes != step.searched[-1]:
        time.sleep(NOTICED_AFTER)
        ring.write_with_newest_index_key(compartment)
    time.sleep(NOTICED_AFTER)
    done = index_anew([compartment], tell=tell)
    _note("keys.index_done", f"{compartment} {done.moved}", reason, by)
    if not done.equal:
        ring.search_newest_index_key_only(compartment)
    return done


def index_anew(compartments: Iterable[Compartment], *, tell: Tell | None = None) -> Indexed:
    """Look through every row until a whole look finds nothing to move: new columns are filled, rotated keys followed.

    Raises StillMoving.
    """
    moved, wanted = 0, list(compartments)
    for _look in range(MOST_LOOKS):
        found = _look_through(wanted, tell)
        moved += found.moved
        if not found.moved:
            return Indexed(moved, found.equal)
    raise StillMoving("总有新写入的行还在旧索引密钥下:请确认没有旧进程仍在运行,再执行一次")


def _look_through(compartments: list[Compartment], tell: Tell | None) -> Indexed:
    moved, equal = reindexing.reindex_people(compartments), []
    for ledger in registry.all_ledgers():
        if ledger.compartment in compartments:
            found = reindexing.reindex(ledger)
            moved += found.moved
            equal += [(ledger.code, pk) for pk in found.equal]
            if tell is not None and found.moved:
                tell(ledger.title, found.moved)
    return Indexed(moved, tuple(equal))


def _note(act: str, what: str, reason: str, by: Actor) -> None:
    with transaction.atomic():
        audit.record_write(by=by, act=act, ledger="keys", reason=reason, summary=str(what))
