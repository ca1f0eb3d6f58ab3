"""A unit's own layouts: bound from the blank workbook of the system it fills, changed, removed. Each step is audited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.foundation import audit, clock
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.importing.recipe import labels_of
from qingyuan.ledgers.importing.recognising import pointed_at
from qingyuan.ledgers.importing.sources import may_keep
from qingyuan.ledgers.layouts.layout import BadLayout, Layout, LayoutColumn, bound, checked
from qingyuan.ledgers.models import OwnLayout
from qingyuan.ledgers.reading.header import find_headers
from qingyuan.ledgers.reading.open import Workbook
from qingyuan.organisation.actor import Actor

LONGEST_TITLE = 60


def own_layouts(actor: Actor, on: date) -> list[OwnLayout]:
    """The own layouts of the actor's unit, of the ledgers it keeps."""
    if actor.unit_id is None:
        return []
    found = OwnLayout.objects.filter(unit_id=actor.unit_id, retired_at=None)
    return [one for one in found if may_keep(actor, one.ledger, one.unit_id, on)]


def open_layout(actor: Actor, layout_id: UUID, on: date) -> OwnLayout | None:
    return next((one for one in own_layouts(actor, on) if one.pk == layout_id), None)


def from_blank(ledger: Ledger, workbook: Workbook, *, title: str, system: str, row: int | None) -> Layout:
    """A first layout from the blank workbook of a system: its headers in order, bound where their text says so.

    ``row``: where the header is, None = to be found. Raises BadLayout, BadRecipe, UnreadableFile saying what to do.
    """
    if row is not None:
        sheet = next((each for each in workbook.sheets if not each.hidden), workbook.sheets[0])
        header = pointed_at(sheet, (row, row), ledger.columns)
    else:
        found = find_headers(workbook, ledger.columns)
        if not found:
            raise BadLayout(_("没有认出表头:请填上表头在第几行。"))
        header = found[0]
    columns = bound(labels_of(header), header.columns, ledger)
    return checked(
        Layout(
            key="", ledger=ledger.code, title=title, system=system, columns=columns, sheet=header.sheet,
            titles=tuple(text for text in header.titles if ":" not in text and ":" not in text), own=True,
        ),
        ledger,
        title,
    )  # fmt: skip


@transaction.atomic
def save(*, layout: Layout, by: Actor, stored: OwnLayout | None = None) -> OwnLayout:
    """Keep ``layout`` as the unit's own. Raises BadLayout for a title missing or taken, or a binding that cannot be."""
    ledger = registry.get(layout.ledger)
    title = " ".join(layout.title.split())
    if not title or len(title) > LONGEST_TITLE:
        raise BadLayout(_("请给格式起个名称,最多 %(most)s 个字。") % {"most": LONGEST_TITLE})
    if not may_keep(by, ledger.code, by.unit_id, clock.today()) or by.unit_id is None:
        raise BadLayout(_("您的角色不填报这本台账,不能为它加格式。"))
    checked(replace(layout, title=title), ledger, title)
    same = OwnLayout.objects.filter(unit_id=by.unit_id, ledger=ledger.code, title=title, retired_at=None)
    if (same.exclude(pk=stored.pk) if stored else same).exists():
        raise BadLayout(_("已有同名的格式,请换一个名称。"))
    kept = stored or OwnLayout(unit_id=by.unit_id, ledger=ledger.code)
    kept.title = title
    kept.content = {
        "system": layout.system,
        "sheet": layout.sheet,
        "titles": list(layout.titles),
        "columns": [column.as_json() for column in layout.columns],
    }
    kept.saved_at, kept.saved_by_id = clock.now(), by.account_id
    kept.save()
    _audit(kept, "layout_save", by, summary=f"{sum(bool(c.source) for c in layout.columns)}/{len(layout.columns)} columns")
    return kept


@transaction.atomic
def remove(*, stored: OwnLayout, by: Actor) -> None:
    stored.retired_at = clock.now()
    stored.save(update_fields=["retired_at"])
    _audit(stored, "layout_remove", by)


def with_columns(layout: Layout, columns: Sequence[LayoutColumn]) -> Layout:
    return replace(layout, columns=tuple(columns))


def _audit(stored: OwnLayout, act: str, by: Actor, *, summary: str = "") -> None:
    audit.record_write(
        by=by,
        act=f"{stored.ledger}.{act}",
        ledger=stored.ledger,
        row_id=stored.pk,
        division_id=by.division_id,
        summary=summary,
        reason=stored.title,
    )
