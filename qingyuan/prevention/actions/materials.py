"""The only writers of the store of publicity materials."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.prevention.actions.keeping import Keeper, not_future
from qingyuan.prevention.models import MaterialMove
from qingyuan.prevention.rules.materials import Move, shortage

materials = Keeper("materials")
NEEDED = ("moved_on", "slip", "material", "direction", "quantity")


class StoreShort(_writing.CannotVoid):
    """Without this slip the store would have given out more than it had."""


def prepare_materials(drafts: Sequence[Draft], writing: Writing) -> None:
    """Refuse the slips the store could not bear, given what is in the ledger and what stands in the same file."""
    stores: dict[tuple[int | None, str], list[Draft]] = defaultdict(list)
    for draft in drafts:
        not_future(draft, ("moved_on",), writing.on)
        if not draft.problems and all(draft.values.get(name) not in (None, "") for name in NEEDED):
            stores[(draft.unit_id, draft.values["material"])].append(draft)
    for (unit_id, material), together in stores.items():
        _judge(unit_id, material, together)


def _judge(unit_id: int | None, material: str, drafts: list[Draft]) -> None:
    replaced = {(d.values["moved_on"], d.values["slip"], d.values["direction"]) for d in drafts}
    targets = {draft.target_id for draft in drafts}
    stored = [
        _move(row)
        for row in MaterialMove.objects.filter(unit_id=unit_id, material=material)
        if row.pk not in targets and (row.moved_on, row.slip, row.direction) not in replaced
    ]
    coming = list(drafts)
    while (short := shortage([*stored, *(_coming(draft) for draft in coming)])) is not None:
        message = _("到 %(day)s 结存 %(have)d,不够发出 %(want)d:请先登记收入,或核对数量。") % {
            "day": short.move.day.isoformat(),
            "have": short.balance,
            "want": short.move.quantity,
        }
        blamed = short.move.mark if isinstance(short.move.mark, Draft) else coming[-1]
        blamed.refuse("quantity", message)
        coming.remove(blamed)
        if not coming:
            return


def _coming(draft: Draft) -> Move:
    values = draft.values
    return Move(values["moved_on"], values["direction"], values["quantity"], draft)


def _move(row: MaterialMove) -> Move:
    return Move(row.moved_on, row.direction, row.quantity, row)


@transaction.atomic
def void_materials(*, rows: Sequence[Any], writing: Writing) -> None:
    """Raises StoreShort when what was given out rests on the slips that are to go."""
    gone = {row.pk for row in rows}
    for unit_id, material in {(row.unit_id, row.material) for row in rows}:
        left = MaterialMove.objects.filter(unit_id=unit_id, material=material).exclude(pk__in=gone)
        short = shortage(_move(row) for row in left)
        if short is not None:
            raise StoreShort(
                _("作废后 %(day)s 的结存不够发出 %(want)d:请先作废那一天的发出。")
                % {"day": short.move.day.isoformat(), "want": short.move.quantity}
            )
    materials.void(rows=rows, writing=writing)
