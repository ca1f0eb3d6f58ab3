"""Whose drafts a page may show, and the refusals in words."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from qingyuan.foundation import clock
from qingyuan.governance.models import SchemeDraft
from qingyuan.governance.permissions import may_draft_scheme, may_read_drafts
from qingyuan.organisation.actor import Actor
from qingyuan.web.errors import Forbidden

REFUSED: Final = 422
CONFLICT: Final = 409


def writer(actor: Actor) -> None:
    """Errors: Forbidden for who may not write them."""
    decision = may_draft_scheme(actor, actor.division_id, clock.today())
    if not decision.allowed:
        raise Forbidden(what=_("起草考核办法"), whose=_("市禁毒办"), how=decision.reason)


def draft_named(actor: Actor, draft_id: UUID) -> SchemeDraft:
    """Errors: Http404, alike for one that is not there and one that is not for this person."""
    found = SchemeDraft.objects.select_related("begun_from", "published").filter(pk=draft_id).first()
    if found is None or not may_read_drafts(actor, found.city_id, clock.today()).allowed:
        raise Http404
    return found


def drafts_of(actor: Actor) -> list[SchemeDraft]:
    """Every draft the reader may see, the last edited first."""
    today = clock.today()
    asked: dict[int, bool] = {}
    found = []
    for draft in SchemeDraft.objects.select_related("begun_from", "published"):
        if draft.city_id not in asked:
            asked[draft.city_id] = may_read_drafts(actor, draft.city_id, today).allowed
        if asked[draft.city_id]:
            found.append(draft)
    return found
