"""Whose drafts a page may show, and the refusals in words."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.governance.models import SchemeDraft
from qingyuan.governance.permissions import may_draft_scheme, may_read_drafts
from qingyuan.organisation.actor import Actor
from qingyuan.web.errors import Forbidden

REFUSED: Final = 422
CONFLICT: Final = 409


def reader(actor: Actor) -> None:
    """Errors: Forbidden for who does not work on schemes."""
    decision = may_read_drafts(actor, clock.today())
    if not decision.allowed:
        raise Forbidden(what=_("考核办法的草稿"), whose=_("市禁毒办"), how=decision.reason)


def writer(actor: Actor) -> None:
    """Errors: Forbidden for who may not write them."""
    decision = may_draft_scheme(actor, clock.today())
    if not decision.allowed:
        raise Forbidden(what=_("起草考核办法"), whose=_("市禁毒办"), how=decision.reason)


def draft_named(actor: Actor, draft_id: UUID) -> SchemeDraft:
    """Errors: Forbidden, Http404."""
    reader(actor)
    return get_object_or_404(SchemeDraft.objects.select_related("begun_from", "published"), pk=draft_id)
