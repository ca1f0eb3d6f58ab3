"""What a second person remarks on an emergency look may name somebody: encrypted from now on, and what stands there here."""

from __future__ import annotations

from django.db import migrations

from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.sealing_columns import encrypting, overwrite_what_is_deleted

COLUMNS = {
    "EmergencyLook": ("remark",),
}


class Migration(migrations.Migration):
    dependencies = [("organisation", "0007_sign_in_counts")]

    operations = [
        migrations.RunPython(overwrite_what_is_deleted, migrations.RunPython.noop, elidable=True),
        migrations.AlterField("emergencylook", "remark", EncryptedTextField(blank=True, compartment="internal", verbose_name="复核说明")),
        migrations.RunPython(encrypting("organisation", COLUMNS), migrations.RunPython.noop, elidable=True),
    ]
