"""What units asked of one another before is published as facts, so that an answer given then counts too."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import migrations
from django.utils import timezone

FACT, ANSWER_DAYS = "unit_needs", 7


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def publish(apps: Any, schema_editor: Any) -> None:
    need, fact, outbox = (
        apps.get_model(*name) for name in (("governance", "UnitNeed"), ("ledgers", "FactRow"), ("ledgers", "OutboxEntry"))
    )
    known, now, touched = set(fact.objects.filter(fact=FACT).values_list("row_id", flat=True)), timezone.now(), set()
    for row in need.objects.filter(task__voided_at=None).iterator():  # of a voided task nothing is owed
        if row.pk in known:
            continue
        answer_by = min(row.due_on, timezone.localdate(row.asked_at) + timedelta(days=ANSWER_DAYS))
        touched.add(f"{answer_by:%Y-%m}")
        fact.objects.create(
            fact=FACT,
            partition=f"{answer_by:%Y-%m}",
            row_id=row.pk,
            happened_on=answer_by,
            division_id=row.to_division_id,
            unit_id=row.to_unit_id,
            recorded_at=row.asked_at,
            data={
                "answer_by": _text(answer_by),
                "answered_on": _text(timezone.localdate(row.answered_at) if row.answered_at else None),
                "promised_on": _text(row.promised_on),
                "met_on": _text(row.met_on),
                "state": row.state,
            },
        )
    outbox.objects.bulk_create(outbox(fact=FACT, partition=month, created_at=now) for month in sorted(touched))


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0015_numbered_circulars_and_reward_tables"),
        ("ledgers", "0004_batch_words_encrypted"),
    ]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop, elidable=True)]
