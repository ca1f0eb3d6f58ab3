"""The lines of a campaign's frame become rows of a ledger: the digest of their natural key, when they were drawn, and what every
ledger row has. What was said of a line, when and by whom keeps its values under its own name."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q

from qingyuan.foundation.crypto import blind_index

AT_ONCE = 500


def key_of(campaign_id, client_id, unit_id):
    """As ``ledgers.keys`` makes it today; said again here so that a later change there does not reach back into this step."""
    return blind_index("community", "key:campaign-lines", f"campaign_id={campaign_id}\x1fclient_id={client_id}\x1funit_id={unit_id}")


def fill(apps, schema_editor):
    Line = apps.get_model("rehabilitation", "CampaignLine")
    Campaign = apps.get_model("rehabilitation", "Campaign")
    for campaign in Campaign._base_manager.all():
        lines = list(Line._base_manager.filter(campaign_id=campaign.pk).order_by("pk"))
        for line in lines:
            line.key = key_of(line.campaign_id, line.client_id, line.unit_id)
            line.listed_on, line.recorded_at, line.recorded_by_id = campaign.reference_on, campaign.issued_at, campaign.issued_by_id
        Line._base_manager.bulk_update(lines, ["key", "listed_on", "recorded_at", "recorded_by_id"], batch_size=AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [
        ("ledgers", "0004_batch_words_encrypted"),
        ("organisation", "0008_words_encrypted"),
        ("rehabilitation", "0011_appointment_texts"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="campaignline", name="rehabilitation_campaignline_recorded_whole"),
        migrations.RenameField("campaignline", "recorded_at", "said_at"),
        migrations.RenameField("campaignline", "recorded_by_id", "said_by_id"),
        migrations.RenameField("campaignline", "recorded_by_name", "said_by_name"),
        migrations.AddField("campaignline", "key", models.CharField(db_index=True, default="", editable=False, max_length=32), preserve_default=False),
        migrations.AddField(
            "campaignline",
            "listed_on",
            models.DateField(default=django.utils.timezone.localdate, editable=False, verbose_name="名册基准日"),
            preserve_default=False,
        ),
        migrations.AddField(
            "campaignline",
            "recorded_at",
            models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="登记时间"),
            preserve_default=False,
        ),
        migrations.AddField("campaignline", "recorded_by_id", models.BigIntegerField(editable=False, null=True)),
        migrations.AddField("campaignline", "batch_id", models.UUIDField(db_index=True, editable=False, null=True)),
        migrations.AddField("campaignline", "changed_at", models.DateTimeField(editable=False, null=True, verbose_name="修改时间")),
        migrations.AddField("campaignline", "voided_at", models.DateTimeField(editable=False, null=True, verbose_name="作废时间")),
        migrations.AddField(
            "campaignline", "void_reason", models.CharField(blank=True, default="", editable=False, max_length=200, verbose_name="作废原因"),
            preserve_default=False,
        ),  # fmt: skip
        migrations.AlterField("campaignline", "version", models.PositiveIntegerField(default=1, editable=False)),
        migrations.AlterField(
            "campaignline", "division",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.division", verbose_name="区划"),
        ),  # fmt: skip
        migrations.AlterField(
            "campaignline", "unit",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.unit", verbose_name="所属单位"),
        ),  # fmt: skip
        migrations.AlterModelOptions("campaignline", options={"base_manager_name": "frame", "default_manager_name": "objects", "verbose_name": "普查名册"}),
        migrations.AlterModelManagers(
            "campaignline", managers=[("objects", models.manager.Manager()), ("frame", models.manager.Manager())]
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            "campaignline",
            models.UniqueConstraint(condition=Q(("voided_at", None)), fields=("key",), name="rehabilitation_campaignline_key_unique_live"),
        ),
        migrations.AddConstraint(
            "campaignline",
            models.CheckConstraint(
                condition=Q(("voided_at", None), Q(("void_reason", ""), _negated=True), _connector="OR"),
                name="rehabilitation_campaignline_void_has_reason",
            ),
        ),
        migrations.AddConstraint(
            "campaignline",
            models.CheckConstraint(
                condition=Q(("happened_on", None), ("said_at", None), ("said_by_name", ""), ("state", ""))
                | (~Q(state="") & Q(said_at__isnull=False) & ~Q(said_by_name="") & Q(happened_on__isnull=False)),
                name="rehabilitation_campaignline_recorded_whole",
            ),
        ),
        migrations.AddIndex(
            "campaignline",
            models.Index(
                fields=["unit", "-listed_on", "id", "division", "voided_at", "batch_id", "recorded_at", "changed_at"],
                name="rehabilitation_campaign_listed",
            ),
        ),
    ]
