"""The only writer of draws for surprise tests: commit to a seed, freeze the list, reveal the seed. Nobody chooses who is drawn.

The seed is made and its hash shown before the list is known; the list is frozen before the seed is shown; from both anybody
recomputes who was drawn (``foundation.draws``, ``qingyuan draw check``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock, draws
from qingyuan.foundation.enums import Compartment
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Unit
from qingyuan.rehabilitation.models import Measure, TestDraw

LEDGER = "draws"
MOST = 200


class CannotDraw(ValueError):
    """The step cannot be taken; the message says why and what to do."""


@transaction.atomic
def begin(*, unit: Unit, test_on: date, size: int, by: Actor) -> TestDraw:
    """Make a seed nobody sees and publish its hash. Raises CannotDraw for a day that has passed or a number that is none."""
    if test_on < clock.today():
        raise CannotDraw(_("抽检日期已经过去,请选今天或以后的日子。"))
    if not 1 <= size <= MOST:
        raise CannotDraw(_("抽取人数要在 1 到 %(most)s 之间。") % {"most": MOST})
    seed = draws.new_seed()
    made = TestDraw.objects.create(
        division_id=unit.division_id,
        unit=unit,
        test_on=test_on,
        size=size,
        seed=seed,
        seed_hash=draws.commit(seed),
        committed_at=clock.now(),
        committed_by_id=by.account_id,
        committed_by_name=by.name[:40],
    )
    _told(made, "draws.commit", by)
    return made


@transaction.atomic
def freeze(*, draw_id: UUID, by: Actor) -> TestDraw:
    """Fix the list: everybody under a measure of the unit on the day of the test. Raises CannotDraw."""
    made = TestDraw.objects.select_for_update().get(pk=draw_id)
    if made.frozen_at is not None:
        raise CannotDraw(_("名单已经锁定,不能再改。"))
    found = listed(made)
    if len(found) < made.size:
        message = _("名单只有 %(all)s 人,不够抽 %(size)s 人:请另起一次抽检,把人数改小。")
        raise CannotDraw(message % {"all": len(found), "size": made.size})
    made.frozen, made.list_hash, made.frozen_at = list(found), draws.list_hash(found), clock.now()
    made.save(update_fields=("frozen", "list_hash", "frozen_at"))
    _told(made, "draws.freeze", by)
    return made


@transaction.atomic
def reveal(*, draw_id: UUID, by: Actor) -> TestDraw:
    """Show the seed and draw. Raises CannotDraw before the list is frozen and before the day of the test."""
    made = TestDraw.objects.select_for_update().get(pk=draw_id)
    if made.frozen_at is None:
        raise CannotDraw(_("先锁定名单,再公布种子:次序反了就没有人能证明没有挑人。"))
    if made.revealed_at is not None:
        raise CannotDraw(_("种子已经公布过。"))
    if clock.today() < made.test_on:
        raise CannotDraw(_("到抽检当天(%(day)s)才能公布种子。") % {"day": made.test_on.isoformat()})
    made.drawn = list(draws.draw(made.seed, made.frozen, made.size))
    made.revealed_at = clock.now()
    made.save(update_fields=("drawn", "revealed_at"))
    _told(made, "draws.reveal", by)
    return made


def listed(made: TestDraw) -> Sequence[str]:
    """Everybody under a measure of the draw's unit on its day, as this list calls them (``draws.lot_of``), sorted."""
    measures: Any = Measure.objects.filter(unit_id=made.unit_id)
    running = measures.in_force_on(made.test_on)
    return sorted({draws.lot_of(made.pk, pk) for pk in running.values_list("client_id", flat=True)})


def _told(made: TestDraw, act: str, by: Actor) -> None:
    after = {"seed_hash": made.seed_hash, "list_hash": made.list_hash, "size": made.size, "drawn": len(made.drawn)}
    audit.record_write(
        by=by,
        act=act,
        ledger=LEDGER,
        rows=[audit.RowDelta(row_id=made.pk, compartment=Compartment.COMMUNITY, before=None, after=after)],
        division_id=made.division_id,
        summary=made.seed_hash[:16],
    )
