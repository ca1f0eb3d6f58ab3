"""Which layouts there are: the files of this folder that are in force, and a unit's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import yaml
from django.utils.translation import gettext as _

from qingyuan.ledgers import registry
from qingyuan.ledgers.layouts.layout import BadLayout, Layout, built, fits, layout_from
from qingyuan.ledgers.models import OwnLayout

FOLDER: Final = Path(__file__).parent


def layouts_for(ledger: str, unit_id: int | None, on: date) -> list[Layout]:
    """Layouts of a ledger on a day, the unit's own first."""
    return layouts_of([ledger], unit_id, on)


def layouts_of(ledgers: Sequence[str], unit_id: int | None, on: date) -> list[Layout]:
    """Layouts of these ledgers on a day, ledger by ledger, of each the unit's own first; one question for all."""
    kept = OwnLayout.objects.filter(ledger__in=list(ledgers), unit_id=unit_id, retired_at=None) if unit_id else ()
    own = [of_own(one) for one in kept]
    found: list[Layout] = []
    for ledger in ledgers:
        found += [one for one in own if one.ledger == ledger and fits(one, registry.get(ledger))]
        found += [one for one in shipped() if one.ledger == ledger and one.valid_on(on)]
    return found


def layout_named(key: str, ledger: str, unit_id: int | None, on: date) -> Layout | None:
    """The layout called ``key`` that the unit may use for the ledger; None when there is none."""
    return next((one for one in layouts_for(ledger, unit_id, on) if one.key == key), None)


def of_own(stored: OwnLayout) -> Layout:
    """A unit's own layout as it was kept, whether or not it still fits."""
    data = {**stored.content, "code": str(stored.pk), "ledger": stored.ledger, "title": stored.title, "own": True}
    return built(data, stored.title)


@cache
def shipped() -> tuple[Layout, ...]:
    """Every layout file whose ledger is kept in this installation. Raises BadLayout for the first that is wrong."""
    known = {ledger.code for ledger in registry.all_ledgers()}
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict) or data.get("code") != path.stem:
            raise BadLayout(_("%(file)s:code 要与文件名一致") % {"file": path.name})
        if data.get("ledger") in known:
            found.append(layout_from(data, registry.get(data["ledger"]), path.name))
    return tuple(found)
