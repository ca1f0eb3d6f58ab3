"""The only writers of associations and of the services bought from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qingyuan.ledgers import registry
from qingyuan.ledgers import writing as _writing
from qingyuan.ledgers.declaration import Draft, Writing
from qingyuan.participation import rules
from qingyuan.participation.models import Association

ASSOCIATIONS, CONTRACTS = "associations", "service_contracts"


class AssociationHasContracts(_writing.CannotVoid):
    """An association with live contracts cannot be voided; void the contracts first."""


def prepare_associations(drafts: Sequence[Draft], writing: Writing) -> None:
    for draft in drafts:
        code = draft.values.get("registration")
        if code:
            draft.values["registration"] = code.upper()
        draft.problems += rules.not_in_future(draft.values, ("registered_on", "closed_on"), writing.on)


def prepare_contracts(drafts: Sequence[Draft], writing: Writing) -> None:
    """Find the association by its registration. A contract may be on file before it begins."""
    codes = {str(draft.values["registration"]).upper() for draft in drafts if draft.values.get("registration")}
    known = {row.registration: row for row in Association.objects.filter(registration__in=codes)}
    for draft in drafts:
        code = str(draft.values.get("registration") or "").upper()
        if not code:
            continue
        association = known.get(code)
        if association is None:
            draft.refuse("registration", _("社会组织台账里没有这个统一社会信用代码,请先登记这个组织。"))
            continue
        draft.values["registration"] = code
        draft.extra["association_id"] = association.pk
        starts = draft.values.get("starts_on")
        if starts and association.closed_on and starts > association.closed_on:
            draft.refuse("starts_on", _("这个组织在起始日期之前已经注销,请核对。"))


def record_associations(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(ASSOCIATIONS), drafts, writing)


def change_associations(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(ASSOCIATIONS), changes, writing)


@transaction.atomic
def void_associations(*, rows: Sequence[Any], writing: Writing) -> None:
    """Raises AssociationHasContracts while live contracts rest on one."""
    for row in rows:
        if row.contracts.exists():
            raise AssociationHasContracts(_("%(title)s 名下还有购买服务合同,请先作废合同。") % {"title": row.title})
    _writing.void(registry.get(ASSOCIATIONS), rows, writing)


def record_contracts(*, drafts: Sequence[Draft], writing: Writing) -> list[Any]:
    return _writing.insert(registry.get(CONTRACTS), drafts, writing)


def change_contracts(*, changes: Sequence[tuple[Any, Draft]], writing: Writing) -> None:
    _writing.change(registry.get(CONTRACTS), changes, writing)


def void_contracts(*, rows: Sequence[Any], writing: Writing) -> None:
    _writing.void(registry.get(CONTRACTS), rows, writing)
