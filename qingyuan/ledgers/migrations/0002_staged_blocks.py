"""Staged rows stand in blocks; what was waiting in rows is checked again from its file, which is still there."""

import django.db.models.deletion
from django.db import migrations, models


def check_again(apps, schema_editor):
    """A worker that starts takes up every batch that is being checked (importing/jobs.py, ``resume``)."""
    batches = apps.get_model("ledgers", "ImportBatch").objects.using(schema_editor.connection.alias)
    batches.filter(state__in=("checked", "promoting")).update(state="checking")


class Migration(migrations.Migration):

    dependencies = [
        ("ledgers", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(check_again, migrations.RunPython.noop, elidable=True),
        migrations.DeleteModel(name="StagedRow"),
        migrations.CreateModel(
            name="StagedBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "新增"), ("changed", "更新"), ("same", "不变"), ("bad", "有问题")], max_length=8
                    ),
                ),
                ("first", models.PositiveIntegerField()),
                ("count", models.PositiveIntegerField()),
                ("payload", models.BinaryField()),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="blocks", to="ledgers.importbatch"
                    ),
                ),
            ],
            options={
                "ordering": ("first",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("batch", "state", "first"), name="ledgers_stagedblock_place_unique"
                    )
                ],
            },
        ),
    ]
