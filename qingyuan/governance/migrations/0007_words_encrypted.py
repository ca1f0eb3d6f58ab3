"""What was ordered, decided, asked for and noted may name people: encrypted from now on, and what stands there is encrypted here."""

from __future__ import annotations

from django.db import migrations

from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.sealing_columns import encrypting, overwrite_what_is_deleted

COLUMNS = {
    "SupervisionOrder": ("subject", "asked", "basis", "done"),
    "Meeting": ("title", "decisions"),
    "Instruction": ("content", "answer"),
    "Return": ("note", "correction_reason"),
    "ReturnStep": ("reason",),
    "ManualEntry": ("reason", "withdrawn_reason"),
}


class Migration(migrations.Migration):
    dependencies = [("governance", "0006_targets_negotiated_needs_programmes")]

    operations = [
        migrations.RunPython(overwrite_what_is_deleted, migrations.RunPython.noop, elidable=True),
        migrations.AlterField("instruction", "answer", EncryptedTextField(blank=True, compartment="internal", verbose_name="办理情况")),
        migrations.AlterField("instruction", "content", EncryptedTextField(compartment="internal", verbose_name="批示要求")),
        migrations.AlterField("manualentry", "reason", EncryptedTextField(compartment="internal", verbose_name="理由和依据")),
        migrations.AlterField("manualentry", "withdrawn_reason", EncryptedTextField(blank=True, compartment="internal")),
        migrations.AlterField("meeting", "decisions", EncryptedTextField(blank=True, compartment="internal", verbose_name="议定事项")),
        migrations.AlterField("meeting", "title", EncryptedTextField(compartment="internal", verbose_name="会议名称")),
        migrations.AlterField("return", "correction_reason", EncryptedTextField(blank=True, compartment="internal", verbose_name="更正原因")),
        migrations.AlterField("return", "note", EncryptedTextField(blank=True, compartment="internal", verbose_name="说明")),
        migrations.AlterField("returnstep", "reason", EncryptedTextField(blank=True, compartment="internal", verbose_name="理由")),
        migrations.AlterField("supervisionorder", "asked", EncryptedTextField(compartment="internal", verbose_name="办理要求")),
        migrations.AlterField("supervisionorder", "basis", EncryptedTextField(compartment="internal", verbose_name="督办依据")),
        migrations.AlterField("supervisionorder", "done", EncryptedTextField(blank=True, compartment="internal", verbose_name="办理情况")),
        migrations.AlterField("supervisionorder", "subject", EncryptedTextField(compartment="internal", verbose_name="督办事项")),
        migrations.RunPython(encrypting("governance", COLUMNS), migrations.RunPython.noop, elidable=True),
    ]
