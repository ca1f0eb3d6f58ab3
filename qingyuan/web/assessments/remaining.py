"""What keeps the letters of a round from their notice, told on the round's page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from qingyuan.governance.enums import Finding
from qingyuan.governance.models import Assessment, ManualEntry, SampleItem
from qingyuan.governance.permissions import sees_whole_assessment
from qingyuan.organisation.actor import Actor


def left_of(actor: Actor, cases: Sequence[Assessment], on: date) -> dict[UUID, str]:
    """What keeps a reviewed letter from its notice, beside the clauses: numbers without a second person, rows not checked."""
    whole = {case.letter_id: case.pk for case in cases if case.state in ("review", "objected") and sees_whole_assessment(actor, case, on)}
    numbers = Counter(
        whole[letter] for letter in ManualEntry.objects.standing().filter(letter_id__in=whole, reviewed_at=None).values_list("letter_id", flat=True)
    )
    items = Counter(
        SampleItem.objects.filter(frame__assessment__in=whole.values(), finding=Finding.WAITING).values_list("frame__assessment_id", flat=True)
    )
    found = {}
    for pk in whole.values():
        words = [_("%(count)d 个认定待第二人复核") % {"count": numbers[pk]}] if numbers[pk] else []
        words += [_("%(count)d 项待现场核查") % {"count": items[pk]}] if items[pk] else []
        found[pk] = "、".join(words)
    return found
