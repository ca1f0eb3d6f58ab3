from django.db import migrations, models

import qingyuan.foundation.ids


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0003_returns_asked_for"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImpactSignOff",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=qingyuan.foundation.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("content", models.TextField(verbose_name="内容")),
                ("content_hash", models.CharField(max_length=64, verbose_name="校验值")),
                ("signed_on", models.DateField(verbose_name="签认日期")),
                ("signed_at", models.DateTimeField(verbose_name="签认时间")),
                ("conclusion", models.CharField(max_length=300, verbose_name="结论")),
                ("signed_by_id", models.BigIntegerField(null=True)),
                ("signed_by_name", models.CharField(max_length=40, verbose_name="签认人")),
            ],
            options={
                "verbose_name": "个人信息保护影响评估签认",
                "ordering": ("-signed_at",),
            },
        ),
    ]
