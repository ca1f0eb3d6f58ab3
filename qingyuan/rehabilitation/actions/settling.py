"""Dues of measures: generated from the test schedule, settled from the tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings

from qingyuan.casework.actions import dues
from qingyuan.casework.enums import DueKind
from qingyuan.casework.models import Due
from qingyuan.organisation.actor import Actor
from qingyuan.reference import schedules
from qingyuan.rehabilitation.models import Measure
from qingyuan.rehabilitation.queries import done_by_measure


def bring_in_line(measures: Sequence[Measure], *, by: Actor) -> None:
    """Make the dues of ``measures`` those their schedules ask for today, and settle all of them; repeatable at will.

    A measure whose report day was taken back asks for nothing.
    """
    wanted = {measure.pk: _dues_of(measure) if measure.reported_on else [] for measure in measures}
    dues.generate(dues=[due for found in wanted.values() for due in found], by=by)
    dues.settle(
        subjects={measure.pk: measure.ended_on for measure in measures},
        events=done_by_measure(list(wanted)),
        scheduled={subject: {due.position for due in found} for subject, found in wanted.items()},
        by=by,
    )


def _dues_of(measure: Measure) -> list[Due]:
    assert measure.reported_on is not None  # the caller has asked
    # ``closes`` is exclusive: the printed last day still belongs to the term.
    until = measure.ends_on + timedelta(days=1) if measure.ends_on else None
    return [
        Due(
            kind=DueKind.TEST,
            subject_id=measure.pk,
            person=str(measure.client_id),
            division_id=measure.division_id,
            unit_id=measure.unit_id,
            caseworker_id=measure.client.caseworker_id,
            schedule=measure.schedule,
            position=window.index,
            opens_on=window.opens,
            closes_on=window.closes,
        )
        for window in schedules.windows(measure.schedule, measure.reported_on, until)
        if settings.QINGYUAN_DUES_FROM is None or window.closes > settings.QINGYUAN_DUES_FROM
    ]
