"""The answer of a clinic to who asks about the own records is a numbered paper too, under the clinic's own key."""

from django.db import migrations

import qingyuan.foundation.fields


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0011_data_requests_and_retention'),
    ]

    operations = [
        migrations.AddField(
            model_name='servedpaper',
            name='treatment',
            field=qingyuan.foundation.fields.EncryptedTextField(blank=True, compartment='treatment', default=''),
        ),
        migrations.AddField(
            model_name='paperservice',
            name='treatment',
            field=qingyuan.foundation.fields.EncryptedTextField(blank=True, compartment='treatment', default=''),
        ),
    ]
