"""The only writers of divisions and of their closure table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from qingyuan.foundation import audit
from qingyuan.organisation.actor import Actor
from qingyuan.organisation.models import Division, DivisionPath
from qingyuan.organisation.rules import BadDivisionTable, DivisionLine, closure, doubled, kind_of, parent_code


@transaction.atomic
def load(*, lines: Sequence[DivisionLine], valid_from: date, by: Actor) -> int:
    """Load divisions of any depth below what is already there; the same table again adds nothing.

    ``lines`` carry official codes; a line hangs under the nearest known ancestor. Returns how many were added.
    Raises BadDivisionTable and writes nothing when a code is malformed or appears twice.
    """
    twice = doubled(lines)
    if twice:
        raise BadDivisionTable(_("区划代码重复:%(codes)s。请只保留一行。") % {"codes": "、".join(twice[:5])})
    present = {division.code: division.pk for division in Division.objects.on(valid_from)}
    fresh = [line for line in lines if line.full_code not in present]
    created = Division.objects.bulk_create(
        Division(
            code=line.full_code,
            name=line.name,
            level=line.level,
            kind=kind_of(line.name),
            urban=line.urban,
            valid_from=valid_from,
        )
        for line in sorted(fresh, key=lambda line: line.full_code)
    )
    ids = present | {division.code: division.pk for division in created}
    parents = {ids[code]: _parent_id(code, ids) for code in ids}
    new_ids = {division.pk for division in created}
    DivisionPath.objects.bulk_create(
        (
            DivisionPath(ancestor_id=ancestor, descendant_id=descendant, depth=depth, valid_from=valid_from)
            for ancestor, descendant, depth in closure(parents)
            if descendant in new_ids
        ),
        batch_size=2000,
    )
    audit.record_write(by=by, act="divisions.load", ledger="divisions", rows=[], summary=f"+{len(created)}")
    return len(created)


def _parent_id(code: str, ids: dict[str, int]) -> int | None:
    parent = parent_code(code, set(ids))
    return ids[parent] if parent else None


@transaction.atomic
def merge(*, division: Division, into: Division, on: date, by: Actor) -> None:
    """``division`` ends on day ``on`` and hangs under ``into`` from then: its old rows roll up to the successor.

    Raises BadDivisionTable when ``into`` is, or stands under, ``division``: the tree would become a circle.
    """
    descendants = list(
        DivisionPath.objects.on(on).filter(ancestor=division).values_list("descendant_id", "depth")
    )
    if into.pk in {pk for pk, _depth in descendants}:
        raise BadDivisionTable(
            _("%(into)s就是或在%(division)s之内,不能并入:请选另一个区划。") % {"into": into.name, "division": division.name}
        )
    above_new = list(DivisionPath.objects.on(on).filter(descendant=into).values_list("ancestor_id", "depth"))
    inside = [pk for pk, _depth in descendants]
    DivisionPath.objects.on(on).filter(descendant_id__in=inside).exclude(ancestor_id__in=inside).update(valid_to=on)
    DivisionPath.objects.bulk_create(
        DivisionPath(ancestor_id=ancestor, descendant_id=pk, depth=above + 1 + below, valid_from=on)
        for pk, below in descendants
        for ancestor, above in above_new
    )
    Division.objects.filter(Q(pk=division.pk)).update(valid_to=on)
    audit.record_write(
        by=by,
        act="divisions.merge",
        ledger="divisions",
        rows=[],
        division_id=into.pk,
        summary=f"{division.code}->{into.code} {on:%Y-%m-%d}",
    )
