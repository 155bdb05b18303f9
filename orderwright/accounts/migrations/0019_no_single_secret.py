from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0018_every_key_has_a_secret")]
    operations = [
        migrations.RemoveField("apikey", "prefix"),
        migrations.RemoveField("apikey", "secret_hash"),
        migrations.RemoveField("apikey", "last_used_at"),
    ]
