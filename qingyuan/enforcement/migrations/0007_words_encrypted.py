"""A case is named after its suspect: encrypted from now on, and what stands there is encrypted here."""

from __future__ import annotations

from django.db import migrations

from qingyuan.foundation.fields import EncryptedTextField
from qingyuan.foundation.sealing_columns import encrypting, overwrite_what_is_deleted

COLUMNS = {
    "Case": ("title",),
}


class Migration(migrations.Migration):
    dependencies = [("enforcement", "0006_lists_narrowed_in_their_index")]

    operations = [
        migrations.RunPython(overwrite_what_is_deleted, migrations.RunPython.noop, elidable=True),
        migrations.AlterField("case", "title", EncryptedTextField(compartment="enforcement", verbose_name="案件名称")),
        migrations.RunPython(encrypting("enforcement", COLUMNS), migrations.RunPython.noop, elidable=True),
    ]
