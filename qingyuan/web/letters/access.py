"""Which letter a page is about, and the day its score is reckoned for."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Max
from django.http import Http404

from qingyuan.foundation import clock
from qingyuan.governance.models import Letter
from qingyuan.governance.permissions import letters_visible
from qingyuan.governance.queries.schemes import scheme_of
from qingyuan.indicators import store
from qingyuan.organisation.actor import Actor


def letter_named(actor: Actor, letter_id: UUID) -> Letter:
    """Errors: Http404, the same for one that is not there and one that is not for this person."""
    letter = letters_visible(actor, clock.today()).filter(pk=letter_id).first()
    if letter is None:
        raise Http404
    return letter


def day_of(letter: Letter) -> date:
    """Today; after the sheet's year its last day, before it its first."""
    scheme = scheme_of(letter.scheme)
    return min(max(clock.today(), scheme.valid_from), scheme.valid_to - timedelta(days=1))


def stamp_of(letter: Letter) -> str:
    """What the shown score depends on, in a few characters: a page that has seen it has nothing to fetch."""
    entries = letter.manual_entries.aggregate(
        count=Count("pk"), reviewed=Max("reviewed_at"), withdrawn=Max("withdrawn_at")
    )
    moved = [int(at.timestamp() * 1000) for at in (entries["reviewed"], entries["withdrawn"]) if at is not None]
    return f"{store.version()}-{entries['count']}-{max(moved, default=0)}-{letter.state}-{day_of(letter):%m%d}"
