"""The only writers of tests in the course of enforcement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qingyuan.enforcement import rules
from qingyuan.enforcement.models import EnforcementTest
from qingyuan.enforcement.people import index_people, who_indexes
from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing

LEDGER = "enforcement_tests"
TEST, RETEST = "lab", "lab_retest"


def prepare(drafts: Sequence[Draft], writing: Writing) -> None:
    """Index each person; a laboratory does not check its own finding."""
    index_people(drafts, dated_by="tested_on")
    tested = _tested_in_a_laboratory(drafts, writing)
    for draft in drafts:
        draft.problems += rules.not_in_future(draft.values, ("tested_on",), writing.on)
        institution, day = draft.values.get("institution"), draft.values.get("tested_on")
        if draft.values.get("method") != RETEST or not institution or day is None:
            continue
        earlier = [one for one in tested.get(draft.extra.get("who_index", ""), ()) if one[0] <= day]
        if earlier and max(earlier)[1] == institution:
            draft.refuse("institution", _("复检和检测不能是同一家机构,请核对检测机构。"))


def record(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(LEDGER), drafts, writing)


def change(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(LEDGER), changes, writing)


def void(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(LEDGER), rows, writing)


def _tested_in_a_laboratory(drafts: Sequence[Draft], writing: Writing) -> dict[str, list[tuple[date, str]]]:
    """Days and institutions of each person's laboratory tests, among the unit's rows and the drafts themselves."""
    found: dict[str, list[tuple[date, str]]] = {}
    # While index keys are being rotated, earlier rows of the same person may stand under another index.
    who = {
        index: str(draft.extra.get("who_index", ""))
        for draft in drafts
        if draft.values.get("method") == RETEST
        for index in who_indexes(draft.values)
    }
    own = EnforcementTest.objects.filter(unit_id=writing.by.unit_id, who_index__in=list(who), method=TEST)
    for index, day, institution in own.values_list("who_index", "tested_on", "institution"):
        found.setdefault(who[index], []).append((day, institution))
    for draft in drafts:
        day, institution = draft.values.get("tested_on"), draft.values.get("institution")
        if draft.values.get("method") == TEST and day and institution:
            found.setdefault(str(draft.extra.get("who_index", "")), []).append((day, institution))
    return found
