"""What is noted about a file on its way in may name people: encrypted from now on, and what stands there is encrypted here."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from qingyuan.foundation.crypto import looks_encrypted
from qingyuan.foundation.fields import EncryptedJSONField, EncryptedTextField

COLUMNS = ("filename", "sheet", "found", "message")
EMPTY = ("", "{}", "null")


def encrypt(apps: Any, editor: Any) -> None:
    """Clear values one by one; a second run finds none."""
    model = apps.get_model("ledgers", "ImportBatch")
    table, link = model._meta.db_table, editor.connection
    with link.cursor() as cursor:
        cursor.execute(f'select "id", {", ".join(COLUMNS)} from "{table}"')
        rows = cursor.fetchall()
        for key, *values in rows:
            for name, value in zip(COLUMNS, values, strict=True):
                if value is None or looks_encrypted(value):
                    continue
                sealed = "" if value in EMPTY else model._meta.get_field(name).prepare(value)
                cursor.execute(f'update "{table}" set {name} = %s where "id" = %s', [str(sealed), key])


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0003_sources")]

    operations = [
        migrations.AlterField("importbatch", "filename", EncryptedTextField(compartment="internal")),
        migrations.AlterField("importbatch", "sheet", EncryptedTextField(blank=True, compartment="internal")),
        migrations.AlterField("importbatch", "message", EncryptedTextField(blank=True, compartment="internal")),
        migrations.AlterField("importbatch", "found", EncryptedJSONField(blank=True, compartment="internal", default=dict)),
        migrations.RunPython(encrypt, migrations.RunPython.noop, elidable=True),
    ]
