"""What is written about a paper may name people: encrypted from now on, and what stands there is encrypted here."""

from __future__ import annotations

from django.db import migrations

from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.sealing_columns import encrypting, overwrite_what_is_deleted

COLUMNS = {
    "Paper": ("title", "addressee", "attachments", "copies_to", "remark", "closed_reason"),
    "PaperStep": ("reason",),
}


class Migration(migrations.Migration):
    dependencies = [("casework", "0007_served_papers")]

    operations = [
        migrations.RunPython(overwrite_what_is_deleted, migrations.RunPython.noop, elidable=True),
        migrations.AlterField("paper", "addressee", EncryptedTextField(blank=True, compartment="internal", verbose_name="主送")),
        migrations.AlterField("paper", "attachments", EncryptedTextField(blank=True, compartment="internal", verbose_name="附件")),
        migrations.AlterField("paper", "closed_reason", EncryptedTextField(blank=True, compartment="internal", verbose_name="作废原因")),
        migrations.AlterField("paper", "copies_to", EncryptedTextField(blank=True, compartment="internal", verbose_name="抄送")),
        migrations.AlterField("paper", "remark", EncryptedTextField(blank=True, compartment="internal", verbose_name="附注")),
        migrations.AlterField("paper", "title", EncryptedTextField(compartment="internal", verbose_name="标题")),
        migrations.AlterField("paperstep", "reason", EncryptedTextField(blank=True, compartment="internal", verbose_name="说明")),
        migrations.RunPython(encrypting("casework", COLUMNS), migrations.RunPython.noop, elidable=True),
    ]
