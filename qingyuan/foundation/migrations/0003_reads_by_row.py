"""An index of the read log by row, filled from what is sealed, in the audit database; and the logs' lists in their indexes."""

import json
import uuid
from itertools import islice

from django.db import migrations, models

ENTRIES_PER_STEP = 500
AUDIT = "audit"


def rows_in(row_ids):
    for text in set(json.loads(row_ids)):
        try:
            yield uuid.UUID(text)
        except ValueError:
            continue


def fill(apps, schema_editor):
    database = schema_editor.connection.alias
    entry, line = apps.get_model("foundation", "ReadEntry"), apps.get_model("foundation", "ReadRow")
    sealed = entry._base_manager.using(database).filter(seq__isnull=False).exclude(row_ids="").order_by("seq")
    entries = sealed.values_list("seq", "row_ids").iterator(chunk_size=ENTRIES_PER_STEP)
    while step := list(islice(entries, ENTRIES_PER_STEP)):
        lines = [line(row_id=row_id, seq=seq) for seq, row_ids in step for row_id in rows_in(row_ids)]
        line._base_manager.using(database).bulk_create(lines, batch_size=5_000)


class Migration(migrations.Migration):
    dependencies = [
        ("foundation", "0002_reads_name_their_emergency"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReadRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "row_id", "seq", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("row_id", models.UUIDField(verbose_name="记录编号")),
                ("seq", models.BigIntegerField(verbose_name="顺序号")),
            ],
            options={
                "verbose_name": "查阅记录索引",
            },
        ),
        *(
            operation
            for model, word in (("readentry", "read"), ("writeentry", "write"))
            for operation in (
                migrations.RemoveIndex(model_name=model, name=f"foundation_{word}_at"),
                migrations.AddIndex(
                    model_name=model,
                    index=models.Index(
                        fields=["at", "id", "actor_name", "actor_unit_id", "act", "ledger"],
                        name=f"foundation_{word}_listed",
                    ),
                ),
            )
        ),
        migrations.AddIndex(
            model_name="writeentry", index=models.Index(fields=["row_id"], name="foundation_write_row")
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True, hints={"database": AUDIT}),
    ]
