"""Notes and reasons may name people: encrypted from now on, and what stands there is encrypted here."""

from __future__ import annotations

from django.db import migrations

from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.sealing_columns import encrypting, overwrite_what_is_deleted

COLUMNS = {
    "FigureAnswer": ("reason",),
    "FigureRequest": ("withdrawn_reason",),
    "FigureStep": ("reason",),
    "ForeignForm": ("retired_reason",),
    "PeriodClose": ("note", "refusal", "reopen_reason"),
}


class Migration(migrations.Migration):
    dependencies = [("situation", "0004_forms_and_requests")]

    operations = [
        migrations.RunPython(overwrite_what_is_deleted, migrations.RunPython.noop, elidable=True),
        migrations.AlterField("figureanswer", "reason", EncryptedTextField(blank=True, compartment="internal", verbose_name="退回或免报理由")),
        migrations.AlterField("figurerequest", "withdrawn_reason", EncryptedTextField(blank=True, compartment="internal", verbose_name="撤销原因")),
        migrations.AlterField("figurestep", "reason", EncryptedTextField(blank=True, compartment="internal", verbose_name="理由")),
        migrations.AlterField("foreignform", "retired_reason", EncryptedTextField(blank=True, compartment="internal", verbose_name="停用原因")),
        migrations.AlterField("periodclose", "note", EncryptedTextField(blank=True, compartment="internal", verbose_name="说明")),
        migrations.AlterField("periodclose", "refusal", EncryptedTextField(blank=True, compartment="internal", verbose_name="退回原因")),
        migrations.AlterField("periodclose", "reopen_reason", EncryptedTextField(blank=True, compartment="internal", verbose_name="重开原因")),
        migrations.RunPython(encrypting("situation", COLUMNS), migrations.RunPython.noop, elidable=True),
    ]
