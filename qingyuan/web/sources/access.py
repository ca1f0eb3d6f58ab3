"""Whose source or layout it is; ``importing.sources.may_keep`` gives every answer."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.ledgers import registry
from qingyuan.ledgers.declaration import Ledger
from qingyuan.ledgers.importing.sources import may_keep, open_source
from qingyuan.ledgers.layouts.keeping import open_layout
from qingyuan.ledgers.models import OwnLayout, Source
from qingyuan.web.context import WebRequest
from qingyuan.web.errors import Forbidden


def kept_ledgers(request: WebRequest) -> list[Ledger]:
    """The importable ledgers this person enters rows in. Errors: Forbidden when there is none."""
    on, actor = clock.today(), request.actor
    kept = [one for one in registry.all_ledgers() if one.importable and may_keep(actor, one.code, actor.unit_id, on)]
    if not kept:
        raise Forbidden(
            what=_("数据来源"), whose=_("各台账的填报单位"), how=_("您的角色不填报台账;要填报的,请向安全管理员申请角色。")
        )
    return kept


def source_named(request: WebRequest, source_id: UUID) -> tuple[Source, Ledger]:
    """Errors: Http404 for a source that is not there, or not one's own unit's."""
    source = open_source(request.actor, source_id, clock.today())
    if source is None:
        raise Http404
    return source, registry.get(source.ledger)


def layout_named(request: WebRequest, layout_id: UUID) -> tuple[OwnLayout, Ledger]:
    """Errors: as ``source_named``."""
    stored = open_layout(request.actor, layout_id, clock.today())
    if stored is None:
        raise Http404
    return stored, registry.get(stored.ledger)
