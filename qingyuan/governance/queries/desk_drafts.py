"""Who edited what of a draft on the desk, whatever it is a draft of."""

from __future__ import annotations

from typing import Any


def latest_edit_of(draft: Any, place: str, since: int) -> Any:
    """The last edit after revision ``since`` that touched ``place`` or the whole; an edit of another place is none. None: nobody."""
    later = draft.revisions.filter(number__gt=since)
    return (later if not place else later.filter(place__in=(place, ""))).first()


def writers_of(draft: Any) -> set[int]:
    """Accounts that edited the draft: none of them publishes it."""
    return {by for by in draft.revisions.values_list("by_id", flat=True) if by is not None}
